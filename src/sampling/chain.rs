//! The sampler chain with its trace: llama.cpp's samplers applied one by one.

use std::sync::Arc;

use llama_cpp_2::{
    model::LlamaModel,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray},
};

use super::{
    SamplingSettings, StageKind,
    draw::draw,
    mirostat::{self, MirostatSampler},
    stage::Stage,
};
use crate::token::Token;

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
}

/// What samplers with a memory of their own carry from token to token, besides the prefix.
///
/// Part of a path: going back restores it with the step.
#[derive(Clone, Debug, Default)]
pub struct SamplerState {
    pub(super) xtc_draws: u32,
    mirostat: Option<mirostat::Memory>,
}

impl SamplerState {
    /// What mirostat carries; None before its first token.
    pub(super) fn mirostat_memory(&self) -> Option<mirostat::Memory> {
        self.mirostat
    }
}

/// What a stage left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageTrace {
    /// The stage (`top-k`, `temperature`, …).
    pub label: &'static str,
    /// Candidates with a probability above zero after it.
    pub kept: usize,
}

/// The result of a chain on one distribution.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The token drawn.
    pub chosen: Token,
    /// Its probability after the chain, 0 to 1.
    pub p_final: f64,
    /// The random number that picked it, in [0, 1); None where mirostat left one candidate and took none.
    pub u: Option<f64>,
    /// What the samplers carry on to the next token.
    pub state: SamplerState,
}

/// A chain built from settings for one model. Applying it to the same distribution, prefix,
/// state and u always gives the same outcome.
pub struct Chain {
    pub(super) stages: Vec<Stage>,
    mirostat: Option<MirostatSampler>,
    pub(super) array: LlamaTokenDataArray,
    trace: Trace,
    pub(super) settings: SamplingSettings,
    pub(super) seed: u32,
    pub(super) model: ChainModel,
}

impl Chain {
    /// Builds the chain. `seed` starts the generator that XTC has of its own.
    pub fn new(settings: &SamplingSettings, seed: u32, model: &ChainModel) -> Result<Self, ChainError> {
        let mirostat = MirostatSampler::of(settings, model.n_vocab);
        let stages = if mirostat.is_some() {
            Stage::before_mirostat(settings, model)
        } else {
            Stage::chain(settings, seed, model)?
        };
        let array = LlamaTokenDataArray::new(Vec::with_capacity(model.n_vocab), false);
        let trace = Trace::default();
        Ok(Self { stages, mirostat, array, trace, settings: settings.clone(), seed, model: model.clone() })
    }

    /// Starts the generator that XTC has of its own from another seed.
    pub fn set_seed(&mut self, seed: u32) {
        self.stages.iter_mut().for_each(|stage| stage.set_seed(seed));
    }

    /// Applies the chain to `logits` (one a vocabulary entry, none NaN) after the prefix `history`
    /// and draws with `u` in [0, 1). With `traced`, [`Chain::cut_by`], [`Chain::p_final`] and
    /// [`Chain::stages`] tell afterwards what happened; without it only the outcome is worked out.
    pub fn apply(
        &mut self,
        logits: &[f32],
        history: &[Token],
        state: &SamplerState,
        u: f64,
        traced: bool,
    ) -> Outcome {
        self.fill(logits);
        if traced {
            self.trace.start(logits.len());
        }
        let mut next = state.clone();
        for stage in &mut self.stages {
            if stage.off().is_some() {
                continue;
            }
            let before = self.array.data.len();
            stage.apply(&mut self.array, history, &mut next.xtc_draws);
            if traced {
                let changed = stage.masks() || self.array.data.len() != before;
                self.trace.record(stage.kind.label(), changed, &self.array.data);
            }
        }
        let outcome = self.finish(u, next);
        if traced {
            if self.mirostat.is_some() {
                self.trace.record(StageKind::Mirostat.label(), true, &self.array.data);
            }
            self.trace.finish(&self.array.data);
        }
        outcome
    }

    /// Applies some of the stages, untraced.
    pub(super) fn run(&mut self, stages: std::ops::Range<usize>, history: &[Token], next: &mut SamplerState) {
        for stage in &mut self.stages[stages] {
            stage.apply(&mut self.array, history, &mut next.xtc_draws);
        }
    }

    /// Draws from the array. `state` is what the stages carry on.
    pub(super) fn finish(&mut self, u: f64, mut state: SamplerState) -> Outcome {
        let u = self.pick(u, &mut state);
        let chosen = &self.array.data[self.array.selected.unwrap_or(0)];
        let p_final = f64::from(chosen.p());
        Outcome { chosen: Token(chosen.id().0.cast_unsigned()), p_final, u, state }
    }

    /// Mirostat and what it carries in `state`; None where it is off.
    pub(super) fn mirostat_memory(
        &self,
        state: &SamplerState,
    ) -> Option<(&MirostatSampler, mirostat::Memory)> {
        let mirostat = self.mirostat.as_ref()?;
        Some((mirostat, state.mirostat.unwrap_or_else(|| mirostat.fresh())))
    }

    pub(super) fn fill(&mut self, logits: &[f32]) {
        self.array.data.clear();
        self.array.data.extend((0..).zip(logits).map(|(id, &l)| LlamaTokenData::new(LlamaToken(id), l, 0.0)));
        self.array.sorted = false;
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

    /// Which number of the seed's stream picks generated token `index`, before which the samplers carry `state`: one a
    /// token, but mirostat takes none where it leaves one candidate.
    #[must_use]
    pub fn draw_index(&self, index: usize, state: &SamplerState) -> usize {
        match &self.mirostat {
            Some(_) => state.mirostat.map_or(0, |memory| memory.draws as usize),
            None => index,
        }
    }

    /// The survivors of the last application in the order in which the draw walks them: token and
    /// final probability.
    pub fn survivors(&self) -> impl Iterator<Item = (Token, f64)> + '_ {
        self.array
            .data
            .iter()
            .filter(|c| c.p() > 0.0)
            .map(|c| (Token(c.id().0.cast_unsigned()), f64::from(c.p())))
    }

    /// The stages of the last traced application.
    #[must_use]
    pub fn stages(&self) -> &[StageTrace] {
        &self.trace.stages
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

/// Which token fell where. The work is proportional to the survivors, not to the vocabulary:
/// only they are marked after a cut.
#[derive(Default)]
struct Trace {
    stages: Vec<StageTrace>,
    /// The stages that cut something, in order.
    cuts: Vec<&'static str>,
    /// For each token, how many of `cuts` it survived.
    survived: Vec<u8>,
    /// For each survivor, its final probability; stale for the others.
    p_final: Vec<f32>,
    alive: usize,
}

impl Trace {
    fn start(&mut self, n_vocab: usize) {
        self.stages.clear();
        self.cuts.clear();
        self.survived.clear();
        self.survived.resize(n_vocab, 0);
        self.p_final.resize(n_vocab, 0.0);
        self.alive = n_vocab;
    }

    fn record(&mut self, label: &'static str, changed: bool, data: &[LlamaTokenData]) {
        if changed {
            let alive = data.iter().filter(|c| c.logit() > f32::NEG_INFINITY).count();
            if alive < self.alive {
                self.cuts.push(label);
                let cuts = self.cuts.len() as u8;
                for c in data.iter().filter(|c| c.logit() > f32::NEG_INFINITY) {
                    self.survived[c.id().0 as usize] = cuts;
                }
            }
            self.alive = alive;
        }
        self.stages.push(StageTrace { label, kept: self.alive });
    }

    fn finish(&mut self, data: &[LlamaTokenData]) {
        for c in data {
            self.p_final[c.id().0 as usize] = c.p();
        }
    }

    fn cut_by(&self, token: Token) -> Option<&'static str> {
        self.cuts.get(usize::from(*self.survived.get(token.index())?)).copied()
    }

    fn p_final(&self, token: Token) -> f64 {
        if self.cut_by(token).is_some() {
            return 0.0;
        }
        self.p_final.get(token.index()).map_or(0.0, |&p| f64::from(p))
    }
}
