//! The sliders: which settings they set, their ranges and steps.

use crate::sampling::SamplingSettings;

/// A setting with a slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knob {
    /// Temperature.
    Temperature,
    /// Nucleus mass.
    TopP,
    /// Number of candidates kept.
    TopK,
    /// Least relative probability.
    MinP,
    /// Repeat penalty.
    RepeatPenalty,
    /// Seed of the draws.
    Seed,
}

/// What the sliders' track covers and how far a key moves.
struct Range {
    min: f64,
    max: f64,
    fine: f64,
    coarse: f64,
    decimals: usize,
}

impl Knob {
    /// All, in the order of the panel.
    pub const ALL: [Self; 6] =
        [Self::Temperature, Self::TopP, Self::TopK, Self::MinP, Self::RepeatPenalty, Self::Seed];

    /// The name beside the slider.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Temperature => "temperature",
            Self::TopP => "top-p",
            Self::TopK => "top-k",
            Self::MinP => "min-p",
            Self::RepeatPenalty => "repeat pen.",
            Self::Seed => "seed",
        }
    }

    /// What it does, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Temperature => {
                "Divides the logits: below 1 the likely get likelier, above 1 all get more alike; 0 always takes the most likely (greedy)."
            }
            Self::TopP => {
                "Keeps the smallest set of most likely tokens whose probabilities reach this sum: the nucleus."
            }
            Self::TopK => "Keeps this many of the most likely tokens; 0 keeps all.",
            Self::MinP => "Keeps tokens at least this many times as likely as the most likely one.",
            Self::RepeatPenalty => {
                "Makes tokens that came up lately less likely: positive logits are divided by it, negative ones multiplied."
            }
            Self::Seed => "Where the random numbers start: the same seed and settings give the same text.",
        }
    }

    const fn range(self) -> Range {
        let (min, max, fine, coarse, decimals) = match self {
            Self::Temperature => (0.0, 2.0, 0.05, 0.25, 2),
            Self::TopP | Self::MinP => (0.0, 1.0, 0.01, 0.1, 2),
            Self::TopK => (0.0, 100.0, 1.0, 10.0, 0),
            Self::RepeatPenalty => (0.5, 2.0, 0.05, 0.25, 2),
            Self::Seed => (0.0, 4_294_967_294.0, 1.0, 100.0, 0),
        };
        Range { min, max, fine, coarse, decimals }
    }

    /// The setting's value.
    #[must_use]
    pub fn value(self, s: &SamplingSettings) -> f64 {
        // A 0.8 that was stored in single precision reads as 0.8.
        let tidy = |x: f32| (f64::from(x) * 1e6).round() / 1e6;
        match self {
            Self::Temperature => tidy(s.temperature),
            Self::TopP => tidy(s.top_p),
            Self::TopK => f64::from(s.top_k.max(0)),
            Self::MinP => tidy(s.min_p),
            Self::RepeatPenalty => tidy(s.repeat_penalty),
            Self::Seed => s.seed.map_or(0.0, f64::from),
        }
    }

    /// Writes a value into the settings, kept to what the setting allows.
    pub fn set(self, s: &mut SamplingSettings, value: f64) {
        match self {
            Self::Temperature => s.temperature = value.max(0.0) as f32,
            Self::TopP => s.top_p = value.clamp(0.0, 1.0) as f32,
            Self::TopK => s.top_k = value.round().clamp(0.0, f64::from(i32::MAX)) as i32,
            Self::MinP => s.min_p = value.clamp(0.0, 1.0) as f32,
            Self::RepeatPenalty => s.repeat_penalty = value.max(0.01) as f32,
            Self::Seed => s.seed = Some(value.round().clamp(0.0, f64::from(u32::MAX - 1)) as u32),
        }
    }

    /// Moves the value by fine or coarse steps within the track; the next multiple of the step is
    /// where it lands, so that 0.83 and a step of 0.05 give 0.85.
    #[must_use]
    pub fn moved(self, value: f64, steps: i32, coarse: bool) -> f64 {
        let range = self.range();
        let step = if coarse { range.coarse } else { range.fine };
        let position = value / step;
        let nearest = position.round();
        let on_grid = (position - nearest).abs() < 1e-4;
        let target = match (on_grid, steps > 0) {
            (true, _) => nearest + f64::from(steps),
            (false, true) => position.floor() + f64::from(steps),
            (false, false) => position.ceil() + f64::from(steps),
        };
        ((target * step).clamp(range.min, range.max.max(value)) * 1e6).round() / 1e6
    }

    /// Where the value lies on the track, 0 to 1.
    #[must_use]
    pub fn fraction(self, value: f64) -> f64 {
        let range = self.range();
        ((value - range.min) / (range.max - range.min)).clamp(0.0, 1.0)
    }

    /// The value at a place on the track, rounded to a fine step.
    #[must_use]
    pub fn value_at(self, fraction: f64) -> f64 {
        let range = self.range();
        let value = range.min + fraction.clamp(0.0, 1.0) * (range.max - range.min);
        (value / range.fine).round() * range.fine
    }

    /// Whether it has a track; a seed has none, its numbers mean nothing side by side.
    #[must_use]
    pub fn has_track(self) -> bool {
        self != Self::Seed
    }

    /// The right end of the track, as text.
    #[must_use]
    pub fn maximum(self) -> String {
        let range = self.range();
        if self.has_track() { format!("{}", range.max) } else { String::new() }
    }

    /// A value as text.
    #[must_use]
    pub fn text(self, value: f64) -> String {
        match self {
            Self::TopK if value <= 0.0 => "off".to_owned(),
            // Whole numbers have the room of those with decimals.
            _ if value >= 100.0 => format!("{value:.0}"),
            _ => format!("{value:.*}", self.range().decimals),
        }
    }

    /// What a person may type, in words.
    #[must_use]
    pub const fn allowed(self) -> &'static str {
        match self {
            Self::Temperature => "a number from 0 to 100",
            Self::TopP | Self::MinP => "a number from 0 to 1",
            Self::TopK => "a whole number from 0 up (0 is off)",
            Self::RepeatPenalty => "a number above 0",
            Self::Seed => "a whole number from 0 to 4294967294",
        }
    }

    /// The value a person typed, or what is allowed.
    pub fn parse(self, text: &str) -> Result<f64, String> {
        let allowed = self.allowed();
        let refused = || format!("{} cannot be {text:?}: it takes {allowed}", self.label());
        let value: f64 = text.trim().replace(',', ".").parse().map_err(|_| refused())?;
        let whole = value.fract().abs() < f64::EPSILON;
        let fine = value.is_finite()
            && match self {
                Self::Temperature => (0.0..=100.0).contains(&value),
                Self::TopP | Self::MinP => (0.0..=1.0).contains(&value),
                Self::TopK => whole && (0.0..=f64::from(i32::MAX)).contains(&value),
                Self::RepeatPenalty => value > 0.0 && value < 1e6,
                Self::Seed => whole && (0.0..f64::from(u32::MAX)).contains(&value),
            };
        if !fine {
            return Err(refused());
        }
        // What the settings themselves refuse: a temperature so close to 0 that logits become infinite.
        let mut settings = SamplingSettings::default();
        self.set(&mut settings, value);
        settings.validate().map(|()| value).map_err(|invalid| invalid.to_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_temperature_too_close_to_0_is_refused() {
        let refused = Knob::Temperature.parse("1e-10").expect_err("logits would become infinite");
        assert!(refused.contains("from 0.000001"), "{refused}");
        assert_eq!(Knob::Temperature.parse("0"), Ok(0.0));
    }

    #[test]
    fn steps_land_on_the_grid() {
        assert_eq!(Knob::Temperature.moved(0.8, 1, false).to_string(), "0.85");
        assert_eq!(Knob::Temperature.moved(0.83, 1, false).to_string(), "0.85");
        assert_eq!(Knob::Temperature.moved(0.83, -1, false).to_string(), "0.8");
        assert_eq!(Knob::Temperature.moved(0.05, -1, true).to_string(), "0");
        assert_eq!(Knob::TopK.moved(40.0, -1, true).to_string(), "30");
        assert_eq!(Knob::TopP.moved(1.0, 1, false).to_string(), "1");
    }

    #[test]
    fn what_a_person_types_is_taken_or_explained() {
        assert_eq!(Knob::Temperature.parse("0,7"), Ok(0.7));
        assert_eq!(Knob::Temperature.parse("5"), Ok(5.0));
        for (knob, text) in [
            (Knob::TopP, "1.5"),
            (Knob::TopK, "2.5"),
            (Knob::Temperature, "NaN"),
            (Knob::Temperature, "-1"),
            (Knob::Seed, "4294967295"),
            (Knob::RepeatPenalty, "0"),
            (Knob::MinP, "warm"),
        ] {
            let error = knob.parse(text).unwrap_err();
            assert!(error.starts_with(knob.label()) && error.contains(text), "{error}");
        }
    }

    proptest! {
        #[test]
        fn every_value_that_is_taken_is_valid(index in 0_usize..6, text in "[-+0-9.,eE]{1,8}|NaN|inf") {
            let knob = Knob::ALL[index];
            if let Ok(value) = knob.parse(&text) {
                let mut settings = SamplingSettings::default();
                knob.set(&mut settings, value);
                prop_assert!(settings.validate().is_ok(), "{:?} {}", knob, value);
                for (steps, coarse) in [(1, false), (-1, false), (1, true), (-1, true)] {
                    knob.set(&mut settings, knob.moved(value, steps, coarse));
                    prop_assert!(settings.validate().is_ok());
                }
            }
        }
    }
}
