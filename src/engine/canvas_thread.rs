//! The thread of a diffusion model: commands in, events out. The screen never waits for it.
//!
//! What is done with a canvas evaluator is the sender's own: a job that runs on the thread and brings an answer back.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use super::{
    CanvasEvaluator, CanvasShape, EngineId, PromptText, Vocabulary,
    llama::{
        CanvasOpenError, LlamaCanvas, LoadError, LoadedModel, ModelInfo, abort, check_diffusion,
        load_diffusion,
    },
    worker::Ticket,
};
use crate::{settings::ModelSettings, token::Token};

/// Work with the evaluator, done on its thread.
pub type CanvasJob<A> = Box<dyn FnOnce(&mut dyn CanvasEvaluator) -> A + Send>;

/// What the thread is asked to do.
pub enum CanvasCommand<A> {
    /// Load a diffusion model in place of the present one, which stays if the file turns out to be unusable.
    Load(Box<ModelSettings>),
    /// Turn a prompt into tokens.
    Tokenize(PromptText),
    /// Work with an evaluator for canvases of so many positions.
    Work {
        /// Positions of the canvas.
        positions: usize,
        /// Whether it takes passes with guidance.
        guided: bool,
        /// What is to be done.
        job: CanvasJob<A>,
    },
}

/// A diffusion model that is ready.
#[derive(Clone, Debug)]
pub struct CanvasReady {
    /// What is shown about it.
    pub info: ModelInfo,
    /// Its vocabulary.
    pub vocabulary: Arc<Vocabulary>,
    /// What kind of canvases it takes; memory may allow shorter ones only.
    pub shape: CanvasShape,
}

/// What happened on the thread.
#[derive(Clone, Debug)]
pub enum CanvasEvent<A> {
    /// Loading has come this far, 0 to 1.
    Loading(f32),
    /// A model is ready.
    Loaded(Arc<CanvasReady>),
    /// It could not be loaded, with the cause in a sentence; `kept` when the model before is still there.
    LoadFailed {
        /// Why.
        why: String,
        /// Whether the model before can still be used.
        kept: bool,
    },
    /// The tokens of the prompt of that ticket, or why there are none.
    Prompt(Ticket, Result<Vec<Token>, String>),
    /// The work of that ticket is done.
    Done(Ticket, A),
    /// The work of that ticket could not begin, with the cause in a sentence.
    Failed(Ticket, String),
    /// The work of that ticket was given up.
    GivenUp(Ticket),
    /// llama.cpp gave up; the thread is lost and another must be started.
    Aborted(String),
}

/// A handle on the thread. When it is dropped the thread ends after its present command.
pub struct CanvasThread<A> {
    commands: Sender<(Ticket, CanvasCommand<A>)>,
    /// Every command up to this ticket is to be given up.
    given_up: Arc<AtomicU64>,
}

impl<A: Send + 'static> CanvasThread<A> {
    /// Starts the thread of the engine `id`; `emit` is called on it with every event.
    pub fn start(
        id: EngineId,
        emit: impl Fn(CanvasEvent<A>) + Send + Clone + 'static,
    ) -> std::io::Result<Self> {
        let (commands, incoming) = channel();
        let given_up = Arc::new(AtomicU64::new(0));
        let aborted = emit.clone();
        abort::watch(id, move |message| aborted(CanvasEvent::Aborted(message)));
        let worker = Worker { incoming, given_up: Arc::clone(&given_up), emit };
        thread::Builder::new().name(id.to_string()).spawn(move || {
            abort::enter(id);
            worker.run();
        })?;
        Ok(Self { commands, given_up })
    }

    /// Sends a command; later ones have larger tickets. Nothing happens if the thread is lost.
    pub fn send(&self, ticket: Ticket, command: CanvasCommand<A>) {
        let _ = self.commands.send((ticket, command));
    }

    /// Gives up every command up to `ticket` that has not begun, and loading that has; a pass that is under way ends.
    pub fn cancel_up_to(&self, ticket: Ticket) {
        self.given_up.fetch_max(ticket, Ordering::Relaxed);
    }
}

struct Worker<A, F> {
    incoming: Receiver<(Ticket, CanvasCommand<A>)>,
    given_up: Arc<AtomicU64>,
    emit: F,
}

impl<A: Send + 'static, F: Fn(CanvasEvent<A>) + Send + Clone + 'static> Worker<A, F> {
    /// The next command; None when nobody can send any more.
    fn next(&self) -> Option<(Ticket, CanvasCommand<A>)> {
        abort::set_at_work(false);
        let next = self.incoming.recv().ok();
        abort::set_at_work(true);
        next
    }

    fn run(self) {
        let mut next = self.next();
        while let Some((ticket, command)) = next.take() {
            next = match command {
                CanvasCommand::Load(settings) => self.load(ticket, &settings),
                CanvasCommand::Tokenize(_) | CanvasCommand::Work { .. } => {
                    (self.emit)(CanvasEvent::Failed(ticket, "there is no diffusion model".into()));
                    self.next()
                }
            };
        }
    }

    /// Loads a model and serves it until another is to be loaded: returns that command.
    fn load(&self, ticket: Ticket, settings: &ModelSettings) -> Option<(Ticket, CanvasCommand<A>)> {
        let (given_up, emit) = (Arc::clone(&self.given_up), self.emit.clone());
        let loaded = load_diffusion(settings, move |progress| {
            emit(CanvasEvent::Loading(progress));
            ticket > given_up.load(Ordering::Relaxed)
        });
        match loaded {
            Ok(loaded) => self.serve(&loaded, settings),
            Err(error) => {
                (self.emit)(match error {
                    LoadError::Cancelled => CanvasEvent::GivenUp(ticket),
                    error => CanvasEvent::LoadFailed { why: error.to_string(), kept: false },
                });
                self.next()
            }
        }
    }

    fn serve(&self, loaded: &LoadedModel, settings: &ModelSettings) -> Option<(Ticket, CanvasCommand<A>)> {
        let mut canvas: Option<(LlamaCanvas<'_>, bool)> = None;
        (self.emit)(match LlamaCanvas::shape_of(loaded, settings) {
            Ok(shape) => CanvasEvent::Loaded(Arc::new(CanvasReady {
                info: loaded.info.clone(),
                vocabulary: Arc::clone(&loaded.vocabulary),
                shape,
            })),
            Err(error) => CanvasEvent::LoadFailed { why: error.to_string(), kept: false },
        });
        loop {
            let (ticket, command) = self.next()?;
            let event = match command {
                CanvasCommand::Load(settings) => match settings.path.as_deref().map(check) {
                    Some(Err(why)) => CanvasEvent::LoadFailed { why, kept: true },
                    Some(Ok(())) | None => return Some((ticket, CanvasCommand::Load(settings))),
                },
                CanvasCommand::Tokenize(prompt) => {
                    let tokens = prompt.tokens(loaded.info.chat.as_deref(), &loaded.vocabulary);
                    CanvasEvent::Prompt(ticket, tokens.map_err(|error| error.to_string()))
                }
                CanvasCommand::Work { .. } if ticket <= self.given_up.load(Ordering::Relaxed) => {
                    CanvasEvent::GivenUp(ticket)
                }
                CanvasCommand::Work { positions, guided, job } => {
                    match fitting(&mut canvas, loaded, settings, positions, guided) {
                        Ok(evaluator) => CanvasEvent::Done(ticket, job(evaluator)),
                        Err(error) => CanvasEvent::Failed(ticket, error.to_string()),
                    }
                }
            };
            (self.emit)(event);
        }
    }
}

fn check(path: &Path) -> Result<(), String> {
    check_diffusion(path).map(|_| ()).map_err(|error| error.to_string())
}

/// The context for canvases of this length: the present one where it is as long, else a new one in its place.
fn fitting<'a, 'm>(
    canvas: &'a mut Option<(LlamaCanvas<'m>, bool)>,
    loaded: &'m LoadedModel,
    settings: &ModelSettings,
    positions: usize,
    guided: bool,
) -> Result<&'a mut LlamaCanvas<'m>, CanvasOpenError> {
    let fits = |(canvas, is_guided): &(LlamaCanvas<'_>, bool)| {
        canvas.shape().longest == positions && (*is_guided || !guided)
    };
    if !canvas.as_ref().is_some_and(fits) {
        // The memory of the present one first.
        *canvas = None;
        *canvas = Some((LlamaCanvas::new(loaded, settings, positions, guided)?, guided));
    }
    let (canvas, _) = canvas.as_mut().expect("just made");
    Ok(canvas)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::engine::llama::log;

    #[test]
    fn jobs_run_on_canvases_of_their_length() {
        let _working = crate::engine::llama::abort::FAILING.read().expect("no test failed with it");
        log::start(None).expect("nothing to open");
        let (sender, events) = channel();
        let emit = move |event| drop(sender.send(event));
        let thread: CanvasThread<usize> = CanvasThread::start(EngineId(9), emit).expect("a thread");
        let next = || loop {
            match events.recv_timeout(std::time::Duration::from_mins(2)).expect("an event comes") {
                CanvasEvent::Loading(_) => {}
                event => return event,
            }
        };
        let rows = |positions: usize| CanvasCommand::Work {
            positions,
            guided: false,
            job: Box::new(move |evaluator: &mut dyn CanvasEvaluator| {
                let canvas = vec![evaluator.shape().mask; positions];
                let mut rows = 0;
                let all: Vec<usize> = (0..positions).collect();
                evaluator.evaluate(&canvas, &all, &mut |_, _| rows += 1).expect("it fits");
                rows
            }),
        };
        thread.send(1, rows(4));
        assert!(matches!(next(), CanvasEvent::Failed(1, why) if why == "there is no diffusion model"));
        thread.send(2, CanvasCommand::Load(Box::default()));
        let ready = match next() {
            CanvasEvent::Loaded(ready) => ready,
            other => panic!("the model in the program loads, not {other:?}"),
        };
        assert_eq!((ready.shape.shift, ready.shape.mask), (true, Token(3)));
        for positions in [4, 9, 4] {
            thread.send(3, rows(positions));
            assert!(matches!(next(), CanvasEvent::Done(3, found) if found == positions));
        }
        thread.send(4, rows(1 << 20));
        assert!(matches!(next(), CanvasEvent::Failed(4, why) if why.contains("--diffusion-length")));
        let causal = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");
        let settings = ModelSettings { path: Some(causal.into()), ..ModelSettings::default() };
        thread.send(5, CanvasCommand::Load(Box::new(settings)));
        let CanvasEvent::LoadFailed { why, kept: true } = next() else { panic!("it is no diffusion model") };
        assert!(why.contains("is no diffusion model"), "{why}");
        thread.cancel_up_to(6);
        thread.send(6, rows(4));
        assert!(matches!(next(), CanvasEvent::GivenUp(6)));
        thread.send(7, CanvasCommand::Tokenize(PromptText { text: "Once".into(), ..PromptText::default() }));
        assert!(matches!(next(), CanvasEvent::Prompt(7, Ok(tokens)) if tokens.len() == 2));
    }
}
