//! The diffusion model of the screen: loading it, and what its thread is asked.

use std::{path::PathBuf, sync::Arc};

use super::super::{Desk, Effect};
use super::{CanvasAsk, Wish};
use crate::{
    engine::{canvas_thread::CanvasReady, worker::Ticket},
    settings::ModelSettings,
};

/// The diffusion model.
#[derive(Clone, Debug, Default)]
pub enum CanvasModel {
    /// The screen was not shown yet.
    #[default]
    Unasked,
    /// It is being loaded; 0 to 1.
    Loading(f32),
    /// It is ready.
    Ready(Arc<CanvasReady>),
    /// There is none, and why.
    Missing(String),
}

/// The model, and what its thread is asked and has not answered yet.
#[derive(Default)]
pub(super) struct Engine {
    pub(super) model: CanvasModel,
    /// The file of the model that is loaded or being loaded; None for the one in the program.
    pub(super) file: Option<PathBuf>,
    /// The file that a model on the way comes from.
    coming: Option<PathBuf>,
    last: Ticket,
    asked: Option<(Ticket, Wish)>,
}

impl Engine {
    pub(super) fn ready(&self) -> Option<&Arc<CanvasReady>> {
        match &self.model {
            CanvasModel::Ready(ready) => Some(ready),
            _ => None,
        }
    }

    /// Whether an answer is waited for.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// What it is asked at present.
    pub(super) fn wish(&self) -> Option<Wish> {
        self.asked.map(|(_, wish)| wish)
    }

    /// Asks the thread for something.
    pub(super) fn ask(&mut self, wish: Wish, ask: CanvasAsk, desk: &mut Desk) {
        self.last += 1;
        self.asked = Some((self.last, wish));
        desk.ask(Effect::Canvas(self.last, ask));
    }

    /// Takes an answer in: what it answers. None where nobody waits for it any more.
    pub(super) fn answered(&mut self, ticket: Ticket) -> Option<Wish> {
        let (_, wish) = self.asked.take_if(|(asked, _)| *asked == ticket)?;
        Some(wish)
    }

    /// Nobody waits any more for what the canvas asked. A model that is being loaded goes on: it tells of itself while the canvas
    /// of the one before is let go.
    pub(super) fn forget(&mut self, desk: &mut Desk) {
        if let Some((ticket, _)) = self.asked.take_if(|(_, wish)| *wish != Wish::Load) {
            desk.ask(Effect::CancelCanvas(ticket));
        }
    }

    /// Loading was given up, and no other model is asked for.
    pub(super) fn load_given_up(&mut self) {
        self.coming = None;
        if self.ready().is_none() {
            self.model = CanvasModel::Missing("Loading was stopped.".to_owned());
        }
    }

    /// Loads a model; the present one stays until the file was looked at.
    pub(super) fn load(&mut self, file: Option<PathBuf>, desk: &mut Desk) {
        if let Some((ticket, _)) = self.asked.take() {
            desk.ask(Effect::CancelCanvas(ticket));
        }
        if self.ready().is_none() {
            self.model = CanvasModel::Loading(0.0);
        }
        self.coming.clone_from(&file);
        let settings = ModelSettings { path: file, lora: Vec::new(), ..desk.settings.model.clone() };
        self.ask(Wish::Load, CanvasAsk::Load(Box::new(settings)), desk);
    }

    pub(super) fn loaded(&mut self, ready: Arc<CanvasReady>) {
        self.asked = None;
        self.file = self.coming.take();
        self.model = CanvasModel::Ready(ready);
    }

    /// It could not be loaded; the one before is there if `kept`.
    pub(super) fn not_loaded(&mut self, why: &str, kept: bool) {
        self.asked = None;
        self.coming = None;
        if !kept || self.ready().is_none() {
            self.model = CanvasModel::Missing(why.to_owned());
        }
    }

    /// The thread was lost.
    pub(super) fn lost(&mut self, desk: &mut Desk) {
        self.asked = None;
        self.model = CanvasModel::Missing("llama.cpp failed".to_owned());
        desk.ask(Effect::RestartCanvas);
    }
}
