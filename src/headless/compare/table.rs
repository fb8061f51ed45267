//! The table of settings: means over all prompts, and the figures of each text.

use std::collections::BTreeMap;

use serde::Serialize;

use super::LaneReport;
use crate::distribution::Bounds;

/// One setting over all prompts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Which lane.
    pub lane: usize,
    /// Its name.
    pub name: String,
    /// Texts that were generated with it.
    pub texts: usize,
    /// Mean length in tokens.
    pub tokens: f64,
    /// Mean share of repeated 4-grams.
    pub repetition: f64,
    /// Mean distinct-2.
    pub distinct_2: f64,
    /// Mean entropy of the distributions, in bits, each text counted once.
    pub entropy_bits: Bounds,
    /// 2 to the mean surprisal over all tokens.
    pub perplexity: f64,
    /// How often each stop reason ended a text.
    pub stops: BTreeMap<&'static str, usize>,
    /// The same for each text.
    pub prompts: Vec<PromptRow>,
}

/// One setting on one prompt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PromptRow {
    /// Which prompt, 0 the first; None where the lane has one of its own.
    pub prompt: Option<usize>,
    /// Length in tokens.
    pub tokens: usize,
    /// Share of repeated 4-grams.
    pub repetition: f64,
    /// distinct-2.
    pub distinct_2: f64,
    /// Mean entropy of the distributions, in bits.
    pub entropy_bits: Bounds,
    /// 2 to the mean surprisal.
    pub perplexity: f64,
    /// Why the text ended.
    pub stop: &'static str,
}

impl PromptRow {
    fn of(text: &LaneReport) -> Self {
        let s = &text.statistics;
        Self {
            prompt: text.prompt,
            tokens: s.tokens,
            repetition: s.repetition,
            distinct_2: s.distinct[1],
            entropy_bits: s.mean_entropy_bits,
            perplexity: s.perplexity,
            stop: text.stop.reason,
        }
    }
}

/// A row for each lane, in their order.
#[must_use]
pub fn rows(reports: &[LaneReport]) -> Vec<Row> {
    let mut lanes: BTreeMap<usize, Vec<&LaneReport>> = BTreeMap::new();
    for report in reports {
        lanes.entry(report.lane).or_default().push(report);
    }
    lanes.into_values().filter_map(|texts| row(&texts)).collect()
}

fn row(texts: &[&LaneReport]) -> Option<Row> {
    let first = texts.first()?;
    let mean = |f: fn(&LaneReport) -> f64| texts.iter().map(|text| f(text)).sum::<f64>() / texts.len() as f64;
    let sum = |f: fn(&LaneReport) -> f64| texts.iter().map(|text| f(text)).sum::<f64>();
    let tokens = sum(|text| text.statistics.tokens as f64);
    let entropies = texts.iter().map(|text| text.statistics.mean_entropy_bits);
    let mut stops = BTreeMap::new();
    for text in texts {
        *stops.entry(text.stop.reason).or_insert(0) += 1;
    }
    Some(Row {
        lane: first.lane,
        name: first.name.clone(),
        texts: texts.len(),
        tokens: tokens / texts.len() as f64,
        repetition: mean(|text| text.statistics.repetition),
        distinct_2: mean(|text| text.statistics.distinct[1]),
        entropy_bits: entropies.sum::<Bounds>() / texts.len() as f64,
        perplexity: (-sum(|text| text.statistics.log_probability) / tokens.max(1.0)).exp(),
        stops,
        prompts: texts.iter().map(|text| PromptRow::of(text)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headless::compare::fixture::report;

    #[test]
    fn rows_are_means_over_the_prompts() {
        let rows = rows(&[
            report(0, 10, -10.0, 0.2, "eog"),
            report(1, 4, -8.0, 0.0, "eog"),
            report(0, 30, -30.0, 0.0, "max-tokens"),
        ]);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].texts, rows[0].tokens, rows[0].repetition), (2, 20.0, 0.1));
        assert!((rows[0].perplexity - 1.0_f64.exp()).abs() < 1e-12, "40 nats over 40 tokens");
        assert_eq!(rows[0].stops, BTreeMap::from([("eog", 1), ("max-tokens", 1)]));
        assert!((rows[1].perplexity - 2.0_f64.exp()).abs() < 1e-12);
        let of_each: Vec<_> =
            rows[0].prompts.iter().map(|text| (text.tokens, text.repetition, text.stop)).collect();
        assert_eq!(of_each, [(10, 0.2, "eog"), (30, 0.0, "max-tokens")]);
    }
}
