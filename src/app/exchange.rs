//! Settings taken along and brought in: as a llama.cpp command line and as a JSON body.

use super::{Effect, Overlay, State};
use crate::{
    engine::PromptText,
    sampling::{PasteError, Pasted, command_line, from_pasted, json_body},
};

/// How the settings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CopyFormat {
    /// The flags of llama.cpp's tools.
    #[default]
    CommandLine,
    /// A request to llama.cpp's server, and `OpenAI`'s where it has the same.
    Json,
}

impl CopyFormat {
    /// Both, in the order of the overlay.
    pub const ALL: [Self; 2] = [Self::CommandLine, Self::Json];

    /// What it is called.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::CommandLine => "llama.cpp command line",
            Self::Json => "JSON body",
        }
    }
}

/// A pasted text that holds sampling settings, and what is to be done with it.
#[derive(Debug)]
pub struct PasteOffer {
    /// The text.
    pub text: String,
    /// The settings in it.
    pub pasted: Pasted,
    /// The selected choice: 0 the settings, 1 the text as a prompt.
    pub selected: usize,
}

impl PasteOffer {
    /// Choices of the list.
    pub const CHOICES: [&str; 2] = ["Use these settings", "Take the text as a prompt"];
}

impl State {
    /// The settings in hand, written so; empty where they are llama.cpp's defaults.
    #[must_use]
    pub fn settings_text(&self, format: CopyFormat) -> String {
        let context = self.session.as_ref().map_or(0, |session| session.context());
        match format {
            CopyFormat::CommandLine => command_line(self.settings_in_hand(), context),
            CopyFormat::Json => json_body(self.settings_in_hand(), context),
        }
    }

    /// Hands what the overlay shows to the terminal's clipboard.
    pub(super) fn copy(&mut self, format: CopyFormat) -> Vec<Effect> {
        let text = self.settings_text(format);
        if text.is_empty() {
            self.notice = Some("These are llama.cpp's defaults: there is nothing to copy.".into());
            return Vec::new();
        }
        self.notice = Some(format!(
            "Copied the {}, if your terminal lets programs write its clipboard; if not, select it with the mouse (and shift).",
            format.title()
        ));
        vec![Effect::Copy(text)]
    }

    /// Shows the other format.
    pub(super) fn change_format(&mut self, by: i32) {
        if let Some(Overlay::Copy { format, scroll }) = self.top_overlay() {
            let at = CopyFormat::ALL.iter().position(|other| other == format).unwrap_or(0) as i32;
            *format = CopyFormat::ALL[(at + by).rem_euclid(CopyFormat::ALL.len() as i32) as usize];
            *scroll = 0;
        }
    }

    /// Offers the settings in a text that was pasted onto the screen. Any other text is a new prompt; one that was meant as
    /// settings and is wrong is refused with a sentence.
    pub(super) fn paste_onto_screen(&mut self, text: &str) {
        match from_pasted(text) {
            Ok(pasted) => {
                self.pause_all();
                self.overlays.push(Overlay::Pasted(Box::new(PasteOffer {
                    text: text.to_owned(),
                    pasted,
                    selected: 0,
                })));
            }
            Err(error) if meant_as_settings(text, &error) => {
                self.notice = Some(format!("Not taken: {error}."));
            }
            Err(_) => self.paste_as_prompt(text),
        }
    }

    /// A new prompt, to be looked at before it runs.
    pub(super) fn paste_as_prompt(&mut self, text: &str) {
        self.pause_all();
        let mut editor = super::Editor::new(&PromptText::default(), &self.history);
        editor.paste(text);
        self.overlays.push(Overlay::Prompt(Box::new(editor)));
    }

    /// Does what was chosen.
    pub(super) fn take_offer(&mut self, offer: &PasteOffer) -> Vec<Effect> {
        if offer.selected > 0 {
            self.paste_as_prompt(&offer.text);
            return Vec::new();
        }
        let mut settings = offer.pasted.settings.clone();
        if offer.pasted.given.seed.is_none() {
            // The dice go on as they were.
            settings.seed = self.settings_in_hand().seed;
        }
        self.notice = Some(offer.pasted.about_left_out().unwrap_or_else(|| "The settings are taken.".into()));
        self.set_sampling(settings)
    }
}

/// Whether a text that gives no settings was meant to: it looks like flags, or like JSON that was read and is wrong.
fn meant_as_settings(text: &str, error: &PasteError) -> bool {
    let text = text.trim_start();
    match error {
        PasteError::Nothing(_) | PasteError::NoJson(_) | PasteError::TooLong(_) => false,
        PasteError::OpenQuote(_) => text.starts_with('-'),
        PasteError::NoValue(_) | PasteError::Value { .. } | PasteError::NotAllowed(_) => {
            text.starts_with(['-', '{']) || text.starts_with("llama") || text.starts_with("./")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Message, fixture::Fixture};

    fn paste(fixture: &mut Fixture, text: &str) {
        fixture.send(Message::Paste(text.into()));
    }

    #[test]
    fn settings_are_shown_and_copied() {
        let mut fixture = Fixture::new();
        fixture.keys(&["f4", "home", "right", "Y"]);
        let Some(Overlay::Copy { format: CopyFormat::CommandLine, .. }) = fixture.state.overlays.last()
        else {
            panic!("no overlay")
        };
        let text = fixture.state.settings_text(CopyFormat::CommandLine);
        assert!(text.contains("--temp 0.85"), "{text}");
        fixture.keys(&["enter"]);
        assert_eq!(fixture.other, [Effect::Copy(text)]);
        fixture.keys(&["right", "enter"]);
        let Some(Effect::Copy(json)) = fixture.other.last() else { panic!("{:?}", fixture.other) };
        assert!(json.contains("\"temperature\": 0.85"), "{json}");
    }

    #[test]
    fn what_was_copied_can_be_pasted() {
        let mut fixture = Fixture::new();
        fixture.keys(&["f4", "home", "right", "end", "up", "right"]);
        for format in CopyFormat::ALL {
            let (wanted, text) = (fixture.state.sampling.clone(), fixture.state.settings_text(format));
            let mut other = Fixture::new();
            paste(&mut other, &text);
            other.keys(&["enter"]);
            assert_eq!(other.state.sampling, wanted, "{text}");
            assert!(other.state.overlays.is_empty());
        }
    }

    #[test]
    fn what_is_not_about_sampling_is_named_and_a_seed_stays() {
        let mut fixture = Fixture::new();
        paste(&mut fixture, "llama-cli -m model.gguf --top-k 7 -ngl 99");
        fixture.keys(&["enter"]);
        assert_eq!((fixture.state.sampling.top_k, fixture.state.sampling.seed), (7, Some(42)));
        let notice = fixture.state.notice.clone().unwrap();
        assert!(notice.contains("left out") && notice.contains("-ngl"), "{notice}");
    }

    #[test]
    fn a_text_with_settings_can_be_a_prompt_all_the_same() {
        let mut fixture = Fixture::new();
        paste(&mut fixture, "--temp 0.5");
        fixture.keys(&["down", "enter"]);
        let Some(Overlay::Prompt(editor)) = fixture.state.overlays.last() else { panic!("no editor") };
        assert_eq!(editor.prompt().text, "--temp 0.5");
        assert!((fixture.state.sampling.temperature - 0.8).abs() < 1e-6);
    }

    #[test]
    fn wrong_settings_are_told_and_prose_is_a_prompt() {
        let mut fixture = Fixture::new();
        paste(&mut fixture, "--temp warm");
        assert!(fixture.state.overlays.is_empty());
        assert!(fixture.state.notice.as_ref().unwrap().contains("warm"), "{:?}", fixture.state.notice);
        for prose in ["Once upon a time", "{\"name\": \"", "It's raining -- again", "- one\n- two"] {
            paste(&mut fixture, prose);
            let Some(Overlay::Prompt(editor)) = fixture.state.overlays.pop() else { panic!("{prose}") };
            assert_eq!(editor.prompt().text, prose);
        }
    }
}
