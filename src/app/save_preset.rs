//! Saving the settings in hand under a name.

use std::path::PathBuf;

use crossterm::event::KeyEvent;

use super::{
    Effect, Overlay, State,
    input::{LineKey, line_key},
};
use crate::{sampling::Preset, text::Shown};

/// Characters of a name that can be typed; what a file's name may be is checked when it is saved.
const LONGEST: usize = 64;

impl State {
    /// Asks for a name.
    pub(super) fn ask_preset_name(&mut self) {
        self.desk.pause_all();
        self.desk.overlays.push(Overlay::SavePreset { name: String::new() });
    }

    pub(super) fn type_preset_name(&mut self, key: KeyEvent) {
        let settings = self.settings_in_hand().clone();
        let Some(Overlay::SavePreset { name }) = self.desk.overlays.last_mut() else { return };
        match line_key(key) {
            LineKey::Type(c) if name.chars().count() < LONGEST => name.push(c),
            LineKey::Delete => drop(name.pop()),
            LineKey::Clear => name.clear(),
            LineKey::GiveUp => drop(self.desk.overlays.pop()),
            LineKey::Accept if !name.trim().is_empty() => {
                let name = name.trim().to_owned();
                self.desk.overlays.pop();
                self.desk.ask(Effect::SavePreset(name, Box::new(settings)));
            }
            LineKey::Accept => self.desk.say("Type the name that the settings are to be saved under."),
            LineKey::Type(_) | LineKey::Other => {}
        }
    }

    /// Takes in a preset that was saved: it takes the place of one of the same name.
    pub(super) fn preset_saved(&mut self, saved: Result<(Box<Preset>, PathBuf), String>) {
        let (preset, path) = match saved {
            Ok(saved) => saved,
            Err(why) => return self.desk.fail("The settings could not be saved", why),
        };
        self.desk.notice = Some(format!("Saved: {}", Shown::path(&path).as_str()));
        let presets = &mut self.desk.hand.presets;
        let at = presets.iter().position(|present| present.name == preset.name);
        let at = at.unwrap_or(presets.len());
        presets.truncate(presets.len().max(at));
        if at == presets.len() {
            presets.push(*preset);
        } else {
            presets[at] = *preset;
        }
        self.set_preset_index(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Message, fixture::Fixture};
    use crate::sampling::SamplingOverrides;

    #[test]
    fn settings_are_saved_under_a_typed_name_and_compared_with_from_then_on() {
        let mut fixture = Fixture::new();
        fixture.keys(&["f4", "right", "P", "m", "y", "x", "backspace", "space", "1", "enter"]);
        let Some(Effect::SavePreset(name, settings)) = fixture.other.pop() else {
            panic!("nothing is saved")
        };
        assert_eq!(
            (name.as_str(), settings.temperature),
            ("my 1", fixture.state.desk.hand.sampling.temperature)
        );
        assert!(fixture.state.desk.overlays.is_empty());
        let before = fixture.state.desk.hand.presets.len();
        let preset = |about: &str| Preset {
            name: "my 1".into(),
            about: about.into(),
            sampling: SamplingOverrides::default(),
        };
        fixture.send(Message::PresetSaved(Ok((Box::new(preset("first")), "/c/presets/my 1.toml".into()))));
        assert_eq!(
            (fixture.state.desk.hand.presets.len(), fixture.state.desk.hand.preset),
            (before + 1, before)
        );
        assert!(fixture.state.desk.notice.as_deref().is_some_and(|notice| notice.contains("my 1.toml")));
        fixture.send(Message::PresetSaved(Ok((Box::new(preset("again")), "/c/presets/my 1.toml".into()))));
        assert_eq!(fixture.state.desk.hand.presets.len(), before + 1, "in place of the first");
        assert_eq!(fixture.state.preset().about, "again");
    }

    #[test]
    fn nothing_is_saved_without_a_name_and_a_failure_is_said() {
        let mut fixture = Fixture::new();
        fixture.keys(&["P", "enter", "space", "enter"]);
        assert!(matches!(fixture.state.desk.overlays.last(), Some(Overlay::SavePreset { .. })));
        fixture.keys(&["esc"]);
        assert!(fixture.other.is_empty() && fixture.state.desk.overlays.is_empty());
        fixture.send(Message::PresetSaved(Err("no room".into())));
        assert!(
            matches!(fixture.state.desk.overlays.last(), Some(Overlay::Error { text, .. }) if text == "no room")
        );
    }
}
