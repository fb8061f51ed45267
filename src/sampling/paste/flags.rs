//! llama.cpp's command line, written.

use super::{Target, effective, fields::FIELDS, shell};
use crate::{sampling::SamplingSettings, settings::escape};

/// The sampling flags of llama.cpp's tools that make these settings on the target, with a space between; empty where no
/// flag is needed.
///
/// Banned strings have no flag there and are left out: [`without_flag`](super::without_flag) names them.
#[must_use]
pub fn command_line(settings: &SamplingSettings, target: &Target) -> String {
    let s = effective(settings);
    let mut words: Vec<String> = Vec::new();
    let mut add = |flag: &str, value: &str| words.extend([flag.to_owned(), shell::quote(value)]);
    if target.differs(|unsaid| unsaid.samplers != s.samplers) {
        add("--samplers", &s.samplers.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(";"));
    }
    for field in &FIELDS {
        if let Some(value) = field.written(&s, target) {
            add(field.flags[0], &value);
        }
    }
    if s.dry_sequence_breakers != SamplingSettings::default().dry_sequence_breakers {
        if s.dry_sequence_breakers.is_empty() {
            add("--dry-sequence-breaker", "none");
        }
        for breaker in &s.dry_sequence_breakers {
            add("--dry-sequence-breaker", &escaped(breaker));
        }
    }
    if target.differs(|unsaid| unsaid.mirostat != s.mirostat) {
        add("--mirostat", &s.mirostat.number().to_string());
    }
    for bias in &s.logit_bias {
        add("--logit-bias", &format!("{}{:+}", bias.token, bias.bias));
    }
    if let Some(schema) = s.grammar.as_json_schema() {
        add("--json-schema", schema);
    } else if let Some(gbnf) = s.grammar.as_gbnf() {
        add("--grammar", gbnf);
    }
    if let Some(seed) = s.seed {
        add("--seed", &seed.to_string());
    }
    if s.ignore_eos {
        words.push("--ignore-eos".to_owned());
    }
    words.join(" ")
}

/// A DRY breaker in llama.cpp's escapes, which its tools process.
fn escaped(text: &str) -> String {
    if text == "none" {
        // The word itself takes all breakers away.
        return r"\x6eone".to_owned();
    }
    escape(text)
}
