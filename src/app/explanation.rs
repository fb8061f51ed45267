//! A setting, stage or panel explained: a sentence, its formula, how it is set now.

use super::{Knob, XrayPanel};
use crate::sampling::{SamplerKind, SamplingSettings, StageKind};

/// What an explanation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained.
    pub title: &'static str,
    /// What it does, in a sentence or two.
    pub about: &'static str,
    /// What it computes; empty where there is nothing to compute.
    pub formula: &'static str,
    /// How it is set now; empty where nothing can be set.
    pub setting: String,
}

impl Explanation {
    /// A stage of the chain.
    #[must_use]
    pub fn of_stage(kind: StageKind, settings: &SamplingSettings) -> Self {
        let off = settings.switched_off(kind);
        let setting = settings.text_of(kind);
        let setting = match off {
            Some(off) if setting.is_empty() => off.to_string(),
            Some(off) => format!("{setting} ({off})"),
            None => setting,
        };
        Self { title: kind.label(), about: kind.about(), formula: kind.formula(), setting }
    }

    /// A slider.
    #[must_use]
    pub fn of_knob(knob: Knob, settings: &SamplingSettings) -> Self {
        match knob.sampler() {
            Some(kind) => {
                let stage = Self::of_stage(kind.into(), settings);
                Self { title: knob.label(), about: knob.about(), ..stage }
            }
            None => Self {
                title: knob.label(),
                about: knob.about(),
                formula: "u is the next number in [0, 1) from mt19937, seeded with the seed; the token where the running \
                 sum of p first exceeds u is drawn",
                setting: settings.seed.map_or_else(String::new, |seed| seed.to_string()),
            },
        }
    }

    /// The model's own distribution.
    #[must_use]
    pub fn of_softmax() -> Self {
        Self {
            title: "model",
            about: "The model gives every token in the vocabulary a number, its logit. Softmax turns the logits into \
             probabilities.",
            formula: "p = e^ℓ / Σ e^ℓ, the sum over the whole vocabulary; entropy H = −Σ p · log₂ p",
            setting: String::new(),
        }
    }

    /// A panel of the X-ray screen.
    #[must_use]
    pub const fn of_panel(panel: XrayPanel) -> Self {
        Self { title: panel.title(), about: panel.about(), formula: "", setting: String::new() }
    }
}

impl Knob {
    /// The sampler that it sets; None for the seed.
    #[must_use]
    pub const fn sampler(self) -> Option<SamplerKind> {
        match self {
            Self::Temperature => Some(SamplerKind::Temperature),
            Self::TopP => Some(SamplerKind::TopP),
            Self::TopK => Some(SamplerKind::TopK),
            Self::MinP => Some(SamplerKind::MinP),
            Self::RepeatPenalty => Some(SamplerKind::Penalties),
            Self::Seed => None,
        }
    }
}
