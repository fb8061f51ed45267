//! A row of which not every logit is known, on its way through a chain.
//!
//! The tokens that were not named take part as if all were as likely: so llama.cpp's samplers meet the vocabulary that they
//! expect and sums that are right. What comes of it for the named tokens is exact wherever a [`Doubt`](super::Doubt) says
//! nothing else, for there it would be the same however the tail is split. What comes of it for single tokens of the tail is
//! told nowhere.

use llama_cpp_2::token::{data::LlamaTokenData, data_array::LlamaTokenDataArray};

use crate::{
    distribution::{Candidate, Row, Tail, by_rank},
    token::Token,
};

/// Which tokens a row names, and what stands for the others.
#[derive(Clone, Debug)]
pub(super) struct Partial {
    pub(super) tail: Tail,
    /// For each token whether it was named.
    named: Vec<bool>,
    /// The logit that stands for each other token.
    pub(super) even: f32,
}

impl Partial {
    /// Of a row; None where every logit is known.
    pub(super) fn of(row: Row<'_>) -> Option<Self> {
        let tail = row.tail?;
        let named: Vec<bool> = row.logits.iter().map(|&logit| logit > f32::NEG_INFINITY).collect();
        let mut partial = Self { tail, named, even: f32::NEG_INFINITY };
        // However little is left, the tokens are there.
        let each = tail.mass.max(1e-12) / partial.unnamed().max(1) as f64;
        // Below the last of the likeliest that were named, never beside it: a mass that is nothing but rounding would put them
        // there, and a cut after that one could then take one of them in its place.
        partial.even = (each.ln() as f32).min((tail.bound.ln() as f32).next_down());
        Some(partial)
    }

    /// Whether a token was named.
    pub(super) fn names(&self, token: Token) -> bool {
        self.named.get(token.index()).copied().unwrap_or(false)
    }

    /// How many tokens were not named.
    pub(super) fn unnamed(&self) -> usize {
        self.named.iter().filter(|named| !**named).count()
    }

    /// Whether a place of the array is that of a token that was named.
    pub(super) fn names_in(&self, candidate: &LlamaTokenData) -> bool {
        self.names(Token(candidate.id().0.cast_unsigned()))
    }

    /// Whether a token that was not named is left among the candidates.
    pub(super) fn leaves_unnamed(&self, data: &[LlamaTokenData]) -> bool {
        data.iter().any(|c| c.logit() > f32::NEG_INFINITY && !self.names_in(c))
    }

    /// The probability of all that were not named together.
    pub(super) fn mass_in(&self, data: &[LlamaTokenData]) -> f64 {
        data.iter().filter(|c| !self.names_in(c)).map(|c| f64::from(c.p())).sum()
    }

    /// Where tokens are left that were not named, moves the named ones to the front in the order of their ranks: then a
    /// random number that lands beyond them lands in the tail, however it is split. llama.cpp's own order, that of the
    /// vocabulary, needs every logit.
    pub(super) fn put_named_first(&self, array: &mut LlamaTokenDataArray) {
        if !self.leaves_unnamed(&array.data) {
            return;
        }
        let candidate =
            |c: &LlamaTokenData| Candidate { token: Token(c.id().0.cast_unsigned()), logit: c.logit() };
        let (mut named, unnamed): (Vec<_>, Vec<_>) = array.data.drain(..).partition(|c| self.names_in(c));
        named.sort_by(|a, b| by_rank(&candidate(a), &candidate(b)));
        named.extend(unnamed);
        array.data = named;
        array.sorted = false;
    }
}
