//! What a command line of llama.cpp's `llama-completion` says besides sampling settings, and what it cannot say.

use crate::{
    engine::PromptText,
    sampling::{SamplingSettings, shell_quote, without_flag},
    settings::{ChatTemplateText, LoraAdapter, ModelSettings, StopSettings, escape},
};

/// The flags for the prompt, whose escapes llama.cpp processes; it takes the system message as it is.
pub(super) fn prompt_flags(prompt: &PromptText, model: &ModelSettings) -> Vec<String> {
    if !prompt.chat {
        return std::iter::once("-no-cnv".to_owned()).chain(text_flag(prompt)).collect();
    }
    // With a template llama.cpp would go on asking for a second message. Without --jinja it writes the prompts of built-in
    // templates that are like the model's own.
    let built_in = model.chat_template.as_ref().and_then(ChatTemplateText::built_in);
    let jinja = if built_in.is_some() { "--no-jinja" } else { "--jinja" };
    let mut words = vec!["-cnv -st".to_owned(), jinja.to_owned()];
    words.extend(model.chat_template.as_ref().map(|template| match &template.file {
        Some(path) => format!("--chat-template-file {}", shell_quote(&path.display().to_string())),
        None => format!("--chat-template {}", shell_quote(&template.text)),
    }));
    words.extend(text_flag(prompt));
    words.extend(prompt.system.as_ref().map(|system| format!("-sys {}", shell_quote(system))));
    words
}

/// The flags for LoRA adapters.
pub(super) fn adapter_flags(model: &ModelSettings) -> Vec<String> {
    let flag = |adapter: &LoraAdapter| format!("--lora-scaled {}", shell_quote(&adapter.to_string()));
    model.lora.iter().map(flag).collect()
}

fn text_flag(prompt: &PromptText) -> Option<String> {
    (!prompt.text.is_empty()).then(|| format!("-p {}", shell_quote(&escape(&prompt.text))))
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
pub(super) fn left_out(
    sampling: &SamplingSettings,
    stop: &StopSettings,
    model: &ModelSettings,
) -> Vec<String> {
    let mut flags = without_flag(sampling);
    let variables = Some(model.chat_variables()).filter(|variables| !variables.is_empty());
    let variables = variables.map(|variables| serde_json::Value::from(variables).to_string());
    flags.extend(variables.map(|text| format!("--chat-template-kwargs {}", shell_quote(&text))));
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
        let model = ModelSettings::default();
        let plain = PromptText { text: "it's\n\\n".into(), chat: false, system: Some("unused".into()) };
        assert_eq!(prompt_flags(&plain, &model), ["-no-cnv", r"-p 'it'\''s\n\\n'"]);
        let chat = PromptText { chat: true, system: Some("Be brief.".into()), ..plain };
        let written = ["-cnv -st", "--jinja", r"-p 'it'\''s\n\\n'", "-sys 'Be brief.'"];
        assert_eq!(prompt_flags(&chat, &model), written);
        let none = PromptText { text: String::new(), chat: false, system: None };
        assert_eq!(prompt_flags(&none, &model), ["-no-cnv"]);
    }

    #[test]
    fn a_template_of_ones_own_is_written() {
        let chat = PromptText { text: String::new(), chat: true, system: None };
        let given = |text| ModelSettings {
            chat_template: Some(ChatTemplateText::given(text).expect("a template")),
            ..ModelSettings::default()
        };
        assert_eq!(
            prompt_flags(&chat, &given("llama3")),
            ["-cnv -st", "--no-jinja", "--chat-template llama3"]
        );
        let written = ["-cnv -st", "--jinja", "--chat-template '{{ x }}'"];
        assert_eq!(prompt_flags(&chat, &given("{{ x }}")), written);
    }

    #[test]
    fn what_llama_has_no_flag_for_is_named() {
        let none = (SamplingSettings::default(), StopSettings::default());
        let model = ModelSettings::default();
        assert_eq!(left_out(&none.0, &none.1, &model), [""; 0]);
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
        let told = left_out(&sampling, &stop, &model).join(" ");
        let expected = "--ban-string \"a b\" --max-time 1.5 --stop-regex 'a|b' --stop-sentences 1 --stop-loop 3 \
                        --stop-loop-tokens 4 --stop-entropy-above 0.1";
        assert_eq!(told, expected);
    }
}
