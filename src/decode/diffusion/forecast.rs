//! What the schedule has still to do.

use super::{Diffusion, Pace, Phase};

impl Diffusion {
    /// How many positions are masked after each step that is still to come, as far as the settings tell: as many open as they
    /// say, and no end token cuts the text short. Empty where a threshold decides, or nothing is masked.
    #[must_use]
    pub fn forecast(&self) -> Vec<usize> {
        let blocks = self.masks_by_block();
        let mut left: usize = blocks.iter().map(|&(_, masks)| masks).sum();
        let mut forecast = Vec::new();
        for (index, &(block, mut masks)) in blocks.iter().enumerate() {
            let mut phase =
                self.phase().filter(|_| index == 0).unwrap_or_else(|| self.first_of(block, masks));
            while masks > 0 {
                let Some(open) = self.settings().opening(phase, masks) else { return Vec::new() };
                masks -= open;
                left -= open;
                phase.step += 1;
                forecast.push(left);
            }
        }
        forecast
    }

    /// Steps in all that the settings plan for this canvas, 1 and above; with a threshold there can be as many as positions.
    #[must_use]
    pub fn planned(&self) -> usize {
        let gaps = self.template().gaps();
        match self.settings().pace {
            Pace::Steps { steps, .. } => steps.min(gaps),
            Pace::Tokens(tokens) => gaps.div_ceil(tokens.max(1)),
            Pace::Threshold(_) => gaps,
        }
        .max(1)
    }

    /// The masks of each block that has some, by the block's number.
    fn masks_by_block(&self) -> Vec<(usize, usize)> {
        let length = self.settings().block_length;
        let mut blocks: Vec<(usize, usize)> = Vec::new();
        let (mut ordinal, mut masked) = (0, self.masked().peekable());
        for position in 0..self.canvas().len() {
            if self.template().is_given(position) {
                continue;
            }
            let block = usize::checked_div(ordinal, length).unwrap_or(0);
            ordinal += 1;
            if masked.next_if_eq(&position).is_none() {
                continue;
            }
            match blocks.last_mut() {
                Some((last, masks)) if *last == block => *masks += 1,
                _ => blocks.push((block, 1)),
            }
        }
        blocks
    }

    /// The first step of a block that no step has touched.
    fn first_of(&self, block: usize, masks: usize) -> Phase {
        let steps = self.settings().steps_of_block(block, self.template().gaps());
        Phase { round: 0, block, step: 0, masks, steps }
    }
}
