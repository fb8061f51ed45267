//! How single values on the command line are parsed.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::models::{HubName, ModelSort, NameError};
use crate::sampling::{GrammarSource, LogitBias, Mirostat, SamplerKind, seed_from_number};
use crate::settings::{
    CacheType, ChatTemplateText, ChatVariables, ColourBy, EndChart, Reasoning, RemoteKind, StopPattern,
    StopSettings,
};

/// A chain of samplers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Samplers(pub Vec<SamplerKind>);

/// A seed, or a random one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seed(pub Option<u32>);

/// A number of threads, or one chosen by the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Threads(pub Option<u32>);

/// A time limit, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeLimit(pub Option<std::time::Duration>);

/// How the model file is read: llama.cpp's `--load-mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LoadMode {
    pub mmap: bool,
    pub mlock: bool,
}

pub(super) fn sampler_names(text: &str) -> Result<Samplers, String> {
    SamplerKind::parse_names(text).map(Samplers)
}

pub(super) fn sampler_letters(text: &str) -> Result<Samplers, String> {
    SamplerKind::parse_letters(text).map(Samplers)
}

pub(super) fn logit_bias(text: &str) -> Result<LogitBias, String> {
    LogitBias::parse(text)
}

pub(super) fn grammar(text: &str) -> Result<GrammarSource, String> {
    GrammarSource::gbnf(text).map_err(|error| error.in_full(text))
}

pub(super) fn grammar_file(path: &str) -> Result<GrammarSource, String> {
    GrammarSource::gbnf_file(path.as_ref()).map_err(|error| error.to_string())
}

pub(super) fn json_schema(text: &str) -> Result<GrammarSource, String> {
    GrammarSource::json_schema(text).map_err(|error| error.in_full(text))
}

pub(super) fn json_schema_file(path: &str) -> Result<GrammarSource, String> {
    GrammarSource::json_schema_file(path.as_ref()).map_err(|error| error.to_string())
}

pub(super) fn chat_template(text: &str) -> Result<ChatTemplateText, String> {
    ChatTemplateText::given(text)
}

pub(super) fn chat_template_file(path: &str) -> Result<ChatTemplateText, String> {
    ChatTemplateText::read(path.as_ref())
}

pub(super) fn chat_variables(text: &str) -> Result<ChatVariables, String> {
    ChatVariables::read(text)
}

/// llama.cpp's budget of thoughts, as far as a template can keep it.
pub(super) fn reasoning_budget(text: &str) -> Result<Reasoning, String> {
    match text.parse::<i64>() {
        Ok(0) => Ok(Reasoning::Off),
        Ok(-1) => Ok(Reasoning::Auto),
        _ => {
            Err("expected 0 (no thoughts) or -1 (no limit): thoughts cannot be cut after a number of tokens"
                .to_owned())
        }
    }
}

pub(super) fn seed(text: &str) -> Result<Seed, String> {
    text.parse()
        .ok()
        .and_then(seed_from_number)
        .map(Seed)
        .ok_or_else(|| "expected a whole number from 0 to 4294967295, or -1 for a random seed".to_owned())
}

/// 0 and below leave the choice to the program. (llama.cpp then takes every hardware thread, which for a small model is
/// far slower than one.)
pub(super) fn threads(text: &str) -> Result<Threads, String> {
    let number: i32 = text.parse().map_err(|_| "expected a whole number".to_owned())?;
    Ok(Threads(u32::try_from(number).ok().filter(|count| *count > 0)))
}

/// A count, or auto.
pub(super) fn auto_or_count(text: &str) -> Result<Threads, String> {
    match text {
        "auto" => Ok(Threads(None)),
        number => number
            .parse()
            .map(|count| Threads(Some(count)))
            .map_err(|_| "expected a whole number or auto".to_owned()),
    }
}

/// The temperature of `softmax`.
pub(super) fn bench_temperature(text: &str) -> Result<f64, String> {
    let temperature = text.parse().ok().filter(|temperature| (0.0..=100.0).contains(temperature));
    temperature.ok_or_else(|| "expected a number from 0 to 100".to_owned())
}

pub(super) fn time_limit(text: &str) -> Result<TimeLimit, String> {
    let seconds = text.parse().unwrap_or(f64::NAN);
    StopSettings::time_limit(seconds).map(TimeLimit).map_err(|allowed| format!("expected {allowed}"))
}

pub(super) fn stop_pattern(text: &str) -> Result<StopPattern, String> {
    StopPattern::new(text)
}

pub(super) fn mirostat(text: &str) -> Result<Mirostat, String> {
    text.parse().ok().and_then(Mirostat::from_number).ok_or_else(|| "expected 0 (off), 1 or 2".to_owned())
}

pub(super) fn load_mode(text: &str) -> Result<LoadMode, String> {
    match text {
        "auto" | "mmap" => Ok(LoadMode { mmap: true, mlock: false }),
        "none" => Ok(LoadMode { mmap: false, mlock: false }),
        "mlock" => Ok(LoadMode { mmap: false, mlock: true }),
        "mmap+mlock" => Ok(LoadMode { mmap: true, mlock: true }),
        _ => Err("expected auto, none, mmap, mlock or mmap+mlock".to_owned()),
    }
}

/// `user/repo[:quant]`, with or without the `hf:` of `-m`.
pub(super) fn hub_name(text: &str) -> Result<HubName, NameError> {
    HubName::parse(text.strip_prefix("hf:").unwrap_or(text))
}

/// llama.cpp's words for yes and no (`is_truthy`, `is_falsey` in its common/arg.cpp).
pub(super) fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" | "enabled" | "true" | "1" => Ok(true),
        "off" | "disabled" | "false" | "0" => Ok(false),
        _ => Err("expected on or off".to_owned()),
    }
}

pub(super) fn cache_type() -> impl TypedValueParser<Value = CacheType> {
    one_of(CacheType::ALL, CacheType::name)
}

pub(super) fn remote_kind() -> impl TypedValueParser<Value = RemoteKind> {
    let names = RemoteKind::NAMES.map(|(name, _)| name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<RemoteKind>())
}

pub(super) fn model_sort() -> impl TypedValueParser<Value = ModelSort> {
    one_of(ModelSort::ALL, ModelSort::name)
}

pub(super) fn end_chart() -> impl TypedValueParser<Value = EndChart> {
    one_of(EndChart::ALL, EndChart::name)
}

pub(super) fn colour_by() -> impl TypedValueParser<Value = ColourBy> {
    one_of(ColourBy::ALL, ColourBy::name)
}

/// One of `all`, by name; help and completions list the names.
fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    all: [T; N],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.map(name)).try_map(move |text| {
        all.into_iter().find(|value| name(*value) == text).ok_or("not one of the possible values")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_and_threads() {
        assert_eq!(seed("-1"), Ok(Seed(None)));
        assert_eq!(seed("4294967295"), Ok(Seed(None)));
        assert_eq!(seed("0"), Ok(Seed(Some(0))));
        assert!(seed("x").is_err() && seed("-2").is_err() && seed("99999999999999999999").is_err());
        assert_eq!(threads("4"), Ok(Threads(Some(4))));
        assert_eq!(threads("0"), Ok(Threads(None)));
        assert_eq!(threads("-1"), Ok(Threads(None)));
        assert!(threads("many").is_err());
    }

    #[test]
    fn repositories_and_yes_or_no() {
        assert_eq!(hub_name("a/b:Q8_0"), hub_name("hf:a/b:Q8_0"));
        assert!(hub_name("a").is_err());
        assert_eq!((on_or_off("1"), on_or_off("disabled")), (Ok(true), Ok(false)));
        assert!(on_or_off("perhaps").is_err());
    }

    #[test]
    fn times() {
        assert_eq!(time_limit("0.5"), Ok(TimeLimit(Some(std::time::Duration::from_millis(500)))));
        assert_eq!(time_limit("0"), Ok(TimeLimit(None)));
        for wrong in ["", "x", "-1", "nan", "inf"] {
            assert!(time_limit(wrong).expect_err(wrong).starts_with("expected a number of seconds"));
        }
    }
}
