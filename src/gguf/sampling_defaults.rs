//! The sampling settings that a model's makers recommend, as its metadata carries them.
//!
//! llama.cpp's tools take them as defaults (`common_init_sampler_from_model` in its common.cpp): each value is turned
//! into text and the number at its beginning is taken, whatever the value's type.

use super::{metadata::Metadata, value::Value};

/// What `general.sampling.*` recommends; `None` where it says nothing. The units are those of llama.cpp's flags.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SamplingDefaults {
    /// Names of the chain's samplers in order, as `--samplers` takes them.
    pub samplers: Option<Vec<String>>,
    /// Candidates kept.
    pub top_k: Option<i32>,
    /// Nucleus mass.
    pub top_p: Option<f32>,
    /// Least probability relative to the most likely token.
    pub min_p: Option<f32>,
    /// Probability that XTC acts.
    pub xtc_probability: Option<f32>,
    /// Tokens at least this likely are what XTC removes.
    pub xtc_threshold: Option<f32>,
    /// Temperature.
    pub temperature: Option<f32>,
    /// Tokens the penalties look back on.
    pub repeat_last_n: Option<i32>,
    /// Repeat penalty.
    pub repeat_penalty: Option<f32>,
    /// 0, 1 or 2.
    pub mirostat: Option<i32>,
    /// Mirostat's target surprise.
    pub mirostat_tau: Option<f32>,
    /// Mirostat's learning rate.
    pub mirostat_eta: Option<f32>,
}

impl SamplingDefaults {
    pub(super) fn read(metadata: &Metadata) -> Self {
        let text = |name: &str| metadata.get(&format!("general.sampling.{name}")).and_then(text_of);
        let int = |name: &str| text(name).as_deref().and_then(leading_int);
        let float = |name: &str| text(name).as_deref().and_then(leading_float);
        Self {
            samplers: text("sequence")
                .filter(|names| !names.is_empty())
                .map(|names| names.split(';').map(str::to_owned).collect()),
            top_k: int("top_k"),
            top_p: float("top_p"),
            min_p: float("min_p"),
            xtc_probability: float("xtc_probability"),
            xtc_threshold: float("xtc_threshold"),
            temperature: float("temp"),
            repeat_last_n: int("penalty_last_n"),
            repeat_penalty: float("penalty_repeat"),
            mirostat: int("mirostat"),
            mirostat_tau: float("mirostat_tau"),
            mirostat_eta: float("mirostat_eta"),
        }
    }

    /// Whether nothing is recommended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A value as llama.cpp prints it. Floats get the six decimals of C++'s `to_string`, so 1e-7 becomes 0 there and here.
fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::U8(number) => number.to_string(),
        Value::I8(number) => number.to_string(),
        Value::U16(number) => number.to_string(),
        Value::I16(number) => number.to_string(),
        Value::U32(number) => number.to_string(),
        Value::I32(number) => number.to_string(),
        Value::U64(number) => number.to_string(),
        Value::I64(number) => number.to_string(),
        Value::F32(number) => format!("{number:.6}"),
        Value::F64(number) => format!("{number:.6}"),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Array(_) => return None,
    })
}

/// The number that `text` begins with, as C's `strtol` finds it.
fn leading_int(text: &str) -> Option<i32> {
    let text = text.trim_start();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
    text[..text.len() - digits.len() + end].parse().ok()
}

/// The number that `text` begins with: the longest beginning that is one. Infinities and NaN are not settings.
fn leading_float(text: &str) -> Option<f32> {
    let text = text.trim_start();
    let end = text.find(|character: char| !matches!(character, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
    let mut number = &text[..end.unwrap_or(text.len())];
    while !number.is_empty() {
        if let Ok(value) = number.parse::<f32>() {
            return value.is_finite().then_some(value);
        }
        number = &number[..number.len() - 1];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_c_finds_them() {
        assert_eq!(leading_int(" -1 tokens"), Some(-1));
        assert_eq!(leading_int("20.000000"), Some(20));
        assert_eq!(leading_int("+7"), Some(7));
        assert_eq!(leading_int("true"), None);
        assert_eq!(leading_float("0.600000"), Some(0.6));
        assert_eq!(leading_float("1e-"), Some(1.0));
        assert_eq!(leading_float("0.7-ish"), Some(0.7));
        assert_eq!(leading_float("NaN"), None);
        assert_eq!(leading_float(""), None);
    }

    #[test]
    fn a_float_goes_through_six_decimals() {
        assert_eq!(text_of(&Value::F32(0.95)).as_deref().and_then(leading_float), Some(0.95));
        assert_eq!(text_of(&Value::F32(1e-7)).as_deref().and_then(leading_float), Some(0.0));
        assert_eq!(text_of(&Value::Bool(true)), None);
    }
}
