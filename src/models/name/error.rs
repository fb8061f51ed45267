//! Names that cannot be read.

use crate::text::Shown;

/// Why a name is none. What was typed is shown harmless.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// No repository.
    #[error(
        "hf:{}: expected user/repo, of letters, digits, -, _ and ., as in hf:ggml-org/gemma-3-1b-it-GGUF or \
         hf:ggml-org/gemma-3-1b-it-GGUF:Q4_K_M",
        Shown::inline(.0)
    )]
    Repository(String),
    /// No quantisation after the colon.
    #[error("hf:…:{}: expected a quantisation such as Q4_K_M after the colon", Shown::inline(.0))]
    Tag(String),
    /// No GGUF file of a repository.
    #[error(
        "{}: expected the path of a GGUF file in the repository, as in model-Q4_K_M.gguf or Q8_0/model.gguf",
        Shown::inline(.0)
    )]
    File(String),
    /// A page of another state of a repository than its main one.
    #[error("{}: only files of the branch main can be fetched", Shown::inline(.0))]
    Revision(String),
    /// No model of Ollama.
    #[error("ollama:{}: expected NAME or NAME:TAG, as `ollama list` shows it", Shown::inline(.0))]
    Ollama(String),
}
