//! What the text starts with.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serialize};

use super::{Invalid, NotUtf8, unescape};
use crate::layer::layer;
use crate::text::{NotText, decode};

/// What the text starts with. At most one of `text` and `file` is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PromptSettings {
    /// The prompt, its escapes already processed; `None` leaves the choice to the program.
    pub text: Option<String>,
    /// A file that holds the prompt.
    pub file: Option<PathBuf>,
    /// Put the prompt through the model's chat template.
    pub chat: bool,
    /// The system message of the chat template.
    pub system: Option<String>,
    /// Process `\n`, `\t`, `\xHH` and the like in what the command line and prompt files say.
    pub escape: bool,
}

impl Default for PromptSettings {
    fn default() -> Self {
        Self { text: None, file: None, chat: false, system: None, escape: true }
    }
}

layer! {
    /// One layer of [`PromptSettings`].
    pub struct PromptOverrides for PromptSettings {
        #[serde(deserialize_with = "text_or_none")]
        text: Option<String>,
        #[serde(deserialize_with = "path_or_none")]
        file: Option<PathBuf>,
        chat: bool,
        #[serde(deserialize_with = "text_or_none")]
        system: Option<String>,
        escape: bool,
    }
}

impl PromptOverrides {
    /// [`apply`](Self::apply), with a prompt given here taking the place of one of either kind from below.
    pub fn replace(&self, settings: &mut PromptSettings) {
        if self.text.is_some() || self.file.is_some() {
            settings.text = None;
            settings.file = None;
        }
        self.apply(settings);
    }
}

/// A prompt that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The prompt file could not be read.
    #[error("{} cannot be read: {source}", named(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The prompt file is no text.
    #[error("{} {what}", named(path))]
    NotText {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: NotText,
    },
    /// Its escapes are no text.
    #[error(transparent)]
    Escapes(#[from] NotUtf8),
}

/// A prompt file in a sentence.
fn named(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        format!("the prompt file {}", path.display())
    }
}

impl PromptSettings {
    /// Whether the values go together; the first that does not.
    pub fn validate(&self) -> Result<(), Invalid> {
        super::invalid::Checks("prompt").require(
            self.text.is_none() || self.file.is_none(),
            "file",
            "--file",
            self.file.as_deref().unwrap_or(Path::new("")).display(),
            "one prompt: a text or a file, not both",
        )
    }

    /// The prompt's text: `text`, or what is in `file` (`-` is standard input) without one newline at its end and with its escapes processed
    /// (as llama.cpp does for `-f`). `None` if neither is given.
    pub fn load(&self) -> Result<Option<String>, PromptError> {
        let Some(path) = &self.file else {
            return Ok(self.text.clone());
        };
        let bytes = read(path).map_err(|source| PromptError::Read { path: path.clone(), source })?;
        let text = decode(bytes).map_err(|what| PromptError::NotText { path: path.clone(), what })?;
        let text = text.strip_suffix('\n').unwrap_or(&text);
        Ok(Some(if self.escape { unescape(text)? } else { text.to_owned() }))
    }
}

/// What a file holds; `-` is standard input.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if path != Path::new("-") {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A text; the empty one for `None`.
#[expect(clippy::option_option, reason = "not given, given as none, given")]
fn text_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(Some((!text.is_empty()).then_some(text)))
}

/// A path; the empty text for `None`.
#[expect(clippy::option_option, reason = "not given, given as none, given")]
fn path_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<PathBuf>>, D::Error> {
    Ok(text_or_none(deserializer)?.map(|text| text.map(PathBuf::from)))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn file(content: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(content).expect("written");
        file
    }

    fn of_file(file: &tempfile::NamedTempFile) -> PromptSettings {
        PromptSettings { file: Some(file.path().to_owned()), ..Default::default() }
    }

    #[test]
    fn one_newline_at_the_end_of_a_file_goes_and_escapes_are_processed() {
        let file = file(b"One\\ntwo\n\n");
        let mut settings = of_file(&file);
        assert_eq!(settings.load().expect("readable").as_deref(), Some("One\ntwo\n"));
        settings.escape = false;
        assert_eq!(settings.load().expect("readable").as_deref(), Some("One\\ntwo\n"));
    }

    #[test]
    fn a_text_is_not_processed_twice() {
        let settings = PromptSettings { text: Some(r"a\n".to_owned()), ..Default::default() };
        assert_eq!(settings.load().expect("no file").as_deref(), Some(r"a\n"));
        assert_eq!(PromptSettings::default().load().expect("no file"), None);
    }

    #[test]
    fn unreadable_files_are_reported() {
        let stdin = PromptError::NotText { path: "-".into(), what: NotText::Other { valid: 3 } };
        let stdin = stdin.to_string();
        assert_eq!(stdin, "standard input is not UTF-8 text (from byte 3)");
        let missing = PromptSettings { file: Some("/nowhere/p.txt".into()), ..Default::default() };
        let error = missing.load().expect_err("no such file").to_string();
        assert!(error.starts_with("the prompt file /nowhere/p.txt cannot be read:"), "{error}");
        let binary = file(b"abc\xff");
        let error = of_file(&binary).load().expect_err("not text").to_string();
        assert!(error.ends_with("is not UTF-8 text (from byte 3)"), "{error}");
        let wide = file(b"\xff\xfeH\0i\0");
        let error = of_file(&wide).load().expect_err("UTF-16").to_string();
        assert!(error.ends_with("is UTF-16 text; save it as UTF-8"), "{error}");
    }

    #[test]
    fn two_prompts_are_one_too_many() {
        let both =
            PromptSettings { text: Some("a".to_owned()), file: Some("p.txt".into()), ..Default::default() };
        assert_eq!(
            both.validate().expect_err("both").to_string(),
            "--file p.txt: expected one prompt: a text or a file, not both"
        );
    }
}
