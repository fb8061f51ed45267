//! Times a sampler chain.

use std::time::Instant;

use crate::{
    distribution::Row,
    engine::{Vocabulary, worker::Distribution},
    sampling::{Chain, ChainError, Draws, SamplerState, SamplingSettings},
    token::Token,
};

/// A chain that is timed.
pub struct ChainClock {
    chain: Chain,
    draws: Draws,
    state: SamplerState,
}

impl ChainClock {
    /// For the chain of these settings, over a prompt of so many tokens.
    pub fn new(
        settings: &SamplingSettings,
        vocabulary: &Vocabulary,
        context: usize,
        prompt: usize,
    ) -> Result<Self, ChainError> {
        let seed = settings.seed.unwrap_or(0);
        let mut model = vocabulary.chain_model(context);
        model.prompt_len = prompt;
        let chain = Chain::new(settings, seed, &model)?;
        Ok(Self { chain, draws: Draws::new(seed), state: SamplerState::default() })
    }

    /// Applies the chain and draws; milliseconds it took.
    pub(super) fn time(&mut self, distribution: &Distribution, history: &[Token], index: usize) -> f64 {
        let u = self.draws.u(index);
        let row = Row { logits: &distribution.logits, tail: distribution.summary.tail };
        let started = Instant::now();
        let outcome = self.chain.apply_to_top(row, &distribution.summary.top, history, &self.state, u);
        // What a test sees does not depend on a clock.
        let time = if cfg!(test) { 0.01 } else { started.elapsed().as_secs_f64() * 1e3 };
        self.state = outcome.state;
        time
    }
}
