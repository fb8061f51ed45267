//! The statistics of one distribution: softmax, entropy, the top candidates, the end token's rank.

use std::hint::black_box;

use anyhow::Result;
use logitscope::{distribution::Summary, token::Token};

use crate::{
    logits::{LARGE_VOCABULARY, random},
    models::Models,
    table::{Quantity, Table},
    timing::repeat,
};

/// Milliseconds that it may take.
const BOUND: f64 = 0.5;
/// Tokens that end generation: as many as a chat model has.
const END: [Token; 2] = [Token(100_000), Token(150_000)];

#[expect(clippy::unnecessary_wraps, reason = "sections can fail")]
pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    let logits = random(LARGE_VOCABULARY, 1);
    let sample = repeat(500, || {
        black_box(Summary::with_end(black_box(&logits), Summary::TOP, &END));
    });
    table.bounded("statistics of 151,936 logits", Quantity::ms(sample.best), BOUND, sample.note());
    Ok(())
}
