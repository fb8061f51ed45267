//! What the thread of the diffusion model tells.

use std::{path::PathBuf, sync::Arc};

use super::super::Desk;
use super::{CanvasAnswer, CanvasModel, CanvasSetup, Diffuse, Wish};
use crate::{
    decode::{diffusion::Answer, random_seed},
    engine::{
        canvas_thread::{CanvasEvent, CanvasReady},
        worker::Ticket,
    },
    sampling::{GrammarSource, Mirostat},
};

impl Diffuse {
    /// Takes in what the thread tells.
    pub(in crate::app) fn canvas_event(&mut self, event: CanvasEvent<CanvasAnswer>, desk: &mut Desk) {
        desk.stale = true;
        match event {
            CanvasEvent::Loading(part) => {
                // The model before is gone, and the canvas that it wrote with it.
                self.let_canvas_go(desk);
                self.engine.model = CanvasModel::Loading(part);
            }
            CanvasEvent::Loaded(ready) => self.loaded(ready, desk),
            CanvasEvent::LoadFailed { why, kept } => {
                self.engine.not_loaded(&why, kept);
                desk.fail("The model could not be loaded here", why);
            }
            CanvasEvent::Prompt(ticket, tokens) => {
                if self.engine.answered(ticket) == Some(Wish::Prompt) {
                    self.prompt_read(tokens, desk);
                }
            }
            CanvasEvent::Done(ticket, answer) => self.passed(ticket, answer, desk),
            CanvasEvent::Failed(ticket, why) => {
                if let Some(wish) = self.engine.answered(ticket) {
                    self.failed(wish, &why, desk);
                }
            }
            CanvasEvent::GivenUp(ticket) => {
                if self.engine.answered(ticket) == Some(Wish::Load) {
                    self.engine.load_given_up();
                }
            }
            CanvasEvent::Aborted(message) => {
                self.let_canvas_go(desk);
                self.engine.lost(desk);
                let hint =
                    "The model cannot be used any further. Another one can be loaded, or the same one again.";
                desk.fail("llama.cpp failed inside", format!("{message}\n\n{hint}"));
            }
        }
        self.go_on(desk);
    }

    /// Loads a diffusion model in place of the present one; None for the one in the program.
    pub(in crate::app) fn load_model(&mut self, file: Option<PathBuf>, desk: &mut Desk) {
        desk.play.pause();
        self.take_back();
        self.engine.load(file, desk);
        desk.stale = true;
    }

    fn loaded(&mut self, ready: Arc<CanvasReady>, desk: &mut Desk) {
        self.let_canvas_go(desk);
        if self.setup.touched {
            self.setup.length = None;
        } else {
            // A setting changed on the step screen holds here too; before, the file's own defaults count.
            let mut sampling = desk.hand.for_model(&ready.info);
            sampling.seed = sampling.seed.or(desk.hand.sampling.seed);
            self.setup = CanvasSetup { sampling, ..CanvasSetup::default() };
            self.preset = desk.hand.preset;
        }
        self.setup.sampling.seed.get_or_insert_with(random_seed);
        if self.setup.without_order() {
            desk.say("Mirostat and a grammar follow a text from left to right: without effect on a canvas.");
        }
        self.engine.loaded(ready);
        self.tokens = None;
        self.begin(desk);
    }

    fn passed(&mut self, ticket: Ticket, answer: CanvasAnswer, desk: &mut Desk) {
        let Some(wish) = self.engine.answered(ticket) else { return };
        match answer {
            Ok(answer) => self.take_in(wish, answer, desk),
            Err(error) => self.failed(wish, &error.to_string(), desk),
        }
    }

    fn take_in(&mut self, wish: Wish, answer: Answer, desk: &mut Desk) {
        match wish {
            Wish::Step => {
                if let Some(canvas) = &mut self.canvas {
                    canvas.absorb(answer);
                }
                self.walk(desk);
            }
            Wish::Joint(step, position) => {
                if let Some(canvas) = &self.canvas {
                    self.joints.take_in(canvas, step, position, &answer);
                }
            }
            Wish::Sweep(row) => {
                if let Some(sweep) = &mut self.sweep {
                    sweep.take_in(row, answer);
                }
            }
            Wish::Load | Wish::Prompt => {}
        }
    }

    /// Something could not be done: nothing goes on until a person changes something.
    fn failed(&mut self, wish: Wish, why: &str, desk: &mut Desk) {
        let why = on_screen(why);
        desk.pause_all();
        desk.say(why.clone());
        match wish {
            Wish::Sweep(_) => self.sweep = None,
            _ => self.trouble = Some(why),
        }
    }
}

/// A sentence that names a flag of the command, as the screen calls it.
pub(super) fn on_screen(why: &str) -> String {
    why.replace("--diffusion-length", "the canvas length")
}

impl CanvasSetup {
    /// Takes what follows a text from left to right out of the sampling settings; whether there was any.
    pub(super) fn without_order(&mut self) -> bool {
        let sampling = &mut self.sampling;
        let had = sampling.mirostat != Mirostat::Off || !sampling.grammar.is_none();
        sampling.mirostat = Mirostat::Off;
        sampling.grammar = GrammarSource::default();
        had
    }
}
