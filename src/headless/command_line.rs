//! Settings as a command line of llama.cpp's `llama-completion`.

use std::fmt::Write as _;
use std::path::Path;

use crate::{
    sampling::{Mirostat, SamplingSettings},
    settings::StopSettings,
};

/// The command that generates with these settings: only what is not llama.cpp's default is written out. `model` is the
/// file; None leaves a word in its place.
pub(super) fn command_line(model: Option<&Path>, sampling: &SamplingSettings, stop: &StopSettings) -> String {
    let model = model.map_or_else(|| "MODEL.gguf".to_owned(), |path| path.display().to_string());
    let mut line = format!("llama-completion -m {} -no-cnv", quoted(&model));
    let mut flag = |name: &str, value: String, default: String| {
        if value != default {
            let _ = write!(line, " {name} {}", quoted(&value));
        }
    };
    let (s, d) = (sampling, SamplingSettings::default());
    let names =
        |s: &SamplingSettings| s.samplers.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(";");
    flag("--samplers", names(s), names(&d));
    flag("--temp", s.temperature.to_string(), d.temperature.to_string());
    flag("--top-k", s.top_k.to_string(), d.top_k.to_string());
    flag("--top-p", s.top_p.to_string(), d.top_p.to_string());
    flag("--min-p", s.min_p.to_string(), d.min_p.to_string());
    flag("--typical", s.typical_p.to_string(), d.typical_p.to_string());
    flag("--top-nsigma", s.top_n_sigma.to_string(), d.top_n_sigma.to_string());
    flag("--xtc-probability", s.xtc_probability.to_string(), d.xtc_probability.to_string());
    flag("--xtc-threshold", s.xtc_threshold.to_string(), d.xtc_threshold.to_string());
    flag("--dynatemp-range", s.dynatemp_range.to_string(), d.dynatemp_range.to_string());
    flag("--dynatemp-exp", s.dynatemp_exponent.to_string(), d.dynatemp_exponent.to_string());
    flag("--repeat-penalty", s.repeat_penalty.to_string(), d.repeat_penalty.to_string());
    flag("--repeat-last-n", s.repeat_last_n.to_string(), d.repeat_last_n.to_string());
    flag("--presence-penalty", s.presence_penalty.to_string(), d.presence_penalty.to_string());
    flag("--frequency-penalty", s.frequency_penalty.to_string(), d.frequency_penalty.to_string());
    flag("--dry-multiplier", s.dry_multiplier.to_string(), d.dry_multiplier.to_string());
    flag("--dry-base", s.dry_base.to_string(), d.dry_base.to_string());
    flag("--dry-allowed-length", s.dry_allowed_length.to_string(), d.dry_allowed_length.to_string());
    flag("--dry-penalty-last-n", s.dry_penalty_last_n.to_string(), d.dry_penalty_last_n.to_string());
    if s.dry_sequence_breakers != d.dry_sequence_breakers {
        flag("--dry-sequence-breaker", "none".into(), String::new());
        for breaker in &s.dry_sequence_breakers {
            flag("--dry-sequence-breaker", breaker.escape_default().to_string(), String::new());
        }
    }
    flag("--mirostat", mirostat(s.mirostat).into(), mirostat(d.mirostat).into());
    flag("--mirostat-ent", s.mirostat_tau.to_string(), d.mirostat_tau.to_string());
    flag("--mirostat-lr", s.mirostat_eta.to_string(), d.mirostat_eta.to_string());
    for bias in &s.logit_bias {
        flag("--logit-bias", format!("{}{:+}", bias.token, bias.bias), String::new());
    }
    flag("--seed", s.seed.map_or_else(|| "-1".to_owned(), |seed| seed.to_string()), "-1".into());
    flag("--predict", stop.predict.to_string(), StopSettings::default().predict.to_string());
    for text in &stop.strings {
        flag("--reverse-prompt", text.clone(), String::new());
    }
    if s.ignore_eos {
        line.push_str(" --ignore-eos");
    }
    line
}

const fn mirostat(version: Mirostat) -> &'static str {
    match version {
        Mirostat::Off => "0",
        Mirostat::V1 => "1",
        Mirostat::V2 => "2",
    }
}

/// A word that a POSIX shell takes as it is.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./+=:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sampling::LogitBias, token::Token};

    #[test]
    fn only_what_is_no_default_is_written() {
        let stop = StopSettings::default();
        assert_eq!(
            command_line(None, &SamplingSettings::default(), &stop),
            "llama-completion -m MODEL.gguf -no-cnv"
        );
        let settings = SamplingSettings {
            temperature: 0.2,
            top_k: 0,
            seed: Some(7),
            logit_bias: vec![LogitBias { token: Token(300), bias: -1.0 }],
            ignore_eos: true,
            ..SamplingSettings::default()
        };
        let stop = StopSettings { predict: 64, strings: vec!["it's".into()], ..stop };
        assert_eq!(
            command_line(Some(Path::new("/m/a b.gguf")), &settings, &stop),
            "llama-completion -m '/m/a b.gguf' -no-cnv --temp 0.2 --top-k 0 --logit-bias 300-1 --seed 7 --predict 64 \
             --reverse-prompt 'it'\\''s' --ignore-eos"
        );
    }
}
