//! Each place with what is kept there, and what goes wrong there, on folders made for the test.

mod bad;
mod environment;
mod locate;
mod stores;

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{FoundModel, Place, Places, find};

/// A folder for one test.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Writes a file of `size` bytes, and the folders it is in.
    fn file(&self, path: &str, size: usize) -> &Self {
        self.write(path, &vec![b'x'; size])
    }

    fn write(&self, path: &str, content: &[u8]) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        fs::write(path, content).expect("written");
        self
    }

    /// A link at `path` to `target`, which is taken as it is.
    #[cfg(unix)]
    fn link(&self, path: &str, target: impl AsRef<Path>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        std::os::unix::fs::symlink(target, path).expect("linked");
        self
    }

    fn current(&self) -> Places {
        Places { current: Some(self.path("")), ..Places::default() }
    }
}

/// What a user sees of each model.
fn listed(places: &Places) -> Vec<(String, u64)> {
    find(places).into_iter().map(|model| (model.name, model.size)).collect()
}

fn names(places: &Places) -> Vec<String> {
    find(places).into_iter().map(|model| model.name).collect()
}

#[test]
fn the_loaded_model_comes_first_and_then_what_lies_beside_it() {
    let disk = Disk::new();
    disk.file("one/b.gguf", 3).file("one/a.gguf", 2).file("one/notes.txt", 9).file("two/c.gguf", 4);
    let places = Places {
        loaded: Some(disk.path("one/b.gguf")),
        current: Some(disk.path("two")),
        ..Places::default()
    };
    let found: Vec<(String, Place)> =
        find(&places).into_iter().map(|model| (model.name, model.place)).collect();
    let expected = [("b.gguf", Place::Loaded), ("a.gguf", Place::Beside), ("c.gguf", Place::CurrentFolder)];
    assert_eq!(found, expected.map(|(name, place)| (name.to_owned(), place)));
    // Each once, though it lies in the current folder too.
    let places = Places { current: Some(disk.path("one")), ..places };
    assert_eq!(names(&places), ["b.gguf", "a.gguf"]);
}

#[test]
fn a_named_folder_is_listed_alone() {
    let disk = Disk::new();
    disk.file("one/b.gguf", 3).file("one/deeper/a.gguf", 2);
    let places = Places { named: Some(disk.path("one")), ..Places::default() };
    assert_eq!(names(&places), ["b.gguf"]);
}
