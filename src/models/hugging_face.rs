//! The Hugging Face hub cache: `models--org--repo/snapshots/REVISION/…`, the files links into `blobs`.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use super::{
    FoundModel, Place, Repository,
    file_name::model_size,
    shown_path,
    walk::{Walk, small_file},
};

/// Levels below a snapshot at which repositories keep files: `Q8_0/model-00001-of-00002.gguf` and one more.
const DEPTH: usize = 3;

/// The models in the cache `hub`. Of a file in several revisions only one is listed, that of `main` if it is there.
pub(super) fn find(hub: &Path) -> Vec<FoundModel> {
    let mut walk = Walk::new();
    let mut found = Vec::new();
    for folder in walk.entries(hub) {
        if let Some(repository) = repository(&folder) {
            find_in_repository(&folder, &repository, &mut walk, &mut found);
        }
    }
    found
}

/// `org/repo` of a folder `models--org--repo`.
fn repository(folder: &Path) -> Option<String> {
    let name = folder.file_name()?.to_string_lossy();
    let repository = name.strip_prefix("models--").filter(|rest| !rest.is_empty())?;
    Some(repository.replace("--", "/"))
}

fn find_in_repository(folder: &Path, repository: &str, walk: &mut Walk, found: &mut Vec<FoundModel>) {
    let mut listed = HashSet::new();
    for snapshot in snapshots(folder, walk) {
        for path in walk.files(&snapshot, DEPTH) {
            let Some(size) = model_size(&path) else { continue };
            let file = path.strip_prefix(&snapshot).unwrap_or(&path).to_owned();
            let name = format!("{repository} {}", shown_path(&file));
            if listed.insert(file) {
                found.push(FoundModel { name, path, size, place: Place::HuggingFace, recent: None });
            }
        }
    }
}

/// The snapshots of a repository in the cache `hub`, that of `main` first, each with its whole models, by their paths from
/// its folder on.
pub(super) fn snapshots_of(hub: &Path, repository: &Repository) -> Vec<(PathBuf, Vec<String>)> {
    let mut walk = Walk::new();
    let whole = |snapshot: PathBuf, walk: &mut Walk| {
        let files = walk.files(&snapshot, DEPTH);
        let models = files.iter().filter(|path| model_size(path).is_some());
        let models = models.filter_map(|path| Some(shown_path(path.strip_prefix(&snapshot).ok()?)));
        let models = models.collect();
        (snapshot, models)
    };
    let snapshots = snapshots(&hub.join(repository.folder()), &mut walk);
    snapshots.into_iter().map(|snapshot| whole(snapshot, &mut walk)).collect()
}

/// The snapshots' folders, first the one that `refs/main` names.
fn snapshots(folder: &Path, walk: &mut Walk) -> Vec<PathBuf> {
    let main = small_file(&folder.join("refs/main")).unwrap_or_default();
    let main = String::from_utf8_lossy(main.trim_ascii()).into_owned();
    let mut snapshots = walk.entries(&folder.join("snapshots"));
    // Stable: the others stay in the order of their names.
    snapshots.sort_by_key(|path| path.file_name().is_none_or(|name| name != main.as_str()));
    snapshots
}
