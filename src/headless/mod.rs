//! The same decoding without a screen: text, or one JSON object a line.

mod beam;
mod command_line;
pub mod compare;
mod cost;
mod diffuse;
mod driver;
mod html;
mod json;
mod llama_flags;
mod models;
mod obtain;
mod output;
mod score;
mod softmax;
mod speculate;

use std::{
    borrow::Cow,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use self::{
    json::JsonOutput,
    output::{Report, TextOutput},
};
use crate::{
    chat::{Message, MessagesError, Note, Rendered},
    decode::{
        CursorError, Session, StopReason, StopRules, beam::BeamError, diffusion::DiffusionError,
        lanes::LaneError,
    },
    distribution::Summary,
    engine::{
        EvaluateError, Evaluator, Model, PairError, Prepared, PromptText, PromptTextError, Request,
        llama::{CanvasOpenError, LoadError, load},
    },
    remote::{self, RemoteError, RemoteModel},
    sampling::{SamplingOverrides, without_effect},
    score::{ScoreError, WindowsError},
    settings::{ModelSettings, PromptError, PromptSettings, Settings},
    token::Token,
    tree::NodeId,
};

pub use beam::{BeamJob, beam, beam_on};
pub use compare::{CompareJob, compare, compare_on};
pub use cost::{CostJob, CostRequest, cost, cost_on};
pub use diffuse::{DiffuseJob, DiffuseRequest, diffuse, diffuse_on};
pub use driver::Spent;
pub use models::{ModelsError, ModelsJob, models};
pub use obtain::obtain;
pub use output::Output;
pub use score::{ScoreJob, run_score, run_score_on};
pub use softmax::{SoftmaxError, softmax};
pub use speculate::{SpeculateJob, SpeculateRequest, speculate};

/// A file in a sentence; `-` is standard input.
fn named(path: &Path) -> Cow<'_, str> {
    if path == Path::new("-") { "standard input".into() } else { path.to_string_lossy() }
}

/// A headless run.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Everything that can be set.
    pub settings: Settings,
    /// The sampling settings that a user has set: the model file's own defaults lie below them.
    pub given: SamplingOverrides,
    /// JSON lines instead of text.
    pub json: bool,
    /// Candidates in each JSON token, 1 and up.
    pub top: usize,
    /// Print control tokens as text.
    pub special: bool,
    /// A file of messages that takes the prompt's place; it is put through the chat template.
    pub messages: Option<PathBuf>,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The model could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The server of the model cannot be used.
    #[error(transparent)]
    Server(#[from] RemoteError),
    /// What only a model here can do.
    #[error(
        "{what} needs a model that runs here: {why}; name a GGUF file, hf:user/repo or ollama:NAME with -m"
    )]
    NeedsModelHere {
        /// What was asked for.
        what: &'static str,
        /// Why.
        why: &'static str,
    },
    /// The prompt file could not be read.
    #[error(transparent)]
    PromptFile(#[from] PromptError),
    /// The chat template failed.
    #[error(transparent)]
    Prompt(#[from] PromptTextError),
    /// A file of messages holds none.
    #[error("the messages in {}: {error}", named(path))]
    Messages {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: MessagesError,
    },
    /// The session could not start or go on.
    #[error(transparent)]
    Session(#[from] CursorError),
    /// The model could not be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The text could not be scored.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// The text cannot be cut into windows.
    #[error(transparent)]
    Windows(#[from] WindowsError),
    /// A lane could not be added or go on.
    #[error(transparent)]
    Lane(#[from] LaneError),
    /// The beam search could not begin or go on.
    #[error(transparent)]
    Beam(#[from] BeamError),
    /// There is no evaluator for the canvas.
    #[error(transparent)]
    Canvas(#[from] CanvasOpenError),
    /// The canvas could not be begun or go on.
    #[error(transparent)]
    Diffusion(#[from] DiffusionError),
    /// The draft model cannot draft for the target.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// A draft is asked for, and there is no model for it.
    #[error(
        "--spec-type draft-simple needs a draft model: give one with -md FILE, or take ngram-simple, which copies from the text"
    )]
    NoDraftModel,
    /// Neither lanes nor seeds.
    #[error(
        "nothing to compare: give lanes (--lane, --sweep or a file of lanes) or a number of seeds (--seeds)"
    )]
    NothingToCompare,
    /// A file of prompts holds none.
    #[error("the file of prompts {} has no prompts: write one per line", path.display())]
    NoPrompts {
        /// The file.
        path: PathBuf,
    },
    /// The page could not be written.
    #[error("the web page {} cannot be written (--html): {source}", path.display())]
    Page {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No prompt was given.
    #[error("no prompt: give one with -p TEXT or -f FILE")]
    NoPrompt,
    /// Standard output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// How long things took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timings {
    /// From opening the file to a model that is ready.
    pub load: Duration,
    /// Evaluating the prompt.
    pub prefill: Duration,
    /// Tokens of the prompt.
    pub prefill_tokens: usize,
    /// From the first draw to the last evaluation, sampling included.
    pub decode: Duration,
    /// Tokens evaluated after the prompt.
    pub decode_tokens: usize,
    /// Of all that, what a server says its model took; None where there is none, or it does not tell.
    pub on_server: Option<Duration>,
}

/// Runs a job: text or JSON to `out`, the report of a text run to `report`. `interrupted` ends it
/// after the current token. A reader that went away (broken pipe) ends it without an error.
pub fn run(
    job: &Job,
    out: &mut dyn Write,
    report: &mut dyn Write,
    interrupted: &Arc<AtomicBool>,
) -> Result<(), RunError> {
    // The prompt first: when it cannot be read, nobody wants to wait for the model.
    let start = Start::of(job)?;
    let model = load_model(&job.settings.model, interrupted)?;
    generate(&*model, job, &start, out, report, interrupted)
}

/// [`run`] on a model that is loaded already, for many runs on the same one. The job's `model.path` is not looked at.
pub fn run_on(
    loaded: &dyn Model,
    job: &Job,
    out: &mut dyn Write,
    report: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    generate(loaded, job, &Start::of(job)?, out, report, interrupted)
}

/// Loads the model that `settings` name, here or on a server.
fn load_model(settings: &ModelSettings, interrupted: &Arc<AtomicBool>) -> Result<Box<dyn Model>, RunError> {
    let flag = Arc::clone(interrupted);
    let mut proceed = move |_| !flag.load(Ordering::Relaxed);
    if !remote::is_named(settings) {
        return Ok(Box::new(load(settings, proceed)?));
    }
    let get = |name: &str| std::env::var(name).ok();
    Ok(Box::new(RemoteModel::open(settings, &get, &mut proceed)?))
}

/// Fails where `settings` name a server, for what only a model here can do.
fn needs_model_here(settings: &ModelSettings, what: &'static str, why: &'static str) -> Result<(), RunError> {
    if remote::is_named(settings) { Err(RunError::NeedsModelHere { what, why }) } else { Ok(()) }
}

/// What a run starts from.
#[derive(Debug)]
enum Start {
    Text(PromptText),
    Messages(Vec<Message>),
}

impl Start {
    fn of(job: &Job) -> Result<Self, RunError> {
        let settings = &job.settings.prompt;
        let Some(path) = &job.messages else {
            let text = settings.load()?.ok_or(RunError::NoPrompt)?;
            return Ok(Self::Text(PromptText { text, chat: settings.chat, system: settings.system.clone() }));
        };
        let file = PromptSettings { file: Some(path.clone()), text: None, escape: false, ..settings.clone() };
        let text = file.load()?.unwrap_or_default();
        let messages = Message::read_all(&text);
        messages.map(Self::Messages).map_err(|error| RunError::Messages { path: path.clone(), error })
    }

    fn prepare(&self, loaded: &dyn Model) -> Result<Prepared, RunError> {
        let chat = loaded.info().chat.as_deref();
        match self {
            Self::Text(prompt) => Ok(prompt.prepare(chat, loaded.vocabulary())?),
            Self::Messages(messages) => {
                let rendered = chat.ok_or(PromptTextError::NoTemplate)?.render(messages);
                let Rendered { text, notes } = rendered.map_err(PromptTextError::Chat)?;
                let tokens = loaded.vocabulary().try_tokenize(&text).map_err(PromptTextError::Server)?;
                Ok(Prepared { tokens, notes })
            }
        }
    }
}

/// Tells what a user should know about a prompt, where there is no report to write it to.
fn tell(notes: &[Note]) {
    for note in notes {
        tracing::warn!("{note}");
        // Nobody may be there to read it.
        let _ = writeln!(io::stderr(), "note: {note}");
    }
}

/// Makes a prompt's tokens, and tells what a user should know about them.
fn tokens_of(prompt: &PromptText, loaded: &dyn Model) -> Result<Vec<Token>, PromptTextError> {
    let Prepared { tokens, notes } = prompt.prepare(loaded.info().chat.as_deref(), loaded.vocabulary())?;
    tell(&notes);
    Ok(tokens)
}

fn generate(
    loaded: &dyn Model,
    job: &Job,
    start: &Start,
    out: &mut dyn Write,
    report: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    let mut model_settings = job.settings.model.clone();
    // One path: a cache for one sequence computes exactly as llama.cpp's own tool does.
    model_settings.sequences = 1;
    let mut evaluator = loaded.evaluator(&model_settings, None)?;
    let context = evaluator.context_size();
    let prompt = start.prepare(loaded)?;
    let session = session(job, prompt.tokens, loaded, context)?;
    let notes = prompt.notes.iter().map(ToString::to_string);
    let notes = notes.chain(loaded.info().beyond_training(context));
    let notes = notes.chain(loaded.info().server.iter().flat_map(|server| server.notes.clone()));
    let notes = notes.chain(session.settings().grammar.warning().map(str::to_owned));
    for note in notes.chain(without_effect(session.settings(), session.vocabulary().len())) {
        writeln!(report, "note: {note}")?;
    }
    let mut output: Box<dyn Output + '_> = if job.json {
        Box::new(JsonOutput::new(out, loaded, job))
    } else {
        Box::new(TextOutput::new(out, report, job.special))
    };
    let mut generation = Generation { session, evaluator: &mut *evaluator, job, timings: Timings::default() };
    generation.timings.load = loaded.info().load_time;
    match generation.run(&mut *output, interrupted, loaded.info().kv.bytes_per_token()) {
        Err(RunError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// The session that a run of `job` walks, `text` its prompt and `context` the size of the evaluator's context in
/// tokens. Only the newest distribution is kept.
pub fn start(job: &Job, text: String, loaded: &dyn Model, context: usize) -> Result<Session, RunError> {
    let settings = &job.settings.prompt;
    let prompt = PromptText { text, chat: settings.chat, system: settings.system.clone() };
    session(job, tokens_of(&prompt, loaded)?, loaded, context)
}

fn session(job: &Job, tokens: Vec<Token>, loaded: &dyn Model, context: usize) -> Result<Session, RunError> {
    let settings = &job.settings;
    let sampling = loaded.info().sampling(&job.given);
    let rules = StopRules::from(&settings.stop);
    Ok(Session::new(Arc::clone(loaded.vocabulary()), tokens, sampling, rules, context, 0)?)
}

struct Generation<'a> {
    session: Session,
    evaluator: &'a mut (dyn Evaluator + 'a),
    job: &'a Job,
    timings: Timings,
}

impl Generation<'_> {
    fn run(
        &mut self,
        output: &mut dyn Output,
        interrupted: &AtomicBool,
        bytes_per_token: f64,
    ) -> Result<(), RunError> {
        output.start(&self.session)?;
        let mut begun = Instant::now();
        loop {
            if let Some(node) = self.session.wanted() {
                let first = self.session.path().generated() == 0;
                let mut read = 0;
                match self.evaluate(node, interrupted, &mut read) {
                    // Asked to end in the middle of a long prompt.
                    Err(EvaluateError::Cancelled) => self.session.interrupt(),
                    result => result?,
                }
                if first {
                    self.timings.prefill = begun.elapsed();
                    self.timings.prefill_tokens = read;
                    begun = Instant::now();
                } else {
                    self.timings.decode = begun.elapsed();
                    self.timings.decode_tokens += 1;
                    self.session.set_time(begun.elapsed());
                }
            }
            if let Some(node) = self.session.step(self.job.json)? {
                output.token(&mut self.session, node)?;
            }
            if interrupted.load(Ordering::Relaxed) {
                self.session.interrupt();
            }
            if let Some(reason) = self.session.stopped().cloned() {
                return self.finish(output, &reason, bytes_per_token);
            }
        }
    }

    /// Evaluates the head; `read` becomes the tokens that went through the model, however it ends.
    fn evaluate(
        &mut self,
        node: NodeId,
        interrupted: &AtomicBool,
        read: &mut usize,
    ) -> Result<(), EvaluateError> {
        let mut request = Request::after([self.session.path().tokens().into()], None);
        request.candidates = self.session.tree().candidates_wanted(node);
        let top = Summary::TOP.max(self.job.top);
        let mut found = None;
        let vocabulary = std::sync::Arc::clone(self.session.vocabulary());
        let cost = self.evaluator.evaluate(
            &request,
            &mut |progress| {
                *read = progress.done;
                !interrupted.load(Ordering::Relaxed)
            },
            &mut |_, row| {
                found = Some((Summary::of_row(row, top, vocabulary.eog()), Arc::from(row.logits)));
            },
        )?;
        *read = cost.decoded;
        if let Some(time) = cost.on_server {
            *self.timings.on_server.get_or_insert_default() += time;
        }
        if cost.retokenised {
            tracing::warn!(
                "the server takes texts, and reads this one as other tokens than those of the path"
            );
        }
        if let Some((summary, logits)) = found {
            self.session.absorb(node, summary, logits, cost.time);
        }
        Ok(())
    }

    fn finish(
        &mut self,
        output: &mut dyn Output,
        reason: &StopReason,
        bytes_per_token: f64,
    ) -> Result<(), RunError> {
        let cells = self.evaluator.kv_use().cells;
        let report = Report {
            reason,
            detail: reason.detail(self.session.vocabulary()),
            timings: self.timings,
            cells,
            bytes: (cells as f64 * bytes_per_token).round() as u64,
        };
        Ok(output.stop(&self.session, &report)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_said_to_come_from_where_they_do() {
        let told = |path: &str| {
            let error = Message::read_all("{").expect_err("no messages");
            RunError::Messages { path: path.into(), error }.to_string()
        };
        assert!(told("-").starts_with("the messages in standard input: "), "{}", told("-"));
        assert!(told("m.json").starts_with("the messages in m.json: "));
    }
}
