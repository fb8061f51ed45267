//! Each place with what is kept there, and what goes wrong there, on folders made for the test.

mod bad;
mod environment;
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
