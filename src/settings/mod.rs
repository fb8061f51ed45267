//! Everything that can be set for a run: model, prompt, sampling, when to stop, and how the screen looks.
//!
//! Names and defaults are those of llama.cpp's `llama-completion`; what is ours says so. Each part checks itself with
//! `validate`, and a value that is not allowed is an [`Invalid`] naming the setting, the value and what is allowed.

mod chat;
mod compute;
mod draft;
mod escapes;
mod invalid;
mod lanes;
mod lora;
mod model;
mod pattern;
mod prompt;
mod remote;
mod sampling;
mod stop;
mod ui;

use serde::{Deserialize, Serialize};

use crate::sampling::{SamplingOverrides, SamplingSettings};

pub use chat::{BUILT_IN_TEMPLATES, ChatTemplateText, ChatVariables, Reasoning};
pub use compute::{CacheType, FlashAttention, GpuLayers};
pub use draft::DraftModelSettings;
pub use escapes::{NotUtf8, escape, process_escapes, unescape};
pub use invalid::Invalid;
pub use lanes::{LanePlan, LaneSpec, LanesFile, LanesFileError};
pub use lora::{LoraAdapter, LoraScale};
pub use model::{MAX_SEQUENCES, ModelOverrides, ModelSettings};
pub use pattern::StopPattern;
pub use prompt::{PromptError, PromptOverrides, PromptSettings};
pub use remote::{RemoteCandidates, RemoteKind};
pub use stop::{StopOverrides, StopSettings};
pub use ui::{ColourBy, EndChart, UiOverrides, UiSettings};

/// Everything that can be set for a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which model, and how it is loaded and evaluated.
    pub model: ModelSettings,
    /// The prompt: the text to continue.
    pub prompt: PromptSettings,
    /// How a token is drawn from logits.
    pub sampling: SamplingSettings,
    /// When generation ends.
    pub stop: StopSettings,
    /// How the screen looks and plays.
    pub ui: UiSettings,
}

impl Settings {
    /// Whether every part is allowed; the first that is not.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.model.validate()?;
        self.prompt.validate()?;
        self.sampling.validate()?;
        self.stop.validate()?;
        self.ui.validate()
    }
}

/// One layer of [`Settings`]: what flags, the environment or the config file say.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// What is said about the model.
    pub model: ModelOverrides,
    /// What is said about the prompt.
    pub prompt: PromptOverrides,
    /// What is said about sampling.
    pub sampling: SamplingOverrides,
    /// What is said about stopping.
    pub stop: StopOverrides,
    /// What is said about the screen.
    pub ui: UiOverrides,
}

impl Overrides {
    /// Writes what is given into `settings`, leaving the rest.
    pub fn apply(&self, settings: &mut Settings) {
        self.model.apply(&mut settings.model);
        self.prompt.replace(&mut settings.prompt);
        self.sampling.apply(&mut settings.sampling);
        self.stop.apply(&mut settings.stop);
        self.ui.apply(&mut settings.ui);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_allowed() {
        assert_eq!(Settings::default().validate(), Ok(()));
    }

    #[test]
    fn settings_survive_json() {
        let mut settings = Settings::default();
        settings.model.threads = Some(3);
        settings.model.gpu_layers = GpuLayers::Count(12);
        settings.stop.max_time = Some(std::time::Duration::from_millis(1500));
        settings.sampling.seed = Some(9);
        let json = serde_json::to_string(&settings).expect("plain data");
        assert_eq!(serde_json::from_str::<Settings>(&json).expect("as written"), settings);
        assert!(json.contains("\"max_time\":1.5"), "{json}");
        assert!(json.contains("\"gpu_layers\":12"), "{json}");
    }

    #[test]
    fn a_prompt_file_replaces_a_text_from_below() {
        let mut settings = Settings::default();
        settings.prompt.text = Some("below".to_owned());
        let mut above = Overrides::default();
        above.prompt.file = Some(Some("p.txt".into()));
        above.apply(&mut settings);
        assert_eq!(settings.prompt.text, None);
        assert_eq!(settings.prompt.file, Some("p.txt".into()));
    }
}
