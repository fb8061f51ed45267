//! The sampling settings of the step screen, the presets, and the slider in hand.

use super::super::Knob;
use crate::{
    engine::llama::ModelInfo,
    sampling::{Preset, SamplingOverrides, SamplingSettings},
};

/// A value being typed into a slider.
#[derive(Clone, Debug)]
pub struct Typing {
    /// Which.
    pub knob: Knob,
    /// What is typed so far; at first the value that it has.
    pub text: String,
    /// Whether nothing was typed yet: the first character takes the place of the value.
    pub fresh: bool,
}

/// The sampling settings, and the slider in hand.
pub(crate) struct Hand {
    /// The sampling settings.
    pub(in crate::app) sampling: SamplingSettings,
    /// Those that a person has set before the start.
    pub(super) given: SamplingOverrides,
    /// Whether one was changed on the screen.
    pub(in crate::app) changed: bool,
    /// Sampling settings by name.
    pub(in crate::app) presets: Vec<Preset>,
    /// The preset that settings are compared with.
    pub(in crate::app) preset: usize,
    /// The selected slider.
    pub(in crate::app) knob: Knob,
    /// The value being typed.
    pub(in crate::app) typing: Option<Typing>,
    /// The slider that the mouse holds.
    pub(in crate::app) dragged: Option<Knob>,
    /// Where a drag in finest steps began: the mouse's column, and the slider's value.
    pub(super) dragged_from: Option<(u16, f64)>,
}

impl Hand {
    /// The settings at start, which of them a person has set, and the presets with the one that they are compared with.
    pub(in crate::app) fn new(
        sampling: SamplingSettings,
        given: SamplingOverrides,
        presets: Vec<Preset>,
        preset: usize,
    ) -> Self {
        Self {
            sampling,
            given,
            changed: false,
            preset: preset.min(presets.len().saturating_sub(1)),
            presets,
            knob: Knob::Temperature,
            typing: None,
            dragged: None,
            dragged_from: None,
        }
    }

    /// A model is there. A setting changed on the screen holds for it too; before, the file's own defaults count.
    pub(in crate::app) fn take_defaults(&mut self, info: &ModelInfo) {
        self.sampling = self.for_model(info);
    }

    /// The settings that count for a model: those changed on the screen, else the file's own defaults under what was given.
    pub(in crate::app) fn for_model(&self, info: &ModelInfo) -> SamplingSettings {
        if self.changed { self.sampling.clone() } else { info.sampling(&self.given) }
    }

    /// The settings that a person has set before the start.
    pub(in crate::app) fn given(&self) -> &SamplingOverrides {
        &self.given
    }

    /// The mouse holds no slider any more.
    pub(in crate::app) fn let_go(&mut self) {
        (self.dragged, self.dragged_from) = (None, None);
    }

    /// The slider that the mouse holds follows it on its own row.
    pub(in crate::app) fn drag_on_track(&mut self, knob: Knob) {
        (self.knob, self.dragged_from) = (knob, None);
    }

    /// The mouse is beside the row of the slider that it holds: the column where it left it, and the slider's value then.
    pub(in crate::app) fn drag_beside(&mut self, column: u16, value: f64) -> (u16, f64) {
        *self.dragged_from.get_or_insert((column, value))
    }
}
