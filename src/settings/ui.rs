//! How the screen looks and plays.

use serde::{Deserialize, Serialize};

use super::Invalid;
use super::invalid::Checks;
use crate::layer::layer;

/// How the screen looks and plays. All of it is ours; llama.cpp has no screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct UiSettings {
    /// A theme's name: one that comes with the program, or a file of the themes folder without its ending.
    pub theme: String,
    /// What the colour of a token in the text tells.
    pub colour_by: ColourBy,
    /// Tokens a second while it plays, 0.1 to 1000; 0 is as fast as it goes.
    pub speed: f32,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// When a chart of the end token stands under the text, and of what.
    pub end_chart: EndChart,
    /// Whether it is shown how likely the prompt's tokens are: its prefill then computes every token's distribution.
    pub score_prompt: bool,
    /// Whether the step is shown large from the start.
    pub present: bool,
    /// Whether the wheel turns before it stops.
    pub animation: bool,
}

/// When a chart of the end token stands under the text, and of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndChart {
    /// Where the text keeps several rows.
    #[default]
    Auto,
    /// Always, if only in one row.
    On,
    /// Always, and its rank instead of its probability.
    Rank,
    /// Never.
    Off,
}

impl EndChart {
    /// Every choice, in the order a key goes through them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::On, Self::Rank, Self::Off];

    /// The name, as flags and config file write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::On => "on",
            Self::Rank => "rank",
            Self::Off => "off",
        }
    }
}

/// What the colour of a token in the text tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColourBy {
    /// The probability it was chosen with.
    #[default]
    Probability,
    /// The entropy of the distribution it was chosen from.
    Entropy,
    /// Its rank among all tokens.
    Rank,
    /// The bits of its surprisal.
    Surprisal,
}

impl ColourBy {
    /// Every choice, in the order a key goes through them.
    pub const ALL: [Self; 4] = [Self::Probability, Self::Entropy, Self::Rank, Self::Surprisal];

    /// The name, as flags and config file write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Probability => "probability",
            Self::Entropy => "entropy",
            Self::Rank => "rank",
            Self::Surprisal => "surprisal",
        }
    }
}

impl Default for UiSettings {
    fn default() -> Self {
        Self {
            theme: "dark".to_owned(),
            colour_by: ColourBy::default(),
            speed: 8.0,
            mouse: true,
            end_chart: EndChart::default(),
            score_prompt: false,
            present: false,
            animation: true,
        }
    }
}

layer! {
    /// One layer of [`UiSettings`].
    pub struct UiOverrides for UiSettings {
        theme: String,
        colour_by: ColourBy,
        speed: f32,
        mouse: bool,
        end_chart: EndChart,
        score_prompt: bool,
        present: bool,
        animation: bool,
    }
}

impl UiSettings {
    /// Whether every value is allowed; the first that is not. Whether the theme exists is for the theme loader to say.
    pub fn validate(&self) -> Result<(), Invalid> {
        let checks = Checks("ui");
        checks.require(!self.theme.is_empty(), "theme", "--theme", "\"\"", "the name of a theme")?;
        let speed = self.speed;
        checks.require(
            speed == 0.0 || (0.1..=1000.0).contains(&speed),
            "speed",
            "--speed",
            speed,
            "a number of tokens per second from 0.1 to 1000, or 0 for as fast as possible",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds() {
        let with = |speed| UiSettings { speed, ..Default::default() }.validate();
        for speed in [0.0, 0.1, 8.0, 1000.0] {
            assert_eq!(with(speed), Ok(()), "{speed}");
        }
        for speed in [-1.0, 0.01, 1001.0, f32::NAN, f32::INFINITY] {
            assert!(with(speed).is_err(), "{speed}");
        }
    }

    #[test]
    fn a_theme_has_a_name() {
        let refused = UiSettings { theme: String::new(), ..Default::default() }.validate();
        assert_eq!(refused.expect_err("empty").field, "theme");
    }
}
