//! A model that chooses one token after the other, beside the canvas: how likely it finds the text, and what it writes itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Serialize;

use super::DiffuseJob;
use crate::{
    decode::{
        StopRules,
        diffusion::Diffusion,
        lanes::{LaneSetup, Lanes, Which},
    },
    engine::{
        Evaluator as _,
        llama::{LlamaEvaluator, LoadedModel, load},
    },
    headless::{
        RunError,
        compare::{path_text, play},
        driver::Driver,
        needs_model_here,
    },
    score::perplexity,
    settings::{ModelSettings, StopSettings},
    token::Token,
    tree::Tree,
};

/// A text under the model beside.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// 2 to the bits of surprisal a token.
    pub perplexity: f64,
    /// Tokens that count: those after the prompt, or all but the first where gaps were filled.
    pub tokens: usize,
    /// Bits of surprisal a byte; None where no byte counts.
    pub bits_per_byte: Option<f64>,
}

/// What the model beside wrote.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Other {
    pub text: String,
    pub tokens: usize,
    /// Passes through the model: one reads the prompt, and each token but the last takes another.
    pub passes: usize,
    pub ms: f64,
    pub measured: Option<Measured>,
}

/// A model that chooses one token after the other.
pub(super) struct Beside {
    loaded: LoadedModel,
    settings: ModelSettings,
}

impl Beside {
    pub(super) fn load(job: &DiffuseJob) -> Result<Self, RunError> {
        let settings = ModelSettings {
            path: job.request.beside.clone(),
            lora: Vec::new(),
            ctx_size: 0,
            sequences: 1,
            ..job.settings.model.clone()
        };
        const WHY: &str = "it is laid beside a canvas here";
        needs_model_here(&settings, "--against", WHY)?;
        Ok(Self { loaded: load(&settings, |_| true)?, settings })
    }

    pub(super) fn title(&self) -> &str {
        &self.loaded.info.title
    }

    /// How likely it finds what a canvas says.
    pub(super) fn measure(
        &mut self,
        diffusion: &Diffusion,
        interrupted: &AtomicBool,
    ) -> Result<Option<Measured>, RunError> {
        let (tokens, counted) = diffusion.text_in(&self.loaded.vocabulary);
        self.perplexity(&tokens, counted, interrupted)
    }

    fn perplexity(
        &self,
        tokens: &[Token],
        counted: usize,
        interrupted: &AtomicBool,
    ) -> Result<Option<Measured>, RunError> {
        let mut evaluator = LlamaEvaluator::new(&self.loaded, &self.settings)?;
        let mut proceed = |_| !interrupted.load(Ordering::Relaxed);
        let totals = perplexity(&mut evaluator, &self.loaded.vocabulary, tokens, counted, &mut proceed)?;
        Ok(totals.and_then(|totals| {
            Some(Measured {
                perplexity: totals.perplexity()?,
                tokens: totals.counted,
                bits_per_byte: totals.bits_per_byte(),
            })
        }))
    }

    /// Writes after the same prompt, as many tokens at most and with the same sampling settings.
    pub(super) fn write(
        &mut self,
        diffusion: &Diffusion,
        interrupted: &AtomicBool,
    ) -> Result<Option<Other>, RunError> {
        let prompt = diffusion.prompt_in(&self.loaded.vocabulary);
        if prompt.is_empty() {
            return Ok(None);
        }
        let mut evaluator = LlamaEvaluator::new(&self.loaded, &self.settings)?;
        let context = evaluator.context_size();
        let vocabulary = &self.loaded.vocabulary;
        let stop = StopSettings {
            predict: i32::try_from(diffusion.template().gaps()).unwrap_or(i32::MAX),
            ..StopSettings::default()
        };
        let mut tree = Tree::new(0);
        let mut lanes = Lanes::new(Arc::clone(vocabulary), context);
        let setup = LaneSetup {
            name: self.title().to_owned(),
            prompt: prompt.clone(),
            settings: diffusion.sampling().clone(),
            rules: StopRules::from(&stop),
        };
        lanes.add(&mut tree, setup)?;
        lanes.ask(Which::All, context);
        let mut driver = Driver::new(&mut evaluator, vocabulary, false, interrupted);
        let begun = Instant::now();
        play(&mut lanes, &mut tree, &mut driver)?;
        let (time, passes): (Duration, usize) = (begun.elapsed(), driver.spent.evaluations);
        let Some(cursor) = lanes.lanes().first().map(crate::decode::lanes::Lane::cursor) else {
            return Ok(None);
        };
        let text = path_text(cursor.path().generated_tokens(), cursor.stopped(), vocabulary, false);
        let mut tokens = cursor.path().tokens().to_vec();
        if tokens.last().is_some_and(|&token| vocabulary.is_eog(token)) {
            tokens.pop();
        }
        let measured = self.perplexity(&tokens, prompt.len(), interrupted)?;
        let tokens = cursor.path().generated();
        Ok(Some(Other { text, tokens, passes, ms: time.as_secs_f64() * 1e3, measured }))
    }
}
