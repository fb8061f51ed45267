//! What a person changes: settings, the text, a position.

use crossterm::event::KeyEvent;

use super::super::{
    Desk, Editor, Flow, Overlay,
    input::{LineKey, line_key, take_place},
};
use super::{CanvasKnob, CanvasSetup, Diffuse, PanelId};
use crate::{
    decode::diffusion::{Diffusion, DiffusionError, Template},
    engine::PromptText,
    sampling::Mirostat,
    token::Token,
};

impl Diffuse {
    /// Sets a slider's value.
    pub(super) fn set_knob(&mut self, knob: CanvasKnob, value: f64, desk: &mut Desk) {
        let mut setup = self.setup.clone();
        knob.set(&mut setup, value);
        if setup == self.setup {
            return desk.say(format!("{}: that is the limit.", knob.label()));
        }
        let anew = knob.begins_anew();
        self.change(setup, anew, desk);
    }

    /// Takes other settings.
    pub(super) fn set_up(&mut self, setup: CanvasSetup, desk: &mut Desk) {
        if setup.sampling.mirostat != Mirostat::Off || !setup.sampling.grammar.is_none() {
            return desk.say(
                DiffusionError::Setting {
                    setting: if setup.sampling.grammar.is_none() { "mirostat" } else { "a grammar" },
                }
                .to_string(),
            );
        }
        let anew = setup.sampling.seed != self.setup.sampling.seed;
        self.change(setup, anew, desk);
    }

    /// What stands there stays, and what comes next follows the new settings; where these are about all of it, or all of it is
    /// written, the canvas begins anew and is written as far as it was.
    pub(super) fn change(&mut self, setup: CanvasSetup, anew: bool, desk: &mut Desk) {
        if setup.length != self.setup.length && self.is_over_long(&setup, desk) {
            return;
        }
        if (setup.diffusion, &setup.sampling) != (self.setup.diffusion, &self.setup.sampling) {
            self.sweep = None;
        }
        self.setup = CanvasSetup { touched: true, ..setup };
        desk.stale = true;
        let over = self.is_over() || self.redo == usize::MAX;
        let at = self.canvas.as_ref().map_or(0, Diffusion::at);
        if anew || over || self.canvas.is_none() {
            let target = if over { usize::MAX } else { self.target.max(at).max(self.redo) };
            (self.target, self.redo) = (target, target);
            return self.begin_and_go_on(desk);
        }
        self.text_changes(desk);
        let (settings, sampling) = (self.setup.diffusion, self.setup.sampling.clone());
        let set = self.canvas.as_mut().map(|canvas| canvas.set(settings, sampling));
        if let Some(Err(error)) = set {
            self.trouble = Some(error.to_string());
        }
        self.go_on(desk);
    }

    /// Whether a canvas of this length is more than the model takes, which is said.
    fn is_over_long(&self, setup: &CanvasSetup, desk: &mut Desk) -> bool {
        let (given, _, longest) = setup.range;
        match setup.length {
            Some(length) if length > longest => {
                desk.say(format!("This model takes canvases of up to {longest} positions."));
                true
            }
            Some(length) if length <= given && self.infill.is_none() => {
                desk.say(format!("The prompt alone has {given} tokens: a canvas needs a position more."));
                true
            }
            _ => false,
        }
    }

    pub(super) fn begin_and_go_on(&mut self, desk: &mut Desk) {
        self.begin(desk);
        self.go_on(desk);
    }

    /// What was asked about later steps means nothing any more.
    fn text_changes(&mut self, desk: &mut Desk) {
        self.engine.forget(desk);
        self.trouble = None;
        let at = self.canvas.as_ref().map_or(0, Diffusion::at);
        self.joints.forget_from(at);
        self.beside.text_changed();
    }

    /// Writes a token at the selected position.
    pub(super) fn open_position(&mut self, token: Token, desk: &mut Desk) {
        self.by_hand(desk, |canvas, position| canvas.open(position, token));
    }

    /// Masks the selected position again.
    pub(super) fn mask_position(&mut self, desk: &mut Desk) {
        let masked = self
            .canvas
            .as_ref()
            .is_some_and(|canvas| canvas.canvas().get(self.position) == Some(&canvas.mask()));
        if masked {
            return desk.say(format!("Position {} is masked already.", self.position + 1));
        }
        self.by_hand(desk, Diffusion::mask_again);
    }

    fn by_hand(
        &mut self,
        desk: &mut Desk,
        change: impl FnOnce(&mut Diffusion, usize) -> Result<(), DiffusionError>,
    ) {
        if self.canvas.is_none() {
            return self.say_no_canvas(desk);
        }
        desk.play.pause();
        self.text_changes(desk);
        let position = self.position;
        let Some(canvas) = &mut self.canvas else { return };
        match change(canvas, position) {
            Ok(()) => {}
            Err(DiffusionError::Given { .. }) => {
                desk.say(format!("Position {} is given and stays as it is.", position + 1));
            }
            Err(error) => desk.say(error.to_string()),
        }
        (self.target, self.redo) = (canvas.at(), 0);
        self.candidate = 0;
        desk.stale = true;
        self.go_on(desk);
    }

    /// Other random numbers: the canvas is written again as far as it was.
    pub(super) fn other_seed(&mut self, desk: &mut Desk) {
        let seed = self.setup.sampling.seed.unwrap_or(0).wrapping_add(1) % u32::MAX;
        let mut setup = self.setup.clone();
        setup.sampling.seed = Some(seed);
        desk.say(format!("Seed {seed}: the canvas starts over."));
        self.change(setup, true, desk);
    }

    /// Opens the editor for the prompt, or the text with gaps.
    pub(super) fn edit_text(&self, desk: &mut Desk) {
        desk.pause_all();
        let prompt = match &self.infill {
            Some(text) => PromptText { text: text.clone(), ..PromptText::default() },
            None => desk.prompt.text.clone(),
        };
        desk.overlays.push(Overlay::Prompt(Box::new(Editor::of_canvas(&prompt, &desk.prompt.history))));
    }

    /// Takes a text: with gaps they are filled, and it is this screen's alone; whether it was one.
    pub(in crate::app) fn take_text(&mut self, text: &str, desk: &mut Desk) -> bool {
        let gaps = Template::has_gap(text);
        if gaps || self.infill.is_some() {
            self.setup.length = None;
            self.infill = gaps.then(|| text.to_owned());
            self.prompt = gaps.then(|| desk.prompt.text.clone());
            self.tokens = None;
            (self.target, self.redo, self.position) = (0, 0, 0);
            if gaps {
                desk.remember(text.to_owned());
            }
            self.begin_and_go_on(desk);
        }
        gaps
    }

    /// Begins to type the value of the selected slider.
    pub(super) fn begin_typing(&mut self) {
        let knob = self.knob();
        self.typing = Some((knob.text(knob.value(&self.setup)), true));
    }

    /// Takes pasted text for a value that is being typed; whether one is.
    pub(super) fn paste_value(&mut self, line: &str) -> bool {
        let Some((text, fresh)) = &mut self.typing else { return false };
        take_place(text, fresh);
        text.push_str(line);
        true
    }

    /// Takes a key for a value that is being typed.
    pub(super) fn type_value(&mut self, key: KeyEvent, desk: &mut Desk) -> Flow {
        let Some((mut text, mut fresh)) = self.typing.take() else { return Flow::Pass };
        if desk.focus != PanelId::CanvasSettings {
            return Flow::Pass;
        }
        desk.stale = true;
        match line_key(key) {
            LineKey::Type(c) => {
                take_place(&mut text, &mut fresh);
                text.push(c);
            }
            LineKey::Delete => {
                fresh = false;
                text.pop();
            }
            LineKey::Clear => {
                fresh = false;
                text.clear();
            }
            LineKey::GiveUp => return Flow::Done,
            LineKey::Accept => match self.knob().parse(&text) {
                Ok(value) => {
                    self.set_knob(self.knob(), value, desk);
                    return Flow::Done;
                }
                Err(why) => desk.say(why),
            },
            LineKey::Other => {}
        }
        self.typing = Some((text, fresh));
        Flow::Done
    }
}
