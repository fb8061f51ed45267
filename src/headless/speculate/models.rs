//! The two models, loaded and checked against each other, and the evaluators on them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::SpeculateJob;
use crate::{
    decode::speculative::{Ask, Role},
    distribution::Summary,
    engine::{
        Cost, EvaluateError, Evaluator, Request, check_pair,
        llama::{LlamaEvaluator, LoadedModel, load, load_draft, padded_context},
    },
    headless::{RunError, needs_model_here},
    settings::ModelSettings,
    token::Token,
    tree::Evaluation,
};

/// The two models.
pub(super) struct Models {
    pub target: LoadedModel,
    pub draft: Option<LoadedModel>,
}

impl Models {
    /// Loads the target, and the draft model where one is wanted. One that does not fit is refused.
    pub fn load(job: &SpeculateJob, interrupted: &Arc<AtomicBool>) -> Result<Self, RunError> {
        let settings = &job.settings.model;
        const WHY: &str = "it verifies a batch of proposed tokens in one pass";
        needs_model_here(settings, "logitscope speculate", WHY)?;
        let setup = &job.request.setup;
        if setup.settings_for(settings).sources.model && !setup.draft.is_there(settings) {
            return Err(RunError::NoDraftModel);
        }
        let proceed = || {
            let flag = Arc::clone(interrupted);
            move |_| !flag.load(Ordering::Relaxed)
        };
        let target = load(settings, proceed())?;
        let draft =
            setup.wants_model(settings).then(|| load_draft(&setup.draft.model(settings, 0), proceed()));
        let draft = draft.transpose()?;
        if let Some(draft) = &draft {
            check_pair(&target.vocabulary, &draft.vocabulary)?;
        }
        Ok(Self { target, draft })
    }
}

/// The evaluators on the two models, and one more on the target for what it is measured against.
pub(super) struct Served<'m> {
    target: LlamaEvaluator<'m>,
    draft: Option<LlamaEvaluator<'m>>,
    plain: Option<LlamaEvaluator<'m>>,
    eog: Vec<Token>,
}

impl<'m> Served<'m> {
    /// Contexts of one path each.
    pub fn new(models: &'m Models, job: &SpeculateJob) -> Result<Self, RunError> {
        // One path: a cache for one sequence computes exactly as llama.cpp's own tool does.
        let settings = ModelSettings { sequences: 1, ..job.settings.model.clone() };
        let context = padded_context(&models.target, &settings) as usize;
        let own = job.request.setup.draft.model(&settings, context);
        let target = || LlamaEvaluator::new(&models.target, &settings);
        Ok(Self {
            target: target()?,
            draft: models.draft.as_ref().map(|draft| LlamaEvaluator::new(draft, &own)).transpose()?,
            plain: job.request.against_plain.then(target).transpose()?,
            eog: models.target.vocabulary.eog().to_vec(),
        })
    }

    /// The target's context, in tokens.
    pub fn context(&self) -> usize {
        self.target.context_size()
    }

    /// The rows that a round asks for. None when it was interrupted.
    pub fn rows(
        &mut self,
        ask: &Ask,
        interrupted: &AtomicBool,
    ) -> Result<Option<(Vec<Evaluation>, Cost)>, EvaluateError> {
        let evaluator = match ask.model {
            Role::Target => &mut self.target,
            Role::Draft => {
                let none = || EvaluateError::Failed("there is no draft model".into());
                self.draft.as_mut().ok_or_else(none)?
            }
        };
        evaluate(evaluator, &ask.request, &self.eog, interrupted)
    }

    /// The row that decoding without a draft asks for. None when it was interrupted.
    pub fn plain(
        &mut self,
        request: &Request,
        interrupted: &AtomicBool,
    ) -> Result<Option<(Vec<Evaluation>, Cost)>, EvaluateError> {
        match &mut self.plain {
            Some(evaluator) => evaluate(evaluator, request, &self.eog, interrupted),
            None => Ok(None),
        }
    }
}

fn evaluate(
    evaluator: &mut LlamaEvaluator<'_>,
    request: &Request,
    eog: &[Token],
    interrupted: &AtomicBool,
) -> Result<Option<(Vec<Evaluation>, Cost)>, EvaluateError> {
    let mut rows = Vec::new();
    let result = evaluator.evaluate(request, &mut |_| !interrupted.load(Ordering::Relaxed), &mut |_, row| {
        let summary = Summary::of_row(row, Summary::TOP, eog);
        rows.push(Evaluation { summary, logits: Some(row.logits.into()), time: Duration::ZERO });
    });
    match result {
        Err(EvaluateError::Cancelled) => Ok(None),
        result => result.map(|cost| Some((rows, cost))),
    }
}
