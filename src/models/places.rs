//! The folders to look in, from the environment and the home folder.

use std::path::{Path, PathBuf};

/// Where to look for models. Folders that do not exist are no error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The file of the loaded model, beside which others may lie.
    pub loaded: Option<PathBuf>,
    /// A folder that a person has named.
    pub named: Option<PathBuf>,
    /// The file that `LLAMA_ARG_MODEL` names.
    pub file: Option<PathBuf>,
    /// Folders of one's own, in which models lie up to three levels deep; `~/` begins the home folder.
    pub own: Vec<PathBuf>,
    /// The models that were loaded before, the last one first.
    pub recent: Vec<PathBuf>,
    /// The folder the program was started in.
    pub current: Option<PathBuf>,
    /// Hugging Face hub caches, which hold `models--org--repo`.
    pub hugging_face: Vec<PathBuf>,
    /// Caches of former versions of llama.cpp, which hold GGUF files side by side.
    pub llama_cpp: Vec<PathBuf>,
    /// Ollama's stores, which hold `manifests` and `blobs`.
    pub ollama: Vec<PathBuf>,
    /// LM Studio's folders, which hold `publisher/model`.
    pub lm_studio: Vec<PathBuf>,
}

/// Where Ollama's Linux service, which runs as a user of its own, keeps its models.
const OLLAMA_SERVICE: &str = "/usr/share/ollama/.ollama/models";

impl Places {
    /// The usual places: `get` looks a variable up in the environment (an empty one counts as not set), `home` is the
    /// home folder.
    ///
    /// A program takes the first variable that is set; a model in any of the places can be loaded, so all are searched.
    /// The variables are those of llama.cpp (`hf-cache.cpp` and `fs_get_cache_directory` in its common folder), of
    /// `huggingface_hub` and of Ollama.
    #[must_use]
    pub fn from_env(get: impl Fn(&str) -> Option<String>, home: Option<&Path>) -> Self {
        let path = |name: &str| get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let below = |name: &str, folder: &str| path(name).map(|value| value.join(folder));
        let at_home = |folder: &str| home.map(|home| home.join(folder));
        Self {
            loaded: None,
            named: None,
            file: path("LLAMA_ARG_MODEL"),
            own: Vec::new(),
            recent: Vec::new(),
            current: Some(PathBuf::from(".")),
            hugging_face: each_once([
                path("LLAMA_CACHE"),
                path("HF_HUB_CACHE"),
                path("HUGGINGFACE_HUB_CACHE"),
                below("HF_HOME", "hub"),
                below("XDG_CACHE_HOME", "huggingface/hub"),
                at_home(".cache/huggingface/hub"),
            ]),
            llama_cpp: each_once([
                path("LLAMA_CACHE"),
                below("XDG_CACHE_HOME", "llama.cpp"),
                at_home(".cache/llama.cpp"),
                at_home("Library/Caches/llama.cpp"),
                below("LOCALAPPDATA", "llama.cpp"),
            ]),
            ollama: each_once([
                path("OLLAMA_MODELS"),
                at_home(".ollama/models"),
                Some(PathBuf::from(OLLAMA_SERVICE)),
            ]),
            lm_studio: each_once([at_home(".lmstudio/models"), at_home(".cache/lm-studio/models")]),
        }
    }
}

impl Places {
    /// With these folders of one's own, in which `~/` stands for `home`.
    #[must_use]
    pub fn with_own(self, folders: &[PathBuf], home: Option<&Path>) -> Self {
        let expanded = |folder: &PathBuf| match (folder.strip_prefix("~"), home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => folder.clone(),
        };
        Self { own: folders.iter().map(expanded).collect(), ..self }
    }
}

fn each_once<const N: usize>(paths: [Option<PathBuf>; N]) -> Vec<PathBuf> {
    let mut once = Vec::new();
    for path in paths.into_iter().flatten() {
        if !once.contains(&path) {
            once.push(path);
        }
    }
    once
}
