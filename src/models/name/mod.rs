//! What can be given as a model: a file or folder, a repository of the Hugging Face hub, a model of Ollama, a server.
//!
//! A name is typed, pasted or comes from a configuration: nothing in it is trusted. What becomes part of a path or of a
//! request is made of letters, digits and a few signs, so that no name leads out of its folder.

mod error;
mod hub;
mod ollama;

use std::{ffi::OsStr, fmt, path::PathBuf};

pub use self::{
    error::NameError,
    hub::{HubName, Pick, Repository, is_file_path},
    ollama::OllamaName,
};

/// Begins the name of a repository.
const HUB: &str = "hf:";
/// Begins the name of a model of Ollama.
const OLLAMA: &str = "ollama:";
/// The hub's web pages, as people copy them from a browser.
const HUB_PAGES: [&str; 2] = ["https://huggingface.co/", "https://hf.co/"];

/// A model, as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelName {
    /// A GGUF file, or a folder that holds some.
    File(PathBuf),
    /// A repository of the Hugging Face hub: `hf:user/repo[:quant]` or `hf:user/repo/FILE.gguf`.
    Hub(HubName),
    /// A model in Ollama's store: `ollama:NAME[:TAG]`.
    Ollama(OllamaName),
    /// A server: `http://host:port[/path]`.
    Server(String),
}

impl ModelName {
    /// Reads a name. Whatever has none of the beginnings `hf:`, `ollama:`, `http://` and `https://` is a path; a file whose
    /// name begins so is meant by `./hf:…`. A page of a model or of a GGUF file on the hub is the repository, or the file.
    pub fn parse(name: &OsStr) -> Result<Self, NameError> {
        // A name that is no text can only be a path.
        let Some(text) = name.to_str() else { return Ok(Self::File(name.into())) };
        if let Some(rest) = text.strip_prefix(HUB) {
            return HubName::parse(rest).map(Self::Hub);
        }
        if let Some(rest) = text.strip_prefix(OLLAMA) {
            return OllamaName::parse(rest).map(Self::Ollama);
        }
        if let Some(page) = HUB_PAGES.iter().find_map(|start| text.strip_prefix(start)) {
            return HubName::of_page(page).map(Self::Hub);
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            return Ok(Self::Server(text.to_owned()));
        }
        Ok(Self::File(name.into()))
    }

    /// Whether a text is meant as a name and not as a path or a word to look for.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        [HUB, OLLAMA, "http://", "https://"].iter().any(|start| text.starts_with(start))
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Hub(name) => write!(f, "{HUB}{name}"),
            Self::Ollama(name) => write!(f, "{OLLAMA}{name}"),
            Self::Server(url) => f.write_str(url),
        }
    }
}

/// Whether a text is made of letters and digits of ASCII, `-`, `_` and `.`, begins with a letter, a digit or `_`, and has no
/// two dots in a row: then it names no folder above.
fn is_plain(text: &str, longest: usize) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    first && text.len() <= longest && text.bytes().all(allowed) && !text.contains("..")
}

#[cfg(test)]
mod tests;
