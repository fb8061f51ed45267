//! The sliders of drafts.

use crate::decode::speculative::SpeculativeSettings;

/// A setting of drafts with a slider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DraftKnob {
    /// Tokens that the draft model proposes at most.
    #[default]
    Gamma,
    /// Where it stops.
    PMin,
    /// Drafts shorter than this are thrown away.
    NMin,
    /// Tokens that are looked for.
    LookupN,
    /// Tokens that are copied at most.
    LookupLength,
}

impl DraftKnob {
    /// All, in the order of the panel.
    pub const ALL: [Self; 5] = [Self::Gamma, Self::PMin, Self::NMin, Self::LookupN, Self::LookupLength];

    /// The name beside the slider.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gamma => "γ (n-max)",
            Self::PMin => "p-min",
            Self::NMin => "n-min",
            Self::LookupN => "lookup n",
            Self::LookupLength => "copied",
        }
    }

    const fn range(self) -> (f64, f64, f64) {
        match self {
            Self::Gamma => (0.0, 16.0, 1.0),
            Self::PMin => (0.0, 1.0, 0.05),
            Self::NMin => (0.0, 8.0, 1.0),
            Self::LookupN => (1.0, 12.0, 1.0),
            Self::LookupLength => (1.0, 24.0, 1.0),
        }
    }

    /// The right end of the track.
    #[must_use]
    pub fn maximum(self) -> String {
        self.range().1.to_string()
    }

    /// The value.
    #[must_use]
    pub fn value(self, settings: &SpeculativeSettings) -> f64 {
        match self {
            Self::Gamma => settings.n_max as f64,
            Self::PMin => settings.p_min,
            Self::NMin => settings.n_min as f64,
            Self::LookupN => settings.lookup.n as f64,
            Self::LookupLength => settings.lookup.length as f64,
        }
    }

    /// Writes a value, kept to the track.
    pub fn set(self, settings: &mut SpeculativeSettings, value: f64) {
        let (least, most, step) = self.range();
        // In whole steps, so that many of them leave no trail of digits.
        let value = ((value / step).round() * step).clamp(least, most);
        match self {
            Self::Gamma => settings.n_max = value as usize,
            Self::PMin => settings.p_min = (value * 100.0).round() / 100.0,
            Self::NMin => settings.n_min = value as usize,
            Self::LookupN => settings.lookup.n = value as usize,
            Self::LookupLength => settings.lookup.length = value as usize,
        }
    }

    /// A value some steps further.
    #[must_use]
    pub fn moved(self, value: f64, steps: i32, coarse: bool) -> f64 {
        value + f64::from(steps) * self.range().2 * if coarse { 4.0 } else { 1.0 }
    }

    /// Where a value lies on the track, 0 to 1.
    #[must_use]
    pub fn fraction(self, value: f64) -> f64 {
        let (least, most, _) = self.range();
        ((value - least) / (most - least)).clamp(0.0, 1.0)
    }

    /// The value at a place of the track.
    #[must_use]
    pub fn value_at(self, fraction: f64) -> f64 {
        let (least, most, _) = self.range();
        least + fraction.clamp(0.0, 1.0) * (most - least)
    }

    /// A value as text.
    #[must_use]
    pub fn text(self, value: f64) -> String {
        if self == Self::PMin { format!("{value:.2}") } else { format!("{value:.0}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_on_their_tracks() {
        let mut settings = SpeculativeSettings::default();
        for knob in DraftKnob::ALL {
            for value in [-5.0, 0.0, 0.52, 3.0, 100.0] {
                knob.set(&mut settings, value);
                assert_eq!(settings.validate(), Ok(()), "{knob:?} {value}");
                assert!((0.0..=1.0).contains(&knob.fraction(knob.value(&settings))));
            }
        }
        DraftKnob::PMin.set(&mut settings, 0.52);
        assert_eq!(DraftKnob::PMin.text(settings.p_min), "0.50");
        let moved = DraftKnob::PMin.moved(settings.p_min, 1, false);
        DraftKnob::PMin.set(&mut settings, moved);
        assert_eq!(settings.p_min.to_string(), "0.55");
        DraftKnob::Gamma.set(&mut settings, DraftKnob::Gamma.value_at(1.0));
        assert_eq!(settings.n_max, 16);
    }
}
