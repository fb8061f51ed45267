//! Sampling settings to take along: as a llama.cpp command line and as a JSON body, written and read.
//!
//! Written is only what llama.cpp would not take unsaid, and what acts: muted stages are left out. Read is anything a
//! person may paste: what is not about sampling is ignored and named, what is wrong is explained in a sentence.

mod curl;
mod fields;
mod flags;
mod json;
mod read_flags;
mod shell;
mod target;
#[cfg(test)]
mod tests;
mod value_flags;

use super::{SamplerKind, SamplingOverrides, SamplingSettings, StageKind};
use crate::{settings::Invalid, text::without_mark};

pub use flags::command_line;
pub use json::{from_json_body, json_body};
pub use read_flags::from_command_line;
pub use shell::quote as shell_quote;
pub use target::Target;

/// The longest text that is read, in bytes.
const MAX_PASTE: usize = 1024 * 1024;

/// Settings read from a pasted text.
#[derive(Clone, Debug, PartialEq)]
pub struct Pasted {
    /// llama.cpp's defaults with what the text gives over them; allowed.
    pub settings: SamplingSettings,
    /// What the text gives.
    pub given: SamplingOverrides,
    /// Flags or keys that are not about sampling, in their order, each once.
    pub left_out: Vec<String>,
    /// Sentences about what is about sampling and was not, or not wholly, taken.
    pub notes: Vec<String>,
}

/// Why a pasted text gives no settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    /// It is too long.
    #[error("the text has {0} bytes; a command line or a JSON body of up to 1048576 can be read")]
    TooLong(usize),
    /// A quote is open at its end.
    #[error("a quote {0} is not closed")]
    OpenQuote(char),
    /// A flag at its end wants a value.
    #[error("{0} needs a value after it")]
    NoValue(String),
    /// A value cannot be used.
    #[error("{name} {value}: {what}")]
    Value {
        /// The flag or key.
        name: String,
        /// What was given.
        value: String,
        /// What is wrong, or what is expected.
        what: String,
    },
    /// A value of the right kind that is not allowed.
    #[error(transparent)]
    NotAllowed(#[from] Invalid),
    /// A command line of curl whose body stands in a file.
    #[error("the request's body stands in the file {0}: paste what is in it")]
    BodyInFile(String),
    /// It is no JSON.
    #[error("this is not a JSON body: {0}")]
    NoJson(String),
    /// There is nothing about sampling in it.
    #[error("there are no sampling settings in this text{}", named(.0))]
    Nothing(Vec<String>),
}

/// What was found instead, for [`PasteError::Nothing`].
fn named(left_out: &[String]) -> String {
    if left_out.is_empty() { String::new() } else { format!(", only {}", short_list(left_out)) }
}

/// At most eight names, and how many more.
fn short_list(names: &[String]) -> String {
    let shown = names.iter().take(8).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > 8 { format!("{shown} and {} more", names.len() - 8) } else { shown }
}

impl Pasted {
    /// What was left out, and what was not taken wholly; None where there is nothing to say.
    #[must_use]
    pub fn about_left_out(&self) -> Option<String> {
        let names = short_list(&self.left_out);
        let left_out = (!self.left_out.is_empty())
            .then(|| format!("Ignored, since they are not about sampling: {names}."));
        let all: Vec<String> = left_out.into_iter().chain(self.notes.iter().cloned()).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn new(
        given: SamplingOverrides,
        left_out: Vec<String>,
        mut notes: Vec<String>,
    ) -> Result<Self, PasteError> {
        if given == SamplingOverrides::default() {
            return Err(PasteError::Nothing(left_out));
        }
        let mut settings = SamplingSettings::default();
        given.apply(&mut settings);
        settings.validate()?;
        let warning = settings.grammar.warning().map(|warning| format!("{warning}."));
        notes.extend(warning);
        Ok(Self { settings, given, left_out, notes })
    }
}

impl PasteError {
    /// Whether `text`, which gave this error, was meant as settings all the same: it looks like flags, or like a JSON body
    /// with settings in it.
    #[must_use]
    pub fn is_about_settings(&self, text: &str) -> bool {
        let text = text.trim_start();
        match self {
            Self::Nothing(names) => names.first().is_some_and(|name| name == "curl"),
            Self::TooLong(_) => false,
            Self::BodyInFile(_) => true,
            Self::NoJson(_) => json::is_broken_body(without_mark(text)) || text.starts_with("curl"),
            Self::OpenQuote(_) => text.starts_with('-'),
            Self::NoValue(_) | Self::Value { .. } | Self::NotAllowed(_) => {
                let text = without_mark(text);
                ["-", "{", "llama", "logitscope", "./", "curl"].iter().any(|start| text.starts_with(start))
            }
        }
    }
}

/// What of these settings llama.cpp has no flag and no key for, as this program's flags.
#[must_use]
pub fn without_flag(settings: &SamplingSettings) -> Vec<String> {
    let banned = effective(settings).banned_strings;
    banned.iter().map(|text| format!("--ban-string {text:?}")).collect()
}

/// Reads a pasted text, whichever of the two it is. A bias for a text in a JSON body has no effect without the tokens of a
/// model: [`from_pasted_for`] takes it.
pub fn from_pasted(text: &str) -> Result<Pasted, PasteError> {
    from_pasted_for(text, None)
}

/// [`from_pasted`] for a model: `tokens` gives the tokens of a text, special ones not recognised in it.
pub fn from_pasted_for(text: &str, tokens: Option<Tokens<'_>>) -> Result<Pasted, PasteError> {
    if without_mark(text.trim_start()).trim_start().starts_with('{') {
        json::read_body(text, tokens)
    } else {
        read_flags::read_command_line(text, tokens)
    }
}

/// The tokens of a text.
pub type Tokens<'a> = &'a dyn Fn(&str) -> Vec<crate::token::Token>;

/// The settings as they act: what is muted, or not soloed, is taken out.
fn effective(settings: &SamplingSettings) -> SamplingSettings {
    let mut s = settings.clone();
    let off =
        |stage: StageKind| matches!(settings.switched_off(stage), Some(off) if off != super::Off::Mirostat);
    s.samplers.retain(|kind| !off((*kind).into()));
    if off(StageKind::LogitBias) {
        s.logit_bias.clear();
        s.ignore_eos = false;
    }
    if off(StageKind::BannedStrings) {
        s.banned_strings.clear();
    }
    if off(StageKind::Grammar) {
        s.grammar = super::GrammarSource::NONE;
    }
    if off(SamplerKind::Temperature.into()) && s.mirostat != super::Mirostat::Off {
        // Mirostat always divides by the temperature.
        s.temperature = 1.0;
    }
    s.muted.clear();
    s.soloed.clear();
    s
}
