//! A step of a canvas, as it is kept.

use std::time::Duration;

use super::{Fate, Phase, Reading};
use crate::{sampling::SamplerState, token::Token};

/// What a step did, or will do.
#[derive(Clone, Debug)]
pub struct Step {
    /// What kind of step it is.
    pub kind: StepKind,
    /// What changes, positions ascending.
    pub changes: Vec<Change>,
}

/// What kind of step it is.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// A pass through the model.
    Pass(Box<PassStep>),
    /// Somebody opened or masked a position.
    ByHand,
    /// Tokens that were unlikely when they opened are masked once more.
    SecondLook,
}

/// A position that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The position.
    pub position: usize,
    /// What stood there.
    pub before: Token,
    /// What stands there after.
    pub after: Token,
}

/// What a pass through the model brought.
#[derive(Clone, Debug)]
pub struct PassStep {
    /// Every masked position that was read, positions ascending.
    pub looks: Vec<Look>,
    /// How many open.
    pub open: usize,
    /// Where in the schedule it stands.
    pub phase: Phase,
    /// Time in the model.
    pub time: Duration,
    /// Passes it took: 2 with guidance.
    pub passes: usize,
    /// Random numbers for tokens, and for the choice of positions, taken up to and with this step.
    pub(super) taken: (usize, usize),
    pub(super) state: SamplerState,
}

/// A masked position in a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// What was read there.
    pub reading: Reading,
    /// Its score: the larger the sooner it opens. None where it may not open yet.
    pub score: Option<f64>,
    /// The score's rank, 1 the best.
    pub rank: Option<usize>,
    /// Whether it opens, and why.
    pub fate: Fate,
}

impl Step {
    /// The pass, if it is one.
    #[must_use]
    pub fn pass(&self) -> Option<&PassStep> {
        match &self.kind {
            StepKind::Pass(pass) => Some(pass),
            StepKind::ByHand | StepKind::SecondLook => None,
        }
    }

    /// What it read at a position.
    #[must_use]
    pub fn look(&self, position: usize) -> Option<&Look> {
        self.pass()?.look(position)
    }
}

impl PassStep {
    /// What it read at a position.
    #[must_use]
    pub fn look(&self, position: usize) -> Option<&Look> {
        let found = self.looks.binary_search_by_key(&position, |look| look.reading.position);
        found.ok().map(|index| &self.looks[index])
    }
}
