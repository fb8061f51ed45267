//! `logitscope diffuse`: a canvas written by a diffusion model, as text or JSON lines.

mod beside;
mod lines;
mod sweep;
mod text;

use std::{
    io::{self, IsTerminal as _, Write},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use beside::Beside;
pub(super) use beside::Measured;
use lines::JsonOutput;
use text::TextOutput;

use super::RunError;
use crate::{
    decode::{
        diffusion::{Diffusion, DiffusionSettings, Joint, Reader, Template},
        random_seed,
    },
    engine::{
        CanvasEvaluator, PromptText,
        llama::{LlamaCanvas, LoadedModel, load_diffusion},
    },
    sampling::{SamplingOverrides, SamplingSettings},
    settings::Settings,
};

/// Positions after a prompt where nobody says how many.
const ROOM: usize = 48;

/// A canvas to be written.
#[derive(Clone, Debug, Default)]
pub struct DiffuseJob {
    /// Everything that can be set.
    pub settings: Settings,
    /// The sampling settings that a person has set.
    pub given: SamplingOverrides,
    /// What is to be written.
    pub request: DiffuseRequest,
}

/// What is to be written, and how it is told.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct DiffuseRequest {
    /// How positions open.
    pub diffusion: DiffusionSettings,
    /// Positions of the canvas, the prompt's included.
    pub length: Option<usize>,
    /// Positions after the prompt, where `length` says nothing.
    pub predict: Option<usize>,
    /// A text with gaps, in place of a prompt.
    pub infill: Option<String>,
    /// Numbers of steps, each of which writes a text of its own.
    pub sweep: Vec<usize>,
    /// The model beside, which chooses one token after the other; None for the built-in one.
    pub beside: Option<PathBuf>,
    /// Without a model beside: no perplexity, no text of its own.
    pub alone: bool,
    /// Measure neighbours that opened together, a pass for each two.
    pub joint: bool,
    /// Write the canvas at every step.
    pub visual: bool,
    /// In JSON, what every masked position would open with.
    pub guesses: bool,
    /// One JSON object a line in place of text.
    pub json: bool,
    /// Write control tokens as their text.
    pub special: bool,
}

/// Where the steps of a canvas go.
trait DiffuseOutput {
    /// Before the first step.
    fn start(&mut self, diffusion: &Diffusion) -> io::Result<()>;
    /// After a step was taken, with the neighbours measured.
    fn step(&mut self, diffusion: &Diffusion, joints: &[Joint]) -> io::Result<()>;
    /// After the last.
    fn finish(&mut self, diffusion: &Diffusion, end: &End<'_>) -> io::Result<()>;
}

/// What is told at the end.
struct End<'a> {
    /// Whether it was ended before all was written.
    interrupted: bool,
    /// The neighbours that were measured.
    joints: &'a [Joint],
    /// The text under the model beside.
    measured: Option<Measured>,
    /// What the model beside wrote after the same prompt.
    other: Option<beside::Other>,
    /// The model beside.
    name: Option<&'a str>,
}

/// Writes a canvas: text or JSON to `out`, the report of a text run to `report`. `interrupted` ends it after the present pass.
pub fn diffuse(
    job: &DiffuseJob,
    out: &mut dyn Write,
    report: &mut dyn Write,
    interrupted: &Arc<AtomicBool>,
) -> Result<(), RunError> {
    let text = prompt(job)?;
    super::needs_model_here(
        &job.settings.model,
        "logitscope diffuse",
        "a whole canvas goes through it at once, which no server offers",
    )?;
    let flag = Arc::clone(interrupted);
    let loaded = load_diffusion(&job.settings.model, move |_| !flag.load(Ordering::Relaxed))?;
    diffuse_on(&loaded, job, text, out, report, interrupted)
}

/// The prompt, where the canvas is not given whole.
fn prompt(job: &DiffuseJob) -> Result<String, RunError> {
    match &job.request.infill {
        Some(_) => Ok(String::new()),
        None => job.settings.prompt.load()?.ok_or(RunError::NoPrompt),
    }
}

/// [`diffuse`] on a model that is loaded already, for a prompt that is read already.
pub fn diffuse_on(
    loaded: &LoadedModel,
    job: &DiffuseJob,
    text: String,
    out: &mut dyn Write,
    report: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    let mut run = Run::new(loaded, job, text, interrupted)?;
    let result = if job.request.sweep.is_empty() { run.write(out, report) } else { run.sweep(out) };
    match result {
        Err(RunError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

struct Run<'a> {
    loaded: &'a LoadedModel,
    job: &'a DiffuseJob,
    template: Template,
    sampling: SamplingSettings,
    evaluator: LlamaCanvas<'a>,
    reader: Reader,
    beside: Option<Beside>,
    interrupted: &'a AtomicBool,
}

impl<'a> Run<'a> {
    fn new(
        loaded: &'a LoadedModel,
        job: &'a DiffuseJob,
        text: String,
        interrupted: &'a AtomicBool,
    ) -> Result<Self, RunError> {
        let template = template(loaded, job, text)?;
        let guided = job.request.diffusion.guidance > 0.0;
        let positions = template.tokens().len();
        let evaluator = LlamaCanvas::new(loaded, &job.settings.model, positions, guided)?;
        let mut sampling = loaded.info.sampling(&job.given);
        // Told, so that the text can be had again.
        sampling.seed = Some(sampling.seed.unwrap_or_else(random_seed));
        let beside = if job.request.alone { None } else { Some(Beside::load(job)?) };
        let reader = Reader::new(&loaded.vocabulary, positions);
        Ok(Self { loaded, job, template, sampling, evaluator, reader, beside, interrupted })
    }

    fn diffusion(&self, settings: DiffusionSettings) -> Result<Diffusion, RunError> {
        let vocabulary = Arc::clone(&self.loaded.vocabulary);
        let (shape, sampling) = (self.evaluator.shape(), self.sampling.clone());
        Ok(Diffusion::new(vocabulary, shape, self.template.clone(), settings, sampling)?)
    }

    /// Takes one step. False where all is written, or it was interrupted.
    fn step(&mut self, diffusion: &mut Diffusion) -> Result<bool, RunError> {
        if diffusion.is_over() || self.interrupted.load(Ordering::Relaxed) {
            return Ok(false);
        }
        if let Some(pass) = diffusion.wanted() {
            diffusion.absorb(self.reader.answer(&pass, &mut self.evaluator)?);
        }
        Ok(diffusion.forward())
    }

    fn write(&mut self, out: &mut dyn Write, report: &mut dyn Write) -> Result<(), RunError> {
        let mut diffusion = self.diffusion(self.job.request.diffusion)?;
        let mut output: Box<dyn DiffuseOutput + '_> = if self.job.request.json {
            Box::new(JsonOutput::new(out, self.loaded, self.job))
        } else {
            let terminal = io::stdout().is_terminal();
            Box::new(TextOutput::new(out, report, self.job, terminal))
        };
        output.start(&diffusion)?;
        let mut all = Vec::new();
        while self.step(&mut diffusion)? {
            let joints = self.joints(&diffusion)?;
            output.step(&diffusion, &joints)?;
            all.extend(joints);
        }
        let interrupted = !diffusion.is_over();
        let (mut measured, mut other) = (None, None);
        if let Some(beside) = self.beside.as_mut().filter(|_| !interrupted) {
            measured = beside.measure(&diffusion, self.interrupted)?;
            if self.job.request.infill.is_none() {
                other = beside.write(&diffusion, self.interrupted)?;
            }
        }
        let name = self.beside.as_ref().map(Beside::title);
        let end = End { interrupted, joints: &all, measured, other, name };
        Ok(output.finish(&diffusion, &end)?)
    }

    /// Measures the neighbours that opened in the newest step.
    fn joints(&mut self, diffusion: &Diffusion) -> Result<Vec<Joint>, RunError> {
        let step = diffusion.at() - 1;
        let mut joints = Vec::new();
        for position in diffusion.neighbours(step).into_iter().filter(|_| self.job.request.joint) {
            let Some(pass) = diffusion.joint_pass(step, position) else { continue };
            let answer = self.reader.answer(&pass, &mut self.evaluator)?;
            joints.extend(diffusion.joint(step, position, &answer));
        }
        Ok(joints)
    }
}

/// What the canvas begins with.
fn template(loaded: &LoadedModel, job: &DiffuseJob, text: String) -> Result<Template, RunError> {
    let mask = LlamaCanvas::shape_of(loaded, &job.settings.model)?.mask;
    if let Some(infill) = &job.request.infill {
        return Ok(Template::infill(infill, &loaded.vocabulary, mask, job.request.length)?);
    }
    let settings = &job.settings.prompt;
    let prompt = PromptText { text, chat: settings.chat, system: settings.system.clone() };
    let tokens = super::tokens_of(&prompt, loaded)?;
    let longest = LlamaCanvas::longest(loaded, &job.settings.model);
    let length = job.request.length.or(job.request.predict.map(|predict| tokens.len() + predict));
    let length = length.unwrap_or_else(|| longest.min(tokens.len() + ROOM));
    Ok(Template::after_prompt(&tokens, length, mask)?)
}
