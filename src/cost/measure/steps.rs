//! The passes of a plan, in the order in which they are gone through.

use std::sync::Arc;

use super::plan::{AT_DEPTH, Plan};
use crate::engine::Bench;

/// Below so many rows a pass of another size before it would show: llama.cpp builds its graph anew.
const SHORT: usize = 32;

/// What is measured together, and shown together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The same text with the KV cache and without.
    Cache,
    /// A token at the end of texts of several lengths.
    Depth,
    /// Rows that go through the model together.
    Batches,
    /// The same text with keys and values in several types.
    Types,
}

impl Subject {
    /// All, in the order in which they are measured.
    pub const ALL: [Self; 4] = [Self::Cache, Self::Batches, Self::Types, Self::Depth];

    /// What is being measured, for a row of progress.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cache => "KV cache on and off",
            Self::Depth => "tokens after longer texts",
            Self::Batches => "batch sizes",
            Self::Types => "cache types",
        }
    }
}

/// What a pass tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Nothing: the first pass of its kind takes longer.
    Warm,
    /// Token number so-and-so, with the cache.
    On(usize),
    /// The same without.
    Off(usize),
    /// Nothing: a text is read up to some length.
    Read,
    /// A token at a depth, an index.
    Depth(usize),
    /// So many rows, an index.
    Batch(usize),
    /// Logits of the last row only.
    OneRow,
    /// Logits of all rows.
    AllRows,
    /// A type (an index), at a token.
    Type(usize, usize),
}

/// One pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) subject: Subject,
    pub(super) what: What,
    /// The time it counts for, from 0.
    pub(super) repeat: usize,
    /// The context, an index into those of the subject.
    pub(super) bench: usize,
    /// Tokens of the path.
    pub(super) length: usize,
    /// The first that logits are wanted after.
    pub(super) from: usize,
    /// Whether the cache is forgotten before.
    pub(super) fresh: bool,
    /// Rows that will go through the model.
    pub(super) rows: usize,
}

impl Step {
    fn last(subject: Subject, what: What, repeat: usize, length: usize, rows: usize) -> Self {
        Self { subject, what, repeat, bench: 0, length, from: length - 1, fresh: rows == length, rows }
    }
}

/// The contexts of a subject.
pub(super) fn benches(plan: &Plan, subject: Subject) -> Arc<[Bench]> {
    let written = plan.prompt.len() + plan.tokens;
    let bench = |cache, cells, number| Bench { cache, cells, number };
    match subject {
        Subject::Cache => (0..2).map(|number| bench(plan.cache, written, number)).collect(),
        Subject::Depth => {
            let longest = plan.depths.last().copied().unwrap_or(1) + AT_DEPTH;
            [bench(plan.cache, longest, 2)].into()
        }
        Subject::Batches => {
            let most = plan.batches.last().copied().unwrap_or(1).max(plan.rows);
            [bench(plan.cache, most, 3)].into()
        }
        Subject::Types => plan.types.iter().map(|&cache| bench(cache, written, 4)).collect(),
    }
}

/// Every pass of a plan.
pub(super) fn steps(plan: &Plan) -> Vec<Step> {
    Subject::ALL
        .into_iter()
        .flat_map(|subject| match subject {
            Subject::Cache => on_off(plan),
            Subject::Depth => depths(plan),
            Subject::Batches => batches(plan),
            Subject::Types => types(plan),
        })
        .collect()
}

/// The text with the cache and without, token by token in turn.
fn on_off(plan: &Plan) -> Vec<Step> {
    let prompt = plan.prompt.len();
    let on = |repeat, what, drawn: usize| {
        let rows = if drawn == 0 { prompt } else { 1 };
        Step { fresh: drawn == 0, ..Step::last(Subject::Cache, what, repeat, prompt + drawn, rows) }
    };
    let off = |repeat, what, drawn: usize| Step {
        bench: 1,
        ..Step::last(Subject::Cache, what, repeat, prompt + drawn, prompt + drawn)
    };
    let mut steps = vec![on(0, What::Warm, 0), off(0, What::Warm, 0)];
    for repeat in 0..plan.repeats {
        for drawn in 0..plan.tokens {
            let pair = [on(repeat, What::On(drawn), drawn), off(repeat, What::Off(drawn), drawn)];
            // Whoever goes second may find the processor warmer: they take turns.
            if repeat % 2 == 0 { steps.extend(pair) } else { steps.extend(pair.into_iter().rev()) }
        }
    }
    steps
}

fn depths(plan: &Plan) -> Vec<Step> {
    let mut steps = Vec::new();
    for repeat in 0..plan.repeats {
        let mut there = 0;
        for (index, &depth) in plan.depths.iter().enumerate() {
            let read = Step::last(Subject::Depth, What::Read, repeat, depth, depth - there);
            steps.push(Step { fresh: there == 0, ..read });
            for token in 1..=AT_DEPTH {
                let one = Step::last(Subject::Depth, What::Depth(index), repeat, depth + token, 1);
                steps.push(Step { fresh: false, ..one });
            }
            there = depth + AT_DEPTH;
        }
    }
    steps
}

fn batches(plan: &Plan) -> Vec<Step> {
    let mut steps = Vec::new();
    let (rows, one) =
        (plan.rows, |repeat, what| Step::last(Subject::Batches, what, repeat, plan.rows, plan.rows));
    let all = |repeat, what| Step { from: 0, ..one(repeat, what) };
    for repeat in 0..plan.repeats {
        for (index, &batch) in plan.batches.iter().enumerate() {
            let pass = |what| Step::last(Subject::Batches, what, repeat, batch, batch);
            if batch < SHORT || repeat == 0 {
                steps.push(pass(What::Warm));
            }
            steps.push(pass(What::Batch(index)));
        }
        if rows > 0 {
            if repeat == 0 {
                steps.extend([one(repeat, What::Warm), all(repeat, What::Warm)]);
            }
            steps.extend([one(repeat, What::OneRow), all(repeat, What::AllRows)]);
        }
    }
    steps
}

/// The text in each type, token by token in turn.
fn types(plan: &Plan) -> Vec<Step> {
    let prompt = plan.prompt.len();
    let mut steps = Vec::new();
    for repeat in 0..plan.repeats {
        for drawn in 0..plan.tokens {
            for bench in 0..plan.types.len() {
                let rows = if drawn == 0 { prompt } else { 1 };
                let what = What::Type(bench, drawn);
                let step = Step::last(Subject::Types, what, repeat, prompt + drawn, rows);
                steps.push(Step { bench, fresh: drawn == 0, ..step });
            }
        }
    }
    steps
}
