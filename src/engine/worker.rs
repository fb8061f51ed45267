//! The engine's thread: commands in, events out. The screen never waits for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use super::{
    Cost, EvaluateError, Evaluator, KvUse, Progress, PromptText, Vocabulary,
    llama::{AbortPolicy, CacheLayout, LlamaEvaluator, LoadedModel, ModelInfo, check, load, on_abort},
};
use crate::{
    decode::Session, distribution::Summary, score::prompt_steps, settings::ModelSettings, token::Token,
    tree::Step,
};

/// Orders commands in time: a later command has a larger ticket.
pub type Ticket = u64;

/// What the engine is asked to do.
#[derive(Clone, Debug)]
pub enum Command {
    /// Load a model in place of the present one, which stays if the file turns out to be unusable.
    Load(Box<ModelSettings>),
    /// Turn a prompt into tokens.
    Prompt(PromptText),
    /// Turn another prompt into tokens; what is evaluated already stays.
    Tokenize(PromptText),
    /// What is evaluated next begins with a prompt of so many tokens; see [`Evaluator::set_prompt`].
    PromptLength(usize),
    /// Evaluate prefixes: the first [`bunch`] of them; whoever has more asks again for the rest.
    Evaluate(Vec<Arc<[Token]>>),
    /// Evaluate a prompt, and tell how likely each token of it is.
    Score(Arc<[Token]>),
}

/// A model that is ready to decode.
#[derive(Clone, Debug)]
pub struct Ready {
    /// What is shown about it.
    pub info: ModelInfo,
    /// Its vocabulary.
    pub vocabulary: Arc<Vocabulary>,
    /// Context size in tokens.
    pub context: usize,
    /// How the paths lie in the KV cache.
    pub layout: CacheLayout,
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
    /// The tokens of the prompt of that ticket, or why there are none.
    Prompt(Ticket, Result<Vec<Token>, String>),
    /// How far the evaluation of that ticket has come.
    Progress(Ticket, Progress),
    /// The evaluation of that ticket is done.
    Evaluated(Ticket, Box<Evaluated>),
    /// The prompt of that ticket is scored: how likely each of its tokens is, from the second on.
    Scored(Ticket, Vec<Step>, Box<Evaluated>),
    /// The evaluation of that ticket failed.
    EvaluateFailed(Ticket, EvaluateError),
    /// llama.cpp gave up; the engine's thread is lost and another must be started.
    Aborted(String),
}

/// What an evaluation brought.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// The distributions after the prefixes, in the order of the command; not more than [`bunch`] of them.
    pub distributions: Vec<Distribution>,
    /// What all of them cost.
    pub cost: Cost,
    /// What the KV cache holds now.
    pub kv: KvUse,
}

/// The distribution after a prefix.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Its statistics.
    pub summary: Summary,
    /// One logit a vocabulary entry.
    pub logits: Arc<[f32]>,
}

impl Distribution {
    /// Of these logits, with the top candidates that a screen shows and the rank of the likeliest of `eog`, the tokens
    /// that end generation.
    #[must_use]
    pub fn of(logits: &[f32], eog: &[Token]) -> Self {
        Self { summary: Summary::with_end(logits, Session::TOP, eog), logits: Arc::from(logits) }
    }
}

/// Bytes of logits that one evaluation may bring.
const BUNCH_BYTES: usize = 32 << 20;

/// How many prefixes are evaluated together at most, 1 to 64, so that the logits under way take bounded memory however
/// many nodes are wanted.
#[must_use]
pub fn bunch(n_vocab: usize) -> usize {
    (BUNCH_BYTES / size_of::<f32>() / n_vocab.max(1)).clamp(1, 64)
}

/// A handle on the engine's thread. When it is dropped the thread ends after its present command.
pub struct Engine {
    commands: Sender<(Ticket, Command)>,
    /// Every command up to this ticket is to be given up.
    cancelled: Arc<AtomicU64>,
}

impl Engine {
    /// Starts the thread; `emit` is called on it with every event.
    pub fn start(emit: impl Fn(Event) + Send + Clone + 'static) -> std::io::Result<Self> {
        let (commands, incoming) = channel();
        let cancelled = Arc::new(AtomicU64::new(0));
        let aborted = emit.clone();
        on_abort(AbortPolicy::Park(Box::new(move |message| aborted(Event::Aborted(message)))));
        let worker = Worker { incoming, cancelled: Arc::clone(&cancelled), emit };
        thread::Builder::new().name("engine".into()).spawn(move || worker.run())?;
        Ok(Self { commands, cancelled })
    }

    /// Sends a command. Nothing happens if the thread is lost: [`Event::Aborted`] has told.
    pub fn send(&self, ticket: Ticket, command: Command) {
        let _ = self.commands.send((ticket, command));
    }

    /// Gives up every command up to `ticket`.
    pub fn cancel(&self, ticket: Ticket) {
        self.cancelled.fetch_max(ticket, Ordering::Relaxed);
    }
}

struct Worker<F> {
    incoming: Receiver<(Ticket, Command)>,
    cancelled: Arc<AtomicU64>,
    emit: F,
}

impl<F: Fn(Event) + Send + Clone + 'static> Worker<F> {
    fn run(self) {
        let mut next = self.incoming.recv().ok();
        while let Some((ticket, command)) = next.take() {
            next = match command {
                Command::Load(settings) => self.load(ticket, &settings),
                // Without a model there is nothing to do; the screen knows that there is none.
                Command::Prompt(_)
                | Command::Tokenize(_)
                | Command::PromptLength(_)
                | Command::Evaluate(_)
                | Command::Score(_) => self.incoming.recv().ok(),
            };
        }
    }

    fn is_cancelled(&self, ticket: Ticket) -> bool {
        ticket <= self.cancelled.load(Ordering::Relaxed)
    }

    /// Loads a model and serves it until another is to be loaded: returns that command.
    fn load(&self, ticket: Ticket, settings: &ModelSettings) -> Option<(Ticket, Command)> {
        let (cancelled, emit) = (Arc::clone(&self.cancelled), self.emit.clone());
        let loaded = load(settings, move |progress| {
            emit(Event::Loading(progress));
            ticket > cancelled.load(Ordering::Relaxed)
        });
        let failed = |why: String| {
            (self.emit)(Event::LoadFailed { why, kept: false });
            self.incoming.recv().ok()
        };
        match loaded {
            Err(error) => failed(error.to_string()),
            Ok(loaded) => match LlamaEvaluator::new(&loaded, settings) {
                Err(error) => failed(error.to_string()),
                Ok(evaluator) => self.serve(&loaded, evaluator),
            },
        }
    }

    fn serve(&self, loaded: &LoadedModel, mut evaluator: LlamaEvaluator<'_>) -> Option<(Ticket, Command)> {
        evaluator.measure_state(true);
        (self.emit)(Event::Loaded(Arc::new(Ready {
            info: loaded.info.clone(),
            vocabulary: Arc::clone(&loaded.vocabulary),
            context: evaluator.context_size(),
            layout: evaluator.layout(),
        })));
        loop {
            let (ticket, command) = self.incoming.recv().ok()?;
            match command {
                Command::Load(settings) => match settings.path.as_deref().map(check) {
                    Some(Err(error)) => {
                        (self.emit)(Event::LoadFailed { why: error.to_string(), kept: true });
                    }
                    Some(Ok(_)) | None => return Some((ticket, Command::Load(settings))),
                },
                Command::Prompt(prompt) => {
                    let tokens = prompt.tokens(loaded.info.file.chat_template(), &loaded.vocabulary);
                    // What comes is evaluated as in a run of this prompt by itself.
                    evaluator.forget();
                    evaluator.set_prompt(tokens.as_ref().ok().map(Vec::len));
                    (self.emit)(Event::Prompt(ticket, tokens.map_err(|error| error.to_string())));
                }
                Command::Tokenize(prompt) => {
                    let tokens = prompt.tokens(loaded.info.file.chat_template(), &loaded.vocabulary);
                    (self.emit)(Event::Prompt(ticket, tokens.map_err(|error| error.to_string())));
                }
                Command::PromptLength(tokens) => evaluator.set_prompt(Some(tokens)),
                Command::Evaluate(mut paths) => {
                    paths.truncate(bunch(loaded.vocabulary.len()));
                    (self.emit)(self.evaluate(ticket, &paths, &mut evaluator, loaded.vocabulary.eog()));
                }
                Command::Score(path) => {
                    (self.emit)(self.score(ticket, &path, &mut evaluator, &loaded.vocabulary));
                }
            }
        }
    }

    fn evaluate(
        &self,
        ticket: Ticket,
        paths: &[Arc<[Token]>],
        evaluator: &mut LlamaEvaluator<'_>,
        eog: &[Token],
    ) -> Event {
        let paths: Vec<&[Token]> = paths.iter().map(|path| &path[..]).collect();
        let mut found: Vec<Option<Distribution>> = vec![None; paths.len()];
        let result = evaluator.evaluate(
            &paths,
            &mut |progress| self.proceed(ticket, progress),
            &mut |index, logits| found[index] = Some(Distribution::of(logits, eog)),
        );
        let distributions: Option<Vec<Distribution>> = found.into_iter().collect();
        match (result, distributions) {
            (Err(error), _) => Event::EvaluateFailed(ticket, error),
            (Ok(_), None) => {
                Event::EvaluateFailed(ticket, EvaluateError::Failed("it returned no logits".into()))
            }
            (Ok(cost), Some(distributions)) => {
                let kv = evaluator.kv_use();
                Event::Evaluated(ticket, Box::new(Evaluated { distributions, cost, kv }))
            }
        }
    }

    fn score(
        &self,
        ticket: Ticket,
        prompt: &[Token],
        evaluator: &mut LlamaEvaluator<'_>,
        vocabulary: &Vocabulary,
    ) -> Event {
        let mut found = None;
        let result = prompt_steps(
            evaluator,
            vocabulary,
            prompt,
            Session::TOP,
            &mut |progress| self.proceed(ticket, progress),
            &mut |summary, logits| found = Some(Distribution { summary, logits: Arc::from(logits) }),
        );
        match (result, found) {
            (Err(error), _) => Event::EvaluateFailed(ticket, error),
            (Ok(_), None) => {
                Event::EvaluateFailed(ticket, EvaluateError::Failed("it returned no logits".into()))
            }
            (Ok((steps, cost)), Some(last)) => {
                let kv = evaluator.kv_use();
                let evaluated = Evaluated { distributions: vec![last], cost, kv };
                Event::Scored(ticket, steps, Box::new(evaluated))
            }
        }
    }

    /// Tells how far an evaluation has come, and whether it is to go on.
    fn proceed(&self, ticket: Ticket, progress: Progress) -> bool {
        // The last of it is no progress worth telling: the logits are there.
        if progress.total > progress.done {
            (self.emit)(Event::Progress(ticket, progress));
        }
        !self.is_cancelled(ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bunch_is_bounded_by_memory_and_number() {
        // 32 MiB hold 55 times 151,936 logits of four bytes.
        assert_eq!(bunch(151_936), 55);
        assert_eq!(bunch(4096), 64);
        assert_eq!(bunch(1 << 24), 1);
        assert_eq!(bunch(0), 64);
    }
}
