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

#[cfg(all(test, unix))]
mod tests {
    use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt as _};

    use super::*;

    #[test]
    fn all_parts_are_found_under_names_that_are_text() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = |number: u32| {
            let name = [b"m\xff", format!("-{number:05}-of-00003.gguf").as_bytes()].concat();
            folder.path().join(OsStr::from_bytes(&name))
        };
        for number in 1..=3 {
            fs::write(file(number), number.to_string()).expect("written");
        }
        let links = Links::to(&file(1), 3).expect("links");
        let first = links.first().to_str().expect("text").to_owned();
        assert!(first.ends_with("/model-00001-of-00003.gguf"), "{first}");
        for number in 1..=3 {
            let part = first.replace("00001-of", &format!("0000{number}-of"));
            assert_eq!(fs::read_to_string(part).expect("the part"), number.to_string());
        }
        drop(links);
        assert!(!Path::new(&first).exists() && file(1).exists());
    }
}
