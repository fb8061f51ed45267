//! What is asked of a pass, and what is kept of its rows.

use std::{sync::Arc, time::Duration};

use serde::Serialize;

use super::{DiffusionError, Reader};
use crate::{
    engine::{CanvasEvaluator, Vocabulary, canvas::Guidance},
    sampling::{SamplerState, SamplingSettings},
    token::Token,
};

/// A canvas that is to be evaluated, and what is to be read of each masked position. Can be sent to another thread.
#[derive(Clone, Debug)]
pub struct Pass {
    /// The tokens, masks where nothing is written.
    pub canvas: Vec<Token>,
    /// The second pass of classifier-free guidance.
    pub guidance: Option<Guidance>,
    /// What is to be read, positions ascending.
    pub asks: Vec<Ask>,
    /// How a token is drawn.
    pub(super) sampling: Arc<SamplingSettings>,
    /// What samplers with a memory carry.
    pub(super) state: SamplerState,
    /// Sureness is that of what the chain leaves.
    pub(super) after_chain: bool,
    /// No end token may stand before this position.
    pub(super) no_end_before: usize,
}

impl Pass {
    /// The pass as work for the thread of the evaluator.
    pub fn job(
        self,
        vocabulary: Arc<Vocabulary>,
    ) -> impl FnOnce(&mut dyn CanvasEvaluator) -> Result<Answer, DiffusionError> + Send {
        move |evaluator| {
            let longest = self.canvas.len();
            Reader::new(&vocabulary, longest).answer(&self, evaluator)
        }
    }
}

/// What is to be read of one position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ask {
    /// The position.
    pub position: usize,
    /// The random number in [0, 1) that its token is drawn with; None where it may not open yet and nothing is drawn.
    pub u: Option<f64>,
    /// A token whose probability is wanted.
    pub about: Option<Token>,
}

/// What came of a pass.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was read, in the order it was asked for.
    pub readings: Vec<Reading>,
    /// Time in the model.
    pub time: Duration,
    /// Passes it took: 2 with guidance.
    pub passes: usize,
    pub(super) state: SamplerState,
}

/// What is kept of one row of logits.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The position it predicts.
    pub position: usize,
    /// The likeliest tokens, the likeliest first: at most [`Reading::TOP`].
    pub top: Box<[Guess]>,
    /// How sure it is; what [`Sureness::p`] is about is the drawn token, or the likeliest where none was drawn.
    pub sure: Sureness,
    /// The token drawn.
    pub drawn: Option<Drawn>,
    /// The probability of the token that was asked about.
    pub about: Option<f64>,
}

impl Reading {
    /// Candidates that are kept.
    pub const TOP: usize = 8;

    /// The likeliest token.
    #[must_use]
    pub fn best(&self) -> Option<Guess> {
        self.top.first().copied()
    }

    /// The token it would open with: the drawn one, else the likeliest.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        self.drawn.map(|drawn| drawn.token).or_else(|| self.best().map(|best| best.token))
    }
}

/// A token and its probability under the model, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Guess {
    /// The token.
    pub token: Token,
    /// Its probability.
    pub p: f64,
}

/// How sure a distribution is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sureness {
    /// The token's probability, 0 to 1.
    pub p: f64,
    /// Entropy in bits, 0 and above.
    pub entropy_bits: f64,
    /// The likeliest token's probability less the second's, 0 to 1.
    pub margin: f64,
}

/// A token that was drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// The token.
    pub token: Token,
    /// Its probability under the model, 0 to 1.
    pub p: f64,
    /// Its probability after the sampler chain, 0 to 1.
    pub p_final: f64,
    /// The random number that picked it.
    pub u: f64,
}
