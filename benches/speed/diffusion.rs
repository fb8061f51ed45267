//! A canvas of the embedded diffusion model: passes a second beside llama.cpp's own `llama-diffusion-cli`, and what reading
//! rows, scoring and choosing add to a pass, without a screen and with a frame of it.

use std::{hint::black_box, path::Path, sync::Arc, time::Instant};

use anyhow::{Context, Result, ensure};
use logitscope::{
    decode::diffusion::{Diffusion, DiffusionSettings, Pace, Reader, Template},
    distribution::Summary,
    engine::{
        CanvasEvaluator,
        canvas_thread::{CanvasCommand, CanvasEvent, CanvasReady},
        llama::{CacheLayout, LlamaCanvas, LoadedModel, load, load_diffusion},
        worker::Ready,
    },
    sampling::SamplingSettings,
    settings::ModelSettings,
    ui,
};
use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    desk::Desk,
    logits::random,
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
/// Columns and rows of the screen.
const SIZE: (u16, u16) = (200, 60);

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
    // The screen's stand-in for the thread outlives this function as far as the compiler knows.
    let loaded: &'static LoadedModel = Box::leak(Box::new(loaded));
    let causal = load(&settings, |_| true)?;
    let shares = (0..ROUNDS).map(|_| on_screen(&settings, &causal, loaded)).collect::<Result<Vec<f64>>>()?;
    table.row(&Row {
        what: "the same on the screen, with a frame of it",
        measured: Quantity { value: median(shares), unit: "times" },
        reference: (Quantity { value: 1.0, unit: "times" }, "its pass alone"),
        wanted: Wanted::AtMost(2.0),
        note: format!("{}×{}", SIZE.0, SIZE.1),
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

/// Plays a canvas on the screen, a frame drawn for every pass: how many times that of its passes alone the time is.
fn on_screen(settings: &ModelSettings, causal: &LoadedModel, loaded: &'static LoadedModel) -> Result<f64> {
    let n_vocab = causal.vocabulary.len();
    let logits = random(n_vocab, 3);
    let ready = Ready {
        info: causal.info.clone(),
        vocabulary: Arc::clone(&causal.vocabulary),
        context: 256,
        layout: CacheLayout::Apart,
    };
    let mut desk = Desk::new(ready, vec![(Summary::of(&logits, Summary::TOP), logits)], SIZE)?;
    let settings = settings.clone();
    let shape = LlamaCanvas::shape_of(loaded, &settings)?;
    let mut evaluator: Option<LlamaCanvas<'_>> = None;
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    desk.canvas = Some(Box::new(move |state, ticket, ask| {
        ui::draw(state, buffer.area, &mut buffer);
        black_box(&buffer);
        match ask.command() {
            CanvasCommand::Load(_) => CanvasEvent::Loaded(Arc::new(CanvasReady {
                info: loaded.info.clone(),
                vocabulary: Arc::clone(&loaded.vocabulary),
                shape,
            })),
            CanvasCommand::Tokenize(_) => CanvasEvent::Prompt(ticket, Ok(loaded.vocabulary.tokenize(PROMPT))),
            CanvasCommand::Work { positions, guided, job } => {
                let evaluator = evaluator.get_or_insert_with(|| {
                    LlamaCanvas::new(loaded, &settings, positions, guided).expect("a small canvas")
                });
                CanvasEvent::Done(ticket, job(evaluator))
            }
        }
    }));
    desk.press('7');
    let before = spent(&desk);
    let begun = Instant::now();
    desk.press(' ');
    let whole = begun.elapsed();
    ensure!(desk.state.diffuse().is_over(), "the canvas was not written");
    // The first pass was made before: it is in neither.
    Ok(whole.as_secs_f64() / (spent(&desk) - before))
}

/// Seconds in the model, that of the step that is known but not taken included.
fn spent(desk: &Desk) -> f64 {
    let steps = desk.state.diffuse().canvas().map_or(&[][..], Diffusion::steps);
    steps.iter().filter_map(|step| step.pass()).map(|pass| pass.time.as_secs_f64()).sum()
}
