//! Whether an end token would have been drawn where end tokens are banned.

use crate::{
    distribution::{Candidate, Row},
    engine::Vocabulary,
    sampling::{Chain, ChainError, ChainModel, Dice, SamplerState, SamplingSettings},
    token::Token,
    tree::Step,
};

/// End tokens with less than this probability together are not looked at: a chain on the whole vocabulary is not run
/// for one chance in ten thousand.
const LEAST: f64 = 1e-4;

/// The chain without the ban on end tokens, run in addition to the one that draws.
pub(super) struct IgnoredEnd {
    chain: Chain,
}

impl IgnoredEnd {
    /// None where end tokens are not banned.
    pub fn new(
        settings: &SamplingSettings,
        seed: u32,
        model: &ChainModel,
    ) -> Result<Option<Self>, ChainError> {
        if !settings.ignore_eos || model.eog.is_empty() {
            return Ok(None);
        }
        let free = SamplingSettings { ignore_eos: false, ..settings.clone() };
        Ok(Some(Self { chain: Chain::new(&free, seed, model)? }))
    }

    /// As [`Chain::set_seed`].
    pub fn set_seed(&mut self, seed: u32) {
        self.chain.set_seed(seed);
    }

    /// Whether the same numbers would have drawn an end token here, had they not been banned. `step` is how the token that
    /// was drawn came out.
    pub fn drawn(
        &mut self,
        (row, top): (Row<'_>, &[Candidate]),
        tokens: &[Token],
        state: &SamplerState,
        (step, dice): (&Step, Dice),
        vocabulary: &Vocabulary,
    ) -> bool {
        let chain = &mut self.chain;
        if step.p_eog.high < LEAST {
            return false;
        }
        let outcome = chain.apply_to_top(row, top, tokens, state, dice);
        !outcome.in_tail && vocabulary.is_eog(outcome.chosen)
    }
}
