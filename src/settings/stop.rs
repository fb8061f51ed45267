//! When generation ends.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::Invalid;
use super::invalid::Checks;
use super::pattern::StopPattern;
use crate::layer::layer;

/// A hundred years: longer limits say nothing and overflow clocks.
const MAX_SECONDS: f64 = 3.15e9;

/// What is allowed for a time limit.
const SECONDS: &str = "a number of seconds from 0 (no limit) to 3150000000";

/// When generation ends, besides the model's own end tokens. The first condition that holds wins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StopSettings {
    /// Tokens to generate at most; −1 is no limit, −2 goes on until the context is full.
    pub predict: i32,
    /// Texts that end generation when they have been generated.
    pub strings: Vec<String>,
    /// Time from the first decoded token, in seconds when written; `None` is no limit.
    #[serde(with = "seconds")]
    pub max_time: Option<Duration>,
    /// Regular expressions that end generation when the generated text holds a match.
    pub regex: Vec<StopPattern>,
    /// Sentences to generate at most; 0 is no limit.
    pub sentences: u32,
    /// Lines to generate at most; 0 is no limit.
    pub lines: u32,
    /// Repetitions in a row that end generation, 2 and up; 0 lets it loop.
    pub loop_times: u32,
    /// Tokens that count as one repetition at least, 1 to 512.
    pub loop_tokens: u32,
    /// Bits of entropy above which the next distribution ends generation; 0 is no limit.
    pub entropy_above: f64,
    /// Bits of entropy below which the next distribution ends generation; 0 is no limit.
    pub entropy_below: f64,
    /// Probability above which the likeliest next token ends generation, 0 to 1; 0 is no limit.
    pub top_prob_above: f64,
    /// Probability below which the likeliest next token ends generation, 0 to 1; 0 is no limit.
    pub top_prob_below: f64,
}

impl Default for StopSettings {
    fn default() -> Self {
        Self {
            predict: -1,
            strings: Vec::new(),
            max_time: None,
            regex: Vec::new(),
            sentences: 0,
            lines: 0,
            loop_times: 0,
            loop_tokens: 4,
            entropy_above: 0.0,
            entropy_below: 0.0,
            top_prob_above: 0.0,
            top_prob_below: 0.0,
        }
    }
}

layer! {
    /// One layer of [`StopSettings`].
    pub struct StopOverrides for StopSettings {
        predict: i32,
        strings: Vec<String>,
        #[serde(deserialize_with = "given_seconds")]
        max_time: Option<Duration>,
        regex: Vec<StopPattern>,
        sentences: u32,
        lines: u32,
        loop_times: u32,
        loop_tokens: u32,
        entropy_above: f64,
        entropy_below: f64,
        top_prob_above: f64,
        top_prob_below: f64,
    }
}

impl StopSettings {
    /// Whether every value is allowed; the first that is not.
    pub fn validate(&self) -> Result<(), Invalid> {
        let checks = Checks("stop");
        checks.require(
            self.predict >= -2,
            "predict",
            "--predict",
            self.predict,
            "a number of tokens, -1 (no limit) or -2 (until the context is full)",
        )?;
        checks.require(
            self.strings.iter().all(|text| !text.is_empty()),
            "strings",
            "--stop",
            "\"\"",
            "a text of at least one character",
        )?;
        self.validate_loops()?;
        self.validate_limits()
    }

    fn validate_loops(&self) -> Result<(), Invalid> {
        let checks = Checks("stop");
        let times = self.loop_times;
        checks.require(
            times != 1,
            "loop_times",
            "--stop-loop",
            times,
            "a number of repetitions from 2, or 0 for no limit",
        )?;
        let tokens = self.loop_tokens;
        let allowed = "a number of tokens from 1 to 512";
        checks.require((1..=512).contains(&tokens), "loop_tokens", "--stop-loop-tokens", tokens, allowed)
    }

    fn validate_limits(&self) -> Result<(), Invalid> {
        let checks = Checks("stop");
        let bits = "a number of bits from 0 (no limit) to 32";
        let probability = "a probability from 0 (no limit) to 1";
        for (value, most, field, flag, allowed) in [
            (self.entropy_above, 32.0, "entropy_above", "--stop-entropy-above", bits),
            (self.entropy_below, 32.0, "entropy_below", "--stop-entropy-below", bits),
            (self.top_prob_above, 1.0, "top_prob_above", "--stop-top-prob-above", probability),
            (self.top_prob_below, 1.0, "top_prob_below", "--stop-top-prob-below", probability),
        ] {
            checks.require((0.0..=most).contains(&value), field, flag, value, allowed)?;
        }
        Ok(())
    }

    /// The time limit of so many seconds; 0 is none. The error says what is allowed.
    pub fn time_limit(seconds: f64) -> Result<Option<Duration>, &'static str> {
        if !(0.0..=MAX_SECONDS).contains(&seconds) {
            return Err(SECONDS);
        }
        Ok((seconds > 0.0).then(|| Duration::from_secs_f64(seconds)))
    }
}

#[expect(clippy::option_option, reason = "not given, given as none, given")]
fn given_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Duration>>, D::Error> {
    seconds::deserialize(deserializer).map(Some)
}

/// `Option<Duration>` as seconds; nothing (or 0) for `None`.
mod seconds {
    use std::time::Duration;

    use serde::de::{Error as _, Unexpected};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
    pub fn serialize<S: Serializer>(limit: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        limit.map(|limit| limit.as_secs_f64()).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let seconds = Option::<f64>::deserialize(deserializer)?.unwrap_or(0.0);
        super::StopSettings::time_limit(seconds)
            .map_err(|allowed| D::Error::invalid_value(Unexpected::Float(seconds), &allowed))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn limits_of_tokens() {
        for predict in [-2, -1, 0, 1, i32::MAX] {
            assert_eq!(StopSettings { predict, ..Default::default() }.validate(), Ok(()));
        }
        let refused = StopSettings { predict: -3, ..Default::default() }.validate();
        assert!(refused.expect_err("below -2").to_string().starts_with("--predict -3: "));
    }

    #[test]
    fn an_empty_stop_string_would_stop_at_once() {
        let settings = StopSettings { strings: vec!["a".into(), String::new()], ..Default::default() };
        let refused = settings.validate().expect_err("empty");
        assert_eq!(refused.to_string(), "--stop \"\": expected a text of at least one character");
    }

    #[test]
    fn time_in_seconds() {
        assert_eq!(StopSettings::time_limit(1.5), Ok(Some(Duration::from_millis(1500))));
        assert_eq!(StopSettings::time_limit(0.0), Ok(None));
        for wrong in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(StopSettings::time_limit(wrong), Err(SECONDS), "{wrong}");
        }
        let given: StopOverrides = toml::from_str("max_time = 2").expect("valid");
        assert_eq!(given.max_time, Some(Some(Duration::from_secs(2))));
        let error = toml::from_str::<StopOverrides>("max_time = -2").expect_err("negative");
        assert!(error.message().contains(SECONDS), "{error}");
    }

    proptest! {
        #[test]
        fn no_number_of_seconds_panics(seconds in proptest::num::f64::ANY) {
            let limit = StopSettings::time_limit(seconds);
            prop_assert_eq!(limit.is_ok(), (0.0..=MAX_SECONDS).contains(&seconds));
        }
    }
}
