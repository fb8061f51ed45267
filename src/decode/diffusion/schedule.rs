//! How many positions open in a step.

use serde::Serialize;

use super::{DiffusionSettings, Pace};

/// Where in its schedule a pass stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Phase {
    /// 0 while the canvas is first written; then how often tokens were masked again for a second look.
    pub round: usize,
    /// The block that is written, 0 the first.
    pub block: usize,
    /// Steps before this one in this block.
    pub step: usize,
    /// Masks in this block at its first step.
    pub masks: usize,
    /// Steps that this block was to take.
    pub steps: usize,
}

impl DiffusionSettings {
    /// Steps that block number `block` of `gaps` positions in all is to take; only [`Pace::Steps`] says how many.
    pub(super) fn steps_of_block(&self, block: usize, gaps: usize) -> usize {
        let Pace::Steps { steps, .. } = self.pace else { return 0 };
        if self.block_length == 0 {
            return steps;
        }
        let blocks = gaps.div_ceil(self.block_length).max(1);
        (steps / blocks + usize::from(block < steps % blocks)).max(1)
    }

    /// How many of `masked` positions (of the block, where there are blocks) open in a step, 1 to `masked`; None where a
    /// threshold decides.
    ///
    /// llama.cpp opens nothing in a step whose share is below one position, and does so for most of its steps where there are
    /// more of them than masks; here at least one opens, and no pass is for nothing.
    #[must_use]
    pub fn opening(&self, phase: Phase, masked: usize) -> Option<usize> {
        let wanted = match self.pace {
            Pace::Threshold(_) => return None,
            Pace::Tokens(tokens) => tokens,
            // Only where positions were masked by hand: the schedule is over.
            Pace::Steps { .. } if phase.step >= phase.steps => phase.masks.div_ceil(phase.steps.max(1)),
            Pace::Steps { .. } if phase.step + 1 == phase.steps => masked,
            Pace::Steps { .. } if self.block_length > 0 || phase.round > 0 => {
                phase.masks / phase.steps + usize::from(phase.step < phase.masks % phase.steps)
            }
            Pace::Steps { eps, .. } => by_time(phase.step, phase.steps, masked, eps),
        };
        Some(wanted.clamp(1, masked.max(1)))
    }
}

/// masks · (1 − t′ / t), rounded down as Dream and llama.cpp do; but a whole number stays one whatever the division leaves.
fn by_time(step: usize, steps: usize, masked: usize, eps: f32) -> usize {
    let time = |step: usize| 1.0 - step as f64 / steps as f64 * (1.0 - f64::from(eps));
    (masked as f64 * (1.0 - time(step + 1) / time(step)) + 1e-9) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(settings: &DiffusionSettings, masks: usize, steps: usize) -> Vec<usize> {
        let mut left = masks;
        let mut counts = Vec::new();
        while left > 0 {
            let phase = Phase { round: 0, block: 0, step: counts.len(), masks, steps };
            let open = settings.opening(phase, left).expect("no threshold");
            counts.push(open);
            left -= open;
        }
        counts
    }

    fn steps(steps: usize, eps: f32, block_length: usize) -> DiffusionSettings {
        DiffusionSettings { pace: Pace::Steps { steps, eps }, block_length, ..DiffusionSettings::default() }
    }

    #[test]
    fn without_epsilon_time_is_even() {
        // 12 · ¼, 9 · ⅓, 6 · ½, the rest.
        assert_eq!(counts(&steps(4, 0.0, 0), 12, 4), [3, 3, 3, 3]);
        // 10 · ¼ = 2.5, 8 · ⅓ = 2.67, 6 · ½ = 3, the rest.
        assert_eq!(counts(&steps(4, 0.0, 0), 10, 4), [2, 2, 3, 3]);
    }

    #[test]
    fn epsilon_leaves_more_for_the_last_step() {
        // t = 1, 0.75: 8 · ¼, and the rest.
        assert_eq!(counts(&steps(2, 0.5, 0), 8, 2), [2, 6]);
        assert_eq!(counts(&steps(1, 0.5, 0), 8, 1), [8]);
    }

    #[test]
    fn no_step_opens_nothing() {
        assert_eq!(counts(&steps(128, 1e-3, 0), 5, 128), [1; 5]);
        assert_eq!(counts(&steps(128, 1e-3, 2), 5, 128), [1; 5]);
    }

    #[test]
    fn a_block_shares_its_masks_out_with_the_remainder_first() {
        // 10 over 4 steps: 2 each, and one more in each of the first two.
        assert_eq!(counts(&steps(4, 0.0, 10), 10, 4), [3, 3, 2, 2]);
    }

    #[test]
    fn steps_divide_over_blocks_of_masked_positions() {
        let settings = steps(7, 0.0, 4);
        // Ten gaps are three blocks: 3, 2, 2 steps.
        assert_eq!([0, 1, 2].map(|block| settings.steps_of_block(block, 10)), [3, 2, 2]);
        assert_eq!(steps(2, 0.0, 4).steps_of_block(2, 12), 1, "each block takes a step at least");
        assert_eq!(steps(7, 0.0, 0).steps_of_block(0, 10), 7);
    }

    #[test]
    fn a_number_of_tokens_and_a_schedule_that_is_over() {
        let settings = DiffusionSettings { pace: Pace::Tokens(3), ..DiffusionSettings::default() };
        assert_eq!(counts(&settings, 8, 0), [3, 3, 2]);
        let over = Phase { round: 0, block: 0, step: 9, masks: 12, steps: 4 };
        assert_eq!(steps(4, 0.0, 0).opening(over, 8), Some(3));
        let threshold = DiffusionSettings { pace: Pace::Threshold(0.9), ..DiffusionSettings::default() };
        assert_eq!(threshold.opening(over, 8), None);
    }
}
