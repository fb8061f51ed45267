//! Settings as a command line of llama.cpp's `llama-completion`.

use super::llama_flags::{adapter_flags, prompt_flags, stop_flags};
use crate::{
    engine::PromptText,
    sampling::{SamplingSettings, Target, command_line as sampling_flags, shell_quote},
    settings::{ModelSettings, StopSettings},
};

/// The command that generates with these settings: only what llama.cpp would not take by itself on the target is written
/// out. Where the model has no file, a word stands in its place.
pub(super) fn command_line(
    model: &ModelSettings,
    prompt: &PromptText,
    sampling: &SamplingSettings,
    stop: &StopSettings,
    target: &Target,
) -> String {
    let path = model.path.as_ref().map_or_else(|| "MODEL.gguf".to_owned(), |path| path.display().to_string());
    let mut words = vec![format!("llama-completion -m {}", shell_quote(&path))];
    words.extend(prompt_flags(prompt, model));
    words.extend(adapter_flags(model));
    words.push(sampling_flags(sampling, target));
    words.extend(stop_flags(stop));
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sampling::{LogitBias, SamplingOverrides},
        settings::LoraAdapter,
        token::Token,
    };

    fn target() -> Target {
        Target::new(512, &SamplingOverrides::default())
    }

    #[test]
    fn only_what_is_no_default_is_written() {
        let stop = StopSettings::default();
        let prompt = PromptText { text: String::new(), chat: false, system: None };
        assert_eq!(
            command_line(&ModelSettings::default(), &prompt, &SamplingSettings::default(), &stop, &target()),
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
        let lora = vec![LoraAdapter::given("/m/tuned it.gguf:0.5".as_ref())];
        let model = ModelSettings { path: Some("/m/a b.gguf".into()), lora, ..ModelSettings::default() };
        let written = command_line(&model, &prompt, &settings, &stop, &target());
        let whole =
            ["llama-completion -m '/m/a b.gguf' -no-cnv ", "--temp 0.2", "--top-k 0", "--logit-bias 300-1"];
        let more = [
            "--lora-scaled '/m/tuned it.gguf:0.5'",
            "--seed 7",
            "--ignore-eos",
            "--predict 64 --reverse-prompt 'it'\\''s'",
        ];
        for part in whole.iter().chain(&more) {
            assert!(written.contains(part), "{part}: {written}");
        }
        assert_eq!(written.split(" --").count(), 9, "nothing else: {written}");
    }
}
