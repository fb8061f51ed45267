//! A canvas of the embedded diffusion model: passes a second beside llama.cpp's own `llama-diffusion-cli`, and what reading
//! rows, scoring and choosing add to a pass.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Context, Result};
use logitscope::{
    decode::diffusion::{Diffusion, DiffusionSettings, Pace, Reader, Template},
    engine::{
        CanvasEvaluator,
        llama::{LlamaCanvas, LoadedModel, load_diffusion},
    },
    sampling::SamplingSettings,
    settings::ModelSettings,
};

use crate::{
    models::Models,
    programs::diffusion_cli,
    table::{Quantity, Row, Table, Wanted},
    timing::median,
};

const PROMPT: &str = "One day, a little";
/// Positions of the canvas, and passes: fewer than masks, so that each opens something.
const LENGTH: usize = 64;
const STEPS: usize = 32;
const ROUNDS: usize = 7;

pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    let settings = ModelSettings { threads: Some(1), ..ModelSettings::default() };
    let loaded = load_diffusion(&settings, |_| true).context("the model cannot be loaded")?;
    let program = std::env::var_os("LLAMA_DIFFUSION_CLI");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-diffusion-4.5m-q5_0.gguf");
    let (mut ours, mut shares, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (whole, model) = write(&loaded, &settings)?;
        let reference = match &program {
            Some(program) => Some(diffusion_cli(program, Path::new(file), PROMPT, LENGTH, STEPS)?),
            None => None,
        };
        if round > 0 {
            ours.push(STEPS as f64 / whole);
            shares.push(whole / model);
            theirs.extend(reference);
        }
    }
    table.row(&Row {
        what: "a step with reading, scores and choice",
        measured: Quantity { value: median(shares), unit: "times" },
        reference: (Quantity { value: 1.0, unit: "times" }, "its pass alone"),
        wanted: Wanted::AtMost(1.5),
        note: format!("{LENGTH} positions"),
    });
    if theirs.is_empty() {
        let why = "set LLAMA_DIFFUSION_CLI to the path of llama.cpp's llama-diffusion-cli";
        table.left_out("passes beside llama-diffusion-cli", why);
        return Ok(());
    }
    table.row(&Row {
        what: "passes over a canvas, everything included",
        measured: Quantity { value: median(ours), unit: "pass/s" },
        reference: (Quantity { value: median(theirs), unit: "pass/s" }, "llama-diffusion-cli"),
        wanted: Wanted::AtLeast(0.8),
        note: format!("{LENGTH} positions, {STEPS} steps, threads: 1"),
    });
    Ok(())
}

/// Writes a canvas: seconds in all, and in the model.
fn write(loaded: &LoadedModel, settings: &ModelSettings) -> Result<(f64, f64)> {
    let mut evaluator = LlamaCanvas::new(loaded, settings, LENGTH, false)?;
    let mut reader = Reader::new(&loaded.vocabulary, LENGTH);
    let tokens = loaded.vocabulary.tokenize(PROMPT);
    let template = Template::after_prompt(&tokens, LENGTH, evaluator.shape().mask)?;
    let diffusion = DiffusionSettings {
        pace: Pace::Steps { steps: STEPS, eps: 1e-3 },
        fill_after_end: true,
        ..DiffusionSettings::default()
    };
    let sampling = SamplingSettings { seed: Some(1), ..SamplingSettings::default() };
    let vocabulary = Arc::clone(&loaded.vocabulary);
    let mut diffusion = Diffusion::new(vocabulary, evaluator.shape(), template, diffusion, sampling)?;
    let begun = Instant::now();
    while let Some(pass) = diffusion.wanted() {
        diffusion.absorb(reader.answer(&pass, &mut evaluator)?);
        diffusion.forward();
    }
    Ok((begun.elapsed().as_secs_f64(), diffusion.spent().1.as_secs_f64()))
}
