//! The settings that are a number: their names in a JSON body, their flags, and how they are read and set.

use super::Target;
use crate::sampling::{SamplingOverrides, SamplingSettings};

/// A setting that is a number.
pub(super) struct Field {
    /// Its key in llama.cpp's server, and in the config file.
    pub name: &'static str,
    /// Other keys that stand for it.
    pub aliases: &'static [&'static str],
    /// Its flags; the first is written.
    pub flags: &'static [&'static str],
    pub number: Number,
}

/// How a number is read from settings and set.
pub(super) enum Number {
    Float(fn(&SamplingSettings) -> f32, fn(&mut SamplingOverrides) -> &mut Option<f32>),
    Int(fn(&SamplingSettings) -> i32, fn(&mut SamplingOverrides) -> &mut Option<i32>),
}

/// A field whose name is that of the setting.
macro_rules! field {
    ($kind:ident $setting:ident, $flags:expr, $aliases:expr) => {
        Field {
            name: stringify!($setting),
            aliases: &$aliases,
            flags: &$flags,
            number: Number::$kind(|settings| settings.$setting, |given| &mut given.$setting),
        }
    };
}

/// Every setting that is a number, in the order in which they are written.
pub(super) static FIELDS: [Field; 20] = [
    field!(Float temperature, ["--temp", "--temperature"], ["temp"]),
    field!(Float dynatemp_range, ["--dynatemp-range"], []),
    field!(Float dynatemp_exponent, ["--dynatemp-exp"], []),
    field!(Int top_k, ["--top-k"], []),
    field!(Float top_p, ["--top-p"], []),
    field!(Float min_p, ["--min-p"], []),
    field!(Float typical_p, ["--typical", "--typical-p"], ["typ_p"]),
    field!(Float top_n_sigma, ["--top-nsigma", "--top-n-sigma"], []),
    field!(Float xtc_probability, ["--xtc-probability"], []),
    field!(Float xtc_threshold, ["--xtc-threshold"], []),
    field!(Float repeat_penalty, ["--repeat-penalty"], ["repetition_penalty"]),
    field!(Int repeat_last_n, ["--repeat-last-n"], []),
    field!(Float presence_penalty, ["--presence-penalty"], []),
    field!(Float frequency_penalty, ["--frequency-penalty"], []),
    field!(Float dry_multiplier, ["--dry-multiplier"], []),
    field!(Float dry_base, ["--dry-base"], []),
    field!(Int dry_allowed_length, ["--dry-allowed-length"], []),
    field!(Int dry_penalty_last_n, ["--dry-penalty-last-n"], []),
    field!(Float mirostat_tau, ["--mirostat-ent"], []),
    field!(Float mirostat_eta, ["--mirostat-lr"], []),
];

impl Field {
    /// Its value as text, where the target would not take it unsaid. A window of the whole context is its size.
    pub fn written(&self, settings: &SamplingSettings, target: &Target) -> Option<String> {
        match self.number {
            Number::Float(get, _) => {
                let value = get(settings);
                target.differs(|unsaid| get(unsaid).to_bits() != value.to_bits()).then(|| value.to_string())
            }
            Number::Int(get, _) => {
                let value = get(settings);
                let window = self.name.ends_with("last_n") && value < 0;
                let shown = if window { target.context.to_string() } else { value.to_string() };
                target.differs(|unsaid| get(unsaid) != value).then_some(shown)
            }
        }
    }

    /// Sets it from text; what is expected where that fails.
    pub fn set(&self, given: &mut SamplingOverrides, text: &str) -> Result<(), &'static str> {
        match self.number {
            Number::Float(_, slot) => {
                let number: f32 = text.parse().map_err(|_| "expected a number")?;
                // An infinity that was not written is a number that f32 cannot hold: it is quoted as it was written.
                if number.is_infinite() && text.bytes().any(|byte| byte.is_ascii_digit()) {
                    return Err("expected a number of at most 3.4e38");
                }
                *slot(given) = Some(number);
            }
            Number::Int(_, slot) => *slot(given) = Some(text.parse().map_err(|_| "expected a whole number")?),
        }
        Ok(())
    }
}
