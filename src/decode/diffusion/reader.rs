//! Sends a pass through an evaluator and boils its rows down.

use super::{Answer, Ask, DiffusionError, Drawn, Guess, Pass, Reading, Sureness};
use crate::{
    distribution::Summary,
    engine::{CanvasEvaluator, Vocabulary, canvas::evaluate_guided},
    sampling::{Chain, ChainModel, Outcome, SamplerState, SamplingSettings},
    token::Token,
};

/// Candidates that a chain which begins with top-k is spared the rest of the vocabulary for.
const MOST_TOP: usize = 128;

/// Reads passes. It holds a sampler chain and stays on one thread, that of the evaluator.
pub struct Reader {
    model: ChainModel,
    /// Tokens that end a text.
    ends: Vec<Token>,
    chain: Option<(SamplingSettings, Chain)>,
    row: Vec<f32>,
    history: Vec<Token>,
}

impl Reader {
    /// For a model with this vocabulary and canvases of up to `longest` positions.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, longest: usize) -> Self {
        let ends = vocabulary.eog().iter().copied().chain(vocabulary.pad()).collect();
        let model = vocabulary.chain_model(longest);
        Self { model, ends, chain: None, row: Vec::new(), history: Vec::new() }
    }

    /// Evaluates `pass` and reads what it asks for.
    pub fn answer(
        &mut self,
        pass: &Pass,
        evaluator: &mut dyn CanvasEvaluator,
    ) -> Result<Answer, DiffusionError> {
        self.build_chain(&pass.sampling)?;
        let mask = evaluator.shape().mask;
        let positions: Vec<usize> = pass.asks.iter().map(|ask| ask.position).collect();
        let mut readings = Vec::with_capacity(pass.asks.len());
        let (mut state, mut failed) = (pass.state.clone(), None);
        let mut asks = pass.asks.iter();
        let time =
            evaluate_guided(evaluator, &pass.canvas, pass.guidance.as_ref(), &positions, &mut |_, row| {
                let Some(ask) = asks.next().filter(|_| failed.is_none()) else { return };
                match self.read(pass, ask, row, mask, &mut state) {
                    Ok(reading) => readings.push(reading),
                    Err(error) => failed = Some(error),
                }
            })?;
        let passes = 1 + usize::from(pass.guidance.is_some());
        failed.map_or(Ok(Answer { readings, time, passes, state }), Err)
    }

    fn build_chain(&mut self, settings: &SamplingSettings) -> Result<(), DiffusionError> {
        if self.chain.as_ref().is_none_or(|(built, _)| built != settings) {
            let chain = Chain::new(settings, settings.seed.unwrap_or(0), &self.model)?;
            self.chain = Some((settings.clone(), chain));
        }
        Ok(())
    }

    fn read(
        &mut self,
        pass: &Pass,
        ask: &Ask,
        row: &[f32],
        mask: Token,
        state: &mut SamplerState,
    ) -> Result<Reading, DiffusionError> {
        let position = ask.position;
        self.row.clear();
        self.row.extend_from_slice(row);
        // A position that drew the mask would never be written; an end before given words would cut them off.
        let ends = self.ends.iter().filter(|_| position < pass.no_end_before);
        for token in ends.chain([&mask]) {
            if let Some(logit) = self.row.get_mut(token.index()) {
                *logit = f32::NEG_INFINITY;
            }
        }
        let top_k = usize::try_from(pass.sampling.top_k).unwrap_or(0);
        let kept = if top_k < MOST_TOP { Reading::TOP.max(top_k + 1) } else { Reading::TOP };
        let summary = Summary::of(&self.row, kept);
        if summary.non_finite > 0 {
            return Err(DiffusionError::NonFinite { position, count: summary.non_finite });
        }
        let p = |token: Token| self.row.get(token.index()).map_or(0.0, |&logit| summary.probability(logit));
        let guess = |token| Guess { token, p: p(token) };
        let top = summary.top.iter().take(Reading::TOP).map(|candidate| guess(candidate.token));
        let top: Box<[Guess]> = top.collect();
        let second = top.get(1).map_or(0.0, |guess| guess.p);
        let best = top.first().map_or(0.0, |guess| guess.p);
        let mut sure = Sureness { p: best, entropy_bits: summary.entropy_bits.low, margin: best - second };
        let about = ask.about.map(p);
        let mut drawn = None;
        if let Some(u) = ask.u {
            let (outcome, left) = self.draw(pass, position, mask, &summary, state, u)?;
            let token = outcome.chosen;
            let p = self.row.get(token.index()).map_or(0.0, |&logit| summary.probability(logit));
            drawn = Some(Drawn { token, p, p_final: outcome.p_final, u });
            sure = left.unwrap_or(Sureness { p, ..sure });
            *state = outcome.state;
        }
        Ok(Reading { position, top, sure, drawn, about })
    }

    /// Applies the chain to the row and draws; how sure what the chain leaves is, where that is asked for.
    fn draw(
        &mut self,
        pass: &Pass,
        position: usize,
        mask: Token,
        summary: &Summary,
        state: &SamplerState,
        u: f64,
    ) -> Result<(Outcome, Option<Sureness>), DiffusionError> {
        let (_, chain) = self.chain.as_mut().expect("it was built before the pass");
        self.history.clear();
        self.history.extend(pass.canvas[..position].iter().filter(|&&token| token != mask));
        let outcome = chain.apply_to_top(&self.row, &summary.top, &self.history, state, u);
        if outcome.p_final.is_nan() || outcome.chosen == mask {
            return Err(DiffusionError::NothingLeft { position });
        }
        let left = pass.after_chain.then(|| Sureness::of_survivors(chain.survivors(), outcome.p_final));
        Ok((outcome, left))
    }
}

impl Sureness {
    /// Of what a chain has left, where the drawn token has probability `p`.
    fn of_survivors(survivors: impl Iterator<Item = (Token, f64)>, p: f64) -> Self {
        let (mut entropy, mut best, mut second) = (0.0, 0.0, 0.0);
        for (_, p) in survivors {
            entropy -= p * p.log2();
            if p > best {
                (best, second) = (p, best);
            } else if p > second {
                second = p;
            }
        }
        Self { p, entropy_bits: entropy, margin: best - second }
    }
}
