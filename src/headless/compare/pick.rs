//! Which of several settings is written out as a command line.

use serde::Serialize;

use super::Row;

/// The largest share of repeated 4-grams at which a text counts as not repetitive.
const MOST_REPETITION: f64 = 0.05;

/// What a row was picked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PickedFor {
    /// The model finds its texts the most likely, of all settings or of those that are not repetitive.
    LeastPerplexity,
    /// All settings are repetitive, this one least.
    LeastRepetition,
}

/// A row of the table, picked by a rule that can be checked in the table itself. It says nothing about how good the texts
/// are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick<'r> {
    /// The row.
    pub row: &'r Row,
    /// What it was picked for.
    pub by: PickedFor,
    /// Whether the rule passed over rows because they are repetitive.
    selective: bool,
}

impl<'r> Pick<'r> {
    /// Of the rows that repeat at most a twentieth of their 4-grams, the one of least perplexity; where all repeat more, the
    /// one that repeats least. The first of several that are equal. A row without a token is never picked.
    #[must_use]
    pub fn of(rows: &'r [Row]) -> Option<Self> {
        let generated = || rows.iter().filter(|row| row.tokens > 0.0);
        let steady = || generated().filter(|row| row.repetition <= MOST_REPETITION);
        let selective = steady().count() < generated().count();
        let likeliest = least(steady().filter(|row| !row.perplexity.is_nan()), |row| row.perplexity)
            .map(|row| (row, PickedFor::LeastPerplexity));
        let (row, by) = likeliest.or_else(|| {
            least(generated(), |row| row.repetition).map(|row| (row, PickedFor::LeastRepetition))
        })?;
        Some(Self { row, by, selective })
    }

    /// The rule in words, to stand before the row's name.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match (self.by, self.selective) {
            (PickedFor::LeastPerplexity, false) => "least perplexity",
            (PickedFor::LeastPerplexity, true) => {
                "least perplexity among those that repeat at most 5 % of their 4-grams"
            }
            (PickedFor::LeastRepetition, _) => "least repetition (all repeat more than 5 % of their 4-grams)",
        }
    }
}

fn least<'r>(rows: impl Iterator<Item = &'r Row>, by: fn(&Row) -> f64) -> Option<&'r Row> {
    rows.reduce(|a, b| if by(b) < by(a) { b } else { a })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headless::compare::{fixture::report, rows};

    fn picked(rows: &[Row]) -> Option<(usize, &'static str)> {
        Pick::of(rows).map(|pick| (pick.row.lane, pick.rule()))
    }

    #[test]
    fn the_likeliest_that_does_not_repeat_is_picked_and_the_rule_says_so() {
        let rows = rows(&[
            report(0, 10, -2.0, 0.6, "max-tokens"),
            report(1, 10, -12.0, 0.05, "eog"),
            report(2, 10, -20.0, 0.0, "eog"),
        ]);
        let among = "least perplexity among those that repeat at most 5 % of their 4-grams";
        assert_eq!(picked(&rows), Some((1, among)));
        assert_eq!(picked(&rows[1..]), Some((1, "least perplexity")));
        assert_eq!(
            picked(&rows[..1]),
            Some((0, "least repetition (all repeat more than 5 % of their 4-grams)"))
        );
        assert_eq!(picked(&[]), None);
    }

    #[test]
    fn a_setting_without_a_token_is_never_picked() {
        let empty = report(0, 0, 0.0, 0.0, "entropy-above");
        let rows = rows(&[empty, report(1, 10, -12.0, 0.0, "eog"), report(2, 10, -2.0, 0.6, "eog")]);
        assert_eq!(picked(&rows).map(|(lane, _)| lane), Some(1));
        assert_eq!(picked(&rows[..1]), None);
        assert_eq!(picked(&[rows[0].clone(), rows[2].clone()]).map(|(lane, _)| lane), Some(2));
    }
}
