//! Peak memory beside llama-bench doing the same.

use anyhow::Result;

use crate::{
    models::{Model, Models},
    programs::{Form, LlamaBench, logitscope},
    table::{Quantity, Table},
};

/// Tokens generated.
const TOKENS: u32 = 400;
/// Megabytes more than llama.cpp takes.
const BOUND: f64 = 60.0;

pub fn run(table: &mut Table, models: &Models) -> Result<()> {
    let bench = match LlamaBench::from_environment() {
        Ok(bench) => bench,
        Err(why) => {
            table.left_out("memory beside llama-bench", why);
            return Ok(());
        }
    };
    compare(table, &bench, &Model::embedded()?)?;
    compare(table, &bench, models.half_billion()?)
}

fn compare(table: &mut Table, bench: &LlamaBench, model: &Model) -> Result<()> {
    let ours = logitscope(model, TOKENS, Form::Json)?;
    let theirs = bench.same_as(model, &ours)?;
    let what = format!("{}, {TOKENS} tokens: memory over llama-bench", model.name);
    let (Some(ours), Some(theirs)) = (ours.peak_bytes, theirs.peak_bytes) else {
        table.left_out(&what, "there is no /proc to read it from");
        return Ok(());
    };
    let (ours, theirs) = (ours as f64 / 1e6, theirs as f64 / 1e6);
    let note = format!("{ours:.0} MB, llama-bench {theirs:.0} MB, file {:.0} MB", model.bytes as f64 / 1e6);
    table.bounded(&what, Quantity::mb(ours - theirs), BOUND, note);
    Ok(())
}
