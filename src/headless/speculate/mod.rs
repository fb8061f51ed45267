//! `logitscope speculate`: a text in rounds of drafted and verified tokens, as text or JSON lines.

mod lines;
mod models;
mod text;

use std::{
    io::{self, Write},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use models::{Models, Served};

use super::RunError;
use crate::{
    decode::{
        Cursor, StopReason, StopRules,
        speculative::{Gains, Plain, Price, Speculation, SpeculativeSetup},
    },
    engine::{PromptText, llama::LoadedModel},
    sampling::{SamplingOverrides, without_effect},
    settings::Settings,
    token::Token,
    tree::Tree,
};

/// Bytes of logits kept: those of a few rounds.
const BUDGET: usize = 64 << 20;

/// A text to be written by speculative decoding.
#[derive(Clone, Debug, Default)]
pub struct SpeculateJob {
    /// Everything that can be set.
    pub settings: Settings,
    /// The sampling settings that a person has set.
    pub given: SamplingOverrides,
    /// How it is drafted and told.
    pub request: SpeculateRequest,
}

/// How it is drafted, and how it is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpeculateRequest {
    /// The draft.
    pub setup: SpeculativeSetup,
    /// Decode plainly in turn with it, and compare.
    pub against_plain: bool,
    /// JSON lines instead of text.
    pub json: bool,
    /// Print control tokens as text.
    pub special: bool,
}

/// Where the rounds go.
trait SpeculateOutput {
    /// Before the first round.
    fn start(&mut self, walk: &Speculation) -> io::Result<()>;
    /// After each round, the last of the walk's.
    fn round(&mut self, walk: &Speculation) -> io::Result<()>;
    /// After the last.
    fn stop(&mut self, walk: &Speculation, end: &End<'_>) -> io::Result<()>;
}

/// What it came to.
struct End<'a> {
    reason: &'a StopReason,
    detail: String,
    gains: Gains,
    /// Drafting, verifying, and the chain, the reading of the prompt left out.
    time: Duration,
    price: Option<Price>,
    against: Option<Against<'a>>,
}

/// What decoding without a draft came to.
struct Against<'a> {
    plain: &'a Plain,
    time: Duration,
    /// Tokens both have decoded with the clock running.
    tokens: usize,
}

impl End<'_> {
    /// How many times as fast as plain decoding it was.
    fn ratio(&self) -> Option<f64> {
        let against = self.against.as_ref().filter(|against| against.tokens > 0)?;
        (!self.time.is_zero()).then(|| against.time.as_secs_f64() / self.time.as_secs_f64())
    }

    /// Why it is faster or slower.
    fn why(&self) -> Option<String> {
        Some(self.price?.why(self.ratio()?, &self.gains))
    }
}

/// Writes a text in rounds: text or JSON to `out`, the report of a text to `report`. `interrupted` ends it after the present
/// pass.
pub fn speculate(
    job: &SpeculateJob,
    out: &mut dyn Write,
    report: &mut dyn Write,
    interrupted: &Arc<AtomicBool>,
) -> Result<(), RunError> {
    // The prompt first: when it cannot be read, nobody wants to wait for the models.
    let text = job.settings.prompt.load()?.ok_or(RunError::NoPrompt)?;
    let models = Models::load(job, interrupted)?;
    write_on(&models, job, text, (out, report), interrupted)
}

fn write_on(
    models: &Models,
    job: &SpeculateJob,
    text: String,
    (out, report): (&mut dyn Write, &mut dyn Write),
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    let settings = &job.settings;
    let prompt = PromptText { text, chat: settings.prompt.chat, system: settings.prompt.system.clone() };
    let tokens = super::tokens_of(&prompt, &models.target)?;
    let served = Served::new(models, job)?;
    let mut run = Run::new(models, job, &tokens, served)?;
    for note in run.notes(models) {
        writeln!(report, "note: {note}")?;
    }
    let mut output: Box<dyn SpeculateOutput + '_> = if job.request.json {
        Box::new(lines::JsonOutput::new(out, models))
    } else {
        Box::new(text::TextOutput::new(out, report, job.request.special))
    };
    match run.play(&mut *output, interrupted) {
        Err(RunError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

struct Run<'m> {
    walk: Speculation,
    tree: Tree,
    plain: Option<Plain>,
    served: Served<'m>,
    time: Duration,
    plain_time: Duration,
    /// Tokens that were there before the clock ran.
    untimed: usize,
}

impl<'m> Run<'m> {
    fn new(
        models: &Models,
        job: &SpeculateJob,
        tokens: &[Token],
        served: Served<'m>,
    ) -> Result<Self, RunError> {
        let setup = &job.request.setup;
        let context = served.context();
        let mut sampling = models.target.info.sampling(&job.given);
        let rules = StopRules::from(&job.settings.stop);
        let mut begin = |tree: &mut Tree| {
            let vocabulary = Arc::clone(&models.target.vocabulary);
            let cursor =
                Cursor::new(tree, vocabulary, tokens.to_vec(), sampling.clone(), rules.clone(), context)?;
            // Both have the same seed.
            sampling.seed = cursor.settings().seed;
            Ok::<_, RunError>(cursor)
        };
        let mut tree = Tree::new(BUDGET);
        tree.set_limit(Tree::NODES.max(context + 1));
        let cursor = begin(&mut tree)?;
        let draft = models.draft.as_ref().map(|draft| draft.vocabulary.len());
        let walk = Speculation::new(cursor, setup.settings_for(&job.settings.model), draft);
        let plain = job.request.against_plain.then(|| {
            let mut tree = Tree::new(0);
            let cursor = begin(&mut tree)?;
            Ok::<_, RunError>(Plain::new(tree, cursor))
        });
        let (time, plain_time) = (Duration::ZERO, Duration::ZERO);
        Ok(Self { walk, tree, plain: plain.transpose()?, served, time, plain_time, untimed: 0 })
    }

    /// What a person should know.
    fn notes(&self, models: &Models) -> Vec<String> {
        let cursor = self.walk.cursor();
        let recurrent = |model: &LoadedModel, name: &str| {
            model.file.is_recurrent().then(|| {
                format!("the {name} is recurrent and cannot take back what it read: after a refused token it reads the whole text again")
            })
        };
        let mut notes: Vec<String> =
            models.target.info.beyond_training(self.served.context()).into_iter().collect();
        notes.extend(recurrent(&models.target, "target"));
        notes.extend(models.draft.as_ref().and_then(|draft| recurrent(draft, "draft model")));
        notes.extend(self.walk.why_match().map(str::to_owned));
        notes.extend(cursor.settings().grammar.warning().map(str::to_owned));
        notes.extend(without_effect(cursor.settings(), cursor.vocabulary().len()));
        notes
    }

    fn play(&mut self, output: &mut dyn SpeculateOutput, interrupted: &AtomicBool) -> Result<(), RunError> {
        output.start(&self.walk)?;
        let begun = Instant::now();
        while self.walk.cursor().stopped().is_none() {
            self.walk.cursor_mut().set_time(begun.elapsed());
            self.round(interrupted)?;
            if self.walk.rounds().last().is_some_and(|round| !round.tokens.is_empty()) {
                output.round(&self.walk)?;
            }
            self.beside(interrupted)?;
            if interrupted.load(std::sync::atomic::Ordering::Relaxed) {
                self.walk.give_up();
                self.walk.cursor_mut().interrupt();
            }
        }
        let reason = self.walk.cursor().stopped().cloned().unwrap_or(StopReason::Interrupted);
        let gains = Gains::of(self.walk.rounds());
        let tokens = self.walk.cursor().path().generated().saturating_sub(self.untimed);
        let against = self.plain.as_ref().map(|plain| Against { plain, time: self.plain_time, tokens });
        let end = End {
            detail: reason.detail(self.walk.cursor().vocabulary()),
            reason: &reason,
            price: Price::of(&gains, self.plain.as_ref().and_then(Plain::pass)),
            gains,
            time: self.time,
            against,
        };
        Ok(output.stop(&self.walk, &end)?)
    }

    /// A round. The clock runs but for the reading of the prompt.
    fn round(&mut self, interrupted: &AtomicBool) -> Result<(), RunError> {
        self.walk.ask(1);
        let begun = Instant::now();
        let read: Duration = self.walk.reading().iter().map(|(_, pass)| pass.time).sum();
        while let Some(ask) = self.walk.wanted(&mut self.tree)? {
            let Some((rows, cost)) = self.served.rows(&ask, interrupted)? else { break };
            self.walk.absorb(&mut self.tree, (ask.model, &ask.nodes), rows, &cost);
        }
        let reading: Duration = self.walk.reading().iter().map(|(_, pass)| pass.time).sum();
        self.time += begun.elapsed().saturating_sub(reading.saturating_sub(read));
        Ok(())
    }

    /// As many tokens without a draft.
    fn beside(&mut self, interrupted: &AtomicBool) -> Result<(), RunError> {
        let Some(plain) = &mut self.plain else { return Ok(()) };
        let mut begun = Instant::now();
        while let Some((request, node)) = plain.wanted(&self.walk, &mut self.tree)? {
            let reads = plain.cursor().path().generated() == 0;
            let Some((rows, cost)) = self.served.plain(&request, interrupted)? else { break };
            for row in rows {
                plain.absorb(node, row, &cost);
            }
            if reads {
                begun = Instant::now();
            }
        }
        self.plain_time += begun.elapsed();
        Ok(())
    }
}
