//! The settings that sliders and presets change, and the preset they are compared with.

use super::{Effect, Screen, State};
use crate::sampling::{Preset, SamplingSettings};

impl State {
    /// The sampling settings that sliders and presets change: those of the lane in focus where lanes are compared.
    #[must_use]
    pub fn settings_in_hand(&self) -> &SamplingSettings {
        let lane = if self.desk.screen == Screen::Compare { self.rooms.compare.settings() } else { None };
        lane.unwrap_or(&self.desk.hand.sampling)
    }

    /// Changes the settings in hand: the bars follow at once, what is written stays.
    pub(super) fn set_sampling(&mut self, settings: SamplingSettings) -> Vec<Effect> {
        if self.desk.screen == Screen::Compare && self.rooms.compare.settings().is_some() {
            return self.set_lane_settings(settings);
        }
        if let Some(session) = &mut self.desk.walk.session {
            if let Err(error) = session.set_settings(settings.clone()) {
                self.desk.notice = Some(error.to_string());
                return Vec::new();
            }
            self.desk.hand.sampling = session.settings().clone();
        } else {
            self.desk.hand.sampling = settings;
        }
        self.desk.hand.changed = true;
        self.desk.stale = true;
        match self.desk.screen {
            Screen::Seeds => self.seeds_follow_settings(),
            // The sample is another one.
            Screen::Beam => self.want(),
            _ => Vec::new(),
        }
    }

    /// The preset that the settings in hand are compared with.
    #[must_use]
    pub fn preset(&self) -> &Preset {
        &self.desk.hand.presets[self.preset_index()]
    }

    pub(super) fn set_preset_index(&mut self, index: usize) {
        if self.desk.screen == Screen::Compare {
            self.rooms.compare.preset = index;
        } else {
            self.desk.hand.preset = index;
        }
    }

    pub(super) fn preset_index(&self) -> usize {
        if self.desk.screen == Screen::Compare { self.rooms.compare.preset } else { self.desk.hand.preset }
    }
}
