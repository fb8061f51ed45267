//! Plays a script of key presses on a terminal program and writes what a user would see as one animated SVG.
//!
//! ```text
//! cargo run --release --example record -- assets/recording.script assets/recording.svg
//! ```
//!
//! `script.rs` describes the script. The picture plays in any browser, and shows one still frame where
//! animation is off or not supported.

mod palette;
mod screen;
mod script;
mod session;
mod svg;

use std::{env, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};

use script::Script;
use session::Session;

/// A README that takes longer to load than to read is no help.
const MOST_BYTES: usize = 600_000;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [script_path, picture_path] = arguments.as_slice() else {
        bail!("usage: record SCRIPT PICTURE.svg");
    };
    let text = fs::read_to_string(script_path).with_context(|| format!("cannot read {script_path}"))?;
    let script = Script::parse(&text).with_context(|| format!("in {script_path}"))?;
    let film = Session::start(&script)?.play(&script.steps)?;
    let picture = svg::render(&film);
    ensure!(
        picture.len() <= MOST_BYTES,
        "the picture would take {} bytes, at most {MOST_BYTES} are allowed: shorten the script",
        picture.len()
    );
    write_whole(Path::new(picture_path), &picture)?;
    println!(
        "{picture_path}: {} frames, {:.1} s, {} bytes",
        film.frames.len(),
        film.duration().as_secs_f64(),
        picture.len()
    );
    Ok(())
}

/// Replace the file in one step, so that a failure leaves the old picture.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let unfinished = path.with_extension("svg.new");
    fs::write(&unfinished, text).with_context(|| format!("cannot write {}", unfinished.display()))?;
    fs::rename(&unfinished, path).with_context(|| format!("cannot write {}", path.display()))
}
