//! The models that are measured.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use logitscope::{engine::llama::default_threads, gguf};
use tempfile::TempDir;

use crate::random_gguf::{Shape, write};

/// A model, and how it is run.
pub struct Model {
    /// What the table calls it.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// Bytes of the file.
    pub bytes: u64,
    /// Threads that decode: what the program chooses by itself, or `BENCH_THREADS`.
    pub threads: u32,
}

/// The models that have to be made: written when first asked for, and removed at the end.
#[derive(Default)]
pub struct Models {
    /// Files that were named: these are decoded in place of the others.
    pub named: Vec<PathBuf>,
    large: OnceCell<(TempDir, Model)>,
}

impl Models {
    /// With these files named.
    pub fn on(named: Vec<PathBuf>) -> Self {
        Self { named, ..Self::default() }
    }

    /// Random weights in the shape of a model of half a billion parameters.
    pub fn half_billion(&self) -> Result<&Model> {
        if let Some((_, model)) = self.large.get() {
            return Ok(model);
        }
        // Beside the build, not in /tmp, which can be in memory.
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).context("a folder for the large model")?;
        let path = folder.path().join("random-0.5b-q8_0.gguf");
        write(&path, &Shape::HALF_BILLION, 1).context("the large model cannot be written")?;
        let model = Model::new("0.5B model", path)?;
        Ok(&self.large.get_or_init(|| (folder, model)).1)
    }
}

impl Model {
    /// The model in the program, as its file.
    pub fn embedded() -> Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/storyteller-4.5m-q8_0.gguf");
        Self::new("embedded model", path)
    }

    /// A file that was named.
    pub fn named(path: &Path) -> Result<Self> {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Self::new(&name, path.to_owned())
    }

    fn new(name: &str, path: PathBuf) -> Result<Self> {
        let file = gguf::check(&path)?;
        let threads = match std::env::var("BENCH_THREADS") {
            Ok(threads) => threads.parse().context("BENCH_THREADS is a number of threads")?,
            Err(_) => default_threads(file.parameters),
        };
        Ok(Self { name: name.to_owned(), bytes: file.size, path, threads })
    }
}
