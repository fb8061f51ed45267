//! The trace of a chain: how many each stage kept, and which stage cut a token.

use llama_cpp_2::token::data::LlamaTokenData;

use super::{Doubt, partial::Partial};
use crate::token::Token;

/// What a stage left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageTrace {
    /// The stage (`top-k`, `temperature`, …).
    pub label: &'static str,
    /// Candidates with a probability above zero after it; of a row with a tail the named ones.
    pub kept: usize,
    /// Of a row with a tail, what could differ from the whole row's; None where nothing could.
    pub doubt: Option<Doubt>,
}

/// What the chain leaves of the tokens that a row does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Unnamed {
    /// As many tokens may be left.
    pub count: usize,
    /// Their probability together after the chain, 0 to 1.
    pub p: f64,
    /// What could differ in the draw from what it would be with every token named.
    pub doubt: Option<Doubt>,
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
    unnamed: Option<Unnamed>,
}

impl Trace {
    fn start(&mut self, n_vocab: usize) {
        self.stages.clear();
        self.cuts.clear();
        self.survived.clear();
        self.survived.resize(n_vocab, 0);
        self.p_final.resize(n_vocab, 0.0);
        self.alive = n_vocab;
        self.unnamed = None;
    }

    /// Only the named tokens of a row with a tail are counted.
    pub(super) fn start_partial(&mut self, n_vocab: usize, partial: Option<&Partial>) {
        self.start(n_vocab);
        if let Some(partial) = partial {
            self.alive = n_vocab - partial.unnamed();
        }
    }

    /// Notes what a stage left: the places of `data`, of a row with a tail those of named tokens.
    pub(super) fn record(
        &mut self,
        (label, doubt): (&'static str, Option<Doubt>),
        changed: bool,
        data: &[LlamaTokenData],
        partial: Option<&Partial>,
    ) {
        let is_left =
            |c: &&LlamaTokenData| c.logit() > f32::NEG_INFINITY && partial.is_none_or(|row| row.names_in(c));
        if changed {
            let alive = data.iter().filter(is_left).count();
            if alive < self.alive {
                self.cuts.push(label);
                let cuts = self.cuts.len() as u8;
                for c in data.iter().filter(is_left) {
                    self.survived[c.id().0 as usize] = cuts;
                }
            }
            self.alive = alive;
        }
        self.stages.push(StageTrace { label, kept: self.alive, doubt });
    }

    pub(super) fn finish(&mut self, data: &[LlamaTokenData]) {
        for c in data {
            self.p_final[c.id().0 as usize] = c.p();
        }
    }

    /// Notes what is left of the tokens that were not named; nobody knows how likely one of them is.
    pub(super) fn finish_partial(
        &mut self,
        data: &[LlamaTokenData],
        partial: &Partial,
        doubt: Option<Doubt>,
    ) {
        let mut unnamed = Unnamed { doubt, ..Unnamed::default() };
        for c in data.iter().filter(|c| !partial.names_in(c)) {
            self.p_final[c.id().0 as usize] = f32::NAN;
            if c.p() > 0.0 {
                unnamed.count += 1;
                unnamed.p += f64::from(c.p());
            }
        }
        self.unnamed = Some(unnamed);
    }

    /// What is left of the tokens that the row does not name; None where every logit is known.
    #[must_use]
    pub fn unnamed(&self) -> Option<Unnamed> {
        self.unnamed
    }

    /// What could differ from the whole row's in the end: in the draw, or in what it is from. None where nothing could.
    #[must_use]
    pub fn doubt(&self) -> Option<Doubt> {
        self.unnamed?.doubt
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
