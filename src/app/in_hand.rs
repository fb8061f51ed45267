//! The settings that sliders and presets change, and the preset they are compared with: those of the step screen, or the
//! present screen's own.

use super::State;
use crate::sampling::{Preset, SamplingSettings};

impl State {
    /// The sampling settings that sliders and presets change: those of the lane in focus where lanes are compared.
    #[must_use]
    pub fn settings_in_hand(&self) -> &SamplingSettings {
        self.rooms.of(self.desk.screen).settings().unwrap_or(&self.desk.hand.sampling)
    }

    /// Changes the settings in hand: the bars follow at once, what is written stays.
    pub(super) fn set_sampling(&mut self, settings: SamplingSettings) {
        self.rooms.of_mut(self.desk.screen).set_settings(settings, &mut self.desk);
    }

    /// The preset that the settings in hand are compared with.
    #[must_use]
    pub fn preset(&self) -> &Preset {
        &self.desk.hand.presets[self.preset_index()]
    }

    pub(super) fn set_preset_index(&mut self, index: usize) {
        match self.rooms.of_mut(self.desk.screen).preset_mut() {
            Some(preset) => *preset = index,
            None => self.desk.hand.preset = index,
        }
    }

    pub(super) fn preset_index(&self) -> usize {
        self.rooms.of(self.desk.screen).preset().unwrap_or(self.desk.hand.preset)
    }
}
