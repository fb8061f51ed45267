//! A model that texts can be written with, wherever it runs.

use std::sync::Arc;

use super::{
    Evaluator, Vocabulary,
    llama::{CacheLayout, LlamaEvaluator, LoadError, LoadedModel, ModelInfo, padded_context},
};
use crate::settings::ModelSettings;

/// A model that is ready: loaded here, or on a server.
pub trait Model {
    /// What is shown about it.
    fn info(&self) -> &ModelInfo;

    /// Its vocabulary.
    fn vocabulary(&self) -> &Arc<Vocabulary>;

    /// The largest number of tokens that a path gets with these settings.
    fn context(&self, settings: &ModelSettings) -> usize;

    /// An evaluator; with a layout its paths lie so, and have the settings' context, where that is said here at all.
    ///
    /// # Errors
    ///
    /// There is no memory for the context.
    fn evaluator<'m>(
        &'m self,
        settings: &ModelSettings,
        layout: Option<CacheLayout>,
    ) -> Result<Box<dyn Evaluator + 'm>, LoadError>;
}

impl Model for LoadedModel {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    fn context(&self, settings: &ModelSettings) -> usize {
        padded_context(self, settings) as usize
    }

    fn evaluator<'m>(
        &'m self,
        settings: &ModelSettings,
        layout: Option<CacheLayout>,
    ) -> Result<Box<dyn Evaluator + 'm>, LoadError> {
        Ok(match layout {
            Some(layout) => Box::new(LlamaEvaluator::with_layout(self, settings, layout)?),
            None => Box::new(LlamaEvaluator::new(self, settings)?),
        })
    }
}
