//! What can be set about beam search.

use super::BeamError;
use crate::tree::Tree;

/// When a search ends before every beam has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EarlyStop {
    /// Not at all.
    Never,
    /// As soon as no beam can still overtake the best finished one.
    #[default]
    Certain,
    /// With the first beam that finishes.
    First,
}

/// What can be set about beam search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeamSettings {
    /// Beams, 1 to 16.
    pub width: usize,
    /// Continuations of each beam to consider, 1 to 16; fewer than `width` can miss one that belongs among the
    /// best.
    pub candidates: usize,
    /// α of [`BeamSettings::score`], 0 to 5: 0 ranks by joint probability alone, which favours short texts.
    pub length_penalty: f64,
    /// When the search ends early.
    pub early_stop: EarlyStop,
}

impl Default for BeamSettings {
    /// Four beams: see [`BeamSettings::of_width`].
    fn default() -> Self {
        Self::of_width(4)
    }
}

impl BeamSettings {
    /// The most beams there can be, and continuations of each.
    pub const MOST: usize = Tree::KEPT_TOP;

    /// So many beams, twice as many continuations of each, and Wu et al.'s α of 0.6.
    #[must_use]
    pub fn of_width(width: usize) -> Self {
        Self {
            width,
            candidates: (2 * width).clamp(1, Self::MOST),
            length_penalty: 0.6,
            early_stop: EarlyStop::default(),
        }
    }

    /// The score of a text of `tokens` generated tokens: its joint log-probability ln P divided by the length penalty
    /// lp = ((5 + tokens) / (5 + 1))^α of Wu et al. 2016 (Google's Neural Machine Translation System, equation 14,
    /// without its coverage penalty). 0 and below; the greater the better.
    #[must_use]
    pub fn score(&self, log_probability: f64, tokens: usize) -> f64 {
        log_probability / ((5.0 + tokens as f64) / 6.0).powf(self.length_penalty)
    }

    /// Whether every value is allowed; the first that is not.
    pub fn check(&self) -> Result<(), BeamError> {
        let allowed = 1..=Self::MOST;
        if !allowed.contains(&self.width) {
            return Err(BeamError::Width { width: self.width });
        }
        if !allowed.contains(&self.candidates) {
            return Err(BeamError::Candidates { candidates: self.candidates });
        }
        if !(0.0..=5.0).contains(&self.length_penalty) {
            return Err(BeamError::LengthPenalty { alpha: self.length_penalty.to_string() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        let plain = BeamSettings { length_penalty: 0.0, ..BeamSettings::of_width(4) };
        assert!((plain.score(-3.0, 7) + 3.0).abs() < 1e-12);
        // ((5 + 7) / 6)^1 = 2.
        let linear = BeamSettings { length_penalty: 1.0, ..plain };
        assert!((linear.score(-3.0, 7) + 1.5).abs() < 1e-12);
        assert!((linear.score(-3.0, 1) + 3.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let of = |change: fn(&mut BeamSettings)| {
            let mut settings = BeamSettings::of_width(4);
            change(&mut settings);
            settings.check().expect_err("out of range").to_string()
        };
        assert!(of(|s| s.width = 0).starts_with("--width 0:"));
        assert!(of(|s| s.width = 17).starts_with("--width 17:"));
        assert!(of(|s| s.candidates = 0).starts_with("--candidates 0:"));
        assert!(of(|s| s.length_penalty = f64::NAN).starts_with("--length-penalty NaN:"));
        assert_eq!(BeamSettings::of_width(16).check(), Ok(()));
    }
}
