//! The settings that sliders and presets change, and the preset they are compared with.

use super::{Effect, Screen, State};
use crate::sampling::{Preset, SamplingSettings};

impl State {
    /// The sampling settings that sliders and presets change: those of the lane in focus where lanes are compared.
    #[must_use]
    pub fn settings_in_hand(&self) -> &SamplingSettings {
        let lane = if self.screen == Screen::Compare { self.compare.settings() } else { None };
        lane.unwrap_or(&self.sampling)
    }

    /// Changes the settings in hand: the bars follow at once, what is written stays.
    pub(super) fn set_sampling(&mut self, settings: SamplingSettings) -> Vec<Effect> {
        if self.screen == Screen::Compare && self.compare.settings().is_some() {
            return self.set_lane_settings(settings);
        }
        if let Some(session) = &mut self.session {
            if let Err(error) = session.set_settings(settings.clone()) {
                self.notice = Some(error.to_string());
                return Vec::new();
            }
            self.sampling = session.settings().clone();
        } else {
            self.sampling = settings;
        }
        self.sampling_changed = true;
        self.stale = true;
        match self.screen {
            Screen::Seeds => self.seeds_follow_settings(),
            // The sample is another one.
            Screen::Beam => self.want(),
            _ => Vec::new(),
        }
    }

    /// The preset that the settings in hand are compared with.
    #[must_use]
    pub fn preset(&self) -> &Preset {
        &self.presets[self.preset_index()]
    }

    pub(super) fn set_preset_index(&mut self, index: usize) {
        if self.screen == Screen::Compare {
            self.compare.preset = index;
        } else {
            self.preset = index;
        }
    }

    pub(super) fn preset_index(&self) -> usize {
        if self.screen == Screen::Compare { self.compare.preset } else { self.preset }
    }
}
