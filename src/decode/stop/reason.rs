//! Why generation ended.

use std::time::Duration;

use crate::{distribution::Bounds, engine::Vocabulary, token::Token};

/// A number of the next-token distribution that can end generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The entropy, in bits.
    Entropy,
    /// The probability of the likeliest token, 0 to 1, before the sampler chain.
    TopProbability,
}

/// On which side of a limit generation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// Why generation ended.
#[derive(Clone, Debug, PartialEq)]
pub enum StopReason {
    /// The model chose an end-of-generation token.
    Eog {
        /// Which.
        token: Token,
    },
    /// The token limit was reached.
    MaxTokens {
        /// The limit.
        limit: usize,
    },
    /// A stop text was generated.
    StopString {
        /// The string.
        text: String,
        /// Where it begins, in bytes of the generated text: what comes before is the output.
        at: usize,
    },
    /// The next token has no place in the context.
    ContextFull {
        /// Context size in tokens.
        context: usize,
    },
    /// The time limit was reached.
    Time {
        /// The limit.
        limit: Duration,
    },
    /// A regular expression found a match.
    Pattern {
        /// The expression.
        source: String,
        /// Where the match begins, in bytes of the generated text: what comes before is the output.
        at: usize,
    },
    /// The limit on sentences was reached.
    Sentences {
        /// The limit.
        limit: usize,
        /// Where the last of them ends, in bytes of the generated text.
        at: usize,
    },
    /// The limit on lines was reached.
    Lines {
        /// The limit.
        limit: usize,
        /// Where the last of them ends, in bytes of the generated text.
        at: usize,
    },
    /// The text loops.
    Loop {
        /// Tokens that were repeated.
        tokens: usize,
        /// How often they occur in a row.
        times: usize,
        /// How often is too often.
        limit: usize,
    },
    /// The next distribution is beyond a limit; no token was drawn from it.
    Threshold {
        /// What was measured.
        measure: Measure,
        /// On which side of the limit it is.
        side: Side,
        /// The limit.
        limit: f64,
        /// The value.
        value: Bounds,
    },
    /// The random number lands on a token that the server has not named, and it names no more.
    Unnamed {
        /// Tokens that it has named.
        named: usize,
        /// The probability of the others together, after the chain, 0 to 1.
        p: f64,
    },
    /// The user stopped it.
    Interrupted,
}

/// Limits and values are finite: a limit is checked where it is set, and nothing is measured of logits that are not.
impl Eq for StopReason {}

impl StopReason {
    /// The name in JSON output.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Eog { .. } => "eog",
            Self::MaxTokens { .. } => "max-tokens",
            Self::StopString { .. } => "stop-string",
            Self::ContextFull { .. } => "context-full",
            Self::Time { .. } => "time",
            Self::Pattern { .. } => "regex",
            Self::Sentences { .. } => "sentences",
            Self::Lines { .. } => "lines",
            Self::Loop { .. } => "loop",
            Self::Threshold { measure: Measure::Entropy, side: Side::Above, .. } => "entropy-above",
            Self::Threshold { measure: Measure::Entropy, side: Side::Below, .. } => "entropy-below",
            Self::Threshold { measure: Measure::TopProbability, side: Side::Above, .. } => "top-prob-above",
            Self::Threshold { measure: Measure::TopProbability, side: Side::Below, .. } => "top-prob-below",
            Self::Unnamed { .. } => "unnamed",
            Self::Interrupted => "interrupted",
        }
    }

    /// A word or two, shown where the text ends.
    #[must_use]
    pub const fn headline(&self) -> &'static str {
        match self {
            Self::Eog { .. } => "end token",
            Self::MaxTokens { .. } => "token limit",
            Self::StopString { .. } => "stop text",
            Self::ContextFull { .. } => "context full",
            Self::Time { .. } => "time limit",
            Self::Pattern { .. } => "regular expression",
            Self::Sentences { .. } => "sentences",
            Self::Lines { .. } => "lines",
            Self::Loop { .. } => "loop",
            Self::Threshold { measure: Measure::Entropy, side: Side::Above, .. } => "too uncertain",
            Self::Threshold { measure: Measure::Entropy, side: Side::Below, .. } => "too certain",
            Self::Threshold { measure: Measure::TopProbability, side: Side::Above, .. } => "too likely",
            Self::Threshold { measure: Measure::TopProbability, side: Side::Below, .. } => "too unlikely",
            Self::Unnamed { .. } => "not named",
            Self::Interrupted => "stopped by you",
        }
    }

    /// The details of the condition in plain words: which token, which string, which limit.
    #[must_use]
    pub fn detail(&self, vocabulary: &Vocabulary) -> String {
        match self {
            Self::Eog { token } => {
                let text = String::from_utf8_lossy(vocabulary.piece(*token));
                format!("the model chose its end token {text} (id {token})")
            }
            Self::MaxTokens { limit } => {
                let tokens = if *limit == 1 { "token" } else { "tokens" };
                format!("the limit of {limit} {tokens} was reached (-n {limit})")
            }
            Self::StopString { text, .. } => format!("the stop text {text:?} was generated (--stop)"),
            Self::ContextFull { context } => {
                format!("the context of {context} tokens is full; -c sets a larger one")
            }
            Self::Time { limit } => {
                let limit = limit.as_secs_f64();
                format!("the time limit of {limit} s was reached (--max-time {limit})")
            }
            Self::Pattern { source, .. } => format!("the text matches {source} (--stop-regex)"),
            Self::Sentences { limit, .. } => {
                format!("{} (--stop-sentences {limit})", ended(*limit, "sentence"))
            }
            Self::Lines { limit, .. } => format!("{} (--stop-lines {limit})", ended(*limit, "line")),
            Self::Loop { tokens, times, limit } => {
                let s = if *tokens == 1 { "" } else { "s" };
                format!("the last {tokens} token{s} occur {times} times in a row (--stop-loop {limit})")
            }
            Self::Threshold { measure, side, limit, value } => threshold(*measure, *side, *limit, *value),
            Self::Unnamed { named, p } => format!(
                "the draw lands on a token that the server did not name: it names {named}, and the others have {p:.3} after \
                 these settings; set top-k to {named} or less, or have it name more"
            ),
            Self::Interrupted => "you stopped it".to_owned(),
        }
    }

    /// Whether a condition that can be set has stopped the text, not the model, the context or a person.
    #[must_use]
    pub const fn is_limit(&self) -> bool {
        !matches!(
            self,
            Self::Eog { .. } | Self::ContextFull { .. } | Self::Unnamed { .. } | Self::Interrupted
        )
    }

    /// Where the output ends, in bytes of the generated text, where that is not the text's own end.
    #[must_use]
    pub const fn output_end(&self) -> Option<usize> {
        match self {
            Self::StopString { at, .. }
            | Self::Pattern { at, .. }
            | Self::Sentences { at, .. }
            | Self::Lines { at, .. } => Some(*at),
            _ => None,
        }
    }
}

fn ended(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what} is complete") } else { format!("{count} {what}s are complete") }
}

fn threshold(measure: Measure, side: Side, limit: f64, value: Bounds) -> String {
    let side = match side {
        Side::Above => "above",
        Side::Below => "below",
    };
    match measure {
        Measure::Entropy => {
            format!(
                "the next token's entropy, {value:.2} bits, is {side} {limit} (--stop-entropy-{side} {limit})"
            )
        }
        Measure::TopProbability => format!(
            "the probability of the likeliest next token, {value:.3}, is {side} {limit} (--stop-top-prob-{side} {limit})"
        ),
    }
}
