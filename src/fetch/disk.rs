//! Room on the disk.

use std::path::Path;

use super::FetchError;

/// Bytes that stay free: a disk that is full to the last byte breaks other programs.
const RESERVE: u64 = 64 << 20;

/// Fails if `needed` bytes do not fit where `folder` is, or will be.
pub(super) fn require(needed: u64, folder: &Path) -> Result<(), FetchError> {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    match there.and_then(free) {
        Some(free) if needed > 0 && needed.saturating_add(RESERVE) > free => {
            Err(FetchError::NoRoom { needed, free, folder: folder.to_owned() })
        }
        // Where it cannot be asked, writing tells.
        _ => Ok(()),
    }
}

/// Bytes that this user can still write.
#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let it = rustix::fs::statvfs(folder).ok()?;
    it.f_bavail.checked_mul(it.f_frsize)
}

#[cfg(not(unix))]
fn free(_folder: &Path) -> Option<u64> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_no_disk_has_is_refused_before_it_is_begun() {
        let folder = tempfile::tempdir().expect("a folder");
        let later = folder.path().join("not/there/yet");
        assert!(require(1, &later).is_ok());
        let error = require(1 << 60, &later).expect_err("an exbibyte").to_string();
        assert!(
            error.starts_with("1048576.0 TiB more are needed") || error.contains("more are needed in"),
            "{error}"
        );
        assert!(error.contains("HF_HOME"), "{error}");
        assert!(require(0, &later).is_ok(), "nothing is needed");
    }
}
