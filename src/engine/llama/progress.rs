//! How far an evaluation has come, told while it goes on.

use crate::engine::{EvaluateError, Progress};

/// Counts the tokens of an evaluation and asks whether to go on.
pub(super) struct ProgressMeter<'a> {
    done: usize,
    total: usize,
    proceed: &'a mut dyn FnMut(Progress) -> bool,
}

impl<'a> ProgressMeter<'a> {
    /// Nothing of `total` tokens is done.
    pub fn new(total: usize, proceed: &'a mut dyn FnMut(Progress) -> bool) -> Self {
        Self { done: 0, total, proceed }
    }

    /// So many tokens were in the KV cache already.
    pub fn skip(&mut self, tokens: usize) {
        self.done += tokens;
    }

    /// So many tokens went through the model. What is done to its end is not cancelled any more.
    pub fn advance(&mut self, tokens: usize) -> Result<(), EvaluateError> {
        self.done += tokens;
        let go_on = (self.proceed)(Progress { done: self.done, total: self.total });
        if go_on || self.done >= self.total { Ok(()) } else { Err(EvaluateError::Cancelled) }
    }
}
