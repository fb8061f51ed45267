//! Stop conditions: what ends generation, and how near each one is.

use std::time::Duration;

use crate::{engine::Vocabulary, settings::StopSettings, token::Token};

/// The conditions in force. They combine; the first that is met wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StopRules {
    /// Largest number of tokens to generate; None is no limit.
    pub max_tokens: Option<usize>,
    /// Texts that end generation when they appear in the generated text; never empty ones.
    pub stop_strings: Vec<String>,
    /// Time after which generation ends; None is no limit.
    pub max_time: Option<Duration>,
}

/// Why generation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The model chose an end-of-generation token.
    Eog {
        /// Which.
        token: Token,
    },
    /// As many tokens were generated as allowed.
    MaxTokens {
        /// The limit.
        limit: usize,
    },
    /// A stop string appeared.
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
    /// The time was up.
    Time {
        /// The limit.
        limit: Duration,
    },
    /// The user ended it.
    Interrupted,
}

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
            Self::Interrupted => "interrupted",
        }
    }

    /// The condition's particulars in plain words: which token, which string, which limit.
    #[must_use]
    pub fn detail(&self, vocabulary: &Vocabulary) -> String {
        match self {
            Self::Eog { token } => {
                let text = String::from_utf8_lossy(vocabulary.piece(*token));
                format!("the model chose its end token {text} (id {token})")
            }
            Self::MaxTokens { limit } => format!("{limit} tokens generated, as many as allowed (-n {limit})"),
            Self::StopString { text, .. } => format!("the text {text:?} appeared (--stop)"),
            Self::ContextFull { context } => {
                format!("the context of {context} tokens is full; a larger one: -c")
            }
            Self::Time { limit } => {
                let limit = limit.as_secs_f64();
                format!("{limit} s have passed (--max-time {limit})")
            }
            Self::Interrupted => "you stopped it".to_owned(),
        }
    }
}

/// What the conditions are checked against.
#[derive(Clone, Copy, Debug)]
pub struct StopInput<'a> {
    /// The generated text so far and where each token of it ends.
    pub text: &'a GeneratedText,
    /// The newest token, None before the first.
    pub last: Option<Token>,
    /// Tokens of the whole prefix, the prompt included.
    pub path_len: usize,
    /// Context size in tokens.
    pub context: usize,
    /// Time spent so far.
    pub spent: Duration,
}

impl From<&StopSettings> for StopRules {
    fn from(settings: &StopSettings) -> Self {
        Self {
            // Below 0 llama.cpp generates until the end token or, failing that, a full context.
            max_tokens: usize::try_from(settings.predict).ok(),
            stop_strings: settings.strings.iter().filter(|text| !text.is_empty()).cloned().collect(),
            max_time: settings.max_time,
        }
    }
}

impl StopRules {
    /// The first condition that is met, in the order: end token, stop string, token limit,
    /// context, time.
    #[must_use]
    pub fn check(&self, input: &StopInput<'_>, vocabulary: &Vocabulary) -> Option<StopReason> {
        if let Some(token) = input.last.filter(|&token| vocabulary.is_eog(token)) {
            return Some(StopReason::Eog { token });
        }
        if let Some((text, at)) = input.text.find_stop(&self.stop_strings) {
            return Some(StopReason::StopString { text: text.to_owned(), at });
        }
        if let Some(limit) = self.max_tokens.filter(|&limit| input.text.tokens() >= limit) {
            return Some(StopReason::MaxTokens { limit });
        }
        // The last cell stays free, as in llama.cpp's tools.
        if input.path_len >= input.context {
            return Some(StopReason::ContextFull { context: input.context });
        }
        self.max_time.filter(|&limit| input.spent >= limit).map(|limit| StopReason::Time { limit })
    }

    /// The longest beginning of a stop string that the text ends with, in bytes, and that string:
    /// text that has to be withheld until it is decided.
    #[must_use]
    pub fn withheld<'a>(&'a self, text: &GeneratedText) -> Option<(usize, &'a str)> {
        let bytes = text.bytes();
        self.stop_strings
            .iter()
            .filter_map(|stop| {
                let longest = stop.len().saturating_sub(1).min(bytes.len());
                let n = (1..=longest).rev().find(|&n| bytes.ends_with(&stop.as_bytes()[..n]))?;
                Some((n, stop.as_str()))
            })
            .max_by_key(|(n, _)| *n)
    }
}

/// The bytes generated after the prompt, and where each token ends.
#[derive(Clone, Debug, Default)]
pub struct GeneratedText {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl GeneratedText {
    /// Adds a token's bytes.
    pub fn push(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
        self.ends.push(self.bytes.len());
    }

    /// Goes back to the first `tokens` tokens.
    pub fn truncate(&mut self, tokens: usize) {
        self.ends.truncate(tokens);
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of tokens.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.ends.len()
    }

    /// The bytes' range of a token (0 is the first generated one).
    #[must_use]
    pub fn range(&self, token: usize) -> std::ops::Range<usize> {
        let start = if token == 0 { 0 } else { self.ends[token - 1] };
        start..self.ends[token]
    }

    /// The first token that ends after byte `at`.
    #[must_use]
    pub fn token_at(&self, at: usize) -> usize {
        self.ends.partition_point(|&end| end <= at)
    }

    /// The stop string that the newest token completed, and where it begins; of several the one
    /// that begins first. Only what the newest token can have completed is looked at.
    fn find_stop<'a>(&self, stops: &'a [String]) -> Option<(&'a str, usize)> {
        let newest = self.ends.len().checked_sub(1)?;
        let new = self.range(newest).start;
        stops
            .iter()
            .filter(|stop| !stop.is_empty())
            .filter_map(|stop| {
                let from = new.saturating_sub(stop.len() - 1);
                let at = self.bytes[from..].windows(stop.len()).position(|w| w == stop.as_bytes())?;
                Some((stop.as_str(), from + at))
            })
            .min_by_key(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scripted::Scripted;

    fn text(pieces: &[&str]) -> GeneratedText {
        let mut text = GeneratedText::default();
        for piece in pieces {
            text.push(piece.as_bytes());
        }
        text
    }

    fn check(rules: &StopRules, text: &GeneratedText, last: u32, spent: u64) -> Option<&'static str> {
        let vocabulary = Scripted::new(&["a", "</s>"], &["</s>"], 8).vocabulary();
        let input = StopInput {
            text,
            last: Some(Token(last)),
            path_len: text.tokens() + 1,
            context: 8,
            spent: Duration::from_secs(spent),
        };
        rules.check(&input, &vocabulary).map(|reason| reason.name())
    }

    #[test]
    fn each_condition_alone() {
        let none = StopRules::default();
        assert_eq!(check(&none, &text(&["a", "b"]), 0, 0), None);
        assert_eq!(check(&none, &text(&["a"]), 1, 0), Some("eog"));
        assert_eq!(check(&none, &text(&["a"; 7]), 0, 0), Some("context-full"));
        let limit = StopRules { max_tokens: Some(2), ..StopRules::default() };
        assert_eq!(check(&limit, &text(&["a"]), 0, 0), None);
        assert_eq!(check(&limit, &text(&["a", "b"]), 0, 0), Some("max-tokens"));
        let time = StopRules { max_time: Some(Duration::from_secs(3)), ..StopRules::default() };
        assert_eq!(check(&time, &text(&["a"]), 0, 2), None);
        assert_eq!(check(&time, &text(&["a"]), 0, 3), Some("time"));
    }

    #[test]
    fn the_first_of_several_wins() {
        let rules =
            StopRules { max_tokens: Some(1), stop_strings: vec!["a".into()], max_time: Some(Duration::ZERO) };
        assert_eq!(check(&rules, &text(&["a"]), 1, 0), Some("eog"));
        assert_eq!(check(&rules, &text(&["a"]), 0, 0), Some("stop-string"));
        assert_eq!(check(&rules, &text(&["b"]), 0, 0), Some("max-tokens"));
    }

    #[test]
    fn a_stop_string_can_span_tokens_and_end_inside_one() {
        let stops = vec!["\n6.".to_owned(), "zz".to_owned()];
        assert_eq!(text(&["5", ". x\n", "6", ". y"]).find_stop(&stops), Some(("\n6.", 4)));
        assert_eq!(text(&["5", ". x\n", "6"]).find_stop(&stops), None);
        // Completed by an earlier token: not found again.
        assert_eq!(text(&["\n6.", "a"]).find_stop(&stops), None);
    }

    #[test]
    fn what_may_begin_a_stop_string_is_withheld() {
        let rules = StopRules { stop_strings: vec!["\n6.".into(), "END".into()], ..StopRules::default() };
        let withheld = |pieces: &[&str]| rules.withheld(&text(pieces)).map(|(n, _)| n);
        assert_eq!(withheld(&["a"]), None);
        assert_eq!(withheld(&["a\n"]), Some(1));
        assert_eq!(withheld(&["a\n", "6"]), Some(2));
        assert_eq!(withheld(&["EN"]), Some(2));
        assert_eq!(withheld(&["\n6", "7"]), None);
    }

    #[test]
    fn going_back_takes_the_bytes_along() {
        let mut text = text(&["ab", "c", "de"]);
        text.truncate(1);
        assert_eq!((text.bytes(), text.tokens()), (&b"ab"[..], 1));
        text.truncate(0);
        assert_eq!(text.bytes(), b"");
    }
}
