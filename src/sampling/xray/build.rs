//! How an X-ray is taken: the chain is applied once more, and looked at after each stage.

use std::sync::Arc;

use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use super::{Facts, Snapshot, StageXray, Xray, difference::Difference, facts::Scene};
use crate::sampling::{
    Chain, Dice, Doubt, Mirostat, Off, Outcome, SamplerKind, SamplerState, SamplingSettings, StageKind,
    certificate::{Knowledge, Left},
    partial::Partial,
    stage::Stage,
};
use crate::{
    distribution::{Row, Tail},
    token::Token,
};

/// A row of the X-ray before it is filled: which stage, and where it is in the chain.
struct Place {
    kind: StageKind,
    sampler_index: Option<usize>,
    /// Its index among the chain's stages; None where the chain has no such stage.
    stage: Option<usize>,
    off: Option<Off>,
}

impl Place {
    /// A row of its own.
    fn of(kind: StageKind, off: Option<Off>) -> Self {
        Self { kind, sampler_index: None, stage: None, off }
    }
}

impl Chain {
    /// Applies the chain as [`Chain::apply`] does, and keeps what each stage did. `logits` are one a vocabulary entry, none
    /// NaN. Where a grammar refuses the token drawn first, it is the second draw, from the masked candidates, that is shown.
    pub fn xray(
        &mut self,
        logits: &Arc<[f32]>,
        history: &[Token],
        state: &SamplerState,
        dice: impl Into<Dice>,
    ) -> Xray {
        self.xray_row((logits, None), history, state, dice)
    }

    /// As [`Chain::xray`], of logits some of which may be −∞ because nobody has named their tokens.
    pub fn xray_row(
        &mut self,
        (logits, tail): (&Arc<[f32]>, Option<Tail>),
        history: &[Token],
        state: &SamplerState,
        dice: impl Into<Dice>,
    ) -> Xray {
        let (dice, row) = (dice.into(), Row { logits, tail });
        self.fill(row);
        let raw = Arc::new(Snapshot::raw(logits, self.partial.as_ref()));
        let mut film = Film::new(&raw, logits.len());
        let first = self.film_pass(&mut film, history, state, dice.first);
        let fits = self.fits(&first, history);
        let facts = if self.has_mask() { Facts::Grammar { first: first.chosen, fits } } else { Facts::None };
        if fits {
            let mut before = Film::new(&raw, logits.len());
            before.keep(&self.grammar_row(), &self.settings, Arc::clone(&raw), (facts, None));
            film.stages.splice(0..0, before.stages);
            return self.xray_of(raw, film, first);
        }
        let doubted = film.doubt.is_some();
        self.fill(row);
        self.doubted = doubted;
        self.mask_array();
        let mut film = Film::new(&raw, logits.len());
        let knowledge = self.knowledge();
        let masked = film.develop(&self.array, self.limits(knowledge.as_ref()));
        let doubt = knowledge.and_then(|(knowledge, left)| knowledge.after_grammar(&left));
        film.keep(&self.grammar_row(), &self.settings, masked, (facts, doubt));
        let (u, state) = self.again(&first, dice);
        let second = self.film_pass(&mut film, history, &state, u);
        self.xray_of(raw, film, second)
    }

    /// The stages and the draw, once, with each stage kept.
    fn film_pass(&mut self, film: &mut Film, history: &[Token], state: &SamplerState, u: f64) -> Outcome {
        let mut next = state.clone();
        let mut knowledge = self.knowledge();
        for row in rows(&self.settings, &self.stages) {
            let Some(index) = row.stage.filter(|_| row.off.is_none()) else {
                film.unchanged(&row, &self.settings);
                continue;
            };
            let sampler = &mut self.stages[index];
            let earlier = sampler.draws(&next.xtc_draws);
            sampler.apply(&mut self.array, history, &mut next.xtc_draws);
            let doubt = self.learn(&mut knowledge, row.kind, history, &next);
            let after = film.develop(&self.array, self.limits(knowledge.as_ref()));
            let scene = Scene { settings: &self.settings, model: &self.model, seed: self.seed, history };
            let facts = scene.facts(&mut self.stages[index], &film.last, &after, earlier);
            film.keep(&row, &self.settings, after, (facts, doubt));
        }
        let outcome = self.finish(u, next);
        if let Some((mirostat, before)) = self.mirostat_memory(state) {
            let facts = mirostat.facts(before, outcome.state.mirostat_memory(), outcome.p_final);
            let doubt = self.learn(&mut knowledge, StageKind::Mirostat, history, state);
            let after = film.develop(&self.array, self.limits(knowledge.as_ref()));
            film.keep(&Place::of(StageKind::Mirostat, None), &self.settings, after, (facts, doubt));
        }
        film.doubt = knowledge.and_then(|(knowledge, left)| knowledge.of_draw(&left));
        outcome
    }

    /// What the row does not name, and the logit that none of it exceeds.
    fn limits(&self, knowledge: Option<&(Knowledge, Left)>) -> (Option<&Partial>, f64) {
        let top = knowledge.map_or(f64::NEG_INFINITY, |(knowledge, _)| knowledge.top());
        (self.partial.as_ref(), top)
    }

    fn grammar_row(&self) -> Place {
        let idle = if self.settings.grammar.is_none() { Off::Neutral } else { Off::Left };
        let idle = (!self.has_mask()).then_some(idle);
        Place::of(StageKind::Grammar, self.settings.switched_off(StageKind::Grammar).or(idle))
    }

    fn xray_of(&self, raw: Arc<Snapshot>, mut film: Film, outcome: Outcome) -> Xray {
        film.not_in_chain(&self.settings);
        Xray { raw, stages: film.stages, outcome, doubt: film.doubt, settings: self.settings.clone() }
    }
}

/// The stages in order: those of the chain, and in its place what mirostat switches off.
fn rows(settings: &SamplingSettings, stages: &[Stage]) -> Vec<Place> {
    let row = |index: usize, sampler_index| Place {
        kind: stages[index].kind,
        sampler_index,
        stage: Some(index),
        off: stages[index].off(),
    };
    let first = settings.samplers.iter().position(|kind| *kind == SamplerKind::Temperature);
    // Biases and banned strings come before every sampler.
    let bans = stages.iter().take_while(|stage| !matches!(stage.kind, StageKind::Sampler(_))).count();
    let mut rows: Vec<Place> = (0..bans).map(|index| row(index, None)).collect();
    for (index, &kind) in settings.samplers.iter().enumerate() {
        rows.push(match settings.mirostat {
            Mirostat::Off => row(bans + index, Some(index)),
            _ if first == Some(index) => row(bans, Some(index)),
            _ => Place { sampler_index: Some(index), ..Place::of(kind.into(), Some(Off::Mirostat)) },
        });
    }
    if settings.mirostat != Mirostat::Off && first.is_none() {
        rows.push(row(bans, None));
    }
    rows
}

/// What has been seen so far.
struct Film {
    stages: Vec<StageXray>,
    last: Arc<Snapshot>,
    n_vocab: usize,
    dense: Vec<f32>,
    /// What could differ in the draw.
    doubt: Option<Doubt>,
}

impl Film {
    fn new(raw: &Arc<Snapshot>, n_vocab: usize) -> Self {
        Self { stages: Vec::new(), last: Arc::clone(raw), n_vocab, dense: Vec::new(), doubt: None }
    }

    /// The candidates as they are now; those of before where nothing has changed.
    fn develop(&self, array: &LlamaTokenDataArray, (partial, top): (Option<&Partial>, f64)) -> Arc<Snapshot> {
        let now = Snapshot::of(array, partial, top);
        if now.same_as(&self.last) { Arc::clone(&self.last) } else { Arc::new(now) }
    }

    fn keep(
        &mut self,
        row: &Place,
        settings: &SamplingSettings,
        after: Arc<Snapshot>,
        (facts, doubt): (Facts, Option<Doubt>),
    ) {
        let difference = if Arc::ptr_eq(&after, &self.last) {
            Difference::default()
        } else {
            Difference::between(&self.last, &after, self.n_vocab, &mut self.dense)
        };
        self.stages.push(StageXray {
            kind: row.kind,
            sampler_index: row.sampler_index,
            setting: settings.text_of(row.kind),
            off: row.off,
            of: self.last.kept(),
            kept: after.kept(),
            removed_mass: difference.removed_mass,
            entropy_before: self.last.entropy_bits(),
            entropy_after: after.entropy_bits(),
            cut_unnamed: self.last.unnamed() > after.unnamed(),
            moved: difference.moved,
            doubt,
            facts,
            after: Arc::clone(&after),
        });
        self.last = after;
    }

    fn unchanged(&mut self, row: &Place, settings: &SamplingSettings) {
        self.keep(row, settings, Arc::clone(&self.last), (Facts::None, None));
    }

    /// Adds the samplers that the chain leaves out.
    fn not_in_chain(&mut self, settings: &SamplingSettings) {
        for kind in SamplerKind::ALL {
            if self.stages.iter().all(|stage| stage.kind != kind.into()) {
                self.unchanged(&Place::of(kind.into(), Some(Off::NotInChain)), settings);
            }
        }
    }
}
