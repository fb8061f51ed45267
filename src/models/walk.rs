//! Walking folders that nobody vouches for: bounded in depth and in entries, and never in circles.

use std::{
    collections::{HashSet, VecDeque},
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

/// A walk through folders. Links are followed; what cannot be read is skipped.
pub(super) struct Walk {
    /// Entries that may still be looked at.
    left: usize,
    /// Folders seen, without links in their paths: a link that leads back ends there.
    seen: HashSet<PathBuf>,
}

impl Walk {
    /// Entries a walk looks at: more than any store of models has, few enough for a second on a slow disk.
    pub(super) const ENTRIES: usize = 20_000;

    pub(super) fn new() -> Self {
        Self::with_entries(Self::ENTRIES)
    }

    pub(super) fn with_entries(left: usize) -> Self {
        Self { left, seen: HashSet::new() }
    }

    /// The folders and files in `folder` by name; nothing for a folder that was seen before.
    pub(super) fn entries(&mut self, folder: &Path) -> Vec<PathBuf> {
        let new = fs::canonicalize(folder).is_ok_and(|path| self.seen.insert(path));
        let Some(entries) = new.then(|| fs::read_dir(folder).ok()).flatten() else { return Vec::new() };
        let mut paths: Vec<PathBuf> = entries.take(self.left).flatten().map(|entry| entry.path()).collect();
        self.left -= paths.len();
        paths.sort();
        paths
    }

    /// The files at most `depth` levels below `folder` (1: in it), nearer ones first.
    pub(super) fn files(&mut self, folder: &Path, depth: usize) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = VecDeque::from([(folder.to_owned(), depth)]);
        while let Some((folder, depth)) = folders.pop_front() {
            for path in self.entries(&folder) {
                match fs::metadata(&path) {
                    Ok(it) if it.is_file() => files.push(path),
                    Ok(it) if it.is_dir() && depth > 1 => folders.push_back((path, depth - 1)),
                    _ => {}
                }
            }
        }
        files
    }
}

/// What a small file says; None for one that is too large, or no file: opening a pipe would wait forever.
pub(super) fn small_file(path: &Path) -> Option<Vec<u8>> {
    /// Far more than a manifest or the name of a revision takes.
    const LARGEST: u64 = 1 << 20;
    fs::metadata(path).ok().filter(|file| file.is_file() && file.len() <= LARGEST)?;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
