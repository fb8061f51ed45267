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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{
        decode::diffusion::{Diffusion, DiffusionSettings, Pace, Reader, Template},
        engine::{CanvasEvaluator as _, scripted_canvas::ScriptedCanvas},
        sampling::SamplingSettings,
        token::Token,
    };

    /// A canvas of one given word and so many masks, on a script that never ends a text.
    fn canvas(gaps: usize, settings: DiffusionSettings) -> (ScriptedCanvas, Diffusion) {
        let script = ScriptedCanvas::new(&["a", "b"], &[], 40, false);
        let (vocabulary, shape) = (script.vocabulary(), script.shape());
        let template = Template::after_prompt(&[Token(0)], gaps + 1, shape.mask).expect("there are gaps");
        let diffusion = Diffusion::new(vocabulary, shape, template, settings, SamplingSettings::default());
        (script, diffusion.expect("it can begin"))
    }

    fn settings(pace: Pace, block_length: usize) -> DiffusionSettings {
        DiffusionSettings { pace, block_length, ..DiffusionSettings::default() }
    }

    #[test]
    fn masks_left_by_hand() {
        let of = |pace, block| canvas(10, settings(pace, block)).1.forecast();
        // 10 · ¼, 8 · ⅓, 6 · ½, the rest.
        assert_eq!(of(Pace::Steps { steps: 4, eps: 0.0 }, 0), [8, 6, 3, 0]);
        assert_eq!(of(Pace::Tokens(4), 0), [6, 2, 0]);
        // Blocks of 4, 4 and 2 in 3, 2 and 2 steps.
        assert_eq!(of(Pace::Steps { steps: 7, eps: 0.0 }, 4), [8, 7, 6, 4, 2, 1, 0]);
        assert!(of(Pace::Threshold(0.9), 0).is_empty(), "nobody knows");
        let planned = |pace| canvas(10, settings(pace, 0)).1.planned();
        assert_eq!(planned(Pace::Steps { steps: 64, eps: 0.0 }), 10);
        assert_eq!((planned(Pace::Tokens(4)), planned(Pace::Threshold(0.9))), (3, 10));
    }

    proptest! {
        #[test]
        fn what_is_planned_is_what_happens(
            gaps in 1_usize..30, steps in 1_usize..40, block in 0_usize..12, tokens in prop::option::of(1_usize..9),
            eps in 0.0_f32..0.5,
        ) {
            let pace = tokens.map_or(Pace::Steps { steps, eps }, Pace::Tokens);
            let (mut script, mut diffusion) = canvas(gaps, settings(pace, block));
            let mut reader = Reader::new(&script.vocabulary(), 40);
            loop {
                let forecast = diffusion.forecast();
                let Some(pass) = diffusion.wanted() else {
                    prop_assert!(forecast.is_empty());
                    break;
                };
                diffusion.absorb(reader.answer(&pass, &mut script).expect("a distribution"));
                diffusion.forward();
                prop_assert_eq!(forecast[0], diffusion.masked().count());
                prop_assert_eq!(&forecast[1..], &diffusion.forecast()[..]);
            }
        }
    }
}
