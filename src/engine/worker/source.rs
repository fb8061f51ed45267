//! Where an engine's models come from.

use std::sync::Arc;

use crate::{
    engine::{
        Evaluator, Vocabulary,
        llama::{CacheLayout, ModelInfo},
    },
    settings::ModelSettings,
};

/// A model that is ready to decode.
#[derive(Clone, Debug)]
pub struct Ready {
    /// What is shown about it.
    pub info: ModelInfo,
    /// Its vocabulary.
    pub vocabulary: Arc<Vocabulary>,
    /// Context size in tokens.
    pub context: usize,
    /// How the paths lie in the KV cache.
    pub layout: CacheLayout,
}

/// Gets the progress of loading, 0 to 1, and gives it up by `false`.
pub type Proceed = Box<dyn FnMut(f32) -> bool>;

/// Why there is not a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Loading was given up.
    #[error("loading was cancelled")]
    Cancelled,
    /// It cannot be used; why, in a sentence.
    #[error("{0}")]
    Failed(String),
}

/// Opens models, on the engine's thread.
pub trait Source: Send + 'static {
    /// Whether a model can be opened, as far as can be said while another one is in use.
    fn check(settings: &ModelSettings) -> Result<(), String>;

    /// Whether what could not be opened is a diffusion model.
    #[must_use]
    fn is_diffusion(_settings: &ModelSettings) -> bool {
        false
    }

    /// Opens the model that `settings` name and calls `serve` with it, once; when that returns the model is not needed any
    /// more.
    fn open(
        &mut self,
        settings: &ModelSettings,
        proceed: Proceed,
        serve: &mut dyn FnMut(Ready, &mut dyn Evaluator),
    ) -> Result<(), OpenError>;
}

/// Evaluators that own all that they need, such as a script.
impl<E, F> Source for F
where
    E: Evaluator,
    F: FnMut(&ModelSettings) -> Result<(Ready, E), OpenError> + Send + 'static,
{
    fn check(_: &ModelSettings) -> Result<(), String> {
        Ok(())
    }

    fn open(
        &mut self,
        settings: &ModelSettings,
        _: Proceed,
        serve: &mut dyn FnMut(Ready, &mut dyn Evaluator),
    ) -> Result<(), OpenError> {
        let (ready, mut evaluator) = self(settings)?;
        serve(ready, &mut evaluator);
        Ok(())
    }
}
