//! How fast the program is, as ratios: to llama.cpp doing the same, or to the bound it has to stay under.
//!
//! ```text
//! make bench                        all of it
//! make bench ARGS='chain start'     only the sections named
//! make bench ARGS='decode -m FILE'  on this GGUF file (sections `decode`, `busy` and `speculative`)
//! ```
//!
//! The sections `decode` and `memory` compare with llama.cpp's own `llama-bench`, whose path is taken from the
//! environment variable `LLAMA_BENCH`; without it they are left out. It is built from llama.cpp's repository,
//! best at the version that the crate `llama-cpp-sys-2` in Cargo.lock carries:
//!
//! ```text
//! cmake -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build --target llama-bench
//! LLAMA_BENCH=build/bin/llama-bench make bench
//! ```
//!
//! The section `lanes` compares with `llama-batched-bench`, built the same way, where `LLAMA_BATCHED_BENCH` is its path, and
//! `diffusion` with `llama-diffusion-cli`, where `LLAMA_DIFFUSION_CLI` is its path. `speculative` counts what is accepted beside
//! `llama-speculative-simple`, where `LLAMA_SPECULATIVE_SIMPLE` is its path.
//!
//! `remote` asks a `llama-server`, where `LLAMA_SERVER` is its path.
//!
//! Times within this process are the best of many repetitions, with the median beside it. Programs are run
//! alternately with what they are compared with, so that both see the same machine, and the medians are compared.

mod decode;
mod desk;
mod diffusion;
mod forest;
mod lanes;
mod logits;
mod memory;
mod models;
mod programs;
#[path = "../../tests/support/mod.rs"]
mod pty_support;
#[path = "../support/random_gguf.rs"]
#[expect(dead_code, unused_imports, reason = "tests/random_gguf.rs uses the rest, and runs its tests")]
mod random_gguf;
mod remote;
mod sampling;
mod screen;
mod speculative;
mod start;
mod statistics;
mod table;
mod timing;

use anyhow::{Context, Result, ensure};

use models::Models;
use table::Table;

/// A part of the benchmarks: its name, and what runs it.
type Section = (&'static str, fn(&mut Table, &Models) -> Result<()>);

const SECTIONS: [Section; 13] = [
    ("statistics", statistics::run),
    ("chain", sampling::run),
    ("screen", screen::run),
    ("start", start::run),
    ("idle", start::idle),
    ("decode", decode::run),
    ("busy", decode::busy),
    ("memory", memory::run),
    ("lanes", lanes::run),
    ("forest", forest::run),
    ("diffusion", diffusion::run),
    ("speculative", speculative::run),
    ("remote", remote::run),
];

fn main() -> Result<()> {
    // cargo adds `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let mut wanted: Vec<String> = Vec::new();
    let mut files: Vec<std::path::PathBuf> = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-m" => files.push(arguments.next().context("-m needs the path of a GGUF file")?.into()),
            _ => wanted.push(argument),
        }
    }
    let names = SECTIONS.map(|(name, _)| name);
    for name in &wanted {
        ensure!(names.contains(&name.as_str()), "there is no section {name:?}, only {}", names.join(", "));
    }
    // llama.cpp would write into the table.
    logitscope::engine::llama::log::start(None)?;
    let mut table = Table::new();
    let models = Models::on(files);
    for (name, run) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            run(&mut table, &models)?;
        }
    }
    table.finish();
    Ok(())
}
