//! Passes that are measured: what a token costs, found out in contexts beside the one that writes the text.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Cost, EvaluateError, Evaluator, KvUse, Progress, Request, worker::Distribution};
use crate::{settings::CacheType, token::Token};

/// A context that is measured in: a KV cache of its own, the weights are those of the model at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bench {
    /// Type of keys and values.
    pub cache: CacheType,
    /// Tokens that a path can have, at least one.
    pub cells: usize,
    /// Tells two that are alike apart.
    pub number: u8,
}

/// One evaluation that is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// The contexts that are there from now on.
    pub benches: Arc<[Bench]>,
    /// The one that it goes through, an index.
    pub bench: usize,
    /// What is evaluated: one path.
    pub request: Request,
    /// Whether the distribution after the last token is wanted, not its time alone.
    pub keep: bool,
}

/// What a measured pass brought.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What it cost; its time ends when the last row of logits is there.
    pub cost: Cost,
    /// What the KV cache of its context holds.
    pub kv: KvUse,
    /// What comes after the last token, if that was wanted.
    pub last: Option<Distribution>,
    /// Time that the statistics of that distribution took.
    pub statistics: Duration,
}

impl Measured {
    /// Goes through `pass` in a context beside `evaluator`; `eog` are the tokens that end generation.
    pub fn of(
        evaluator: &mut dyn Evaluator,
        pass: &Pass,
        eog: &[Token],
        proceed: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Self, EvaluateError> {
        let mut logits = Vec::new();
        let (cost, kv) = evaluator.measure(pass, proceed, &mut |row| {
            if pass.keep {
                logits = row.to_vec();
            }
        })?;
        let started = Instant::now();
        let last = (!logits.is_empty()).then(|| Distribution::of(&logits, eog));
        Ok(Self { cost, kv, last, statistics: started.elapsed() })
    }
}
