//! Which sampling values are allowed: llama.cpp's own rules (its common/arg.cpp), and bounds where it has none but a
//! value would make every probability NaN or take memory without end.

use super::Invalid;
use super::invalid::Checks;
use crate::sampling::{MAX_BANNED_STRING, SamplingSettings};

/// The longest window that penalties and DRY may look back on; each keeps a ring of that many tokens.
const MAX_WINDOW: i32 = 1 << 24;

/// The most stages of a chain and the most DRY breakers: llama.cpp reads the whole vocabulary for each breaker.
const MAX_LIST: usize = 64;

/// The most strings that can be banned: each is looked for at every token.
const MAX_BANNED_STRINGS: usize = 256;

/// Below this a temperature turns logits into infinities.
const MIN_TEMPERATURE: f32 = 1e-6;

const PROBABILITY: &str = "a number from 0 to 1";
const FINITE: &str = "a finite number";
const FROM_0: &str = "a finite number, 0 or more";
const WINDOW: &str = "a whole number from 0 (off) to 16777216, or -1 for the context size";

impl SamplingSettings {
    /// Whether every value is allowed; the first that is not.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.validate_filters()?;
        self.validate_penalties()?;
        self.validate_dry()?;
        self.validate_rest()
    }

    fn validate_filters(&self) -> Result<(), Invalid> {
        let checks = Checks("sampling");
        let t = self.temperature;
        checks.require(
            t.is_finite() && (t <= 0.0 || t >= MIN_TEMPERATURE),
            "temperature",
            "--temp",
            t,
            "0 or less (greedy), or a finite number from 0.000001",
        )?;
        checks.require(
            from_0(self.dynatemp_range),
            "dynatemp_range",
            "--dynatemp-range",
            self.dynatemp_range,
            FROM_0,
        )?;
        checks.require(
            from_0(self.dynatemp_exponent),
            "dynatemp_exponent",
            "--dynatemp-exp",
            self.dynatemp_exponent,
            FROM_0,
        )?;
        checks.require(share(self.top_p), "top_p", "--top-p", self.top_p, PROBABILITY)?;
        checks.require(share(self.min_p), "min_p", "--min-p", self.min_p, PROBABILITY)?;
        checks.require(share(self.typical_p), "typical_p", "--typical", self.typical_p, PROBABILITY)?;
        checks.require(
            self.top_n_sigma.is_finite(),
            "top_n_sigma",
            "--top-nsigma",
            self.top_n_sigma,
            FINITE,
        )?;
        checks.require(
            share(self.xtc_probability),
            "xtc_probability",
            "--xtc-probability",
            self.xtc_probability,
            PROBABILITY,
        )?;
        checks.require(
            share(self.xtc_threshold),
            "xtc_threshold",
            "--xtc-threshold",
            self.xtc_threshold,
            PROBABILITY,
        )
    }

    fn validate_penalties(&self) -> Result<(), Invalid> {
        let checks = Checks("sampling");
        let repeat = self.repeat_penalty;
        // llama.cpp divides by it and multiplies with it.
        let usable = repeat.is_finite() && repeat > 0.0 && repeat.recip().is_finite();
        checks.require(usable, "repeat_penalty", "--repeat-penalty", repeat, "a finite number above 0")?;
        checks.require(
            window(self.repeat_last_n),
            "repeat_last_n",
            "--repeat-last-n",
            self.repeat_last_n,
            WINDOW,
        )?;
        checks.require(
            self.presence_penalty.is_finite(),
            "presence_penalty",
            "--presence-penalty",
            self.presence_penalty,
            FINITE,
        )?;
        checks.require(
            self.frequency_penalty.is_finite(),
            "frequency_penalty",
            "--frequency-penalty",
            self.frequency_penalty,
            FINITE,
        )
    }

    fn validate_dry(&self) -> Result<(), Invalid> {
        let checks = Checks("sampling");
        checks.require(
            from_0(self.dry_multiplier),
            "dry_multiplier",
            "--dry-multiplier",
            self.dry_multiplier,
            FROM_0,
        )?;
        let base = self.dry_base;
        checks.require(
            base.is_finite() && base >= 1.0,
            "dry_base",
            "--dry-base",
            base,
            "a finite number, 1 or more",
        )?;
        checks.require(
            self.dry_allowed_length >= 0,
            "dry_allowed_length",
            "--dry-allowed-length",
            self.dry_allowed_length,
            "a whole number, 0 or more",
        )?;
        checks.require(
            window(self.dry_penalty_last_n),
            "dry_penalty_last_n",
            "--dry-penalty-last-n",
            self.dry_penalty_last_n,
            WINDOW,
        )
    }

    fn validate_rest(&self) -> Result<(), Invalid> {
        let checks = Checks("sampling");
        checks.require(
            from_0(self.mirostat_tau),
            "mirostat_tau",
            "--mirostat-ent",
            self.mirostat_tau,
            FROM_0,
        )?;
        checks.require(
            from_0(self.mirostat_eta),
            "mirostat_eta",
            "--mirostat-lr",
            self.mirostat_eta,
            FROM_0,
        )?;
        for bias in &self.logit_bias {
            let ok = i32::try_from(bias.token.0).is_ok() && bias.bias < f32::INFINITY;
            checks.require(
                ok,
                "logit_bias",
                "--logit-bias",
                format_args!("{}{:+}", bias.token, bias.bias),
                "a token id from 0 to 2147483647 with a finite number, or -inf to ban the token",
            )?;
        }
        checks.require(
            self.samplers.len() <= MAX_LIST,
            "samplers",
            "--samplers",
            format_args!("of {} stages", self.samplers.len()),
            "a chain of at most 64 stages",
        )?;
        checks.require(
            self.dry_sequence_breakers.len() <= MAX_LIST,
            "dry_sequence_breakers",
            "--dry-sequence-breaker",
            format_args!("{} times", self.dry_sequence_breakers.len()),
            "at most 64 texts",
        )?;
        for text in &self.banned_strings {
            checks.require(
                !text.is_empty() && text.len() <= MAX_BANNED_STRING,
                "banned_strings",
                "--ban-string",
                format_args!("{text:?}"),
                "a text of 1 to 256 bytes",
            )?;
        }
        checks.require(
            self.banned_strings.len() <= MAX_BANNED_STRINGS,
            "banned_strings",
            "--ban-string",
            format_args!("{} times", self.banned_strings.len()),
            "at most 256 texts",
        )
    }
}

/// From 0 to 1; NaN is not.
fn share(value: f32) -> bool {
    (0.0..=1.0).contains(&value)
}

/// Finite and not negative.
fn from_0(value: f32) -> bool {
    value.is_finite() && value >= 0.0
}

fn window(tokens: i32) -> bool {
    (-1..=MAX_WINDOW).contains(&tokens)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sampling::{LogitBias, SamplingOverrides};
    use crate::token::Token;

    /// What `validate` says about the defaults with `toml` over them.
    fn verdict(toml: &str) -> Result<(), String> {
        let mut settings = SamplingSettings::default();
        toml::from_str::<SamplingOverrides>(toml).expect("the right types").apply(&mut settings);
        settings.validate().map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn values_at_the_edge_are_allowed() {
        for toml in [
            "temperature = 0",
            "temperature = -1.0",
            "temperature = 100.0",
            "top_p = 0",
            "top_p = 1",
            "min_p = 1",
            "typical_p = 0.0",
            "top_k = -5",
            "top_k = 2147483647",
            "repeat_last_n = -1",
            "repeat_last_n = 0",
            "top_n_sigma = -1",
            "presence_penalty = -2.0",
            "dry_base = 1",
            "repeat_penalty = 0.5",
            "samplers = []",
            "dry_sequence_breakers = []",
        ] {
            assert_eq!(verdict(toml), Ok(()), "{toml}");
        }
    }

    #[test]
    fn what_is_refused_is_named_with_its_range() {
        for (toml, start) in [
            ("temperature = nan", "--temp NaN: expected 0 or less"),
            ("temperature = inf", "--temp inf: "),
            ("temperature = 1e-9", "--temp 0.000000001: "),
            ("top_p = 1.5", "--top-p 1.5: expected a number from 0 to 1"),
            ("min_p = -0.1", "--min-p -0.1: "),
            ("typical_p = nan", "--typical NaN: "),
            ("top_n_sigma = inf", "--top-nsigma inf: expected a finite number"),
            ("xtc_probability = 2", "--xtc-probability 2: "),
            ("xtc_threshold = -1", "--xtc-threshold -1: "),
            ("repeat_penalty = 0", "--repeat-penalty 0: expected a finite number above 0"),
            ("repeat_penalty = 1e-45", "--repeat-penalty 0.000"),
            ("repeat_last_n = -2", "--repeat-last-n -2: "),
            ("repeat_last_n = 2147483647", "--repeat-last-n 2147483647: "),
            ("presence_penalty = inf", "--presence-penalty inf: "),
            ("frequency_penalty = nan", "--frequency-penalty NaN: "),
            ("dry_multiplier = -1", "--dry-multiplier -1: "),
            ("dry_base = 0.5", "--dry-base 0.5: expected a finite number, 1 or more"),
            ("dry_allowed_length = -1", "--dry-allowed-length -1: "),
            ("dry_penalty_last_n = -2", "--dry-penalty-last-n -2: "),
            ("dynatemp_range = -1", "--dynatemp-range -1: "),
            ("dynatemp_exponent = nan", "--dynatemp-exp NaN: "),
            ("mirostat_tau = -1", "--mirostat-ent -1: "),
            ("mirostat_eta = inf", "--mirostat-lr inf: "),
            ("banned_strings = [\"a\", \"\"]", "--ban-string \"\": expected a text of 1 to 256 bytes"),
            ("logit_bias = [{ token = 3, bias = inf }]", "--logit-bias 3+inf: "),
        ] {
            let refused = verdict(toml).expect_err(toml);
            assert!(refused.starts_with(start), "{toml}: {refused}");
        }
    }

    #[test]
    fn lists_have_a_bound() {
        let long = format!("samplers = [{}]", "\"top_k\", ".repeat(65));
        let refused = verdict(&long).expect_err("too long");
        assert_eq!(refused, "--samplers of 65 stages: expected a chain of at most 64 stages");
        let long = format!("dry_sequence_breakers = [{}]", "\"a\", ".repeat(65));
        assert!(verdict(&long).expect_err("too long").ends_with("at most 64 texts"));
    }

    #[test]
    fn banning_a_token_is_allowed_and_nan_is_not() {
        let with = |bias| SamplingSettings {
            logit_bias: vec![LogitBias { token: Token(1), bias }],
            ..Default::default()
        };
        assert_eq!(with(f32::NEG_INFINITY).validate(), Ok(()));
        assert!(with(f32::NAN).validate().is_err());
    }

    proptest! {
        #[test]
        fn shares_outside_0_to_1_never_pass(value in proptest::num::f32::ANY) {
            let settings = SamplingSettings { top_p: value, ..Default::default() };
            prop_assert_eq!(settings.validate().is_ok(), (0.0..=1.0).contains(&value));
        }
    }
}
