//! When generation ends.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::Invalid;
use super::invalid::Checks;
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
}

impl Default for StopSettings {
    fn default() -> Self {
        Self { predict: -1, strings: Vec::new(), max_time: None }
    }
}

layer! {
    /// One layer of [`StopSettings`].
    pub struct StopOverrides for StopSettings {
        predict: i32,
        strings: Vec<String>,
        #[serde(deserialize_with = "given_seconds")]
        max_time: Option<Duration>,
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
        )
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
        assert_eq!(refused.to_string(), "--stop \"\": allowed is a text of at least one character");
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
