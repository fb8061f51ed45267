//! A model that was found, and where.

use std::path::PathBuf;

/// A model on this machine. Its name and path are foreign text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundModel {
    /// What people call it there: `org/repo file.gguf`, `llama3:8b`, a file name.
    pub name: String,
    /// The file to load; the first of a model in several parts.
    pub path: PathBuf,
    /// Size on disk in bytes, of all parts together.
    pub size: u64,
    /// Where it was found.
    pub place: Place,
    /// When it was loaded last: 0 the last one that was, 1 the one before; None if that is not known.
    pub recent: Option<usize>,
}

/// Where a model was found, in the order in which they are listed: what is nearest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// It is loaded.
    Loaded,
    /// Beside the loaded one.
    Beside,
    /// In the folder that a person has named.
    Named,
    /// Named by `LLAMA_ARG_MODEL`.
    Environment,
    /// In a folder of one's own, which the settings name.
    Own,
    /// The folder the program was started in, or `models` in it.
    CurrentFolder,
    /// The Hugging Face hub cache, which llama.cpp's `-hf` also fills.
    HuggingFace,
    /// llama.cpp's own cache of former versions.
    LlamaCpp,
    /// Ollama's store.
    Ollama,
    /// LM Studio's folder.
    LmStudio,
}

impl Place {
    /// The heading above its models.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Beside => "beside it",
            Self::Named => "in this folder",
            Self::Environment => "LLAMA_ARG_MODEL",
            Self::Own => "own folder",
            Self::CurrentFolder => "current folder",
            Self::HuggingFace => "Hugging Face cache",
            Self::LlamaCpp => "llama.cpp cache",
            Self::Ollama => "Ollama",
            Self::LmStudio => "LM Studio",
        }
    }
}
