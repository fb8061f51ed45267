//! How fast the program is, as ratios: to llama.cpp doing the same, or to the bound it has to stay under.
//!
//! ```text
//! make bench                        all of it
//! make bench ARGS='chain start'     only the sections named
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
//! `diffusion` with `llama-diffusion-cli`, where `LLAMA_DIFFUSION_CLI` is its path.
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
mod sampling;
mod screen;
mod start;
mod statistics;
mod table;
mod timing;

use anyhow::{Result, ensure};

use models::Models;
use table::Table;

/// A part of the benchmarks: its name, and what runs it.
type Section = (&'static str, fn(&mut Table, &Models) -> Result<()>);

const SECTIONS: [Section; 10] = [
    ("statistics", statistics::run),
    ("chain", sampling::run),
    ("screen", screen::run),
    ("start", start::run),
    ("idle", start::idle),
    ("decode", decode::run),
    ("memory", memory::run),
    ("lanes", lanes::run),
    ("forest", forest::run),
    ("diffusion", diffusion::run),
];

fn main() -> Result<()> {
    // cargo adds `--bench`.
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let names = SECTIONS.map(|(name, _)| name);
    for name in &wanted {
        ensure!(names.contains(&name.as_str()), "there is no section {name:?}, only {}", names.join(", "));
    }
    // llama.cpp would write into the table.
    logitscope::engine::llama::log::start(None)?;
    let mut table = Table::new();
    let models = Models::default();
    for (name, run) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            run(&mut table, &models)?;
        }
    }
    table.finish();
    Ok(())
}
