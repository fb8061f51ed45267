//! What a stage did to one token, and why.

use crate::sampling::BiasCause;

/// What a stage did to one token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// Left it as it was.
    Kept,
    /// Changed its logit.
    Moved {
        /// Logit before.
        from: f32,
        /// Logit after.
        to: f32,
        /// Why.
        cause: Cause,
    },
    /// Took it away.
    Cut(Miss),
    /// An earlier stage had taken it away.
    Gone,
}

/// Why a stage changed a logit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// A bias was added.
    Bias {
        /// What was added, in all.
        bias: f32,
    },
    /// It was seen before.
    Seen {
        /// How often.
        count: usize,
        /// Among how many tokens.
        window: usize,
    },
    /// It would go on repeating a sequence.
    Repeats {
        /// Length of the sequence in the text, in tokens, without this one; None where DRY's base of 1 does not tell.
        length: Option<u32>,
        /// What was taken from the logit.
        penalty: f32,
    },
    /// The logit was divided.
    Temperature {
        /// By this.
        t: f64,
        /// For a dynamic temperature, entropy as a share of the largest possible, 0 to 1.
        entropy_share: Option<f64>,
    },
}

/// How far a token that was cut missed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Miss {
    /// A ban before the chain.
    Banned(BiasCause),
    /// The grammar does not allow it here.
    Grammar,
    /// The text with it would hold a banned string.
    BannedText,
    /// Top-k, or mirostat 1: its rank is below the last kept one.
    Rank {
        /// Its rank before the stage, 1 for the most likely.
        rank: usize,
        /// Tokens kept.
        k: usize,
    },
    /// Top-p: the nucleus was full before it.
    Nucleus {
        /// Mass of the tokens before it, 0 to 1.
        before: f64,
        /// The mass asked for.
        p: f64,
    },
    /// Min-p: too unlikely relative to the most likely token.
    MinP {
        /// Its probability before the stage.
        p: f64,
        /// What it had to have.
        threshold: f64,
    },
    /// Typical: its surprise is too far from the mean.
    Atypical {
        /// Its surprise in bits.
        surprise: f64,
        /// The mean surprise, that is the entropy, in bits.
        entropy: f64,
        /// The largest distance between the two that was kept, in bits.
        limit: f64,
    },
    /// Top-n-sigma: its logit is too far below the largest.
    Sigma {
        /// Its logit.
        logit: f32,
        /// What it had to have.
        floor: f32,
    },
    /// XTC: it was too likely.
    TooLikely {
        /// Its probability before the stage.
        p: f64,
        /// From where on a token counts as likely.
        threshold: f64,
        /// The number XTC drew, in [0, 1).
        drawn: f32,
        /// The probability with which XTC acts.
        probability: f32,
    },
    /// Temperature 0: it is not the most likely token.
    NotLargest {
        /// Its logit.
        logit: f32,
        /// The largest.
        largest: f32,
    },
    /// Mirostat 2: it surprises too much.
    Surprise {
        /// Its surprise in bits.
        surprise: f64,
        /// The limit μ in bits.
        mu: f64,
    },
}
