//! The few colours a theme file names.

use super::rgb::Rgb;

/// A named colour of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Behind everything.
    Background,
    /// Raised a little from the background: overlays, every other token.
    Surface,
    /// Ordinary text.
    Text,
    /// Labels, frames, what matters less.
    Dim,
    /// The one colour that draws the eye: focus, keys, the chosen token.
    Accent,
    /// What must be distinguishable from the accent: the prompt, the raw distribution.
    Second,
    /// All is well.
    Good,
    /// Take notice.
    Warn,
    /// An error; what was cut.
    Bad,
    /// The least likely token.
    RampLow,
    /// In between.
    RampMid,
    /// The most likely token.
    RampHigh,
}

impl Role {
    /// Every role, in the order of the theme files.
    pub const ALL: [Self; 12] = [
        Self::Background,
        Self::Surface,
        Self::Text,
        Self::Dim,
        Self::Accent,
        Self::Second,
        Self::Good,
        Self::Warn,
        Self::Bad,
        Self::RampLow,
        Self::RampMid,
        Self::RampHigh,
    ];

    /// The role's key in a theme file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Surface => "surface",
            Self::Text => "text",
            Self::Dim => "dim",
            Self::Accent => "accent",
            Self::Second => "second",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::RampLow => "ramp-low",
            Self::RampMid => "ramp-mid",
            Self::RampHigh => "ramp-high",
        }
    }
}

/// Steps of the ramp between an unlikely and a likely token.
pub const RAMP_STEPS: usize = 8;

/// A colour for every role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette([Rgb; Role::ALL.len()]);

impl Palette {
    /// A palette from a function that knows each role's colour; the first role it does not know is the error.
    pub fn try_new(colour: impl Fn(Role) -> Option<Rgb>) -> Result<Self, Role> {
        let mut colours = [Rgb::new(0, 0, 0); Role::ALL.len()];
        for role in Role::ALL {
            colours[role as usize] = colour(role).ok_or(role)?;
        }
        Ok(Self(colours))
    }

    /// The colour of a role.
    #[must_use]
    pub const fn get(&self, role: Role) -> Rgb {
        self.0[role as usize]
    }

    /// The ramp from unlikely to likely: straight lines in Oklab from low over mid to high, with steps of
    /// equal lightness when mid's lightness lies between those of the ends.
    #[must_use]
    pub fn ramp(&self) -> [Rgb; RAMP_STEPS] {
        let [low, mid, high] = [Role::RampLow, Role::RampMid, Role::RampHigh].map(|role| self.get(role));
        let bend = bend(low.oklab()[0], mid.oklab()[0], high.oklab()[0]);
        std::array::from_fn(|step| {
            let t = step as f64 / (RAMP_STEPS - 1) as f64;
            if t <= bend { low.mix(mid, t / bend) } else { mid.mix(high, (t - bend) / (1.0 - bend)) }
        })
    }
}

/// Where on the ramp, 0 to 1, its middle colour sits so that lightness grows evenly.
fn bend(low: f64, mid: f64, high: f64) -> f64 {
    let part = (mid - low) / (high - low);
    // A middle outside or at the very end of the range would leave no room for one of the halves.
    if (0.1..=0.9).contains(&part) { part } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greys(low: u8, mid: u8, high: u8) -> Palette {
        Palette::try_new(|role| {
            let level = match role {
                Role::RampLow => low,
                Role::RampMid => mid,
                _ => high,
            };
            Some(Rgb::new(level, level, level))
        })
        .expect("every role has a colour")
    }

    #[test]
    fn roles_are_numbered_in_the_order_of_the_table() {
        for (index, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, index);
        }
    }

    #[test]
    fn the_first_missing_role_is_named() {
        let missing =
            Palette::try_new(|role| (role != Role::Warn && role != Role::Bad).then_some(Rgb::new(1, 2, 3)));
        assert_eq!(missing, Err(Role::Warn));
    }

    #[test]
    fn the_ramp_starts_low_and_ends_high() {
        let ramp = greys(40, 60, 250).ramp();
        assert_eq!((ramp[0], ramp[RAMP_STEPS - 1]), (Rgb::new(40, 40, 40), Rgb::new(250, 250, 250)));
    }

    #[test]
    fn steps_of_equal_lightness_wherever_the_middle_is() {
        let ramp = greys(40, 90, 250).ramp().map(|colour| colour.oklab()[0]);
        let step = (ramp[7] - ramp[0]) / 7.0;
        for pair in ramp.windows(2) {
            assert!((pair[1] - pair[0] - step).abs() < 0.004, "{ramp:?}");
        }
    }

    #[test]
    fn a_middle_outside_the_ends_is_put_in_the_middle() {
        assert!((bend(0.2, 0.9, 0.5) - 0.5).abs() < 1e-12);
        assert!((bend(0.5, 0.5, 0.5) - 0.5).abs() < 1e-12, "not a number when all are equal");
        assert!((bend(0.8, 0.6, 0.0) - 0.25).abs() < 1e-12, "light themes run downwards");
    }
}
