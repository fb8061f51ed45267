//! The statistics of one distribution: softmax, entropy, the top candidates.

use std::hint::black_box;

use anyhow::Result;
use logitscope::{decode::Session, distribution::Summary};

use crate::{
    logits::{LARGE_VOCABULARY, random},
    models::Models,
    table::{Quantity, Table},
    timing::repeat,
};

/// Milliseconds that it may take.
const BOUND: f64 = 0.5;

#[expect(clippy::unnecessary_wraps, reason = "sections can fail")]
pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    let logits = random(LARGE_VOCABULARY, 1);
    let sample = repeat(500, || {
        black_box(Summary::of(black_box(&logits), Session::TOP));
    });
    table.bounded("statistics of 151,936 logits", Quantity::ms(sample.best), BOUND, sample.note());
    Ok(())
}
