//! Settings taken along and brought in: as a llama.cpp command line and as a JSON body.

use super::{Effect, Overlay, Screen, State};
use crate::{
    engine::PromptText,
    sampling::{Pasted, SamplingSettings, Target, command_line, from_pasted_for, json_body, without_flag},
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
    pub const CHOICES: [&str; 2] = ["Use these settings", "Use the text as a prompt"];
}

impl CopyFormat {
    /// The format so many places after this one, in a circle.
    pub(super) fn next(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|&other| other == self).unwrap_or(0) as isize;
        Self::ALL[(at + by).rem_euclid(Self::ALL.len() as isize) as usize]
    }
}

impl State {
    /// The settings in hand, written so; empty where llama.cpp has them without a word.
    #[must_use]
    pub fn settings_text(&self, format: CopyFormat) -> String {
        match format {
            CopyFormat::CommandLine => command_line(self.settings_in_hand(), &self.target()),
            CopyFormat::Json => json_body(self.settings_in_hand(), &self.target()),
        }
    }

    /// What such a text leaves out, in a sentence.
    #[must_use]
    pub fn not_in_settings_text(&self) -> Option<String> {
        let left_out = without_flag(self.settings_in_hand());
        (!left_out.is_empty())
            .then(|| format!("Left out, because llama.cpp has no setting for it: {}.", left_out.join(", ")))
    }

    /// A run of llama.cpp on the model at hand.
    #[must_use]
    pub fn target(&self) -> Target {
        let context = self.desk.walk.session.as_ref().map_or(0, |session| session.context());
        let recommended = self.ready().map(|ready| ready.info.recommended());
        Target::new(context, &recommended.unwrap_or_default())
    }

    /// The settings that a pasted text makes: llama.cpp's defaults, what the model recommends, and the text over both, as
    /// llama.cpp takes it. Where the dice start and the banned texts stay, if the text does not have them: it hardly can.
    #[must_use]
    pub fn pasted_settings(&self, pasted: &Pasted) -> SamplingSettings {
        let own = self.settings_in_hand();
        let mut settings =
            self.ready().map_or_else(|| pasted.settings.clone(), |ready| ready.info.sampling(&pasted.given));
        if pasted.given.seed.is_none() {
            settings.seed = own.seed;
        }
        if pasted.given.banned_strings.is_none() {
            settings.banned_strings.clone_from(&own.banned_strings);
        }
        settings
    }

    /// What pasted settings take away, and what of one's own they keep; None where nobody would miss or expect it.
    #[must_use]
    pub fn about_pasted(&self, pasted: &Pasted) -> Option<String> {
        let (own, settings) = (self.settings_in_hand(), self.pasted_settings(pasted));
        let gone = [
            (!own.grammar.is_none() && settings.grammar.is_none(), "the grammar"),
            (!own.logit_bias.is_empty() && settings.logit_bias.is_empty(), "the logit biases"),
            (own.ignore_eos && !settings.ignore_eos, "the ban on end tokens"),
        ];
        let gone: Vec<&str> = gone.into_iter().filter_map(|(gone, name)| gone.then_some(name)).collect();
        let mut sentences = Vec::new();
        if !gone.is_empty() {
            sentences.push(format!("Not in the text, so these will be removed: {}.", gone.join(", ")));
        }
        if pasted.given.banned_strings.is_none() && !own.banned_strings.is_empty() {
            sentences.push("The banned texts are kept.".to_owned());
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// Hands what the overlay shows to the terminal's clipboard.
    pub(super) fn copy(&mut self, format: CopyFormat) {
        let text = self.settings_text(format);
        if text.is_empty() {
            self.desk.notice =
                Some("These are llama.cpp's defaults, so no flag is needed: nothing to copy.".into());
            return;
        }
        self.desk.notice = Some(format!(
            "Copied the {}, if your terminal lets programs set the clipboard. If not, select it with the mouse (hold \
             shift).",
            format.title()
        ));
        self.desk.ask(Effect::Copy(text));
    }

    /// Offers the settings in a text that was pasted onto the screen. Any other text is a new prompt; one that was meant as
    /// settings and is wrong is refused with a sentence.
    pub(super) fn paste_onto_screen(&mut self, text: &str) {
        let vocabulary = self.session().map(|session| session.vocabulary());
        let tokens =
            vocabulary.map(|vocabulary| |text: &str| vocabulary.tokenize_part(text).unwrap_or_default());
        match from_pasted_for(text, tokens.as_ref().map(|tokens| tokens as _)) {
            Ok(pasted) => {
                self.desk.pause_all();
                self.desk.overlays.push(Overlay::Pasted(Box::new(PasteOffer {
                    text: text.to_owned(),
                    pasted,
                    selected: 0,
                })));
            }
            Err(error) if error.is_about_settings(text) => {
                self.desk.notice = Some(format!("Not applied: {error}."));
            }
            Err(_) => self.paste_as_prompt(text),
        }
    }

    /// A new prompt, to be looked at before it runs.
    pub(super) fn paste_as_prompt(&mut self, text: &str) {
        self.desk.pause_all();
        let (empty, history) = (PromptText::default(), &self.desk.prompt.history);
        let mut editor = match self.desk.screen {
            // With gaps it is filled there.
            Screen::Diffuse => super::Editor::of_canvas(&empty, history),
            _ => super::Editor::new(&empty, history),
        };
        editor.paste(text);
        self.desk.overlays.push(Overlay::Prompt(Box::new(editor)));
    }

    /// Does what was chosen.
    pub(super) fn take_offer(&mut self, offer: &PasteOffer) {
        if offer.selected > 0 {
            self.paste_as_prompt(&offer.text);
            return;
        }
        let settings = self.pasted_settings(&offer.pasted);
        self.desk.notice = Some(offer.pasted.about_left_out().unwrap_or_else(|| "Settings applied.".into()));
        self.set_sampling(settings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{Message, fixture::Fixture},
        gguf::SamplingDefaults,
        sampling::GrammarSource,
    };

    fn paste(fixture: &mut Fixture, text: &str) {
        fixture.send(Message::Paste(text.into()));
    }

    #[test]
    fn settings_are_shown_and_copied() {
        let mut fixture = Fixture::new();
        fixture.keys(&["f4", "home", "right", "Y"]);
        let Some(Overlay::Copy { format: CopyFormat::CommandLine, .. }) = fixture.state.desk.overlays.last()
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
    fn what_the_model_recommends_is_written_over_and_counts_where_nothing_is_said() {
        let recommended = SamplingDefaults { temperature: Some(0.3), top_p: Some(0.5), ..Default::default() };
        let mut fixture = Fixture::recommending(recommended);
        assert!((fixture.state.desk.hand.sampling.temperature - 0.3).abs() < 1e-6);
        // llama.cpp's defaults are not what llama.cpp would take with this model.
        fixture.keys(&["]"]);
        let preset = fixture.state.preset().name.clone();
        while fixture.state.preset().name != "llama.cpp" {
            fixture.keys(&["]"]);
        }
        assert_ne!(preset, "llama.cpp");
        for format in CopyFormat::ALL {
            let text = fixture.state.settings_text(format);
            assert!(text.contains("temp") && text.contains("0.8") && text.contains("0.95"), "{text}");
            assert!(!text.contains("min"), "{text}");
        }
        // As llama.cpp would run that line.
        paste(&mut fixture, "llama-cli --top-k 7 --temp 0.8");
        fixture.keys(&["enter"]);
        let s = &fixture.state.desk.hand.sampling;
        assert_eq!(
            (s.temperature.to_string().as_str(), s.top_p.to_string().as_str(), s.top_k),
            ("0.8", "0.5", 7)
        );
    }

    #[test]
    fn what_is_left_out_kept_and_taken_away_is_said() {
        let mut fixture = Fixture::new();
        fixture.state.desk.hand.sampling.banned_strings = vec!["chair".into()];
        fixture.state.desk.hand.sampling.grammar = GrammarSource::gbnf("root ::= \" \"+").unwrap();
        let left_out = fixture.state.not_in_settings_text();
        assert_eq!(
            left_out.as_deref(),
            Some("Left out, because llama.cpp has no setting for it: --ban-string \"chair\".")
        );
        paste(&mut fixture, "--top-k 7");
        let Some(Overlay::Pasted(offer)) = fixture.state.desk.overlays.last() else { panic!("no offer") };
        assert_eq!(
            fixture.state.about_pasted(&offer.pasted).as_deref(),
            Some("Not in the text, so these will be removed: the grammar. The banned texts are kept.")
        );
        let s = fixture.state.pasted_settings(&offer.pasted);
        assert!(s.grammar.is_none() && s.banned_strings == ["chair"], "{s:?}");
    }

    #[test]
    fn the_programs_own_line_is_an_offer_and_a_broken_body_is_told() {
        let mut fixture = Fixture::new();
        paste(&mut fixture, "logitscope run --choice yes --choice no --ban-token 5 --ban-string foo");
        assert!(matches!(fixture.state.desk.overlays.pop(), Some(Overlay::Pasted(_))));
        paste(&mut fixture, "{\"temperature\":0.5");
        assert!(fixture.state.desk.overlays.is_empty());
        let notice = fixture.state.desk.notice.clone().unwrap();
        assert!(notice.starts_with("Not applied: this is not a JSON body: EOF"), "{notice}");
    }

    #[test]
    fn what_was_copied_can_be_pasted() {
        let mut fixture = Fixture::new();
        fixture.keys(&["f4", "home", "right", "end", "up", "right"]);
        for format in CopyFormat::ALL {
            let (wanted, text) =
                (fixture.state.desk.hand.sampling.clone(), fixture.state.settings_text(format));
            let mut other = Fixture::new();
            paste(&mut other, &text);
            other.keys(&["enter"]);
            assert_eq!(*other.state.sampling(), wanted, "{text}");
            assert!(other.state.overlays().is_empty());
        }
    }

    #[test]
    fn what_is_not_about_sampling_is_named_and_a_seed_stays() {
        let mut fixture = Fixture::new();
        paste(&mut fixture, "llama-cli -m model.gguf --top-k 7 -ngl 99");
        fixture.keys(&["enter"]);
        assert_eq!(
            (fixture.state.desk.hand.sampling.top_k, fixture.state.desk.hand.sampling.seed),
            (7, Some(42))
        );
        let notice = fixture.state.desk.notice.clone().unwrap();
        assert!(notice.contains("Ignored") && notice.contains("-ngl"), "{notice}");
    }

    #[test]
    fn a_text_with_settings_can_be_a_prompt_all_the_same() {
        let mut fixture = Fixture::new();
        paste(&mut fixture, "--temp 0.5");
        fixture.keys(&["down", "enter"]);
        let Some(Overlay::Prompt(editor)) = fixture.state.desk.overlays.last() else { panic!("no editor") };
        assert_eq!(editor.prompt().text, "--temp 0.5");
        assert!((fixture.state.desk.hand.sampling.temperature - 0.8).abs() < 1e-6);
    }

    #[test]
    fn wrong_settings_are_told_and_prose_is_a_prompt() {
        let mut fixture = Fixture::new();
        paste(&mut fixture, "--temp warm");
        assert!(fixture.state.desk.overlays.is_empty());
        assert!(
            fixture.state.desk.notice.as_ref().unwrap().contains("warm"),
            "{:?}",
            fixture.state.desk.notice
        );
        for prose in ["Once upon a time", "{\"name\": \"", "It's raining -- again", "- one\n- two"] {
            paste(&mut fixture, prose);
            let Some(Overlay::Prompt(editor)) = fixture.state.desk.overlays.pop() else { panic!("{prose}") };
            assert_eq!(editor.prompt().text, prose);
        }
    }
}
