//! Decoding without a screen beside llama-bench: same model, tokens, prompt length and threads, run alternately.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::Result;
use logitscope::{engine::llama::default_threads, gguf};

use crate::{
    models::{Model, Models},
    programs::{Form, LlamaBench, logitscope, logitscope_with},
    table::{Quantity, Row, Table, Wanted},
    timing::median,
};

/// Tokens generated in a run.
const TOKENS: u32 = 128;

pub fn run(table: &mut Table, models: &Models) -> Result<()> {
    let bench = match LlamaBench::from_environment() {
        Ok(bench) => bench,
        Err(why) => {
            table.left_out("decoding beside llama-bench", why);
            return Ok(());
        }
    };
    for path in &models.named {
        compare(table, &bench, &Model::named(path)?, Wanted::AtLeast(0.98), 5)?;
    }
    if !models.named.is_empty() {
        return Ok(());
    }
    compare(table, &bench, &Model::embedded()?, Wanted::AtLeast(0.95), 11)?;
    compare(table, &bench, models.half_billion()?, Wanted::AtLeast(0.98), 5)
}

/// Beside a program that keeps one core busy: the threads that the program finds by itself, and each fixed number of them.
pub fn busy(table: &mut Table, models: &Models) -> Result<()> {
    const LONG: u32 = 240;
    let named = models.named.iter().map(|path| Model::named(path)).collect::<Result<Vec<_>>>()?;
    let made = if named.is_empty() { Some(models.half_billion()?) } else { None };
    for model in named.iter().chain(made) {
        let most = default_threads(gguf::check(&model.path)?.parameters);
        let loop_on = Arc::new(AtomicBool::new(true));
        let spinning = std::thread::spawn({
            let loop_on = Arc::clone(&loop_on);
            move || while loop_on.load(Ordering::Relaxed) {}
        });
        let mut fitted = Vec::new();
        let mut fixed = vec![Vec::new(); most as usize];
        for _ in 0..3 {
            fitted.push(logitscope_with(model, LONG, Form::Text, None)?.tokens_per_second);
            for (threads, rates) in (1..).zip(&mut fixed) {
                rates.push(logitscope_with(model, LONG, Form::Text, Some(threads))?.tokens_per_second);
            }
        }
        loop_on.store(false, Ordering::Relaxed);
        drop(spinning.join());
        let (threads, best) = (1..)
            .zip(fixed.into_iter().map(median))
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .unwrap_or((1, 0.0));
        table.row(&Row {
            what: &format!("{}, {LONG} tokens beside a busy core", model.name),
            measured: Quantity::rate(median(fitted)),
            reference: (Quantity::rate(best), "the best fixed number of threads"),
            wanted: Wanted::AtLeast(0.9),
            note: format!("threads: 1 to {most}, best {threads}"),
        });
    }
    Ok(())
}

fn compare(
    table: &mut Table,
    bench: &LlamaBench,
    model: &Model,
    wanted: Wanted,
    rounds: usize,
) -> Result<()> {
    let (mut text, mut json, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    // A first round brings the file into memory.
    for round in 0..=rounds {
        let run = logitscope(model, TOKENS, Form::Text)?;
        let reference = bench.same_as(model, &run)?.tokens_per_second;
        let with_json = logitscope(model, TOKENS, Form::Json)?.tokens_per_second;
        if round > 0 {
            text.push(run.tokens_per_second);
            theirs.push(reference);
            json.push(with_json);
        }
    }
    let theirs = median(theirs);
    for (rates, what) in [(text, "text"), (json, "JSON lines")] {
        table.row(&Row {
            what: &format!("{}, {TOKENS} tokens, {what}", model.name),
            measured: Quantity::rate(median(rates)),
            reference: (Quantity::rate(theirs), "llama-bench"),
            wanted,
            note: format!("threads: {}", model.threads),
        });
    }
    Ok(())
}
