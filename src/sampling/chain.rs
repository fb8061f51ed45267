//! The sampler chain with its trace: llama.cpp's samplers applied one by one.

use std::sync::Arc;

use llama_cpp_2::{
    model::LlamaModel,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray},
};

use super::{
    Dice, Doubt, GrammarError, Pieces, SamplingSettings, StageKind, StageTrace,
    certificate::{Knowledge, Left, Scene},
    draw::draw,
    grammar::Mask,
    mirostat::{self, MirostatSampler},
    partial::Partial,
    shortcut::{Shortcut, decides, distinct_top},
    stage::Stage,
    trace::{Trace, Unnamed},
};
use crate::{
    distribution::{Candidate, Row, by_rank},
    token::Token,
};

/// What the samplers have to know of the model.
#[derive(Clone, Debug, Default)]
pub struct ChainModel {
    /// Vocabulary size.
    pub n_vocab: usize,
    /// Context size in tokens: what a window of −1 stands for.
    pub context_size: usize,
    /// The tokens that end generation, banned by `ignore_eos`.
    pub eog: Vec<Token>,
    /// Tokens the model's file asks never to draw.
    pub suppressed: Vec<Token>,
    /// The bytes of the tokens, which banned strings are looked for in. None where nobody knows them.
    pub pieces: Option<Arc<Pieces>>,
    /// Tokens of the prompt: a grammar is about what comes after it.
    pub prompt_len: usize,
    /// llama.cpp's model; DRY reads the texts of its vocabulary. None for the scripted evaluator.
    pub llama: Option<Arc<LlamaModel>>,
}

impl ChainModel {
    /// The number of tokens a window setting stands for.
    pub(super) fn window(&self, last_n: i32) -> usize {
        if last_n < 0 { self.context_size } else { last_n as usize }
    }
}

/// Why a chain cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// DRY's sequence breakers are texts that only a real vocabulary can turn into tokens.
    #[error("dry_multiplier is set, but DRY needs a model loaded by llama.cpp; set dry_multiplier to 0")]
    DryNeedsVocabulary,
    /// The grammar cannot be used.
    #[error(transparent)]
    Grammar(#[from] GrammarError),
}

/// What samplers with a memory of their own carry from token to token, besides the prefix.
///
/// Part of a path: going back restores it with the step.
#[derive(Clone, Debug, Default)]
pub struct SamplerState {
    /// Numbers that each XTC stage of the chain has drawn.
    pub(super) xtc_draws: Vec<u32>,
    /// Numbers drawn for tokens that the grammar refused.
    refused: u32,
    mirostat: Option<mirostat::Memory>,
}

impl SamplerState {
    /// What mirostat carries; None before its first token.
    pub(super) fn mirostat_memory(&self) -> Option<mirostat::Memory> {
        self.mirostat
    }
}

/// The result of a chain on one distribution.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The token drawn.
    pub chosen: Token,
    /// Its probability after the chain, 0 to 1. NaN where bans or a grammar leave no token: nothing can be drawn then.
    pub p_final: f64,
    /// The random number that picked it, in [0, 1): the second of two where the grammar refused the first token. None
    /// where mirostat left one candidate and took none.
    pub u: Option<f64>,
    /// Of a row with a tail, whether the number lands beyond the named tokens: then `chosen` is no token that was drawn, and
    /// `p_final` is the probability of the whole tail.
    pub in_tail: bool,
    /// What the samplers carry on to the next token.
    pub state: SamplerState,
}

/// A chain built from settings for one model. Applying it to the same distribution, prefix,
/// state and u always gives the same outcome.
pub struct Chain {
    pub(super) stages: Vec<Stage>,
    mask: Option<Mask>,
    mirostat: Option<MirostatSampler>,
    shortcut: Option<Shortcut>,
    pub(super) array: LlamaTokenDataArray,
    /// What the row in the array does not name; None where every logit is known.
    pub(super) partial: Option<Partial>,
    /// Whether a grammar has refused a token that might not have been drawn, had every token a logit.
    pub(super) doubted: bool,
    trace: Trace,
    pub(super) settings: SamplingSettings,
    pub(super) seed: u32,
    pub(super) model: ChainModel,
}

impl Chain {
    /// Builds the chain. `seed` starts the generator that XTC has of its own.
    pub fn new(settings: &SamplingSettings, seed: u32, model: &ChainModel) -> Result<Self, ChainError> {
        let grammar = Some(&settings.grammar).filter(|_| settings.switched_off(StageKind::Grammar).is_none());
        let mask = grammar.map(|grammar| Mask::new(grammar, model)).transpose()?.flatten();
        let mirostat = MirostatSampler::of(settings, model.n_vocab);
        let stages = if mirostat.is_some() {
            Stage::before_mirostat(settings, model)
        } else {
            Stage::chain(settings, seed, model)?
        };
        let shortcut = Shortcut::of(&stages, settings, model);
        // Grows to the vocabulary when all of it is first looked at.
        let array = LlamaTokenDataArray::new(Vec::new(), false);
        let (trace, settings, model) = (Trace::default(), settings.clone(), model.clone());
        Ok(Self {
            stages,
            mask,
            mirostat,
            shortcut,
            array,
            partial: None,
            doubted: false,
            trace,
            settings,
            seed,
            model,
        })
    }

    /// Starts the generator that XTC has of its own from another seed.
    pub fn set_seed(&mut self, seed: u32) {
        self.stages.iter_mut().for_each(|stage| stage.set_seed(seed));
    }

    /// Applies the chain to `row` (one logit a vocabulary entry, none NaN) after the prefix `history`
    /// and draws with `dice`. With `traced`, [`Chain::cut_by`], [`Chain::p_final`] and
    /// [`Chain::stages`] tell afterwards what happened; without it only the outcome is worked out.
    ///
    /// A grammar is applied as in llama.cpp's tools (`common_sampler_sample` in its common/sampling.cpp): the chain draws
    /// without it, and only if the token does not fit, what does not fit is masked and the whole chain draws once more.
    pub fn apply<'r>(
        &mut self,
        row: impl Into<Row<'r>>,
        history: &[Token],
        state: &SamplerState,
        dice: impl Into<Dice>,
        traced: bool,
    ) -> Outcome {
        let row = row.into();
        self.fill(row);
        self.draw_what_fits(row, history, state, dice.into(), (0, traced))
    }

    /// [`Chain::apply`] untraced, with `top` the most likely candidates of `row` in their order. Where they decide what
    /// the chain's top-k keeps the outcome is the same, to the bit, and the rest of the vocabulary is not
    /// looked at.
    pub fn apply_to_top<'r>(
        &mut self,
        row: impl Into<Row<'r>>,
        top: &[Candidate],
        history: &[Token],
        state: &SamplerState,
        dice: impl Into<Dice>,
    ) -> Outcome {
        let row = row.into();
        let done = self.take_top(row, top, history).unwrap_or_else(|| {
            self.fill(row);
            0
        });
        self.draw_what_fits(row, history, state, dice.into(), (done, false))
    }

    /// Fills the array with the candidates that can come through top-k and applies the stages before it; how many stages are
    /// done. None where these candidates do not decide it.
    fn take_top(&mut self, row: Row<'_>, top: &[Candidate], history: &[Token]) -> Option<usize> {
        let shortcut = self.shortcut.as_ref()?;
        let (k, stages) = (shortcut.k, shortcut.stages);
        if !shortcut.touches(history) {
            let top = distinct_top(top, k)?;
            self.fill_sorted(top);
            return Some(stages);
        }
        // What is added to a token that was not named counts, too.
        if row.tail.is_some() {
            return None;
        }
        let bound = top.last().filter(|_| top.len() > k)?.logit;
        let touched = shortcut.touched(history);
        // In the order of the logits: few of them then change places in a selection.
        self.fill_sorted(top);
        for token in touched {
            let Some(&logit) = row.logits.get(token.index()) else { continue };
            if top.binary_search_by(|other| by_rank(other, &Candidate { token, logit })).is_err() {
                self.array.data.push(LlamaTokenData::new(LlamaToken(token.to_llama()), logit, 0.0));
            }
        }
        self.array.sorted = false;
        // None of the stages before top-k draws numbers.
        self.run(0..stages, history, &mut SamplerState::default());
        decides(&self.array.data, k, bound).then_some(stages)
    }

    /// Draws from the array, to which the first `done` stages are applied and which holds `row` or all of it that counts,
    /// and again from what the grammar allows where it refuses the token.
    fn draw_what_fits(
        &mut self,
        row: Row<'_>,
        history: &[Token],
        state: &SamplerState,
        dice: Dice,
        (done, traced): (usize, bool),
    ) -> Outcome {
        if traced {
            self.trace.start_partial(row.logits.len(), self.partial.as_ref());
        }
        let first = self.pass(history, state.clone(), dice.first, (done, traced));
        if self.fits(&first, history) {
            return first;
        }
        let doubted = traced && self.trace.doubt().is_some();
        self.fill(row);
        self.doubted = doubted;
        self.mask_array();
        if traced {
            self.trace.start_partial(row.logits.len(), self.partial.as_ref());
            let doubt = self.knowledge().and_then(|(knowledge, left)| knowledge.after_grammar(&left));
            let label = (StageKind::Grammar.label(), doubt);
            self.trace.record(label, true, &self.array.data, self.partial.as_ref());
        }
        let (u, state) = self.again(&first, dice);
        self.pass(history, state, u, (0, traced))
    }

    /// The stages after the first `done`, and the draw, once.
    fn pass(
        &mut self,
        history: &[Token],
        mut next: SamplerState,
        u: f64,
        (done, traced): (usize, bool),
    ) -> Outcome {
        let mut knowledge = if traced { self.knowledge() } else { None };
        for index in done..self.stages.len() {
            let stage = &mut self.stages[index];
            if stage.off().is_some() {
                continue;
            }
            let before = self.array.data.len();
            stage.apply(&mut self.array, history, &mut next.xtc_draws);
            if traced {
                let (kind, changed) = (stage.kind, stage.masks() || self.array.data.len() != before);
                let doubt = self.learn(&mut knowledge, kind, history, &next);
                let label = (kind.label(), doubt);
                self.trace.record(label, changed, &self.array.data, self.partial.as_ref());
            }
        }
        let before = next.clone();
        let outcome = self.finish(u, next);
        if traced {
            if self.mirostat.is_some() {
                let doubt = self.learn(&mut knowledge, StageKind::Mirostat, history, &before);
                let label = (StageKind::Mirostat.label(), doubt);
                self.trace.record(label, true, &self.array.data, self.partial.as_ref());
            }
            self.trace.finish(&self.array.data);
            if let (Some(partial), Some((knowledge, left))) = (&self.partial, &knowledge) {
                self.trace.finish_partial(&self.array.data, partial, knowledge.of_draw(left));
            }
        }
        outcome
    }

    /// What is known of the whole row of which the array holds a part, and what is left of it; None of a whole one.
    pub(super) fn knowledge(&self) -> Option<(Knowledge, Left)> {
        let partial = self.partial.as_ref()?;
        let left = Left::of(&self.array, partial);
        Some((Knowledge::of(partial, &left, self.doubted), left))
    }

    /// Takes in that a stage has acted; what could differ then from the whole row. `state` is what the stages carry.
    pub(super) fn learn(
        &self,
        knowledge: &mut Option<(Knowledge, Left)>,
        kind: StageKind,
        history: &[Token],
        state: &SamplerState,
    ) -> Option<Doubt> {
        let (partial, (knowledge, left)) = (self.partial.as_ref()?, knowledge.as_mut()?);
        let before = std::mem::replace(left, Left::of(&self.array, partial));
        let mu = self.mirostat_memory(state).map_or(0.0, |(_, memory)| memory.mu.into());
        let scene = Scene { settings: &self.settings, model: &self.model, history, partial, mu };
        knowledge.after(kind, &scene, &before, left)
    }

    /// Whether the grammar, if there is one, takes the token drawn. Of a token that nobody has named it is not known.
    pub(super) fn fits(&mut self, outcome: &Outcome, history: &[Token]) -> bool {
        if outcome.in_tail {
            return true;
        }
        let Some(mask) = &mut self.mask else { return true };
        mask.follow(history.get(self.model.prompt_len..).unwrap_or_default());
        mask.fits(outcome.chosen)
    }

    /// Whether there is a grammar that still constrains the text.
    pub(super) fn has_mask(&self) -> bool {
        self.mask.as_ref().is_some_and(Mask::intact)
    }

    /// Masks what the grammar does not allow; it has followed the path already.
    pub(super) fn mask_array(&mut self) {
        if let Some(mask) = &mut self.mask {
            mask.apply(&mut self.array);
        }
    }

    /// What the second draw starts from, where the grammar refused what the first has drawn.
    pub(super) fn again(&self, first: &Outcome, dice: Dice) -> (f64, SamplerState) {
        let mut state = first.state.clone();
        state.refused += u32::from(self.mirostat.is_none());
        (if first.u.is_some() { dice.second } else { dice.first }, state)
    }

    /// Applies some of the stages, untraced.
    pub(super) fn run(&mut self, stages: std::ops::Range<usize>, history: &[Token], next: &mut SamplerState) {
        for stage in &mut self.stages[stages] {
            stage.apply(&mut self.array, history, &mut next.xtc_draws);
        }
    }

    /// Draws from the array. `state` is what the stages carry on.
    pub(super) fn finish(&mut self, u: f64, mut state: SamplerState) -> Outcome {
        if let Some(partial) = &self.partial {
            partial.put_named_first(&mut self.array);
        }
        let u = self.pick(u, &mut state);
        let chosen = &self.array.data[self.array.selected.unwrap_or(0)];
        let (token, p_final) = (Token(chosen.id().0.cast_unsigned()), f64::from(chosen.p()));
        // Where everything is banned nothing is drawn from the tail either.
        let drawn = chosen.logit() > f32::NEG_INFINITY;
        let tail = self.partial.as_ref().filter(|partial| drawn && !partial.names(token));
        let p_tail = tail.map(|partial| partial.mass_in(&self.array.data));
        Outcome { chosen: token, p_final: p_tail.unwrap_or(p_final), u, in_tail: p_tail.is_some(), state }
    }

    /// Mirostat and what it carries in `state`; None where it is off.
    pub(super) fn mirostat_memory(
        &self,
        state: &SamplerState,
    ) -> Option<(&MirostatSampler, mirostat::Memory)> {
        let mirostat = self.mirostat.as_ref()?;
        Some((mirostat, state.mirostat.unwrap_or_else(|| mirostat.fresh())))
    }

    pub(super) fn fill(&mut self, row: Row<'_>) {
        (self.partial, self.doubted) = (Partial::of(row), false);
        // What has no logit in a whole row stays without.
        let unnamed = self.partial.as_ref().map_or(f32::NEG_INFINITY, |partial| partial.even);
        let logits = row.logits.iter().map(|&logit| if logit > f32::NEG_INFINITY { logit } else { unnamed });
        self.array.data.clear();
        self.array.data.extend((0..).zip(logits).map(|(id, l)| LlamaTokenData::new(LlamaToken(id), l, 0.0)));
        self.array.sorted = false;
        self.array.selected = None;
    }

    fn fill_sorted(&mut self, top: &[Candidate]) {
        self.partial = None;
        let data = top.iter().map(|c| LlamaTokenData::new(LlamaToken(c.token.to_llama()), c.logit, 0.0));
        self.array.data.clear();
        self.array.data.extend(data);
        self.array.sorted = true;
        self.array.selected = None;
    }

    fn pick(&mut self, u: f64, next: &mut SamplerState) -> Option<f64> {
        let Some(mirostat) = &self.mirostat else {
            draw(&mut self.array, u);
            return Some(u);
        };
        let memory = next.mirostat.unwrap_or_else(|| mirostat.fresh());
        let (memory, drawn) = mirostat.pick(&mut self.array, memory, u);
        next.mirostat = Some(memory);
        drawn.then_some(u)
    }

    /// Which number of the seed's stream comes first for generated token `index`, before which the samplers carry `state`:
    /// one a token, and one more for each that the grammar refused; but mirostat takes none where it leaves one candidate.
    #[must_use]
    pub fn draw_index(&self, index: usize, state: &SamplerState) -> usize {
        match &self.mirostat {
            Some(_) => state.mirostat.map_or(0, |memory| memory.draws as usize),
            None => index + state.refused as usize,
        }
    }

    /// The survivors of the last application in the order in which the draw walks them: token and
    /// final probability. Of a row with a tail, the named ones.
    pub fn survivors(&self) -> impl Iterator<Item = (Token, f64)> + '_ {
        self.array
            .data
            .iter()
            .filter(|c| c.p() > 0.0 && self.partial.as_ref().is_none_or(|partial| partial.names_in(c)))
            .map(|c| (Token(c.id().0.cast_unsigned()), f64::from(c.p())))
    }

    /// The probability that the last application leaves to tokens that its row does not name; None where none is left.
    #[must_use]
    pub fn tail_mass(&self) -> Option<f64> {
        let p = self.partial.as_ref()?.mass_in(&self.array.data);
        (p > 0.0).then_some(p)
    }

    /// Exchanges the trace of the last traced application for another, whose buffers the next one uses.
    pub fn swap_trace(&mut self, trace: &mut Trace) {
        std::mem::swap(&mut self.trace, trace);
    }

    /// The stages of the last traced application.
    #[must_use]
    pub fn stages(&self) -> &[StageTrace] {
        &self.trace.stages
    }

    /// What the last traced application leaves of the tokens that its row does not name; None of a whole row.
    #[must_use]
    pub fn unnamed(&self) -> Option<Unnamed> {
        self.trace.unnamed()
    }

    /// The stage that cut a token in the last traced application; None for a survivor.
    #[must_use]
    pub fn cut_by(&self, token: Token) -> Option<&'static str> {
        self.trace.cut_by(token)
    }

    /// A token's probability after the last traced application, 0 for one that was cut.
    #[must_use]
    pub fn p_final(&self, token: Token) -> f64 {
        self.trace.p_final(token)
    }
}
