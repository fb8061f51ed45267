//! The conditions in force, and the order in which they are checked.

use std::time::Duration;

use super::{GeneratedText, Measure, Side, StopReason};
use crate::{
    decode::{LoopRule, Loops},
    distribution::{Bounds, Summary},
    engine::Vocabulary,
    settings::{StopPattern, StopSettings},
    token::Token,
};

/// The conditions in force. They combine; the first that is met wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StopRules {
    /// Largest number of tokens to generate; None is no limit.
    pub max_tokens: Option<usize>,
    /// Texts that end generation when they appear in the generated text; never empty ones.
    pub stop_strings: Vec<String>,
    /// Time after which generation ends; None is no limit.
    pub max_time: Option<Duration>,
    /// Regular expressions that end generation when the generated text holds a match.
    pub patterns: Vec<StopPattern>,
    /// Sentences after which generation ends; None is no limit.
    pub sentences: Option<usize>,
    /// Lines after which generation ends; None is no limit.
    pub lines: Option<usize>,
    /// What counts as a loop, and how long one may go on.
    pub loops: LoopRule,
    /// Where the entropy of the next distribution, in bits, ends generation.
    pub entropy: Limits,
    /// Where the probability of the likeliest next token, 0 to 1 and before the chain, ends generation.
    pub top_probability: Limits,
}

/// A range to stay in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Values below this end generation.
    pub below: Option<f64>,
    /// Values above this end generation.
    pub above: Option<f64>,
}

impl Limits {
    /// The limit that a value is beyond for certain, and on which side.
    fn crossed(self, value: Bounds) -> Option<(Side, f64)> {
        let above = self.above.filter(|&limit| value.low > limit).map(|limit| (Side::Above, limit));
        above.or(self.below.filter(|&limit| value.high < limit).map(|limit| (Side::Below, limit)))
    }
}

/// What the conditions are checked against.
#[derive(Clone, Copy, Debug)]
pub struct StopInput<'a> {
    /// The generated text so far and where each token of it ends.
    pub text: &'a GeneratedText,
    /// Bytes of it that texts and expressions were looked for in before: all but the newest token's, as a rule.
    pub known: usize,
    /// The newest token, None before the first.
    pub last: Option<Token>,
    /// Tokens of the whole prefix, the prompt included.
    pub path_len: usize,
    /// Context size in tokens.
    pub context: usize,
    /// Time spent so far.
    pub spent: Duration,
    /// The loops of the generated text.
    pub loops: &'a Loops,
}

impl From<&StopSettings> for StopRules {
    fn from(settings: &StopSettings) -> Self {
        Self {
            // Below 0 llama.cpp generates until the end token or, failing that, a full context.
            max_tokens: usize::try_from(settings.predict).ok(),
            stop_strings: settings.strings.iter().filter(|text| !text.is_empty()).cloned().collect(),
            max_time: settings.max_time,
            patterns: settings.regex.clone(),
            sentences: given(settings.sentences),
            lines: given(settings.lines),
            loops: LoopRule { tokens: settings.loop_tokens as usize, stop_at: given(settings.loop_times) },
            entropy: Limits { below: on(settings.entropy_below), above: on(settings.entropy_above) },
            top_probability: Limits {
                below: on(settings.top_prob_below),
                above: on(settings.top_prob_above),
            },
        }
    }
}

/// A count where 0 is off.
fn given(count: u32) -> Option<usize> {
    (count > 0).then_some(count as usize)
}

/// A limit where 0 is off.
fn on(limit: f64) -> Option<f64> {
    (limit > 0.0).then_some(limit)
}

impl StopRules {
    /// The first condition that is met by the text. llama.cpp's come first, in its order: end token, stop string,
    /// token limit, context, time; then regular expressions, sentences, lines, loop.
    #[must_use]
    pub fn check(&self, input: &StopInput<'_>, vocabulary: &Vocabulary) -> Option<StopReason> {
        if let Some(token) = input.last.filter(|&token| vocabulary.is_eog(token)) {
            return Some(StopReason::Eog { token });
        }
        if let Some((text, at)) = input.text.find_stop(&self.stop_strings, input.known) {
            return Some(StopReason::StopString { text: text.to_owned(), at });
        }
        if let Some(limit) = self.max_tokens.filter(|&limit| input.text.tokens() >= limit) {
            return Some(StopReason::MaxTokens { limit });
        }
        // The last cell stays free, as in llama.cpp's tools.
        if input.path_len >= input.context {
            return Some(StopReason::ContextFull { context: input.context });
        }
        if let Some(limit) = self.max_time.filter(|&limit| input.spent >= limit) {
            return Some(StopReason::Time { limit });
        }
        self.check_text(input)
    }

    /// The conditions that llama.cpp does not have.
    fn check_text<'a>(&'a self, input: &StopInput<'_>) -> Option<StopReason> {
        let text = input.text;
        let found = |pattern: &'a StopPattern| Some((pattern.find(text.bytes(), input.known)?, pattern));
        let matched = self.patterns.iter().filter_map(found);
        if let Some((at, pattern)) = matched.min_by_key(|(at, _)| *at) {
            return Some(StopReason::Pattern { source: pattern.source().to_owned(), at });
        }
        let last = |limit: usize| limit.checked_sub(1);
        if let Some((limit, end)) = self.sentences.and_then(|n| Some((n, text.sentences().get(last(n)?)?))) {
            return Some(StopReason::Sentences { limit, at: end.at });
        }
        if let Some((limit, end)) = self.lines.and_then(|n| Some((n, text.lines().get(last(n)?)?))) {
            return Some(StopReason::Lines { limit, at: end.at });
        }
        let (limit, found) = (self.loops.stop_at?, input.loops.at_end()?);
        let tokens = self.loops.unit(found.period);
        let times = found.tokens() / tokens;
        (times >= limit).then_some(StopReason::Loop { tokens, times, limit })
    }

    /// The conditions that say something of a text without the time it took and the distributions it was drawn from: those
    /// that a beam search uses, in which many texts share the time and none is drawn.
    #[must_use]
    pub fn of_the_text(self) -> Self {
        Self { max_time: None, entropy: Limits::default(), top_probability: Limits::default(), ..self }
    }

    /// The condition that the next distribution meets: checked before a token is drawn from it, entropy first. A number
    /// that is known within bounds meets one only if it does whatever it is.
    #[must_use]
    pub fn check_distribution(&self, summary: &Summary) -> Option<StopReason> {
        let of = |measure, limits: Limits, value: Bounds| {
            let (side, limit) = limits.crossed(value)?;
            Some(StopReason::Threshold { measure, side, limit, value })
        };
        of(Measure::Entropy, self.entropy, summary.entropy_bits).or_else(|| {
            of(Measure::TopProbability, self.top_probability, Bounds::exactly(summary.top_probability()))
        })
    }

    /// How many bytes of each stop string the text ends with: 0 where it ends with none of it.
    pub fn matched<'a>(&'a self, text: &'a GeneratedText) -> impl Iterator<Item = (&'a str, usize)> {
        self.stop_strings.iter().map(|stop| {
            let longest = stop.len().saturating_sub(1).min(text.bytes().len());
            let ends = |n: &usize| text.bytes().ends_with(&stop.as_bytes()[..*n]);
            (stop.as_str(), (1..=longest).rev().find(ends).unwrap_or(0))
        })
    }

    /// The longest beginning of a stop string that the text ends with, in bytes, and that string:
    /// text that has to be withheld until it is decided.
    #[must_use]
    pub fn withheld<'a>(&'a self, text: &'a GeneratedText) -> Option<(usize, &'a str)> {
        self.matched(text)
            .filter(|(_, bytes)| *bytes > 0)
            .map(|(stop, bytes)| (bytes, stop))
            .max_by_key(|(n, _)| *n)
    }
}
