//! Models for the engine's thread, wherever they run.

use super::{RemoteError, RemoteModel, is_named, model::reach};
use crate::{
    engine::{
        Evaluator, Model,
        llama::{CacheLayout, LlamaSource},
        worker::{OpenError, Proceed, Ready, Source},
    },
    settings::ModelSettings,
};

/// Opens GGUF files, a built-in model, or a model on a server.
#[derive(Clone, Copy, Debug, Default)]
pub struct ModelSource {
    /// Where no model is named the built-in one that drafts is meant, not the one that writes.
    pub draft: bool,
}

impl Source for ModelSource {
    fn check(settings: &ModelSettings) -> Result<(), String> {
        if is_named(settings) {
            return reach(settings).map_err(|error| error.to_string());
        }
        LlamaSource::check(settings)
    }

    fn is_diffusion(settings: &ModelSettings) -> bool {
        !is_named(settings) && LlamaSource::is_diffusion(settings)
    }

    fn open(
        &mut self,
        settings: &ModelSettings,
        mut proceed: Proceed,
        serve: &mut dyn FnMut(Ready, &mut dyn Evaluator),
    ) -> Result<(), OpenError> {
        if !is_named(settings) {
            return LlamaSource { draft: self.draft }.open(settings, proceed, serve);
        }
        let get = |name: &str| std::env::var(name).ok();
        let model = RemoteModel::open(settings, &get, &mut *proceed)?;
        let mut evaluator = model.remote_evaluator();
        let ready = Ready {
            info: model.info().clone(),
            vocabulary: model.vocabulary().clone(),
            context: evaluator.context_size(),
            layout: CacheLayout::Apart,
        };
        serve(ready, &mut evaluator);
        Ok(())
    }
}

impl From<RemoteError> for OpenError {
    fn from(error: RemoteError) -> Self {
        match error {
            RemoteError::Cancelled => Self::Cancelled,
            error => Self::Failed(error.to_string()),
        }
    }
}
