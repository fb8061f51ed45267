//! Models that llama.cpp loads from files, for the engine's thread.

use super::{LlamaEvaluator, LoadError, check, load};
use crate::{
    engine::{
        Evaluator,
        worker::{OpenError, Proceed, Ready, Source},
    },
    settings::ModelSettings,
};

/// Opens GGUF files, or the built-in model.
#[derive(Clone, Copy, Debug, Default)]
pub struct LlamaSource;

impl Source for LlamaSource {
    fn check(settings: &ModelSettings) -> Result<(), String> {
        match settings.path.as_deref().map(check) {
            Some(Err(error)) => Err(error.to_string()),
            Some(Ok(_)) | None => Ok(()),
        }
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
        let loaded = load(settings, proceed)?;
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
