//! From a name to a file that is on this machine already, without asking anybody else.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use super::{
    NoChoice, Place, Places, choose, folder_models, hugging_face,
    name::{HubName, ModelName, OllamaName},
    nearest, ollama, shown_path,
};
use crate::text::Shown;

/// Names that are listed in an error at most.
const LISTED: usize = 8;

/// A name that leads to no file on this machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHere {
    /// No such file; a hint, or nothing.
    #[error("{}: there is no such file{hint}", Shown::path(.path))]
    File {
        /// The path.
        path: PathBuf,
        /// What may be meant.
        hint: String,
    },
    /// A folder without a model.
    #[error("{}: there is no GGUF model in this folder", Shown::path(.0))]
    EmptyFolder(PathBuf),
    /// A folder with several models.
    #[error("{}: this folder has {} models; name one of them: {}", Shown::path(.path), .models.len(), listed(.models))]
    Several {
        /// The folder.
        path: PathBuf,
        /// The models' names.
        models: Vec<String>,
    },
    /// The repository, or that model of it, is in no cache.
    #[error("hf:{name} is not in the cache on this machine{}", cached(.there))]
    Hub {
        /// What was asked for.
        name: HubName,
        /// What the cache has of it, or models of similar names.
        there: Vec<String>,
    },
    /// Ollama has no such model.
    #[error("ollama:{name}: Ollama has no such model here{}{}", did_you_mean(.near), it_has(.there))]
    Ollama {
        /// What was asked for.
        name: Box<OllamaName>,
        /// Similar names, the nearest first.
        near: Vec<String>,
        /// All there are.
        there: Vec<String>,
    },
    /// Ollama has the model, but its file is not there.
    #[error(
        "ollama:{0}: Ollama's list names this model, but its file is missing or damaged; `ollama pull {0}` mends it"
    )]
    OllamaBlob(Box<OllamaName>),
}

/// The file that a name means, if it is on this machine: a path as it is, the one model of a folder, the model of a
/// repository in a hub cache, the blob of a model of Ollama. A server's address stands for itself. Blocks while it reads folders.
///
/// # Errors
///
/// It is not here. A path whose file is missing is one of them, a file that is no model is not.
pub fn locate(name: &ModelName, places: &Places) -> Result<PathBuf, NotHere> {
    match name {
        ModelName::File(path) => file(path),
        ModelName::Hub(name) => hub(name, places),
        ModelName::Ollama(name) => blob(name, places),
        ModelName::Server(url) => Ok(PathBuf::from(url)),
    }
}

fn file(path: &Path) -> Result<PathBuf, NotHere> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => only_model(path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(NotHere::File { path: path.to_owned(), hint: hint(path) })
        }
        // Whatever it is, the check of the file tells.
        Ok(_) | Err(_) => Ok(path.to_owned()),
    }
}

fn only_model(folder: &Path) -> Result<PathBuf, NotHere> {
    let models = folder_models(folder, Place::Named, 1, shown_path);
    match models.as_slice() {
        [] => Err(NotHere::EmptyFolder(folder.to_owned())),
        [model] => Ok(model.path.clone()),
        _ => {
            let models = models.into_iter().map(|model| model.name).collect();
            Err(NotHere::Several { path: folder.to_owned(), models })
        }
    }
}

/// What may be meant by the path of a file that is not there.
fn hint(path: &Path) -> String {
    let typed = path.to_string_lossy();
    if super::name::Repository::new(&typed).is_some() && !typed.to_ascii_lowercase().ends_with(".gguf") {
        return format!("; for a repository of the Hugging Face hub write hf:{}", Shown::inline(&typed));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let models = folder_models(folder, Place::Named, 1, shown_path);
    did_you_mean(&nearest(&name, models.into_iter().map(|model| model.name)))
}

fn hub(name: &HubName, places: &Places) -> Result<PathBuf, NotHere> {
    let mut there = Vec::new();
    for cache in &places.hugging_face {
        for (snapshot, files) in hugging_face::snapshots_of(cache, &name.repository) {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            match choose(&files, &name.pick) {
                Ok(file) => return Ok(snapshot.join(file)),
                Err(NoChoice::NoTag { there: other, .. } | NoChoice::NoFile { there: other, .. }) => {
                    there.extend(other);
                }
                Err(NoChoice::NoModel) => {}
            }
        }
    }
    there.sort();
    there.dedup();
    Err(NotHere::Hub { name: name.clone(), there })
}

fn blob(name: &OllamaName, places: &Places) -> Result<PathBuf, NotHere> {
    for store in &places.ollama {
        if store.join(name.manifest()).is_file() {
            let blob = ollama::blob_of(store, &name.manifest());
            return blob.ok_or_else(|| NotHere::OllamaBlob(Box::new(name.clone())));
        }
    }
    let there: Vec<String> =
        places.ollama.iter().flat_map(|store| ollama::find(store)).map(|model| model.name).collect();
    let near = nearest(&name.to_string(), there.iter().cloned());
    Err(NotHere::Ollama { name: Box::new(name.clone()), near, there })
}

/// `; did you mean a or b?`
pub(crate) fn did_you_mean(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| Shown::inline(name)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [names @ .., last] => {
            let names: Vec<_> = names.iter().map(Shown::as_str).collect();
            format!("; did you mean {} or {last}?", names.join(", "))
        }
    }
}

fn it_has(names: &[String]) -> String {
    if names.is_empty() { "; it has none".to_owned() } else { format!("; it has {}", listed(names)) }
}

fn cached(there: &[String]) -> String {
    if there.is_empty() { String::new() } else { format!("; of this repository it has {}", listed(there)) }
}

/// Some names with commas between them.
pub(crate) fn listed(names: &[String]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().take(LISTED).enumerate() {
        let _ = write!(text, "{}{}", if index == 0 { "" } else { ", " }, Shown::inline(name));
    }
    if names.len() > LISTED {
        let _ = write!(text, " and {} more", names.len() - LISTED);
    }
    text
}
