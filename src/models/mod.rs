//! The models that are on this machine already: what the model picker lists.
//!
//! Other programs keep models where they can be found: the Hugging Face hub cache, which llama.cpp shares, llama.cpp's
//! older cache, Ollama, LM Studio. Everything found there is untrusted: names go through [`crate::text::Shown`] before
//! they reach a screen, and a file is checked by [`crate::gguf`] before it is loaded.
//!
//! A model is also found by its name ([`ModelName`], [`locate`]), as it is typed after `-m` or into the picker.

mod card;
mod choice;
mod complete;
mod file_name;
mod fit;
mod found;
mod free_memory;
mod hugging_face;
mod listed;
mod locate;
mod name;
mod nearest;
mod ollama;
mod page;
mod places;
mod recent;
#[cfg(test)]
mod tests;
mod walk;

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

pub(crate) use self::locate::{did_you_mean, listed};
pub use self::{
    card::{Card, read_card},
    choice::{NoChoice, choose},
    complete::{Completion, complete},
    file_name::part_paths,
    fit::{Fit, fit},
    found::{FoundModel, Place},
    free_memory::free_memory,
    listed::{ListedModel, ModelSort},
    locate::{NotHere, locate},
    name::{HubName, ModelName, NameError, OllamaName, Pick, Repository, is_file_path},
    nearest::nearest,
    page::page,
    places::Places,
    recent::{recent, with_recent},
};
use self::{file_name::model_size, walk::Walk};

/// The models in `places`, sorted by place and name, each file once.
///
/// Reads folders, and of Ollama its manifests, but no model. What cannot be read is skipped, and so are links that
/// lead nowhere, files whose name says that they are no model of their own (projectors, adapters, vocabularies), and
/// models of which a part is missing. Blocks while it reads: on a slow disk up to seconds.
#[must_use]
pub fn find(places: &Places) -> Vec<FoundModel> {
    let mut found = Vec::new();
    if let Some(loaded) = &places.loaded {
        found.extend(named_file(loaded, Place::Loaded));
        let folder = loaded.parent().filter(|folder| !folder.as_os_str().is_empty());
        found.extend(folder_models(folder.unwrap_or(Path::new(".")), Place::Beside, 1, shown_path));
    }
    if let Some(folder) = &places.named {
        found.extend(folder_models(folder, Place::Named, 1, shown_path));
    }
    found.extend(places.file.iter().filter_map(|path| named_file(path, Place::Environment)));
    // A folder of one's own can be sorted into others.
    found.extend(places.own.iter().flat_map(|folder| folder_models(folder, Place::Own, 3, shown_path)));
    if let Some(folder) = &places.current {
        let models = folder.join("models");
        found.extend(folder_models(folder, Place::CurrentFolder, 1, shown_path));
        found.extend(folder_models(&models, Place::CurrentFolder, 1, |path| {
            format!("models/{}", shown_path(path))
        }));
    }
    found.extend(places.hugging_face.iter().flat_map(|hub| hugging_face::find(hub)));
    found.extend(
        places.llama_cpp.iter().flat_map(|cache| folder_models(cache, Place::LlamaCpp, 1, shown_path)),
    );
    found.extend(places.ollama.iter().flat_map(|folder| ollama::find(folder)));
    found.extend(places.lm_studio.iter().flat_map(|folder| {
        // publisher/model/file, or one folder more.
        folder_models(folder, Place::LmStudio, 4, repository_and_file)
    }));
    found.sort_by_cached_key(|model| (model.place, model.name.to_lowercase(), model.path.clone()));
    let mut seen = HashSet::new();
    found.retain(|model| fs::canonicalize(&model.path).is_ok_and(|path| seen.insert(path)));
    mark_recent(&mut found, &places.recent);
    found
}

/// Notes when each was loaded last.
fn mark_recent(found: &mut [FoundModel], recent: &[PathBuf]) {
    // What was loaded by another link to the same file is the same model.
    let recent: Vec<PathBuf> = recent.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    if recent.is_empty() {
        return;
    }
    for model in found {
        let path = fs::canonicalize(&model.path).ok();
        model.recent = path.and_then(|path| recent.iter().position(|other| *other == path));
    }
}

/// The file that a user has named; its name is not judged.
fn named_file(path: &Path, place: Place) -> Option<FoundModel> {
    let file = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(FoundModel {
        name: shown_path(path.file_name()?.as_ref()),
        path: path.to_owned(),
        size: model_size(path).unwrap_or(file.len()),
        place,
        recent: None,
    })
}

/// The GGUF files at most `depth` levels below `folder` (1: in it), called by what `name` makes of their path from there.
fn folder_models(
    folder: &Path,
    place: Place,
    depth: usize,
    name: impl Fn(&Path) -> String,
) -> Vec<FoundModel> {
    let model = |path: PathBuf| {
        let size = model_size(&path)?;
        let name = name(path.strip_prefix(folder).unwrap_or(&path));
        Some(FoundModel { name, path, size, place, recent: None })
    };
    Walk::new().files(folder, depth).into_iter().filter_map(model).collect()
}

/// `publisher/model file.gguf`: the repository as people know it, then the file.
fn repository_and_file(path: &Path) -> String {
    let file = shown_path(path.file_name().unwrap_or_default().as_ref());
    match path.parent().map(shown_path) {
        Some(folder) if !folder.is_empty() => format!("{folder} {file}"),
        _ => file,
    }
}

/// A path from a folder on, with `/` on every system; bytes that are not UTF-8 as `�`.
fn shown_path(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}
