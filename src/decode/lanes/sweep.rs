//! A sweep: one setting in several values, a lane for each.

use crate::sampling::{SamplingOverrides, SamplingSettings};

use super::Lanes;

/// A setting that can be swept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the settings' own names")]
pub enum SweepField {
    Temperature,
    TopK,
    TopP,
    MinP,
    TypicalP,
    RepeatPenalty,
    Seed,
}

/// Why a sweep cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// The text is not a sweep.
    #[error("\"{0}\" is not a sweep; write NAME=FROM:TO:STEP, as in temp=0:2:0.4, with one of {NAMES}")]
    Form(String),
    /// Its steps lead away from its last value.
    #[error(
        "a sweep from {from} to {to} cannot go in steps of {step}: FROM is {side} TO, so the step must be {step_side} 0"
    )]
    Direction {
        /// The first value.
        from: String,
        /// The last.
        to: String,
        /// From value to value.
        step: String,
        /// Where the first lies of the last.
        side: &'static str,
        /// Where a step has to lie.
        step_side: &'static str,
    },
    /// It never goes on.
    #[error("a sweep from {from} to {to} in steps of 0 never goes on: the step must not be 0")]
    Still {
        /// The first value.
        from: String,
        /// The last.
        to: String,
    },
    /// A value that the setting cannot have.
    #[error(
        "{field} takes whole numbers from {least} to {most}, and this sweep would set it to {value}: choose FROM and STEP so \
         that every value is one"
    )]
    Value {
        /// The setting.
        field: &'static str,
        /// Its least value.
        least: i64,
        /// Its greatest.
        most: i64,
        /// The first value that it cannot have.
        value: String,
    },
    /// It makes too many lanes.
    #[error(
        "a sweep from {from} to {to} in steps of {step} makes {count} lanes; at most {} are allowed: use a larger step",
        Lanes::MOST
    )]
    Count {
        /// The first value.
        from: String,
        /// The last.
        to: String,
        /// From value to value.
        step: String,
        /// How many lanes that would be.
        count: String,
    },
}

const NAMES: &str = "temp, top-k, top-p, min-p, typical, repeat-penalty, seed";

impl SweepField {
    /// Every field.
    pub const ALL: [Self; 7] = [
        Self::Temperature,
        Self::TopK,
        Self::TopP,
        Self::MinP,
        Self::TypicalP,
        Self::RepeatPenalty,
        Self::Seed,
    ];

    /// llama.cpp's flag without its dashes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Temperature => "temp",
            Self::TopK => "top-k",
            Self::TopP => "top-p",
            Self::MinP => "min-p",
            Self::TypicalP => "typical",
            Self::RepeatPenalty => "repeat-penalty",
            Self::Seed => "seed",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase().replace('_', "-");
        let name = match name.as_str() {
            "temperature" => "temp",
            "typical-p" => "typical",
            name => name,
        };
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The whole numbers that the setting takes; None where it takes others, too.
    const fn whole(self) -> Option<(i64, i64)> {
        match self {
            Self::TopK => Some((i32::MIN as i64, i32::MAX as i64)),
            // The greatest stands for a seed taken from the system.
            Self::Seed => Some((0, u32::MAX as i64 - 1)),
            _ => None,
        }
    }

    /// Whether the setting can have this value.
    fn check(self, value: f64) -> Result<(), SweepError> {
        let Some((least, most)) = self.whole() else { return Ok(()) };
        if value.fract() == 0.0 && (least as f64..=most as f64).contains(&value) {
            return Ok(());
        }
        Err(SweepError::Value { field: self.name(), least, most, value: value.to_string() })
    }

    fn overrides(self, value: f64) -> SamplingOverrides {
        let none = SamplingOverrides::default();
        let number = Some(value as f32);
        match self {
            Self::Temperature => SamplingOverrides { temperature: number, ..none },
            Self::TopK => SamplingOverrides { top_k: Some(value as i32), ..none },
            Self::TopP => SamplingOverrides { top_p: number, ..none },
            Self::MinP => SamplingOverrides { min_p: number, ..none },
            Self::TypicalP => SamplingOverrides { typical_p: number, ..none },
            Self::RepeatPenalty => SamplingOverrides { repeat_penalty: number, ..none },
            Self::Seed => {
                let seed = value.clamp(0.0, f64::from(u32::MAX - 1)) as u32;
                SamplingOverrides { seed: Some(Some(seed)), ..none }
            }
        }
    }
}

/// A setting and the values it takes in turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The setting.
    pub field: SweepField,
    /// Its values, one a lane.
    pub values: Vec<f64>,
}

impl Sweep {
    /// `n` values from `from` to `to`, both included, at equal distances; of a setting that takes whole numbers, the nearest
    /// of them.
    #[must_use]
    pub fn even(field: SweepField, from: f64, to: f64, n: usize) -> Self {
        let step = if n > 1 { (to - from) / (n - 1) as f64 } else { 0.0 };
        let value = |i| from + step * i as f64;
        let value = |i| if field.whole().is_some() { f64::round(value(i)) } else { rounded(value(i)) };
        Self { field, values: (0..n).map(value).collect() }
    }

    /// Reads `NAME=FROM:TO:STEP`.
    pub fn parse(text: &str) -> Result<Self, SweepError> {
        let wrong = || SweepError::Form(text.to_owned());
        let (name, range) = text.split_once('=').ok_or_else(wrong)?;
        let field = SweepField::parse(name).ok_or_else(wrong)?;
        let numbers: Vec<f64> = range
            .split(':')
            .map(|number| number.trim().parse().ok().filter(|number: &f64| number.is_finite()))
            .collect::<Option<_>>()
            .ok_or_else(wrong)?;
        let &[from, to, step] = &numbers[..] else { return Err(wrong()) };
        if step == 0.0 {
            let [from, to] = [from, to].map(|number| number.to_string());
            return Err(SweepError::Still { from, to });
        }
        // A little more than the quotient: 2 ÷ 0.4 comes out below 5.
        let steps = ((to - from) / step + 1e-6).floor();
        if !(0.0..Lanes::MOST as f64).contains(&steps) {
            let (up, numbers) = (to > from, [from, to, step].map(|number| number.to_string()));
            if steps < 0.0 && steps.is_finite() {
                let [from, to, step] = numbers;
                let (side, step_side) = if up { ("below", "above") } else { ("above", "below") };
                return Err(SweepError::Direction { from, to, step, side, step_side });
            }
            let count = if steps.is_finite() { (steps + 1.0).to_string() } else { "endless".into() };
            let [from, to, step] = numbers;
            return Err(SweepError::Count { from, to, step, count });
        }
        let values: Vec<f64> = (0..=steps as usize).map(|i| rounded(from + step * i as f64)).collect();
        values.iter().try_for_each(|&value| field.check(value))?;
        Ok(Self { field, values })
    }

    /// A lane for each value: its name, such as `temp 0.4`, and what it sets.
    pub fn overrides(&self) -> impl Iterator<Item = (String, SamplingOverrides)> + '_ {
        self.values
            .iter()
            .map(|&value| (format!("{} {value}", self.field.name()), self.field.overrides(value)))
    }

    /// A lane for each value: its name, and `base` with that value.
    pub fn lanes<'a>(
        &'a self,
        base: &'a SamplingSettings,
    ) -> impl Iterator<Item = (String, SamplingSettings)> + 'a {
        self.overrides().map(|(name, own)| {
            let mut settings = base.clone();
            own.apply(&mut settings);
            (name, settings)
        })
    }
}

/// Without the noise of adding steps up: nobody asks for a millionth.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_with_a_step_includes_its_end() {
        let sweep = Sweep::parse("temp=0:2:0.4").expect("a sweep");
        assert_eq!(sweep.values, [0.0, 0.4, 0.8, 1.2, 1.6, 2.0]);
        let names: Vec<String> = sweep.lanes(&SamplingSettings::default()).map(|(name, _)| name).collect();
        assert_eq!(names[..2], ["temp 0", "temp 0.4"]);
        assert_eq!(Sweep::even(SweepField::Temperature, 0.0, 2.0, 6), sweep);
        assert_eq!(Sweep::parse("top_p = 1:0.7:-0.1").expect("downwards").values, [1.0, 0.9, 0.8, 0.7]);
        assert_eq!(Sweep::parse("seed=7:7:1").expect("one").values, [7.0]);
    }

    #[test]
    fn the_value_reaches_its_setting_alone() {
        let base = SamplingSettings::default();
        for field in SweepField::ALL {
            let sweep = Sweep { field, values: vec![3.0] };
            let (name, settings) = sweep.lanes(&base).next().expect("one value");
            assert_eq!(name, format!("{} 3", field.name()));
            assert_ne!(settings, base);
            assert_eq!(SweepField::parse(field.name()), Some(field));
        }
    }

    #[test]
    fn what_is_no_sweep_is_reported() {
        for wrong in ["", "temp", "temp=", "temp=1", "temp=0:2", "warmth=0:2:1", "temp=a:2:1", "temp=0:nan:1"]
        {
            assert_eq!(Sweep::parse(wrong), Err(SweepError::Form(wrong.to_owned())), "{wrong}");
        }
        let error = Sweep::parse("temp=0:2:0.1").expect_err("21 lanes").to_string();
        assert!(error.starts_with("a sweep from 0 to 2 in steps of 0.1 makes 21 lanes"), "{error}");
        for still in ["temp=0:2:0", "temp=2:0:0", "top-k=3:3:0", "seed=1:2:-0"] {
            let error = Sweep::parse(still).expect_err("it never goes on");
            assert!(error.to_string().ends_with("the step must not be 0"), "{still}: {error}");
        }
        let error = |text| Sweep::parse(text).expect_err("the wrong way").to_string();
        let told =
            "a sweep from 2 to 0 cannot go in steps of 0.4: FROM is above TO, so the step must be below 0";
        assert_eq!(error("temp=2:0:0.4"), told);
        assert!(error("temp=0:2:-1").ends_with("FROM is below TO, so the step must be above 0"));
    }

    #[test]
    fn whole_numbers_are_swept_in_whole_numbers() {
        let error = |text| Sweep::parse(text).expect_err("no such value").to_string();
        let told =
            "top-k takes whole numbers from -2147483648 to 2147483647, and this sweep would set it to 1.5:";
        assert!(error("top-k=1:2:0.5").starts_with(told), "{}", error("top-k=1:2:0.5"));
        assert!(error("top-k=1e10:1e10:1").contains("would set it to 10000000000"));
        assert!(error("seed=-1:2:1").starts_with("seed takes whole numbers from 0 to 4294967294, and"));
        assert!(error("seed=4294967294:4294967295:1").contains("set it to 4294967295"));
        assert!(error("seed=0.5:1:1").contains("set it to 0.5"));
        assert_eq!(Sweep::parse("seed=4294967293:4294967294:1").expect("two").values.len(), 2);
        assert_eq!(Sweep::parse("top-k=-1:1:1").expect("three").values, [-1.0, 0.0, 1.0]);
        assert_eq!(Sweep::even(SweepField::TopK, 1.0, 4.0, 3).values, [1.0, 3.0, 4.0]);
    }

    proptest! {
        #[test]
        fn no_text_makes_more_lanes_than_there_can_be(text in "(temp|seed)=[-0-9.e:]{0,20}") {
            if let Ok(sweep) = Sweep::parse(&text) {
                prop_assert!((1..=Lanes::MOST).contains(&sweep.values.len()));
            }
        }
    }
}
