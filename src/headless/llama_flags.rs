//! What a command line of llama.cpp's `llama-completion` says besides sampling settings, and what it cannot say.

use crate::{
    engine::PromptText,
    sampling::{SamplingSettings, shell_quote, without_flag},
    settings::{StopSettings, escape},
};

/// The flags for the prompt, whose escapes llama.cpp processes; it takes the system message as it is.
pub(super) fn prompt_flags(prompt: &PromptText) -> Vec<String> {
    // With a template llama.cpp would go on asking for a second message.
    let mut words = vec![if prompt.chat { "-cnv -st" } else { "-no-cnv" }.to_owned()];
    if !prompt.text.is_empty() {
        words.push(format!("-p {}", shell_quote(&escape(&prompt.text))));
    }
    if let Some(system) = prompt.system.as_ref().filter(|_| prompt.chat) {
        words.push(format!("-sys {}", shell_quote(system)));
    }
    words
}

/// The flags for the stop conditions that llama.cpp has, too.
pub(super) fn stop_flags(stop: &StopSettings) -> Vec<String> {
    let mut words = Vec::new();
    if stop.predict != StopSettings::default().predict {
        words.push(format!("--predict {}", stop.predict));
    }
    let texts = stop.strings.iter().map(|text| format!("--reverse-prompt {}", shell_quote(&escape(text))));
    words.extend(texts);
    words
}

/// What the command line cannot say, since llama.cpp has no flag for it: each as this program's own flag.
pub(super) fn left_out(sampling: &SamplingSettings, stop: &StopSettings) -> Vec<String> {
    let mut flags = without_flag(sampling);
    flags.extend(stop.max_time.map(|limit| format!("--max-time {}", limit.as_secs_f64())));
    flags.extend(stop.regex.iter().map(|pattern| format!("--stop-regex {}", shell_quote(pattern.source()))));
    let loop_tokens = if stop.loop_times > 0 { stop.loop_tokens } else { 0 };
    let limits = [
        ("--stop-sentences", f64::from(stop.sentences)),
        ("--stop-lines", f64::from(stop.lines)),
        ("--stop-loop", f64::from(stop.loop_times)),
        ("--stop-loop-tokens", f64::from(loop_tokens)),
        ("--stop-entropy-above", stop.entropy_above),
        ("--stop-entropy-below", stop.entropy_below),
        ("--stop-top-prob-above", stop.top_prob_above),
        ("--stop-top-prob-below", stop.top_prob_below),
    ];
    flags.extend(
        limits.iter().filter(|(_, limit)| *limit > 0.0).map(|(flag, limit)| format!("{flag} {limit}")),
    );
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::StopPattern;

    #[test]
    fn a_prompt_reaches_llama_as_it_is() {
        let plain = PromptText { text: "it's\n\\n".into(), chat: false, system: Some("unused".into()) };
        assert_eq!(prompt_flags(&plain), ["-no-cnv", r"-p 'it'\''s\n\\n'"]);
        let chat = PromptText { chat: true, system: Some("Be brief.".into()), ..plain };
        assert_eq!(prompt_flags(&chat), ["-cnv -st", r"-p 'it'\''s\n\\n'", "-sys 'Be brief.'"]);
        assert_eq!(prompt_flags(&PromptText { text: String::new(), chat: false, system: None }), ["-no-cnv"]);
    }

    #[test]
    fn what_llama_has_no_flag_for_is_named() {
        let none = (SamplingSettings::default(), StopSettings::default());
        assert_eq!(left_out(&none.0, &none.1), [""; 0]);
        let sampling = SamplingSettings { banned_strings: vec!["a b".into()], ..none.0 };
        let stop = StopSettings {
            predict: 9,
            strings: vec!["x".into()],
            max_time: StopSettings::time_limit(1.5).expect("a limit"),
            regex: vec![StopPattern::new("a|b").expect("a pattern")],
            sentences: 1,
            loop_times: 3,
            entropy_above: 0.1,
            ..none.1
        };
        let told = left_out(&sampling, &stop).join(" ");
        let expected = "--ban-string \"a b\" --max-time 1.5 --stop-regex 'a|b' --stop-sentences 1 --stop-loop 3 \
                        --stop-loop-tokens 4 --stop-entropy-above 0.1";
        assert_eq!(told, expected);
    }
}
