//! Made-up reports for the tests of the table.

use super::{LaneReport, StopReport};
use crate::{decode::lanes::Statistics, distribution::Bounds};

/// A text of so many tokens with this log-probability and this share of repeated 4-grams.
pub(super) fn report(
    lane: usize,
    tokens: usize,
    ln_p: f64,
    repetition: f64,
    reason: &'static str,
) -> LaneReport {
    LaneReport {
        prompt: Some(0),
        lane,
        name: format!("lane {lane}"),
        seed: None,
        text: String::new(),
        tokens: Vec::new(),
        statistics: Statistics {
            tokens,
            log_probability: ln_p,
            mean_entropy_bits: Bounds::exactly(2.0),
            perplexity: 0.0,
            distinct: [1.0, 0.5, 1.0],
            repetition,
        },
        looped: None,
        stop: StopReport { reason, detail: String::new() },
        diverges: None,
        evaluations: 0,
        shared: 0,
    }
}
