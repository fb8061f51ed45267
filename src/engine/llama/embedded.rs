//! The built-in models, given to llama.cpp as files without leaving one behind.

use std::{fs::File, io, io::Write, path::PathBuf};

/// A built-in model; see assets/models/README.md.
pub(super) struct Embedded {
    /// What it is called where a file's path would be shown.
    pub(super) name: &'static str,
    /// The file.
    pub(super) bytes: &'static [u8],
}

/// The story model.
pub(super) static STORYTELLER: Embedded = Embedded {
    name: "storyteller-4.5m-q8_0.gguf (built in)",
    bytes: include_bytes!("../../../assets/models/storyteller-4.5m-q8_0.gguf"),
};

/// The small story model that drafts for the other.
pub(super) static STORYTELLER_DRAFT: Embedded = Embedded {
    name: "storyteller-draft-0.6m-q8_0.gguf (built in)",
    bytes: include_bytes!("../../../assets/models/storyteller-draft-0.6m-q8_0.gguf"),
};

/// The story model that fills whole canvases.
pub(super) static STORYTELLER_DIFFUSION: Embedded = Embedded {
    name: "storyteller-diffusion-4.5m-q5_0.gguf (built in)",
    bytes: include_bytes!("../../../assets/models/storyteller-diffusion-4.5m-q5_0.gguf"),
};

/// A file with an embedded model, or with other bytes; it is gone when this is dropped, or with the process.
pub(super) struct BytesOnLoan {
    path: PathBuf,
    _keep: Keep,
}

enum Keep {
    #[cfg(target_os = "linux")]
    Memory(#[expect(dead_code, reason = "held open so that the path stays")] File),
    Disk(#[expect(dead_code, reason = "removes the file when dropped")] tempfile::TempPath),
}

impl BytesOnLoan {
    /// An anonymous file in memory on Linux, a temporary file elsewhere.
    pub(super) fn new(bytes: &[u8]) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Ok(loan) = Self::in_memory(bytes) {
            return Ok(loan);
        }
        Self::on_disk(bytes)
    }

    #[cfg(target_os = "linux")]
    fn in_memory(bytes: &[u8]) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        let fd = rustix::fs::memfd_create("logitscope-model", rustix::fs::MemfdFlags::CLOEXEC)?;
        let mut file = File::from(fd);
        file.write_all(bytes)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
        // Without /proc there is not a path to give.
        if !path.exists() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(Self { path, _keep: Keep::Memory(file) })
    }

    fn on_disk(bytes: &[u8]) -> io::Result<Self> {
        let mut file = tempfile::Builder::new().prefix("logitscope-").suffix(".gguf").tempfile()?;
        file.write_all(bytes)?;
        let path = file.into_temp_path();
        Ok(Self { path: path.to_path_buf(), _keep: Keep::Disk(path) })
    }

    /// Where llama.cpp finds it.
    pub(super) fn path(&self) -> &std::path::Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_on_disk_is_gone_afterwards() {
        let loan = BytesOnLoan::on_disk(STORYTELLER.bytes).unwrap();
        let path = loan.path().to_owned();
        assert_eq!(std::fs::read(&path).unwrap(), STORYTELLER.bytes);
        drop(loan);
        assert!(!path.exists());
    }

    #[test]
    fn the_loan_reads_as_the_model() {
        let loan = BytesOnLoan::new(STORYTELLER.bytes).unwrap();
        assert_eq!(std::fs::read(loan.path()).unwrap(), STORYTELLER.bytes);
    }
}
