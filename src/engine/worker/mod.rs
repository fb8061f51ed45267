//! The engine's thread: commands in, events out. The screen never waits for it.

mod evaluated;
mod given_up;
mod held;
mod serve;
mod source;
#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
    thread,
};

pub use evaluated::{Distribution, Evaluated, EvaluatedRow, bunch};
pub use source::{OpenError, Proceed, Ready, Source};

use self::{given_up::GivenUp, serve::Worker};
use super::{EngineId, EvaluateError, KvUse, Measured, Pass, Progress, PromptText, Request, llama::abort};
use crate::{
    settings::{LoraScale, ModelSettings},
    token::Token,
};

/// Names a command. Whoever sends commands counts them, so that a later one has a larger ticket.
pub type Ticket = u64;

/// What the engine is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Load a model instead of the present one, which stays if the file turns out to be unusable.
    Load(Box<ModelSettings>),
    /// Turn a prompt into tokens. What is evaluated stays as it is.
    Tokenize(PromptText),
    /// Evaluate paths: the first [`bunch`] of them; whoever has more asks again for the rest.
    Evaluate(Request),
    /// Go through a pass that is measured, in a context beside the one that writes the text; with None those contexts are
    /// given up.
    Measure(Option<Box<Pass>>),
    /// Have the model's LoRA adapters count so strongly from now on.
    Adapt(Vec<LoraScale>),
}

/// What happened in the engine.
#[derive(Clone, Debug)]
pub enum Event {
    /// Loading has come this far, 0 to 1.
    Loading(f32),
    /// A model is ready.
    Loaded(Arc<Ready>),
    /// It could not be loaded, with the cause in a sentence; `kept` when the model before is still there.
    LoadFailed {
        /// Why.
        why: String,
        /// Whether the model before can still be used.
        kept: bool,
    },
    /// The file holds a diffusion model, which fills whole canvases; `kept` when the model before is still there.
    Diffusion {
        /// Why it cannot be used.
        why: String,
        /// Whether the model before can still be used.
        kept: bool,
    },
    /// Loading was given up. There is not a model.
    LoadCancelled,
    /// The tokens of the prompt of that ticket, or why there are none.
    Prompt(Ticket, Result<Vec<Token>, String>),
    /// How far the evaluation of that ticket has come.
    Progress(Ticket, Progress),
    /// The evaluation of that ticket is done.
    Evaluated(Ticket, Box<Evaluated>),
    /// The measured pass of that ticket is done, or why it is not.
    Measured(Ticket, Result<Box<Measured>, EvaluateError>),
    /// The evaluation of that ticket failed, or was given up.
    EvaluateFailed(Ticket, EvaluateError),
    /// What the KV cache holds since an evaluation ended that brought nothing: one that was given up is held for a while before.
    Kept(KvUse),
    /// llama.cpp gave up; the engine's thread is lost and another must be started.
    Aborted(String),
}

/// A handle on an engine's thread. When it is dropped the thread ends after its present command.
pub struct Engine {
    commands: Sender<(Ticket, Command)>,
    given_up: Arc<GivenUp>,
}

impl Engine {
    /// Starts the thread of the engine `id`, whose models come from `source`; `emit` is called on it with every event.
    pub fn start(
        id: EngineId,
        source: impl Source,
        emit: impl Fn(EngineId, Event) + Send + Clone + 'static,
    ) -> std::io::Result<Self> {
        let (commands, incoming) = channel();
        let given_up = Arc::new(GivenUp::default());
        let aborted = emit.clone();
        abort::watch(id, move |message| aborted(id, Event::Aborted(message)));
        let worker = Worker { incoming, given_up: Arc::clone(&given_up), emit: move |event| emit(id, event) };
        thread::Builder::new().name(id.to_string()).spawn(move || {
            abort::enter(id);
            worker.run(source);
        })?;
        Ok(Self { commands, given_up })
    }

    /// Sends a command. Nothing happens if the thread is lost: [`Event::Aborted`] has told.
    pub fn send(&self, ticket: Ticket, command: Command) {
        self.given_up.expect(ticket);
        let _ = self.commands.send((ticket, command));
    }

    /// Gives up one command, whether it waits or is under way; nothing happens if it has ended. An evaluation then fails with
    /// [`EvaluateError::Cancelled`]; tokens are made all the same.
    pub fn cancel(&self, ticket: Ticket) {
        self.given_up.give_up(ticket);
    }
}
