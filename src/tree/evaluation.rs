//! What evaluating a prefix gave: the distribution of its next token.

use std::{sync::Arc, time::Duration};

use crate::distribution::Summary;

/// The next-token distribution after a prefix.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// Normaliser, entropy, top candidates.
    pub summary: Summary,
    /// One logit a vocabulary entry, while the budget allows.
    pub logits: Option<Arc<[f32]>>,
    /// Time the model took.
    pub time: Duration,
}
