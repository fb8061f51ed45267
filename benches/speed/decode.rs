//! Decoding without a screen beside llama-bench: same model, tokens, prompt length and threads, run alternately.

use anyhow::Result;

use crate::{
    models::{Model, Models},
    programs::{Form, LlamaBench, logitscope},
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
    compare(table, &bench, &Model::embedded()?, Wanted::AtLeast(0.7), 11)?;
    compare(table, &bench, models.half_billion()?, Wanted::AtLeast(0.95), 5)
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
