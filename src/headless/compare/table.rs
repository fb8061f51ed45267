//! The table of settings: means over all prompts, and which setting does best.

use std::collections::BTreeMap;

use serde::Serialize;

use super::LaneReport;

/// A text may repeat this share of its 4-grams and still be the best.
const REPEATS_LITTLE: f64 = 0.05;

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
    pub entropy_bits: f64,
    /// 2 to the mean surprisal over all tokens.
    pub perplexity: f64,
    /// How often each stop reason ended a text.
    pub stops: BTreeMap<&'static str, usize>,
    /// The same of each text.
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
    pub entropy_bits: f64,
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
        entropy_bits: mean(|text| text.statistics.mean_entropy_bits),
        perplexity: (-sum(|text| text.statistics.log_probability) / tokens.max(1.0)).exp(),
        stops,
        prompts: texts.iter().map(|text| PromptRow::of(text)).collect(),
    })
}

/// The best row: of those that repeat at most a twentieth of their 4-grams, the one whose texts the model finds most
/// likely (least perplexity); where all repeat more, the one that repeats least. The first of several that are equal. A
/// row without a token is never the best: an empty text is no sure one.
///
/// A rule of thumb: it looks for the surest text that does not go round in circles, and knows nothing of what it says.
#[must_use]
pub fn best(rows: &[Row]) -> Option<&Row> {
    let least = |rows: &mut dyn Iterator<Item = &'_ Row>, by: fn(&Row) -> f64| -> Option<usize> {
        let lanes: Vec<(usize, f64)> = rows.map(|row| (row.lane, by(row))).collect();
        lanes.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a }).map(|(lane, _)| lane)
    };
    let said = || rows.iter().filter(|row| row.tokens > 0.0);
    let mut steady = said().filter(|row| row.repetition <= REPEATS_LITTLE);
    let lane =
        least(&mut steady, |row| row.perplexity).or_else(|| least(&mut said(), |row| row.repetition))?;
    rows.iter().find(|row| row.lane == lane)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{decode::lanes::Statistics, headless::compare::report::StopReport};

    fn report(lane: usize, tokens: usize, ln_p: f64, repetition: f64, reason: &'static str) -> LaneReport {
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
                mean_entropy_bits: 2.0,
                perplexity: 0.0,
                distinct: [1.0, 0.5, 1.0],
                repetition,
            },
            looped: None,
            stop: StopReport { reason, detail: String::new() },
            leaves: None,
            paid: 0,
            shared: 0,
        }
    }

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

    #[test]
    fn the_best_is_the_surest_that_does_not_repeat() {
        let rows = rows(&[
            report(0, 10, -2.0, 0.6, "max-tokens"),
            report(1, 10, -12.0, 0.05, "eog"),
            report(2, 10, -20.0, 0.0, "eog"),
        ]);
        assert_eq!(best(&rows).map(|row| row.lane), Some(1));
        assert_eq!(best(&rows[..1]).map(|row| row.lane), Some(0));
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn an_empty_text_is_never_the_best() {
        let empty = report(0, 0, 0.0, 0.0, "entropy");
        let rows = rows(&[empty, report(1, 10, -12.0, 0.0, "eog"), report(2, 10, -2.0, 0.6, "eog")]);
        assert_eq!(best(&rows).map(|row| row.lane), Some(1));
        assert_eq!(best(&rows[..1]), None);
        assert_eq!(best(&[rows[0].clone(), rows[2].clone()]).map(|row| row.lane), Some(2));
    }
}
