//! A canvas through llama.cpp: a context without a KV cache, whose every pass sees all positions and gives all rows.

use std::{
    num::NonZero,
    time::{Duration, Instant},
};

use llama_cpp_2::{
    context::{LlamaContext, params::LlamaContextParams},
    llama_batch::LlamaBatch,
    token::LlamaToken,
};

use super::{
    LoadedModel,
    ffi::flash,
    load::{LoadError, backend, cause},
};
use crate::{
    engine::canvas::{CanvasError, CanvasEvaluator, CanvasShape},
    settings::ModelSettings,
    token::Token,
};

/// A llama.cpp context for canvases of up to a given length.
pub struct LlamaCanvas<'model> {
    context: LlamaContext<'model>,
    batch: LlamaBatch<'static>,
    shape: CanvasShape,
}

/// Why there is no evaluator for a canvas.
#[derive(Debug, thiserror::Error)]
pub enum CanvasOpenError {
    /// The model is no diffusion model, or llama.cpp made no context.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The canvas does not fit.
    #[error(transparent)]
    Canvas(#[from] CanvasError),
}

impl<'model> LlamaCanvas<'model> {
    /// The most positions that a canvas of `loaded` can have: the context asked for, else what the model was trained with.
    #[must_use]
    pub fn longest(loaded: &LoadedModel, settings: &ModelSettings) -> usize {
        match settings.ctx_size {
            0 => loaded.file.context_length as usize,
            tokens => tokens as usize,
        }
    }

    /// What kind of canvases `loaded` takes.
    pub fn shape_of(loaded: &LoadedModel, settings: &ModelSettings) -> Result<CanvasShape, LoadError> {
        let file = &loaded.file;
        let masking = file.masking.ok_or_else(|| LoadError::Causal {
            name: loaded.info.name.clone(),
            architecture: file.architecture.clone(),
        })?;
        Ok(CanvasShape {
            longest: Self::longest(loaded, settings),
            n_vocab: loaded.vocabulary.len(),
            mask: Token(masking.mask_token),
            shift: masking.shift_logits,
        })
    }

    /// A context for canvases of up to `positions` positions, `guided` or not. What llama.cpp would end the process for, or
    /// what would take more memory than the settings' logits may, is refused before.
    pub fn new(
        loaded: &'model LoadedModel,
        settings: &ModelSettings,
        positions: usize,
        guided: bool,
    ) -> Result<Self, CanvasOpenError> {
        let shape = Self::shape_of(loaded, settings)?;
        if positions == 0 {
            return Err(CanvasError::Empty.into());
        }
        if positions > shape.longest {
            return Err(CanvasError::TooLong { positions, longest: shape.longest }.into());
        }
        CanvasError::check_memory(positions, shape.n_vocab, guided, settings.logits_budget_mib)?;
        let size = u32::try_from(positions).unwrap_or(u32::MAX);
        let threads = i32::try_from(loaded.threads).unwrap_or(1);
        let batch_threads = settings.threads_batch.and_then(|n| i32::try_from(n).ok()).unwrap_or(threads);
        // llama.cpp asserts that a whole canvas is one micro-batch, whatever the settings say.
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZero::new(size))
            .with_n_batch(size)
            .with_n_ubatch(size)
            .with_n_seq_max(1)
            .with_n_threads(threads)
            .with_n_threads_batch(batch_threads)
            .with_flash_attention_policy(flash(settings.flash_attn))
            .with_no_perf(true);
        let context = loaded.model.new_context(backend(), params).map_err(|error| LoadError::Llama {
            name: loaded.info.name.clone(),
            cause: cause(&error.to_string()),
        })?;
        // It rounds sizes down in some cases; a larger canvas would end the process.
        let longest = positions.min(context.n_ubatch() as usize).min(context.n_batch() as usize);
        let shape = CanvasShape { longest, ..shape };
        Ok(Self { batch: LlamaBatch::new(positions, 1), context, shape })
    }
}

impl CanvasEvaluator for LlamaCanvas<'_> {
    fn shape(&self) -> CanvasShape {
        self.shape
    }

    fn evaluate(
        &mut self,
        canvas: &[Token],
        positions: &[usize],
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<Duration, CanvasError> {
        let longest = self.shape.longest;
        if canvas.is_empty() {
            return Err(CanvasError::Empty);
        }
        if canvas.len() > longest {
            return Err(CanvasError::TooLong { positions: canvas.len(), longest });
        }
        let started = Instant::now();
        self.batch.clear();
        for (position, &token) in (0..).zip(canvas) {
            self.batch
                .add(LlamaToken(token.to_llama()), position, &[0], true)
                .map_err(|error| CanvasError::Failed(error.to_string()))?;
        }
        self.context
            .decode(&mut self.batch)
            .map_err(|error| CanvasError::Failed(cause(&error.to_string())))?;
        let mut time = started.elapsed();
        for &position in positions.iter().filter(|&&position| position < canvas.len()) {
            // Asking for the first row waits for the pass.
            let asked = Instant::now();
            let row = self.context.get_logits_ith(self.shape.row_of(position) as i32);
            time += asked.elapsed();
            sink(position, row);
        }
        Ok(time)
    }
}
