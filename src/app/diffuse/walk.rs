//! Going forth and back: what the canvas needs next is asked for, and steps that are known are taken.

use std::sync::Arc;

use super::super::{Desk, PanelId};
use super::{CanvasAsk, Diffuse, Joints, Wish, events::on_screen};
use crate::{
    decode::diffusion::{Diffusion, DiffusionError, Template},
    engine::{Vocabulary, canvas_thread::CanvasReady},
    keymap::Context,
    token::Token,
};

/// Positions after a prompt where nobody says how many, as far as the model takes them.
pub(super) const ROOM: usize = 48;

impl Diffuse {
    /// The screen is shown, or there is another prompt: makes what is not there.
    pub(super) fn come_in(&mut self, desk: &mut Desk) {
        let offered = desk.offered.take();
        match (&self.engine.model, offered) {
            (_, Some(file)) => self.load_model(Some(file), desk),
            (super::CanvasModel::Unasked, None) => self.load_model(None, desk),
            (_, None) => {
                let changed = self.prompt.as_ref() != Some(&desk.prompt.text);
                if changed && self.engine.ready().is_some() {
                    // Whoever chooses a prompt is done with the gaps of another text.
                    self.infill = None;
                    self.tokens = None;
                    (self.target, self.redo) = (0, 0);
                    self.begin(desk);
                }
            }
        }
        self.go_on(desk);
    }

    /// Lets go of the canvas and of all that was asked about it.
    pub(super) fn let_canvas_go(&mut self, desk: &mut Desk) {
        self.engine.forget(desk);
        self.canvas = None;
        self.trouble = None;
        self.joints = Joints::default();
        self.sweep = None;
        self.beside.text_changed();
        desk.stale = true;
    }

    /// Begins the canvas anew; steps that were taken before are taken again up to `target`.
    pub(super) fn begin(&mut self, desk: &mut Desk) {
        self.let_canvas_go(desk);
        let Some(ready) = self.engine.ready().cloned() else { return };
        if self.infill.is_none() && self.tokens.is_none() {
            self.prompt = Some(desk.prompt.text.clone());
            self.setup.length = None;
            return self.engine.ask(Wish::Prompt, CanvasAsk::Tokenize(desk.prompt.text.clone()), desk);
        }
        match self.new_canvas(&ready) {
            Ok(canvas) => {
                self.setup.range =
                    (canvas.template().prompt_len(), canvas.template().gaps(), ready.shape.longest);
                let first = canvas.masked().next().unwrap_or(0);
                if self.position >= canvas.canvas().len() || canvas.template().is_given(self.position) {
                    self.position = first;
                }
                self.canvas = Some(canvas);
            }
            Err(error) => self.trouble = Some(on_screen(&error.to_string())),
        }
    }

    fn new_canvas(&self, ready: &CanvasReady) -> Result<Diffusion, DiffusionError> {
        let (shape, vocabulary) = (ready.shape, Arc::clone(&ready.vocabulary));
        let template = self.template(&vocabulary, shape.mask, shape.longest)?;
        let (settings, sampling) = (self.setup.diffusion, self.setup.sampling.clone());
        Diffusion::new(vocabulary, shape, template, settings, sampling)
    }

    fn template(
        &self,
        vocabulary: &Vocabulary,
        mask: Token,
        longest: usize,
    ) -> Result<Template, DiffusionError> {
        let length = self.setup.length;
        if let Some(text) = &self.infill {
            return Template::infill(text, vocabulary, mask, length);
        }
        let tokens = self.tokens.as_deref().unwrap_or_default();
        let length = length.unwrap_or_else(|| longest.min(tokens.len() + ROOM));
        Template::after_prompt(tokens, length, mask)
    }

    pub(super) fn prompt_read(&mut self, tokens: Result<Vec<Token>, String>, desk: &mut Desk) {
        match tokens {
            Ok(tokens) => {
                self.tokens = Some(tokens);
                self.begin(desk);
            }
            Err(why) => self.trouble = Some(why),
        }
    }

    /// Asks for what is needed next, the nearest to a person first: the steps, the neighbours, the sweep, what the other model
    /// says.
    pub(super) fn go_on(&mut self, desk: &mut Desk) {
        if self.engine.ready().is_some() && self.trouble.is_none() {
            self.walk(desk);
            self.measure_neighbours(desk);
            self.go_on_with_sweep(desk);
        }
        self.judge(desk);
    }

    /// Takes the steps that are known, up to the target, and asks for the pass that comes next.
    pub(super) fn walk(&mut self, desk: &mut Desk) {
        let Some(canvas) = &mut self.canvas else { return };
        let before = canvas.at();
        while canvas.at() < self.target && (canvas.forward() || canvas.wanted().is_none() && canvas.forward())
        {
        }
        if canvas.at() != before {
            self.candidate = 0;
            desk.stale = true;
        }
        if canvas.at() >= self.redo || canvas.is_over() {
            self.redo = 0;
        }
        if canvas.is_over() {
            self.target = canvas.at();
            if desk.play.playing() {
                desk.play.pause();
            }
            return;
        }
        if self.engine.is_asked() {
            return;
        }
        let Some(pass) = canvas.wanted() else { return };
        let vocabulary = Arc::clone(canvas.vocabulary());
        self.engine.ask(Wish::Step, CanvasAsk::Read { vocabulary, pass: Box::new(pass) }, desk);
    }

    /// One step more.
    pub(super) fn step_canvas(&mut self, desk: &mut Desk) {
        let Some(canvas) = &self.canvas else { return self.say_no_canvas(desk) };
        if canvas.is_over() {
            desk.play.pause();
            desk.say_with_keys(
                Context::Diffuse,
                "Everything is written. {back} goes back step by step, {restart} starts over.",
            );
            return;
        }
        self.trouble = None;
        self.target = self.target.max(canvas.at()).saturating_add(1);
        desk.stale = true;
        self.go_on(desk);
    }

    /// Goes back by so many steps; they stay known.
    pub(super) fn steps_back(&mut self, steps: usize, desk: &mut Desk) {
        desk.play.pause();
        let Some(canvas) = &mut self.canvas else { return self.say_no_canvas(desk) };
        let from = if self.target == usize::MAX { canvas.at() } else { self.target.max(canvas.at()) };
        if from == 0 {
            return desk.say("No step has been taken yet: everything after the prompt is masked.");
        }
        self.redo = 0;
        self.target = from.saturating_sub(steps);
        canvas.go_to(self.target);
        self.candidate = 0;
        desk.stale = true;
        self.go_on(desk);
    }

    pub(super) fn play_canvas(&mut self, desk: &mut Desk) {
        if desk.play.playing() {
            desk.pause_all();
            return self.go_on(desk);
        }
        if self.canvas.is_none() || self.is_over() {
            return self.step_canvas(desk);
        }
        self.trouble = None;
        desk.stale = true;
        desk.play.start();
    }

    /// Takes back the steps that were asked for and not taken yet.
    pub(super) fn take_back(&mut self) {
        // Steps that are taken again were there before: they come whatever happens.
        self.target = self.canvas.as_ref().map_or(0, Diffusion::at).max(self.redo);
    }

    /// Says why there is no canvas.
    pub(super) fn say_no_canvas(&self, desk: &mut Desk) {
        use super::CanvasModel as M;
        match (&self.engine.model, &self.trouble) {
            (_, Some(why)) => desk.say(why.clone()),
            (M::Missing(_), _) => desk.say("There is no diffusion model: load one first."),
            (M::Unasked | M::Loading(_), _) => desk.say("The model is still being loaded."),
            (M::Ready(_), _) => desk.say("The prompt is still being read."),
        }
    }

    /// Goes to the panel that a key of the screen leads to.
    pub(super) fn focus_on(panel: PanelId, desk: &mut Desk) {
        desk.focus = panel;
        desk.stale = true;
    }
}
