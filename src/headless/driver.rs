//! Evaluates what lanes, forests and beams want, and counts what it cost.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde::Serialize;

use crate::{
    distribution::Summary,
    engine::{EvaluateError, Evaluator, Request, Vocabulary, worker::bunch},
    tree::{Evaluation, NodeId, Tree},
};

/// What evaluations cost in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spent {
    /// Prefixes evaluated.
    pub evaluations: usize,
    /// Tokens that went through the model.
    pub decoded_tokens: usize,
    /// Tokens of these prefixes that were in the KV cache already.
    pub reused_tokens: usize,
    /// Time spent in the model, in milliseconds.
    pub model_ms: f64,
}

/// An evaluator, and how it is asked.
pub(super) struct Driver<'a> {
    evaluator: &'a mut (dyn Evaluator + 'a),
    vocabulary: &'a Vocabulary,
    interrupted: &'a AtomicBool,
    limit: usize,
    /// Another text begins with the next evaluation.
    fresh: bool,
    pub spent: Spent,
}

impl<'a> Driver<'a> {
    /// Without `together` every prefix is evaluated as if it were the only one.
    pub fn new(
        evaluator: &'a mut (dyn Evaluator + 'a),
        vocabulary: &'a Vocabulary,
        together: bool,
        interrupted: &'a AtomicBool,
    ) -> Self {
        let limit = if together { bunch(vocabulary.len()) } else { 1 };
        Self { evaluator, vocabulary, interrupted, limit, fresh: false, spent: Spent::default() }
    }

    /// How many nodes to ask for at a time.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether somebody asked for an end.
    pub fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Another text begins.
    pub fn forget(&mut self) {
        self.fresh = true;
    }

    /// The distributions after these nodes, with their logits. None when it was interrupted.
    pub fn evaluate(
        &mut self,
        tree: &Tree,
        nodes: &[NodeId],
    ) -> Result<Option<Vec<Evaluation>>, EvaluateError> {
        if self.interrupted() {
            return Ok(None);
        }
        let paths = nodes.iter().map(|&node| tree.prefix(node).into());
        let mut request = Request::after(paths, common_prompt(tree, nodes));
        request.fresh = std::mem::take(&mut self.fresh);
        request.candidates = nodes.iter().filter_map(|&node| tree.candidates_wanted(node)).max();
        let mut found: Vec<Option<Evaluation>> = vec![None; nodes.len()];
        let (interrupted, eog) = (self.interrupted, self.vocabulary.eog());
        let result = self.evaluator.evaluate(
            &request,
            &mut |_| !interrupted.load(Ordering::Relaxed),
            &mut |id, row| {
                let summary = Summary::of_row(row, Summary::TOP, eog);
                found[id.path] =
                    Some(Evaluation { summary, logits: Some(row.logits.into()), time: Duration::ZERO });
            },
        );
        let cost = match result {
            Err(EvaluateError::Cancelled) => return Ok(None),
            result => result?,
        };
        self.spent.evaluations += nodes.len();
        self.spent.decoded_tokens += cost.decoded;
        self.spent.reused_tokens += cost.reused;
        self.spent.model_ms += cost.time.as_secs_f64() * 1e3;
        let time = cost.time / nodes.len().max(1) as u32;
        let evaluations: Option<Vec<Evaluation>> = found.into_iter().collect();
        let mut evaluations =
            evaluations.ok_or_else(|| EvaluateError::Failed("it returned no logits".into()))?;
        for evaluation in &mut evaluations {
            evaluation.time = time;
        }
        Ok(Some(evaluations))
    }
}

/// Tokens of the prompt that all these nodes go on from; None where it is not the same number for all.
fn common_prompt(tree: &Tree, nodes: &[NodeId]) -> Option<usize> {
    let mut lengths = nodes.iter().map(|&node| tree.prompt_len(node));
    let first = lengths.next()?;
    lengths.all(|length| length == first).then_some(first)
}
