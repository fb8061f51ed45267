//! The engines' threads: each is started with the first thing that it is asked, and tells by messages.

use std::{collections::BTreeMap, io, sync::Arc};

use crate::{
    app::{CanvasAnswer, Effect, Message},
    engine::{
        EngineId,
        canvas_thread::{CanvasEvent, CanvasThread},
        worker::{Command, Engine, Event, Ticket},
    },
    remote::ModelSource,
};

/// Whom the engines tell.
pub(super) type Teller = Arc<dyn Fn(Message) + Send + Sync>;

/// The engines, and whom they tell.
pub(super) struct Engines {
    threads: BTreeMap<EngineId, Engine>,
    /// The thread of the diffusion model, once it was asked for something.
    canvas: Option<CanvasThread<CanvasAnswer>>,
    tell: Teller,
}

impl Engines {
    /// No engines yet; what they say goes to `tell`.
    pub fn new(tell: Teller) -> Self {
        Self { threads: BTreeMap::new(), canvas: None, tell }
    }

    /// Does an effect, if it is one for an engine; gives it back otherwise.
    pub fn perform(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Engine(engine, ticket, command) => self.send(engine, ticket, command),
            Effect::Cancel(engine, ticket) => {
                self.threads.get(&engine).into_iter().for_each(|engine| engine.cancel(ticket));
            }
            // The next command starts a new one.
            Effect::RestartEngine(engine) => drop(self.threads.remove(&engine)),
            Effect::Canvas(ticket, ask) => match self.canvas() {
                Ok(canvas) => canvas.send(ticket, ask.command()),
                Err(error) => {
                    let event = CanvasEvent::Aborted(format!("a new thread could not be started: {error}"));
                    (self.tell)(Message::Canvas(event));
                }
            },
            Effect::CancelCanvas(ticket) => {
                self.canvas.iter().for_each(|canvas| canvas.cancel_up_to(ticket));
            }
            Effect::RestartCanvas => self.canvas = None,
            effect => return Some(effect),
        }
        None
    }

    fn send(&mut self, id: EngineId, ticket: Ticket, command: Command) {
        if !self.threads.contains_key(&id) {
            let tell = Arc::clone(&self.tell);
            let source = ModelSource { draft: id == EngineId::DRAFT };
            match Engine::start(id, source, move |id, event| tell(Message::Engine(id, event))) {
                Ok(engine) => drop(self.threads.insert(id, engine)),
                Err(error) => {
                    let event = Event::Aborted(format!("a new thread could not be started: {error}"));
                    (self.tell)(Message::Engine(id, event));
                }
            }
        }
        if let Some(engine) = self.threads.get(&id) {
            engine.send(ticket, command);
        }
    }

    fn canvas(&mut self) -> io::Result<&CanvasThread<CanvasAnswer>> {
        let canvas = if let Some(canvas) = self.canvas.take() {
            canvas
        } else {
            let tell = Arc::clone(&self.tell);
            CanvasThread::start(EngineId::CANVAS, move |event| tell(Message::Canvas(event)))?
        };
        Ok(self.canvas.insert(canvas))
    }
}
