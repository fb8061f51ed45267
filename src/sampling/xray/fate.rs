//! What a stage did to one token, and why.

use std::fmt;

use super::number::short;
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
    /// Min-p: too unlikely beside the most likely token.
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

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept => f.write_str("kept"),
            Self::Moved { from, to, cause } => {
                let by = f64::from(*to) - f64::from(*from);
                let sign = if by > 0.0 { "+" } else { "" };
                write!(f, "moved by {sign}{}: {cause}", short(by))
            }
            Self::Cut(miss) => write!(f, "cut: {miss}"),
            Self::Gone => f.write_str("cut before"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Bias { bias } => {
                let sign = if bias > 0.0 { "+" } else { "" };
                write!(f, "bias {sign}{}", short(bias.into()))
            }
            Self::Seen { count: 1, window } => write!(f, "seen once in the last {window} tokens"),
            Self::Seen { count, window } => write!(f, "seen {count} times in the last {window} tokens"),
            Self::Repeats { length: Some(length), .. } => {
                write!(f, "would repeat a sequence of {}", length + 1)
            }
            Self::Repeats { length: None, .. } => f.write_str("would repeat a sequence"),
            Self::Temperature { t, entropy_share: None } => write!(f, "divided by {}", short(t)),
            Self::Temperature { t, entropy_share: Some(share) } => {
                write!(f, "divided by {}, since the entropy is {} of the largest", short(t), short(share))
            }
        }
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Banned(cause) => write!(f, "banned: {cause}"),
            Self::Grammar => f.write_str("the grammar does not allow it here"),
            Self::BannedText => f.write_str("it would complete a banned string"),
            Self::Rank { rank, k } if rank <= k => write!(f, "as likely as the last of {k} kept"),
            Self::Rank { rank, k } => write!(f, "rank {rank}, {k} kept"),
            Self::Nucleus { before, p } => write!(f, "mass before it {} ≥ {}", short(before), short(p)),
            Self::MinP { p, threshold } => write!(f, "p {} < {}", short(p), short(threshold)),
            Self::Atypical { surprise, entropy, limit } => write!(
                f,
                "surprise {} bits is {} from the mean {}, kept up to {}",
                short(surprise),
                short((surprise - entropy).abs()),
                short(entropy),
                short(limit)
            ),
            Self::Sigma { logit, floor } => {
                write!(f, "logit {} < {}", short(logit.into()), short(floor.into()))
            }
            Self::TooLikely { p, threshold, drawn, probability } => write!(
                f,
                "p {} ≥ {}, and XTC drew {} ≤ {}",
                short(p),
                short(threshold),
                short(drawn.into()),
                short(probability.into())
            ),
            Self::NotLargest { logit, largest } => {
                write!(f, "logit {}, the largest is {}", short(logit.into()), short(largest.into()))
            }
            Self::Surprise { surprise, mu } => {
                write!(f, "surprise {} bits > μ {}", short(surprise), short(mu))
            }
        }
    }
}
