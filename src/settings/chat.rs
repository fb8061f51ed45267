//! How conversations are written: a chat template instead of the model's own, and what it is told.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::text::decode_data;

/// The longest template, in bytes; real ones have some thousands.
const MAX_TEMPLATE: usize = 1 << 20;

/// A chat template instead of the model's own: a text in Jinja, or the name of one that is built into llama.cpp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct ChatTemplateText {
    /// The template, or its name.
    pub text: String,
    /// The file it was read from.
    pub file: Option<PathBuf>,
}

impl ChatTemplateText {
    /// A template that is given as a text, or by its name.
    pub fn given(text: &str) -> Result<Self, String> {
        if text.contains('{') || BUILT_IN_TEMPLATES.contains(&text) {
            return Ok(Self { text: text.to_owned(), file: None });
        }
        Err(format!(
            "this is neither a template in Jinja nor the name of one of llama.cpp's own, which are {}",
            BUILT_IN_TEMPLATES.join(", ")
        ))
    }

    /// A template that stands in a file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let wrong = |what: String| format!("{} {what}", path.display());
        let length = std::fs::metadata(path).map(|metadata| metadata.len());
        if length.is_ok_and(|length| length > MAX_TEMPLATE as u64) {
            return Err(wrong(format!("is longer than {MAX_TEMPLATE} bytes: no chat template is")));
        }
        let bytes = std::fs::read(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        let text = decode_data(bytes).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { text, file: Some(path.to_owned()) })
    }

    /// The name of the built-in template it stands for, if it does.
    #[must_use]
    pub fn built_in(&self) -> Option<&str> {
        (self.file.is_none() && BUILT_IN_TEMPLATES.contains(&self.text.as_str())).then_some(&self.text)
    }

    /// What errors call it.
    #[must_use]
    pub fn called(&self) -> String {
        match &self.file {
            Some(path) => format!("the chat template in {}", path.display()),
            None => "the chat template that was given".to_owned(),
        }
    }
}

impl From<ChatTemplateText> for String {
    fn from(template: ChatTemplateText) -> Self {
        template.text
    }
}

/// How a template is written in the config file.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a template or its name in quotes, or { file = … }")]
enum Written {
    Text(String),
    File { file: PathBuf },
}

impl Written {
    fn template<E: serde::de::Error>(self) -> Result<ChatTemplateText, E> {
        match self {
            Self::Text(text) => ChatTemplateText::given(&text),
            Self::File { file } => ChatTemplateText::read(&file),
        }
        .map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for ChatTemplateText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Written::deserialize(deserializer)?.template()
    }
}

/// A template; the empty text for `None`, which is the model's own.
#[expect(clippy::option_option, reason = "not given, given as none, given")]
pub(super) fn template_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<ChatTemplateText>>, D::Error> {
    Ok(Some(match Written::deserialize(deserializer)? {
        Written::Text(text) if text.is_empty() => None,
        written => Some(written.template()?),
    }))
}

/// Whether a model is to think before it answers, as far as its chat template can say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reasoning {
    /// As llama.cpp has it: templates are told yes.
    #[default]
    Auto,
    /// Yes.
    On,
    /// No.
    Off,
}

impl std::str::FromStr for Reasoning {
    type Err = String;

    /// llama.cpp's words for yes, no and auto (`is_truthy`, `is_falsey`, `is_autoy` in its common/arg.cpp).
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "on" | "enabled" | "true" | "1" => Ok(Self::On),
            "off" | "disabled" | "false" | "0" => Ok(Self::Off),
            "auto" | "-1" => Ok(Self::Auto),
            _ => Err("expected on, off or auto".to_owned()),
        }
    }
}

/// Variables for a chat template, with their values in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatVariables(pub Map<String, Value>);

impl ChatVariables {
    /// Reads a JSON object.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|error| {
            format!("expected a JSON object such as {{\"enable_thinking\": false}}: {error}")
        })
    }
}

/// The names of llama.cpp's built-in templates (`LLM_CHAT_TEMPLATES` in its src/llama-chat.cpp).
pub const BUILT_IN_TEMPLATES: [&str; 54] = [
    "bailing",
    "bailing-think",
    "bailing2",
    "chatglm3",
    "chatglm4",
    "chatml",
    "command-r",
    "deepseek",
    "deepseek-ocr",
    "deepseek2",
    "deepseek3",
    "exaone-moe",
    "exaone3",
    "exaone4",
    "falcon3",
    "gemma",
    "gigachat",
    "glmedge",
    "gpt-oss",
    "granite",
    "granite-4.0",
    "granite-4.1",
    "grok-2",
    "hunyuan-dense",
    "hunyuan-moe",
    "hunyuan-vl",
    "kimi-k2",
    "llama2",
    "llama2-sys",
    "llama2-sys-bos",
    "llama2-sys-strip",
    "llama3",
    "llama4",
    "megrez",
    "minicpm",
    "mistral-v1",
    "mistral-v3",
    "mistral-v3-tekken",
    "mistral-v7",
    "mistral-v7-tekken",
    "monarch",
    "openchat",
    "orion",
    "pangu-embedded",
    "phi3",
    "phi4",
    "rwkv-world",
    "seed_oss",
    "smolvlm",
    "solar-open",
    "vicuna",
    "vicuna-orca",
    "yandex",
    "zephyr",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_a_name_a_text_or_a_file() {
        assert_eq!(ChatTemplateText::given("llama3").expect("a name").built_in(), Some("llama3"));
        assert_eq!(ChatTemplateText::given("{{ messages }}").expect("a text").built_in(), None);
        let error = ChatTemplateText::given("lama3").expect_err("neither");
        assert!(error.contains("chatml, command-r"), "{error}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("t.jinja");
        assert!(ChatTemplateText::read(&path).expect_err("missing").contains("cannot be read"));
        std::fs::write(&path, "\u{feff}{{ messages }}").expect("written");
        let read = ChatTemplateText::read(&path).expect("a text");
        assert_eq!(read.text, "{{ messages }}");
        assert!(read.called().ends_with("t.jinja"));
        std::fs::write(&path, b"\xff\xfe{\0{\0").expect("written");
        assert!(ChatTemplateText::read(&path).expect_err("UTF-16").contains("UTF-16"));
    }

    #[test]
    fn variables_are_a_json_object() {
        assert_eq!(ChatVariables::read(r#"{"a": [1]}"#).expect("an object").0["a"][0], 1);
        for wrong in ["", "3", "{"] {
            assert!(ChatVariables::read(wrong).expect_err(wrong).starts_with("expected a JSON object"));
        }
    }
}
