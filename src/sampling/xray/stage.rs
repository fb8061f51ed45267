//! One row of the X-ray: a stage, and what it did.

use std::sync::Arc;

use super::Snapshot;
use crate::sampling::{Doubt, Off, StageKind, bias::Bias};
use crate::{distribution::Bounds, token::Token};

/// One stage, on or off, and what it did to the candidates.
#[derive(Clone, Debug)]
pub struct StageXray {
    /// The stage.
    pub kind: StageKind,
    /// Its place in the list of samplers; None for one that is not in it.
    pub sampler_index: Option<usize>,
    /// Its settings as short text.
    pub setting: String,
    /// Why it does nothing; None for one that acts.
    pub off: Option<Off>,
    /// Candidates before it; of a row with a tail the named ones.
    pub of: usize,
    /// Candidates after it.
    pub kept: usize,
    /// Probability that what it removed had before it, 0 to 1.
    pub removed_mass: f64,
    /// Entropy in bits before it.
    pub entropy_before: Bounds,
    /// Entropy in bits after it.
    pub entropy_after: Bounds,
    /// Whether it cut tokens that were not named.
    pub cut_unnamed: bool,
    /// Candidates it kept, with another logit.
    pub moved: usize,
    /// Of a row with a tail, what could differ from the whole row's; None where nothing could.
    pub doubt: Option<Doubt>,
    /// What it worked with at this step.
    pub facts: Facts,
    /// The candidates as it left them.
    pub after: Arc<Snapshot>,
}

/// What a stage worked with at one step, besides its settings.
#[derive(Clone, Debug)]
pub enum Facts {
    /// Nothing else.
    None,
    /// The grammar's verdict on the token that the chain drew without it.
    Grammar {
        /// That token.
        first: Token,
        /// Whether the grammar takes it. If not, it masked and the rest of the chain ran again.
        fits: bool,
    },
    /// Biases and bans.
    Biases(Arc<[Biased]>),
    /// The tokens that penalties look back on, oldest first.
    Window(Arc<[Token]>),
    /// What DRY took from single tokens.
    Repeats(Arc<[Repeat]>),
    /// Top-n-sigma's bound.
    Sigma {
        /// The standard deviation of the logits.
        sigma: f64,
        /// The least logit kept.
        floor: f32,
    },
    /// Typical's bound.
    Typical {
        /// The entropy in bits; NaN where candidates are masked, for which llama.cpp computes none.
        entropy: f64,
        /// The largest distance between surprise and entropy that was kept, in bits.
        limit: f64,
    },
    /// Min-p's bound.
    MinP {
        /// The least probability kept.
        threshold: f64,
    },
    /// XTC's dice.
    Xtc {
        /// The number it drew, in [0, 1); None where fewer than two candidates were left.
        drawn: Option<f32>,
        /// The probability with which it acts.
        probability: f32,
        /// How many tokens counted as likely.
        likely: usize,
    },
    /// The temperature that was in effect.
    Temperature {
        /// It; 0 and below is greedy.
        t: f64,
        /// For a dynamic one, the entropy as a share of the largest possible, 0 to 1.
        entropy_share: Option<f64>,
    },
    /// Mirostat's own state, in bits.
    Mirostat {
        /// The surprise at which it cut.
        mu: f64,
        /// The target.
        tau: f64,
        /// The surprise of the token drawn.
        surprise: f64,
        /// μ after this step.
        next_mu: f64,
        /// Whether it is the first version, which cuts by rank.
        by_rank: bool,
    },
}

/// A bias at work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Biased(pub(super) Bias);

/// A token that DRY punishes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeat {
    /// The token that would go on repeating.
    pub token: Token,
    /// Length of the sequence in the text, in tokens; None where a base of 1 does not tell.
    pub length: Option<u32>,
    /// What is taken from its logit.
    pub penalty: f32,
}

impl StageXray {
    /// The name on the screen.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        self.kind.label()
    }

    /// Whether it changed anything.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.kept != self.of || self.moved > 0 || self.cut_unnamed
    }
}
