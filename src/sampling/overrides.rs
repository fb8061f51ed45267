//! Some sampling settings given, the others left: what flags, a config file, a preset or a model file say.

use serde::Deserializer;

use crate::{gguf::SamplingDefaults, layer::layer};

use super::{GrammarSource, LogitBias, Mirostat, SamplerKind, SamplingSettings, StageKind};

layer! {
    /// One layer of [`SamplingSettings`].
    pub struct SamplingOverrides for SamplingSettings {
        samplers: Vec<SamplerKind>,
        muted: Vec<StageKind>,
        soloed: Vec<StageKind>,
        temperature: f32,
        dynatemp_range: f32,
        dynatemp_exponent: f32,
        top_k: i32,
        top_p: f32,
        min_p: f32,
        typical_p: f32,
        top_n_sigma: f32,
        xtc_probability: f32,
        xtc_threshold: f32,
        repeat_penalty: f32,
        repeat_last_n: i32,
        presence_penalty: f32,
        frequency_penalty: f32,
        dry_multiplier: f32,
        dry_base: f32,
        dry_allowed_length: i32,
        dry_penalty_last_n: i32,
        dry_sequence_breakers: Vec<String>,
        mirostat: Mirostat,
        mirostat_tau: f32,
        mirostat_eta: f32,
        logit_bias: Vec<LogitBias>,
        banned_strings: Vec<String>,
        grammar: GrammarSource,
        ignore_eos: bool,
        #[serde(deserialize_with = "seed")]
        seed: Option<u32>,
    }
}

/// llama.cpp's number for "take a random seed" (its `LLAMA_DEFAULT_SEED`); −1 says the same.
pub const RANDOM_SEED: i64 = 0xFFFF_FFFF;

/// The seed behind a number as a user writes it: −1 and [`RANDOM_SEED`] are a random one.
///
/// `None` if the number is no seed at all.
#[must_use]
pub fn seed_from_number(number: i64) -> Option<Option<u32>> {
    match number {
        -1 | RANDOM_SEED => Some(None),
        other => u32::try_from(other).ok().map(Some),
    }
}

/// `"random"`, −1, or a number.
#[expect(clippy::option_option, reason = "not given, given as none, given")]
fn seed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    struct Visitor;
    impl serde::de::Visitor<'_> for Visitor {
        type Value = Option<u32>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("\"random\" or a whole number from 0 to 4294967295")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            match text {
                "random" => Ok(None),
                _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
            }
        }

        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
            seed_from_number(number)
                .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Signed(number), &self))
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
            self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
        }
    }
    deserializer.deserialize_any(Visitor).map(Some)
}

impl From<&SamplingDefaults> for SamplingOverrides {
    /// The defaults a model file brings. Names of samplers that are not known are left out, as in llama.cpp
    /// (`common_init_sampler_from_model` in its common/common.cpp).
    fn from(file: &SamplingDefaults) -> Self {
        let samplers = file
            .samplers
            .as_ref()
            .map(|names| names.iter().filter_map(|name| SamplerKind::parse(name)).collect());
        Self {
            samplers,
            top_k: file.top_k,
            top_p: file.top_p,
            min_p: file.min_p,
            xtc_probability: file.xtc_probability,
            xtc_threshold: file.xtc_threshold,
            temperature: file.temperature,
            repeat_last_n: file.repeat_last_n,
            repeat_penalty: file.repeat_penalty,
            mirostat: file.mirostat.and_then(Mirostat::from_number),
            mirostat_tau: file.mirostat_tau,
            mirostat_eta: file.mirostat_eta,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_settings() {
        let value = serde_json::to_value(SamplingSettings::default()).expect("plain data");
        let mut names: Vec<&str> = value.as_object().expect("a map").keys().map(String::as_str).collect();
        let mut fields = SamplingOverrides::FIELDS.to_vec();
        names.sort_unstable();
        fields.sort_unstable();
        assert_eq!(fields, names);
    }

    #[test]
    fn the_upper_layer_wins_and_the_rest_stays() {
        let upper = SamplingOverrides { top_k: Some(5), ..Default::default() };
        let lower = SamplingOverrides { top_k: Some(9), min_p: Some(0.2), ..Default::default() };
        let both = upper.over(lower);
        let mut settings = SamplingSettings::default();
        both.apply(&mut settings);
        assert_eq!((settings.top_k, settings.min_p, settings.top_p), (5, 0.2, 0.95));
        assert_eq!(both.given(), ["top_k", "min_p"]);
    }

    #[test]
    fn seeds() {
        assert_eq!(seed_from_number(-1), Some(None));
        assert_eq!(seed_from_number(4_294_967_295), Some(None));
        assert_eq!(seed_from_number(42), Some(Some(42)));
        assert_eq!(seed_from_number(-2), None);
        assert_eq!(seed_from_number(4_294_967_296), None);
        let given: SamplingOverrides = toml::from_str("seed = \"random\"").expect("valid");
        assert_eq!(given.seed, Some(None));
        let given: SamplingOverrides = toml::from_str("seed = 7").expect("valid");
        assert_eq!(given.seed, Some(Some(7)));
        assert!(toml::from_str::<SamplingOverrides>("seed = 1.5").is_err());
    }

    #[test]
    fn a_model_brings_its_defaults() {
        let given = SamplingOverrides::from(&SamplingDefaults {
            temperature: Some(0.6),
            top_k: Some(20),
            samplers: Some(vec!["top-k".into(), "nonsense".into(), "temperature".into()]),
            mirostat: Some(2),
            ..SamplingDefaults::default()
        });
        let expected = SamplingOverrides {
            temperature: Some(0.6),
            top_k: Some(20),
            samplers: Some(vec![SamplerKind::TopK, SamplerKind::Temperature]),
            mirostat: Some(Mirostat::V2),
            ..Default::default()
        };
        assert_eq!(given, expected);
    }
}
