//! The trace of a chain: how many each stage kept, and which stage cut a token.

use llama_cpp_2::token::data::LlamaTokenData;

use crate::token::Token;

/// What a stage left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageTrace {
    /// The stage (`top-k`, `temperature`, …).
    pub label: &'static str,
    /// Candidates with a probability above zero after it.
    pub kept: usize,
}

/// Which token fell where in one application of a chain. The work is proportional to the survivors, not to the
/// vocabulary: only they are marked after a cut.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub(super) stages: Vec<StageTrace>,
    /// The stages that cut something, in order.
    cuts: Vec<&'static str>,
    /// For each token, how many of `cuts` it survived.
    survived: Vec<u8>,
    /// For each survivor, its final probability; stale for the others.
    p_final: Vec<f32>,
    alive: usize,
}

impl Trace {
    pub(super) fn start(&mut self, n_vocab: usize) {
        self.stages.clear();
        self.cuts.clear();
        self.survived.clear();
        self.survived.resize(n_vocab, 0);
        self.p_final.resize(n_vocab, 0.0);
        self.alive = n_vocab;
    }

    pub(super) fn record(&mut self, label: &'static str, changed: bool, data: &[LlamaTokenData]) {
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

    pub(super) fn finish(&mut self, data: &[LlamaTokenData]) {
        for c in data {
            self.p_final[c.id().0 as usize] = c.p();
        }
    }

    /// What each stage that is on kept, in the order in which they act.
    #[must_use]
    pub fn stages(&self) -> &[StageTrace] {
        &self.stages
    }

    /// The stage that cut a token; None for a survivor, and for one outside the vocabulary.
    #[must_use]
    pub fn cut_by(&self, token: Token) -> Option<&'static str> {
        self.cuts.get(usize::from(*self.survived.get(token.index())?)).copied()
    }

    /// A token's probability after the chain, 0 to 1; 0 for one that was cut.
    #[must_use]
    pub fn p_final(&self, token: Token) -> f64 {
        if self.cut_by(token).is_some() {
            return 0.0;
        }
        self.p_final.get(token.index()).map_or(0.0, |&p| f64::from(p))
    }
}
