//! A stop condition as a row of a list: its limit, moved by steps or typed.

use std::time::Duration;

use crate::settings::{StopPattern, StopSettings, escape, unescape};

/// What can end a text besides an end token and a full context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopRow {
    /// A number of tokens.
    Tokens,
    /// A text.
    Text,
    /// A number of sentences.
    Sentences,
    /// A number of lines.
    Lines,
    /// Repetitions in a row.
    Loop,
    /// A regular expression.
    Regex,
    /// A time.
    Time,
    /// Entropy of the next distribution that is too high.
    EntropyAbove,
    /// Entropy of the next distribution that is too low.
    EntropyBelow,
    /// A likeliest token that is too likely.
    TopAbove,
    /// A likeliest token that is not likely enough.
    TopBelow,
}

/// How a limit is counted.
struct Scale {
    /// The least that means something; what is below it is no limit.
    least: f64,
    most: f64,
    /// What one key press moves it by.
    step: f64,
    /// Digits behind the point that it is kept to when it is moved.
    decimals: i32,
    /// What it is a number of, to be named when something else was typed.
    what: &'static str,
}

impl StopRow {
    /// All of them, in the order in which they are checked.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::Tokens,
        Self::Time,
        Self::Regex,
        Self::Sentences,
        Self::Lines,
        Self::Loop,
        Self::EntropyAbove,
        Self::EntropyBelow,
        Self::TopAbove,
        Self::TopBelow,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Text => "stop text",
            Self::Sentences => "sentences",
            Self::Lines => "lines",
            Self::Loop => "loop",
            Self::Regex => "regex",
            Self::Time => "time",
            Self::EntropyAbove => "entropy above",
            Self::EntropyBelow => "entropy below",
            Self::TopAbove => "top probability above",
            Self::TopBelow => "top probability below",
        }
    }

    /// Its limit: a count, seconds, bits, or a probability. None where there is none, and for texts and expressions.
    #[must_use]
    pub fn limit(self, stop: &StopSettings) -> Option<f64> {
        let limit = match self {
            // Here 0 is a limit, and what is below it none.
            Self::Tokens => return u32::try_from(stop.predict).ok().map(f64::from),
            Self::Sentences => f64::from(stop.sentences),
            Self::Lines => f64::from(stop.lines),
            Self::Loop => f64::from(stop.loop_times),
            Self::Time => stop.max_time?.as_secs_f64(),
            Self::EntropyAbove => stop.entropy_above,
            Self::EntropyBelow => stop.entropy_below,
            Self::TopAbove => stop.top_prob_above,
            Self::TopBelow => stop.top_prob_below,
            Self::Text | Self::Regex => 0.0,
        };
        (limit > 0.0).then_some(limit)
    }

    /// The texts or expressions that it looks for.
    #[must_use]
    pub fn texts(self, stop: &StopSettings) -> Vec<&str> {
        match self {
            Self::Text => stop.strings.iter().map(String::as_str).collect(),
            Self::Regex => stop.regex.iter().map(StopPattern::source).collect(),
            _ => Vec::new(),
        }
    }

    /// None for texts and expressions.
    const fn scale(self) -> Option<Scale> {
        let (least, most, step, decimals, what) = match self {
            Self::Tokens | Self::Sentences | Self::Lines => (1.0, i32::MAX as f64, 1.0, 0, "number"),
            Self::Loop => (2.0, i32::MAX as f64, 1.0, 0, "number"),
            Self::Time => (0.001, 86_400.0, 1.0, 3, "time in seconds"),
            Self::EntropyAbove | Self::EntropyBelow => (0.001, 32.0, 0.1, 1, "number of bits"),
            Self::TopAbove | Self::TopBelow => (0.001, 1.0, 0.01, 2, "probability"),
            Self::Text | Self::Regex => return None,
        };
        Some(Scale { least, most, step, decimals, what })
    }

    /// Sets its limit; one below the least is none.
    fn set_limit(self, stop: &mut StopSettings, limit: f64) {
        let Some(scale) = self.scale() else { return };
        let limit = if limit < scale.least { 0.0 } else { limit.min(scale.most) };
        match self {
            Self::Tokens => stop.predict = if limit == 0.0 { -1 } else { limit as i32 },
            Self::Sentences => stop.sentences = limit as u32,
            Self::Lines => stop.lines = limit as u32,
            Self::Loop => stop.loop_times = limit as u32,
            Self::Time => stop.max_time = (limit > 0.0).then(|| Duration::from_secs_f64(limit)),
            Self::EntropyAbove => stop.entropy_above = limit,
            Self::EntropyBelow => stop.entropy_below = limit,
            Self::TopAbove => stop.top_prob_above = limit,
            Self::TopBelow => stop.top_prob_below = limit,
            Self::Text | Self::Regex => {}
        }
    }

    /// Moves its limit by so many steps; from none to the least that a step makes.
    pub(super) fn step(self, stop: &mut StopSettings, by: i32) {
        let Some(scale) = self.scale() else { return };
        let tidy = |limit: f64| {
            let places = 10_f64.powi(scale.decimals);
            (limit * places).round() / places
        };
        let moved = f64::from(by) * scale.step;
        match self.limit(stop) {
            Some(limit) => self.set_limit(stop, tidy(limit + moved)),
            None if by > 0 => self.set_limit(stop, tidy(moved).max(scale.least)),
            None => {}
        }
    }

    /// What is typed to have it as it is; nothing where it cannot be typed, which are several texts.
    pub(super) fn typed(self, stop: &StopSettings) -> String {
        match (self, &self.texts(stop)[..]) {
            (Self::Text, [text]) => escape(text),
            (Self::Regex, [source]) => (*source).to_owned(),
            _ => self.limit(stop).map_or_else(String::new, |limit| limit.to_string()),
        }
    }

    /// Sets it to what was typed; nothing is no such condition. The error says what can be typed.
    pub(super) fn accept(self, stop: &mut StopSettings, typed: &str) -> Result<(), String> {
        match self.scale() {
            Some(scale) => {
                let limit = self.parse(&scale, typed.trim())?;
                self.set_limit(stop, limit);
            }
            None if self == Self::Text => {
                let text = unescape(typed).map_err(|error| error.to_string())?;
                stop.strings = if text.is_empty() { Vec::new() } else { vec![text] };
            }
            None if typed.is_empty() => stop.regex = Vec::new(),
            None => {
                let pattern = StopPattern::new(typed).map_err(|why| format!("regex: {why}"))?;
                stop.regex = vec![pattern];
            }
        }
        Ok(())
    }

    fn parse(self, scale: &Scale, typed: &str) -> Result<f64, String> {
        if typed.is_empty() {
            return Ok(0.0);
        }
        let limit = typed.parse().ok().filter(|limit: &f64| {
            (0.0..=scale.most).contains(limit) && (scale.decimals > 0 || limit.fract() == 0.0)
        });
        limit.ok_or_else(|| {
            let (name, Scale { least, most, what, .. }) = (self.name(), scale);
            let range = if scale.decimals == 0 { format!("from {least}") } else { format!("up to {most}") };
            format!("{name} cannot be {typed:?}: expected a {what} {range}, or nothing for no limit")
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn limits_move_from_none_to_the_least_and_back() {
        let mut stop = StopSettings::default();
        let mut seen = Vec::new();
        for by in [-1, 1, 1, -1, -1, -1] {
            StopRow::Loop.step(&mut stop, by);
            seen.push(StopRow::Loop.limit(&stop));
        }
        assert_eq!(seen, [None, Some(2.0), Some(3.0), Some(2.0), None, None]);
        StopRow::Tokens.step(&mut stop, 10);
        StopRow::Tokens.step(&mut stop, -10);
        assert_eq!((stop.predict, stop.validate()), (-1, Ok(())));
        StopRow::Tokens.accept(&mut stop, "2147483647").expect("a number");
        assert_eq!(stop.predict, i32::MAX);
        for wrong in ["-3", "1.5", "4294967295", "NaN", "inf"] {
            assert!(StopRow::Tokens.accept(&mut stop, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn bits_and_probabilities_move_by_tenths_and_hundredths() {
        let mut stop = StopSettings::default();
        for _ in 0..3 {
            StopRow::EntropyAbove.step(&mut stop, 1);
            StopRow::TopBelow.step(&mut stop, 1);
        }
        assert_eq!((stop.entropy_above, stop.top_prob_below), (0.3, 0.03), "no 0.30000000000000004");
        StopRow::EntropyAbove.step(&mut stop, -10);
        StopRow::TopBelow.step(&mut stop, 1000);
        assert_eq!((stop.entropy_above, stop.top_prob_below), (0.0, 1.0));
        let why = StopRow::TopAbove.accept(&mut stop, "1.5").expect_err("too much");
        assert_eq!(
            why,
            "top probability above cannot be \"1.5\": expected a probability up to 1, or nothing for no limit"
        );
        StopRow::Time.accept(&mut stop, "2.5").expect("a time");
        assert_eq!(stop.max_time, Some(Duration::from_millis(2500)));
        StopRow::Time.accept(&mut stop, "").expect("nothing");
        assert_eq!(stop.max_time, None);
    }

    #[test]
    fn an_expression_that_is_none_is_refused_with_the_reason() {
        let mut stop = StopSettings::default();
        StopRow::Regex.accept(&mut stop, r"\d+").expect("an expression");
        assert_eq!(StopRow::Regex.typed(&stop), r"\d+");
        let why = StopRow::Regex.accept(&mut stop, "a(").expect_err("none");
        assert_eq!((&why[..], stop.regex.len()), ("regex: unclosed group", 1));
        StopRow::Regex.accept(&mut stop, "").expect("nothing");
        assert_eq!(stop.regex, []);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_or_stepped_leaves_settings_that_are_allowed(
            moves in prop::collection::vec((0..StopRow::ALL.len(), -20..20_i32, ".{0,8}|[0-9.e-]{0,6}"), 0..20),
        ) {
            let mut stop = StopSettings::default();
            for (row, by, typed) in moves {
                let row = StopRow::ALL[row];
                row.step(&mut stop, by);
                if row.accept(&mut stop, &typed).is_ok() && !row.typed(&stop).is_empty() {
                    // What a row opens with gives what is there.
                    let mut again = stop.clone();
                    prop_assert_eq!(row.accept(&mut again, &row.typed(&stop)), Ok(()));
                    prop_assert_eq!(&again, &stop);
                }
                prop_assert_eq!(stop.validate(), Ok(()));
            }
        }
    }
}
