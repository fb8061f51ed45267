//! Links with plain names to the files of a model whose own names are no UTF-8, which llama.cpp's binding asks for.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::gguf;

/// The links; they are gone when this is dropped. llama.cpp keeps the files open, or mapped, that it found through them.
pub(super) struct Links {
    _folder: tempfile::TempDir,
    first: PathBuf,
}

impl Links {
    /// Links to all files of the model at `path`, which comes in `parts`.
    pub fn to(path: &Path, parts: u32) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("logitscope-").tempdir()?;
        let files = gguf::files(path, parts).map_err(io::Error::other)?;
        let name = |number| folder.path().join(gguf::neutral_name(number, parts));
        for (file, number) in files.iter().zip(1..) {
            link(&std::path::absolute(file)?, &name(number))?;
        }
        Ok(Self { first: name(1), _folder: folder })
    }

    /// The link to the first file.
    pub fn first(&self) -> &Path {
        &self.first
    }
}

#[cfg(unix)]
fn link(file: &Path, name: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(file, name)
}

#[cfg(not(unix))]
fn link(file: &Path, name: &Path) -> io::Result<()> {
    std::fs::hard_link(file, name)
}
