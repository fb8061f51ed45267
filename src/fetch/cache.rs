//! The hub cache as llama.cpp and `huggingface_hub` lay it out: `blobs/SHA256`, and links to them from
//! `snapshots/COMMIT/PATH`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{FetchError, plan::Part};
use crate::models::Repository;

/// llama.cpp's ending of what is not whole yet.
const PARTIAL: &str = ".downloadInProgress";

/// The folder of one repository in the cache.
pub(super) struct HubCache {
    folder: PathBuf,
}

impl HubCache {
    pub(super) fn new(cache: &Path, repository: &Repository) -> Self {
        Self { folder: cache.join(repository.folder()) }
    }

    /// Where a part's bytes are once they are whole and checked.
    pub(super) fn blob(&self, part: &Part) -> PathBuf {
        self.folder.join("blobs").join(&part.sha256)
    }

    /// Where they are until then.
    pub(super) fn partial(&self, part: &Part) -> PathBuf {
        self.folder.join("blobs").join(format!("{}{PARTIAL}", part.sha256))
    }

    /// A file of a commit, as it is loaded.
    pub(super) fn snapshot(&self, commit: &str, path: &str) -> PathBuf {
        self.folder.join("snapshots").join(commit).join(path)
    }

    /// Whether a part is whole. Only what was checked has that name, so its length is all that is looked at.
    pub(super) fn has(&self, part: &Part) -> bool {
        fs::metadata(self.blob(part)).is_ok_and(|file| file.is_file() && file.len() == part.size)
    }

    /// Bytes of a part that are not there.
    pub(super) fn missing(&self, part: &Part) -> u64 {
        if self.has(part) {
            return 0;
        }
        let begun = fs::metadata(self.partial(part)).map_or(0, |file| file.len());
        // What is too long is begun anew, over what is there.
        part.size.saturating_sub(begun)
    }

    /// Gives a part its place in a commit. A relative link, so that the cache can be moved; where there are none, a hard link,
    /// and else the file itself goes there, as llama.cpp does it.
    pub(super) fn link(&self, commit: &str, part: &Part) -> Result<(), FetchError> {
        let place = self.snapshot(commit, &part.path);
        let failed = |source| FetchError::Disk { path: place.clone(), source };
        if fs::metadata(&place).is_ok_and(|file| file.is_file() && file.len() == part.size) {
            return Ok(());
        }
        let folder = place.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(failed)?;
        // Under another name first: what is there is never without a name, nor half of one.
        let made = folder.join(format!(".{}{PARTIAL}", part.sha256));
        let _ = fs::remove_file(&made);
        let up = "../".repeat(part.path.split('/').count() + 1);
        let target = PathBuf::from(up).join("blobs").join(&part.sha256);
        let blob = self.blob(part);
        symlink(&target, &made)
            .or_else(|_| fs::hard_link(&blob, &made))
            .or_else(|_| fs::rename(&blob, &made))
            .map_err(failed)?;
        fs::rename(&made, &place).map_err(failed)
    }

    /// Notes which commit is the branch main's.
    pub(super) fn note_main(&self, commit: &str) -> Result<(), FetchError> {
        let path = self.folder.join("refs/main");
        let write = || -> io::Result<()> {
            let folder = path.parent().unwrap_or(&self.folder);
            fs::create_dir_all(folder)?;
            // Readable for whoever may read the cache, as everything in it.
            let made = folder.join(format!("main{PARTIAL}"));
            fs::write(&made, commit)?;
            fs::rename(made, &path)?;
            Ok(())
        };
        write().map_err(|source| FetchError::Disk { path: path.clone(), source })
    }
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn symlink(_target: &Path, _link: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
