//! Settings as a command line of llama.cpp's `llama-completion`.

use std::path::Path;

use crate::{
    sampling::{SamplingSettings, Target, command_line as sampling_flags, shell_quote, without_flag},
    settings::StopSettings,
};

/// The command that generates with these settings: only what llama.cpp would not take by itself on the target is written
/// out. `model` is the file; None leaves a word in its place. What llama.cpp has no flag for stands in a comment at the
/// end.
pub(super) fn command_line(
    model: Option<&Path>,
    sampling: &SamplingSettings,
    stop: &StopSettings,
    target: &Target,
) -> String {
    let model = model.map_or_else(|| "MODEL.gguf".to_owned(), |path| path.display().to_string());
    let mut words = vec![format!("llama-completion -m {} -no-cnv", shell_quote(&model))];
    words.push(sampling_flags(sampling, target));
    if stop.predict != StopSettings::default().predict {
        words.push(format!("--predict {}", stop.predict));
    }
    words.extend(stop.strings.iter().map(|text| format!("--reverse-prompt {}", shell_quote(text))));
    let left_out = [without_flag(sampling), stops_without_flag(stop)].concat();
    if !left_out.is_empty() {
        words.push(format!("# llama.cpp has no flag for {}", left_out.join(", ")));
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// The stop conditions of this program alone that are set, as its flags. Texts are written in one line: they stand in a
/// comment.
fn stops_without_flag(stop: &StopSettings) -> Vec<String> {
    let counts = [("sentences", stop.sentences), ("lines", stop.lines), ("loop", stop.loop_times)]
        .map(|(name, n)| (name, f64::from(n)));
    let limits = [
        ("entropy-above", stop.entropy_above),
        ("entropy-below", stop.entropy_below),
        ("top-prob-above", stop.top_prob_above),
        ("top-prob-below", stop.top_prob_below),
    ];
    let numbers = counts.into_iter().chain(limits).filter(|(_, number)| *number != 0.0);
    let time = stop.max_time.map(|limit| format!("--max-time {}", limit.as_secs_f64()));
    let patterns = stop.regex.iter().map(|pattern| format!("--stop-regex {:?}", pattern.source()));
    time.into_iter().chain(patterns).chain(numbers.map(|(name, n)| format!("--stop-{name} {n}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sampling::{LogitBias, SamplingOverrides},
        token::Token,
    };

    fn target() -> Target {
        Target::new(512, &SamplingOverrides::default())
    }

    #[test]
    fn what_llama_cpp_has_no_flag_for_stands_in_a_comment() {
        let settings =
            SamplingSettings { banned_strings: vec!["a\nb".into()], ..SamplingSettings::default() };
        let stop = StopSettings { lines: 2, entropy_above: 3.5, ..StopSettings::default() };
        assert_eq!(
            command_line(None, &settings, &stop, &target()),
            "llama-completion -m MODEL.gguf -no-cnv # llama.cpp has no flag for --ban-string \"a\\nb\", \
             --stop-lines 2, --stop-entropy-above 3.5"
        );
    }

    #[test]
    fn only_what_is_no_default_is_written() {
        let stop = StopSettings::default();
        assert_eq!(
            command_line(None, &SamplingSettings::default(), &stop, &target()),
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
        let written = command_line(Some(Path::new("/m/a b.gguf")), &settings, &stop, &target());
        let whole =
            ["llama-completion -m '/m/a b.gguf' -no-cnv ", "--temp 0.2", "--top-k 0", "--logit-bias 300-1"];
        let more = ["--seed 7", "--ignore-eos", "--predict 64 --reverse-prompt 'it'\\''s'"];
        for part in whole.iter().chain(&more) {
            assert!(written.contains(part), "{part}: {written}");
        }
        assert_eq!(written.split(" --").count(), 8, "nothing else: {written}");
    }
}
