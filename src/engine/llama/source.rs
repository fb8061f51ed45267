//! Models that llama.cpp loads from files, for the engine's thread.

use super::{LlamaEvaluator, LoadError, adapters, check, load, load_draft};
use crate::{
    engine::{
        Evaluator,
        worker::{OpenError, Proceed, Ready, Source},
    },
    settings::ModelSettings,
};

/// Opens GGUF files, or a built-in model.
#[derive(Clone, Copy, Debug, Default)]
pub struct LlamaSource {
    /// Where no file is named the built-in model that drafts is meant, not the one that writes.
    pub draft: bool,
}

impl Source for LlamaSource {
    fn check(settings: &ModelSettings) -> Result<(), String> {
        let Some(path) = settings.path.as_deref() else { return Ok(()) };
        let checked = check(path).and_then(|file| adapters::check(settings, &file));
        checked.map_err(|error| error.to_string())
    }

    fn is_diffusion(settings: &ModelSettings) -> bool {
        settings.path.as_deref().is_some_and(|path| matches!(check(path), Err(LoadError::Diffusion { .. })))
    }

    fn open(
        &mut self,
        settings: &ModelSettings,
        proceed: Proceed,
        serve: &mut dyn FnMut(Ready, &mut dyn Evaluator),
    ) -> Result<(), OpenError> {
        let loaded = if self.draft { load_draft(settings, proceed)? } else { load(settings, proceed)? };
        let mut evaluator = LlamaEvaluator::new(&loaded, settings)?;
        evaluator.measure_state(true);
        let ready = Ready {
            info: loaded.info.clone(),
            vocabulary: loaded.vocabulary.clone(),
            context: evaluator.context_size(),
            layout: evaluator.layout(),
        };
        serve(ready, &mut evaluator);
        Ok(())
    }
}

impl From<LoadError> for OpenError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Cancelled => Self::Cancelled,
            error => Self::Failed(error.to_string()),
        }
    }
}
