//! Which files of a repository are fetched.

use super::{FetchError, hub::RemoteFile};
use crate::models::{HubName, NoChoice, choose, nearest, part_paths};

/// A file to be fetched: one part of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// From the repository's folder on.
    pub(super) path: String,
    /// Bytes.
    pub(super) size: u64,
    /// What it has to hold.
    pub(super) sha256: String,
}

/// The parts of one model, in order; one at least.
pub(super) struct Plan {
    pub(super) parts: Vec<Part>,
}

impl Plan {
    /// The parts of the model that a name means, among a repository's files.
    pub(super) fn new(name: &HubName, files: &[RemoteFile]) -> Result<Self, FetchError> {
        let repository = || name.repository.clone();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let first = choose(&paths, &name.pick).map_err(|why| match why {
            NoChoice::NoModel => FetchError::NoModel(repository()),
            NoChoice::NoTag { tag, there } => FetchError::NoTag { repository: repository(), tag, there },
            NoChoice::NoFile { file, there } => {
                let near = nearest(&file, there.iter().cloned());
                FetchError::NoFile { repository: repository(), file, near, there }
            }
        })?;
        let missing = |part: String| FetchError::MissingPart { repository: repository(), part };
        let parts = part_paths(first, files.len()).ok_or_else(|| missing("a part of it".to_owned()))?;
        let part = |path: String| {
            let file = files.iter().find(|file| file.path == path).ok_or_else(|| missing(path.clone()))?;
            let sha256 = file.sha256.clone().ok_or_else(|| FetchError::NoHash(path.clone()))?;
            Ok(Part { path, size: file.size, sha256 })
        };
        Ok(Self { parts: parts.into_iter().map(part).collect::<Result<_, _>>()? })
    }
}
