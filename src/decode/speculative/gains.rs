//! What rounds come to: how much was accepted, what it took, and what the formulas expect of it.

use std::time::Duration;

use super::{Round, Verdict};

/// Sums over rounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gains {
    /// Rounds.
    pub rounds: usize,
    /// Tokens drafted.
    pub drafted: usize,
    /// Drafted tokens that were decided on.
    pub looked_at: usize,
    /// Drafted tokens that were accepted.
    pub accepted: usize,
    /// For each place in a draft: how often it was decided on, and how often accepted.
    pub by_position: Vec<(usize, usize)>,
    /// Tokens of the text.
    pub tokens: usize,
    /// Passes of the target.
    pub target_passes: usize,
    /// Rows of these passes.
    pub target_rows: usize,
    /// Passes of the draft model.
    pub draft_passes: usize,
    /// Rows of these passes.
    pub draft_rows: usize,
    /// Rows of the target's cache that were given up.
    pub target_back: usize,
    /// Rows of the draft's cache that were given up.
    pub draft_back: usize,
    /// Passes in which a model that cannot rewind read its whole text again.
    pub replays: usize,
    /// Time in the target.
    pub target_time: Duration,
    /// Time in the draft model.
    pub draft_time: Duration,
    /// Times of draft passes of one row or two: of one token, and of the one before it that the last round added.
    draft_times: Vec<Duration>,
    /// How many rounds have drafts of each length, those without one included.
    lengths: Vec<usize>,
    /// Rows and times of target passes.
    target_times: Vec<(usize, Duration)>,
}

impl Gains {
    /// Of these rounds.
    #[must_use]
    pub fn of<'a>(rounds: impl IntoIterator<Item = &'a Round>) -> Self {
        let mut gains = Self::default();
        rounds.into_iter().for_each(|round| gains.add(round));
        gains
    }

    /// Counts a round.
    pub fn add(&mut self, round: &Round) {
        self.rounds += 1;
        let length = round.drafted.len();
        self.drafted += length;
        self.lengths.resize(self.lengths.len().max(length + 1), 0);
        self.lengths[length] += 1;
        self.tokens += round.tokens.len();
        for (at, drafted) in round.drafted.iter().enumerate() {
            if self.by_position.len() <= at {
                self.by_position.push((0, 0));
            }
            let (looked_at, accepted) = &mut self.by_position[at];
            *looked_at += usize::from(drafted.verdict != Verdict::NotLookedAt);
            *accepted += usize::from(drafted.verdict == Verdict::Accepted);
        }
        self.looked_at += round.looked_at();
        self.accepted += round.accepted();
        self.target_back += round.target_back;
        self.draft_back += round.draft_back;
        for pass in &round.draft_passes {
            self.draft_passes += 1;
            self.draft_rows += pass.rows;
            self.draft_time += pass.time;
            if pass.rows <= 2 {
                self.draft_times.push(pass.time);
            }
        }
        for pass in &round.target_passes {
            self.target_passes += 1;
            self.target_rows += pass.rows;
            self.target_time += pass.time;
            self.target_times.push((pass.rows, pass.time));
        }
        let passes = round.draft_passes.iter().chain(&round.target_passes);
        self.replays += passes.filter(|pass| pass.replayed).count();
    }

    /// The share of the drafted tokens that were decided on which was accepted; None before the first.
    #[must_use]
    pub fn acceptance(&self) -> Option<f64> {
        (self.looked_at > 0).then(|| self.accepted as f64 / self.looked_at as f64)
    }

    /// Tokens of the text a pass of the target; None before the first.
    #[must_use]
    pub fn tokens_a_pass(&self) -> Option<f64> {
        (self.target_passes > 0).then(|| self.tokens as f64 / self.target_passes as f64)
    }

    /// The median time of a draft pass of one token.
    #[must_use]
    pub fn draft_pass(&self) -> Option<Duration> {
        median(self.draft_times.clone())
    }

    /// The median time of the target's passes over so many rows, and how many there were.
    #[must_use]
    pub fn target_pass(&self, rows: usize) -> Option<(Duration, usize)> {
        let times: Vec<_> =
            self.target_times.iter().filter(|(of, _)| *of == rows).map(|(_, time)| *time).collect();
        let passes = times.len();
        Some((median(times)?, passes))
    }

    /// How many rounds have drafts of each length, from none on.
    #[must_use]
    pub fn lengths(&self) -> &[usize] {
        &self.lengths
    }

    /// Tokens a round that the formula expects for the observed acceptance and drafts as long as these were.
    #[must_use]
    pub fn expected_tokens(&self) -> Option<f64> {
        let alpha = self.acceptance()?;
        Some(self.mean(|length| expected_tokens(alpha, length)))
    }

    /// The mean over rounds of what belongs to the length of each draft.
    pub(super) fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        let sum: f64 =
            self.lengths.iter().enumerate().map(|(length, &rounds)| rounds as f64 * of(length)).sum();
        sum / self.rounds.max(1) as f64
    }

    /// The rows of the usual pass: the length of most drafts, and one more; the larger of two that are equally frequent. None
    /// where nothing was drafted.
    #[must_use]
    pub fn usual_rows(&self) -> Option<usize> {
        (1..self.lengths.len()).max_by_key(|&length| self.lengths[length]).map(|length| length + 1)
    }
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// Tokens a pass of the target that a draft of `gamma` tokens brings if each is accepted with probability `alpha`, 0 to 1,
/// whatever became of the others: (1 − α^(γ+1)) / (1 − α).
#[must_use]
pub fn expected_tokens(alpha: f64, gamma: usize) -> f64 {
    (0..=gamma).map(|power| alpha.powi(i32::try_from(power).unwrap_or(i32::MAX))).sum()
}

/// How many times as fast as plain decoding that is, where a draft pass takes `c` and a pass over γ + 1 rows `v` of the time of
/// a pass over one row.
#[must_use]
pub fn speed_up(alpha: f64, gamma: usize, c: f64, v: f64) -> f64 {
    expected_tokens(alpha, gamma) / (gamma as f64 * c + v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_by_hand() {
        let near = |alpha, gamma, expected: f64| {
            let tokens = expected_tokens(alpha, gamma);
            assert!((tokens - expected).abs() < 0.005, "{alpha} {gamma}: {tokens}");
        };
        near(0.5, 3, 1.875);
        near(0.8, 3, 2.952);
        near(0.8, 8, 4.329);
        near(1.0, 4, 5.0);
        near(0.0, 4, 1.0);
        // γ = 3 at α = 0.8, a draft pass a tenth, the batch as long as 1.2 passes: 2.952 / 1.5.
        assert!((speed_up(0.8, 3, 0.1, 1.2) - 1.968).abs() < 1e-3);
    }

    #[test]
    fn of_no_rounds_nothing_is_said() {
        let gains = Gains::of([]);
        assert_eq!((gains.acceptance(), gains.tokens_a_pass(), gains.draft_pass()), (None, None, None));
        assert_eq!((gains.target_pass(1), gains.usual_rows()), (None, None));
    }
}
