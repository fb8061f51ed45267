//! The sliders: which settings of the canvas they set, their ranges and steps.

use super::super::Knob;
use crate::{
    decode::diffusion::{DiffusionSettings, Pace, Score},
    sampling::SamplingSettings,
};

/// Everything that is set about the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct CanvasSetup {
    /// How positions open.
    pub diffusion: DiffusionSettings,
    /// How their tokens are drawn.
    pub sampling: SamplingSettings,
    /// Positions in all; None for some after the prompt, or as many as a text with gaps has.
    pub length: Option<usize>,
    /// Of the present canvas: tokens given at the front, positions to be written, and how many positions it could have.
    pub range: (usize, usize, usize),
    /// Whether a person has set something.
    pub touched: bool,
}

impl Default for CanvasSetup {
    /// A third of the steps that one position a step would take: fast, and not without errors.
    fn default() -> Self {
        let pace = Pace::Steps { steps: STEPS, eps: EPS };
        Self {
            diffusion: DiffusionSettings { pace, ..DiffusionSettings::default() },
            sampling: SamplingSettings::default(),
            length: None,
            range: (0, 1, 2),
            touched: false,
        }
    }
}

/// Steps at first, and ε: Dream's.
const STEPS: usize = 16;
const EPS: f32 = 1e-3;

/// A setting with a slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanvasKnob {
    /// Steps in all.
    Steps,
    /// Positions that open in a step.
    Tokens,
    /// The probability from which on a position opens.
    Threshold,
    /// Positions of a block.
    Block,
    /// What decides which positions open first.
    Score,
    /// How positions are drawn.
    AlgTemperature,
    /// How tokens are drawn.
    Temperature,
    /// Positions of the canvas.
    Length,
    /// Classifier-free guidance.
    Guidance,
    /// Below which probability a token is looked at once more.
    Remask,
}

/// What the sliders' track covers and how far a key moves.
struct Range {
    min: f64,
    max: f64,
    fine: f64,
    coarse: f64,
}

impl CanvasKnob {
    /// All, in the order of the panel.
    pub const ALL: [Self; 10] = [
        Self::Steps,
        Self::Tokens,
        Self::Block,
        Self::Temperature,
        Self::AlgTemperature,
        Self::Score,
        Self::Length,
        Self::Threshold,
        Self::Guidance,
        Self::Remask,
    ];

    /// The name beside the slider.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Tokens => "tokens a step",
            Self::Threshold => "threshold",
            Self::Block => "block length",
            Self::Score => "score",
            Self::AlgTemperature => "alg-temp",
            Self::Temperature => "temperature",
            Self::Length => "canvas length",
            Self::Guidance => "guidance",
            Self::Remask => "second look",
        }
    }

    /// What it does, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Steps => {
                "In how many steps everything is written: few are fast and err, many are slow and better."
            }
            Self::Tokens => {
                "How many positions open in a step, in place of a number of steps; 1 never draws two at once."
            }
            Self::Threshold => {
                "Opens every position whose token is at least this likely, and one at least, in place of a number of steps."
            }
            Self::Block => {
                "Writes in blocks of so many positions, left to right, as in LLaDA; 0 takes all together."
            }
            Self::Score => "What decides which positions open first.",
            Self::AlgTemperature => {
                "0 opens the positions with the best scores; above, positions are drawn with weights e^(score ÷ it)."
            }
            Self::Temperature => {
                "Divides the logits of every position before its token is drawn; 0 always takes the likeliest."
            }
            Self::Length => {
                "How many positions the canvas has, the prompt's included. The text ends where an end token opens."
            }
            Self::Guidance => {
                "Reads the canvas a second time without what is given, and moves away from that: twice the passes."
            }
            Self::Remask => {
                "When all is written, tokens that were less likely than this when they opened are masked once more."
            }
        }
    }

    fn range(self, setup: &CanvasSetup) -> Range {
        let (given, gaps, longest) = setup.range;
        let range = |min, max, fine, coarse| Range { min, max, fine, coarse };
        match self {
            Self::Steps | Self::Tokens => range(1.0, (gaps as f64).max(2.0), 1.0, 8.0),
            Self::Block => range(0.0, (gaps as f64).max(1.0), 1.0, 8.0),
            Self::Score => range(0.0, (Score::ALL.len() - 1) as f64, 1.0, 1.0),
            Self::Length => range(given as f64 + 1.0, (longest as f64).max(given as f64 + 2.0), 1.0, 8.0),
            Self::AlgTemperature | Self::Temperature => range(0.0, 2.0, 0.05, 0.25),
            Self::Threshold | Self::Remask => range(0.0, 1.0, 0.01, 0.1),
            Self::Guidance => range(0.0, 4.0, 0.1, 0.5),
        }
    }

    /// The setting's value. Steps and tokens a step follow from each other where the other one is set.
    #[must_use]
    pub fn value(self, setup: &CanvasSetup) -> f64 {
        let (given, gaps, _) = setup.range;
        let d = &setup.diffusion;
        let tidy = |x: f32| (f64::from(x) * 1e6).round() / 1e6;
        match self {
            Self::Steps => match d.pace {
                Pace::Steps { steps, .. } => steps as f64,
                Pace::Tokens(tokens) => gaps.div_ceil(tokens.max(1)) as f64,
                Pace::Threshold(_) => gaps as f64,
            },
            Self::Tokens => match d.pace {
                Pace::Steps { steps, .. } => gaps as f64 / steps.clamp(1, gaps.max(1)) as f64,
                Pace::Tokens(tokens) => tokens as f64,
                Pace::Threshold(_) => 1.0,
            },
            Self::Threshold => match d.pace {
                Pace::Threshold(threshold) => threshold,
                _ => 0.0,
            },
            Self::Block => d.block_length as f64,
            Self::Score => Score::ALL.iter().position(|score| *score == d.score).unwrap_or(0) as f64,
            Self::AlgTemperature => d.alg_temperature,
            Self::Temperature => Knob::Temperature.value(&setup.sampling),
            Self::Length => setup.length.unwrap_or(given + gaps) as f64,
            Self::Guidance => tidy(d.guidance),
            Self::Remask => d.remask_below,
        }
    }

    /// Writes a value into the settings, kept to what the setting allows.
    pub fn set(self, setup: &mut CanvasSetup, value: f64) {
        let count = |least: usize| (value.round().max(0.0) as usize).clamp(least, DiffusionSettings::MOST);
        let d = &mut setup.diffusion;
        match self {
            Self::Steps => d.pace = Pace::Steps { steps: count(1), eps: EPS },
            Self::Tokens => d.pace = Pace::Tokens(count(1)),
            Self::Threshold if value <= 0.0 => {
                if matches!(d.pace, Pace::Threshold(_)) {
                    d.pace = Pace::Steps { steps: STEPS, eps: EPS };
                }
            }
            Self::Threshold => d.pace = Pace::Threshold(value.min(1.0)),
            Self::Block => d.block_length = count(0),
            Self::Score => d.score = Score::ALL[count(0).min(Score::ALL.len() - 1)],
            Self::AlgTemperature => d.alg_temperature = value.clamp(0.0, 1000.0),
            Self::Temperature => Knob::Temperature.set(&mut setup.sampling, value),
            Self::Length => setup.length = Some(count(1)),
            Self::Guidance => d.guidance = value.clamp(0.0, 100.0) as f32,
            Self::Remask => d.remask_below = value.clamp(0.0, 1.0),
        }
    }

    /// Whether the value follows from another slider that is set in its place.
    #[must_use]
    pub fn follows(self, setup: &CanvasSetup) -> bool {
        match (self, setup.diffusion.pace) {
            (Self::Steps, Pace::Steps { .. }) | (Self::Tokens, Pace::Tokens(_)) => false,
            (Self::Steps | Self::Tokens, _) => true,
            _ => false,
        }
    }

    /// Whether it has a track; scores have none, they are names.
    #[must_use]
    pub fn has_track(self) -> bool {
        self != Self::Score
    }

    /// Whether a change of it means that the canvas is begun anew: what stands there was written at another pace.
    pub(super) const fn begins_anew(self) -> bool {
        matches!(self, Self::Steps | Self::Tokens | Self::Threshold | Self::Block | Self::Length)
    }

    /// Moves the value by fine or coarse steps within the track, to a multiple of the step.
    #[must_use]
    pub fn moved(self, setup: &CanvasSetup, value: f64, steps: i32, coarse: bool) -> f64 {
        let range = self.range(setup);
        let step = if coarse { range.coarse } else { range.fine };
        let position = value / step;
        let nearest = position.round();
        let target = match ((position - nearest).abs() < 1e-4, steps > 0) {
            (true, _) => nearest + f64::from(steps),
            (false, true) => position.floor() + f64::from(steps),
            (false, false) => position.ceil() + f64::from(steps),
        };
        ((target * step).clamp(range.min, range.max.max(value)) * 1e6).round() / 1e6
    }

    /// Where the value lies on the track, 0 to 1.
    #[must_use]
    pub fn fraction(self, setup: &CanvasSetup, value: f64) -> f64 {
        let range = self.range(setup);
        ((value - range.min) / (range.max - range.min)).clamp(0.0, 1.0)
    }

    /// The value at a place on the track, rounded to a fine step.
    #[must_use]
    pub fn value_at(self, setup: &CanvasSetup, fraction: f64) -> f64 {
        let range = self.range(setup);
        let value = range.min + fraction.clamp(0.0, 1.0) * (range.max - range.min);
        (value / range.fine).round() * range.fine
    }

    /// A value as text.
    #[must_use]
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Score => Score::ALL[(value as usize).min(Score::ALL.len() - 1)].name().to_owned(),
            Self::Threshold | Self::Guidance | Self::Remask | Self::Block if value <= 0.0 => "off".to_owned(),
            Self::Tokens if value.fract() > 1e-9 => format!("{value:.1}"),
            Self::Steps | Self::Tokens | Self::Block | Self::Length => format!("{value:.0}"),
            Self::Guidance => format!("{value:.1}"),
            _ => format!("{value:.2}"),
        }
    }

    /// The right end of the track, as text.
    #[must_use]
    pub fn maximum(self, setup: &CanvasSetup) -> String {
        match self {
            Self::Score => String::new(),
            _ => format!("{}", self.range(setup).max),
        }
    }

    /// What a person may type, in words.
    #[must_use]
    pub const fn allowed(self) -> &'static str {
        match self {
            Self::Steps | Self::Tokens | Self::Length => "a whole number from 1 to 65536",
            Self::Block => "a whole number from 0 (no blocks) to 65536",
            Self::Score => {
                "origin, entropy, margin, random, confidence, left-to-right, or a number from 0 to 4"
            }
            Self::AlgTemperature => "a number from 0 to 1000",
            Self::Temperature | Self::Guidance => "a number from 0 to 100",
            Self::Threshold | Self::Remask => "a number from 0 to 1",
        }
    }

    /// The value a person typed, or what is allowed.
    pub fn parse(self, text: &str) -> Result<f64, String> {
        let refused = || format!("{} cannot be {text:?}: it takes {}", self.label(), self.allowed());
        if self == Self::Score {
            let score = Score::parse(text.trim()).ok_or_else(refused)?;
            return Ok(Score::ALL.iter().position(|other| *other == score).unwrap_or(0) as f64);
        }
        let value: f64 = text.trim().replace(',', ".").parse().map_err(|_| refused())?;
        let whole = value.fract().abs() < f64::EPSILON;
        let most = DiffusionSettings::MOST as f64;
        let fine = match self {
            Self::Steps | Self::Tokens | Self::Length => whole && (1.0..=most).contains(&value),
            Self::Block => whole && (0.0..=most).contains(&value),
            Self::AlgTemperature => (0.0..=1000.0).contains(&value),
            Self::Threshold | Self::Remask => (0.0..=1.0).contains(&value),
            _ => (0.0..=100.0).contains(&value),
        };
        if fine { Ok(value) } else { Err(refused()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn setup() -> CanvasSetup {
        CanvasSetup { range: (4, 12, 64), ..CanvasSetup::default() }
    }

    #[test]
    fn steps_and_tokens_a_step_follow_from_each_other() {
        let mut setup = setup();
        CanvasKnob::Steps.set(&mut setup, 5.0);
        assert_eq!(CanvasKnob::Tokens.text(CanvasKnob::Tokens.value(&setup)), "2.4");
        assert!(CanvasKnob::Tokens.follows(&setup) && !CanvasKnob::Steps.follows(&setup));
        CanvasKnob::Tokens.set(&mut setup, 5.0);
        // 12 positions, 5 a step: three steps.
        assert_eq!(CanvasKnob::Steps.text(CanvasKnob::Steps.value(&setup)), "3");
        CanvasKnob::Threshold.set(&mut setup, 0.9);
        assert_eq!(setup.diffusion.pace, Pace::Threshold(0.9));
        CanvasKnob::Threshold.set(&mut setup, 0.0);
        assert!(matches!(setup.diffusion.pace, Pace::Steps { .. }));
    }

    #[test]
    fn lengths_stay_between_the_prompt_and_what_the_model_takes() {
        let setup = setup();
        assert_eq!(CanvasKnob::Length.value_at(&setup, 0.0).to_string(), "5");
        assert_eq!(CanvasKnob::Length.value_at(&setup, 1.0).to_string(), "64");
        assert_eq!(CanvasKnob::Length.moved(&setup, 64.0, 1, true).to_string(), "64");
    }

    proptest! {
        #[test]
        fn every_value_that_is_taken_is_valid(
            index in 0_usize..CanvasKnob::ALL.len(), text in "[-+0-9.,eE]{1,8}|NaN|inf|margin|entropy",
        ) {
            let knob = CanvasKnob::ALL[index];
            if let Ok(value) = knob.parse(&text) {
                let mut setup = setup();
                knob.set(&mut setup, value);
                prop_assert!(setup.diffusion.validate().is_ok(), "{:?} {}", knob, value);
                for (steps, coarse) in [(1, false), (-1, false), (1, true), (-1, true)] {
                    let moved = knob.moved(&setup, value, steps, coarse);
                    knob.set(&mut setup, moved);
                    prop_assert!(setup.diffusion.validate().is_ok());
                }
            }
        }
    }
}
