//! `logitscope cost`: what a token costs, computed from the model's shape and measured on this machine, as text or JSON lines.

mod json;
mod text;

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::RunError;
use crate::{
    cost::{
        Costs, KvShape, Plan, Projection,
        measure::{ChainClock, Limits, Wish},
    },
    decode::CursorError,
    engine::{
        Measured, PromptText,
        llama::{LlamaEvaluator, LoadedModel, load, padded_context},
    },
    sampling::SamplingOverrides,
    settings::{ModelSettings, Settings},
    token::Token,
};

/// What is written on where nobody gives a prompt.
const PROMPT: &str = "Once upon a time, there was a little girl who";

/// What is to be measured on a model.
#[derive(Clone, Debug, Default)]
pub struct CostJob {
    /// Everything that can be set.
    pub settings: Settings,
    /// The sampling settings that a person has set.
    pub given: SamplingOverrides,
    /// What is to be measured, and how it is told.
    pub request: CostRequest,
}

/// What is to be measured, and how it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CostRequest {
    /// How much, and how often.
    pub wish: Wish,
    /// Measure nothing.
    pub computed: bool,
    /// One JSON object a line in place of text.
    pub json: bool,
}

/// What is told.
struct Told<'a> {
    loaded: &'a LoadedModel,
    context: usize,
    kv: KvShape,
    projection: Projection,
    costs: Option<&'a Costs>,
    interrupted: bool,
}

/// Tells what a token costs: text or JSON to `out`, what is being measured to `report`. `interrupted` ends it after the present
/// pass, with what was measured until then.
pub fn cost(
    job: &CostJob,
    out: &mut dyn Write,
    report: &mut dyn Write,
    interrupted: &Arc<AtomicBool>,
) -> Result<(), RunError> {
    let text = job.settings.prompt.load()?.unwrap_or_else(|| PROMPT.to_owned());
    super::needs_model_here(
        &job.settings.model,
        "logitscope cost",
        "it measures the memory and time of single passes",
    )?;
    let flag = Arc::clone(interrupted);
    let loaded = load(&job.settings.model, move |_| !flag.load(Ordering::Relaxed))?;
    cost_on(&loaded, job, text, out, report, interrupted)
}

/// [`cost`] on a model that is loaded already, for a prompt that is read already.
pub fn cost_on(
    loaded: &LoadedModel,
    job: &CostJob,
    text: String,
    out: &mut dyn Write,
    report: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    let costs =
        if job.request.computed { None } else { Some(measure(loaded, job, text, report, interrupted)?) };
    let told = Told {
        loaded,
        context: padded_context(loaded, &job.settings.model) as usize,
        kv: KvShape::of(&loaded.file),
        projection: Projection::of(&loaded.file),
        interrupted: costs.as_ref().is_some_and(|costs| !costs.is_done()),
        costs: costs.as_ref(),
    };
    let written = if job.request.json { json::write(&told, out) } else { text::write(&told, out) };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Goes through all passes.
fn measure(
    loaded: &LoadedModel,
    job: &CostJob,
    text: String,
    report: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<Costs, RunError> {
    // Only its contexts beside are used: the smallest there is.
    let settings = ModelSettings { ctx_size: 1, sequences: 1, ..job.settings.model.clone() };
    let mut evaluator = LlamaEvaluator::new(loaded, &settings)?;
    let mut costs = begin(loaded, job, text)?;
    let mut subject = None;
    while let Some(pass) = costs.wanted() {
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
        if subject != costs.subject() {
            subject = costs.subject();
            let title = subject.map_or("", |subject| subject.title());
            // Nobody may be there to read it.
            let _ = writeln!(report, "measuring {title} …");
        }
        let mut proceed = |_| !interrupted.load(Ordering::Relaxed);
        let measured = Measured::of(&mut evaluator, &pass, loaded.vocabulary.eog(), &mut proceed);
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
        costs.absorb(measured);
    }
    Ok(costs)
}

fn begin(loaded: &LoadedModel, job: &CostJob, text: String) -> Result<Costs, RunError> {
    let prompt = &job.settings.prompt;
    let text = PromptText { text, chat: prompt.chat, system: prompt.system.clone() };
    let tokens: Vec<Token> = super::tokens_of(&text, loaded)?;
    let settings = &job.settings.model;
    let context = padded_context(loaded, settings) as usize;
    let plan = Plan::new(&tokens, job.request.wish, limits(loaded, settings, context));
    let sampling = loaded.info.sampling(&job.given);
    let chain = ChainClock::new(&sampling, &loaded.vocabulary, context, plan.prompt.len());
    let chain = chain.map_err(CursorError::from)?;
    Ok(Costs::new(plan, Some(chain), loaded.vocabulary.eog()))
}

fn limits(loaded: &LoadedModel, settings: &ModelSettings, context: usize) -> Limits {
    Limits {
        context,
        micro_batch: settings.ubatch_size.min(settings.batch_size).max(1) as usize,
        vocabulary: loaded.vocabulary.len(),
        cache: settings.cache_type_k,
    }
}
