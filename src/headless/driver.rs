//! Evaluates what lanes, forests and beams want, and counts what it cost.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde::Serialize;

use crate::{
    decode::Session,
    distribution::Summary,
    engine::{EvaluateError, Evaluator, Vocabulary, worker::bunch},
    token::Token,
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
pub(super) struct Driver<'a, E: Evaluator> {
    evaluator: &'a mut E,
    vocabulary: &'a Vocabulary,
    interrupted: &'a AtomicBool,
    limit: usize,
    pub spent: Spent,
}

impl<'a, E: Evaluator> Driver<'a, E> {
    /// Without `together` every prefix is evaluated as if it were the only one.
    pub fn new(
        evaluator: &'a mut E,
        vocabulary: &'a Vocabulary,
        together: bool,
        interrupted: &'a AtomicBool,
    ) -> Self {
        let limit = if together { bunch(vocabulary.len()) } else { 1 };
        Self { evaluator, vocabulary, interrupted, limit, spent: Spent::default() }
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
        self.evaluator.forget();
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
        let prefixes: Vec<Vec<Token>> = nodes.iter().map(|&node| tree.prefix(node)).collect();
        let paths: Vec<&[Token]> = prefixes.iter().map(Vec::as_slice).collect();
        self.evaluator.set_prompt(common_prompt(tree, nodes));
        let mut found: Vec<Option<Evaluation>> = vec![None; nodes.len()];
        let (interrupted, eog) = (self.interrupted, self.vocabulary.eog());
        let result = self.evaluator.evaluate(
            &paths,
            &mut |_| !interrupted.load(Ordering::Relaxed),
            &mut |index, logits| {
                let summary = Summary::with_end(logits, Session::TOP, eog);
                found[index] =
                    Some(Evaluation { summary, logits: Some(logits.into()), time: Duration::ZERO });
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
