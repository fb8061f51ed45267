//! How far an evaluation has come, told while it goes on.

use std::time::{Duration, Instant};

use crate::engine::{EvaluateError, Progress};

/// The longest time between two questions whether to go on, where the backend lets ask within a batch.
const EVERY: Duration = Duration::from_millis(50);

/// Counts the tokens of an evaluation and asks whether to go on.
pub(super) struct ProgressMeter<'a> {
    done: usize,
    total: usize,
    last: Instant,
    asked: Duration,
    proceed: &'a mut dyn FnMut(Progress) -> bool,
}

impl<'a> ProgressMeter<'a> {
    /// Nothing of `total` tokens is done.
    pub fn new(total: usize, proceed: &'a mut dyn FnMut(Progress) -> bool) -> Self {
        Self { done: 0, total, last: Instant::now(), asked: Duration::ZERO, proceed }
    }

    /// So many tokens were in the KV cache already.
    pub fn skip(&mut self, tokens: usize) {
        self.done += tokens;
    }

    /// So many tokens went through the model. What is done to its end is not cancelled any more.
    pub fn advance(&mut self, tokens: usize) -> Result<(), EvaluateError> {
        self.done += tokens;
        let go_on = self.ask(self.done);
        if go_on || self.done >= self.total { Ok(()) } else { Err(EvaluateError::Cancelled) }
    }

    /// Time that whoever was asked took to answer: not the model's.
    pub fn asked(&self) -> Duration {
        self.asked
    }

    fn ask(&mut self, done: usize) -> bool {
        let start = Instant::now();
        let go_on = (self.proceed)(Progress { done, total: self.total });
        self.last = Instant::now();
        self.asked += self.last - start;
        go_on
    }
}

/// Counts the nodes of a graph that ggml computes, so that there is progress within a batch.
pub(super) struct GraphMeter<'a, 'b> {
    progress: &'a mut ProgressMeter<'b>,
    tokens: usize,
    expected: usize,
    nodes: usize,
}

impl<'a, 'b> GraphMeter<'a, 'b> {
    /// For a batch of so many tokens whose graph is expected to have so many nodes.
    pub fn new(progress: &'a mut ProgressMeter<'b>, tokens: usize, expected: usize) -> Self {
        Self { progress, tokens, expected, nodes: 0 }
    }

    /// Another node is computed; whether to go on.
    pub fn node(&mut self) -> bool {
        self.nodes += 1;
        if self.progress.last.elapsed() < EVERY {
            return true;
        }
        // The last token is done when all are.
        let done = (self.tokens * self.nodes / self.expected.max(1)).min(self.tokens.saturating_sub(1));
        self.progress.ask(self.progress.done + done)
    }

    /// How many nodes there were; None where the backend counts none.
    pub fn nodes(&self) -> Option<usize> {
        Some(self.nodes).filter(|&nodes| nodes > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_within_a_batch_is_told_now_and_then_and_stays_below_its_end() {
        let mut told = Vec::new();
        let mut proceed = |progress: Progress| {
            told.push(progress.done);
            progress.done < 130
        };
        let mut progress = ProgressMeter::new(200, &mut proceed);
        progress.skip(100);
        let mut graph = GraphMeter::new(&mut progress, 40, 4);
        assert!(graph.node(), "nobody is asked so soon");
        let mut later = || {
            graph.progress.last -= EVERY;
            graph.node()
        };
        // Half of forty tokens after two of four nodes.
        assert_eq!((later(), later(), later()), (true, false, false));
        assert!(!later(), "more nodes than expected are no more tokens");
        assert_eq!(graph.nodes(), Some(5));
        assert_eq!(told, [120, 130, 139, 139]);
    }
}
