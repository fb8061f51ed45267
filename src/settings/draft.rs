//! The model that drafts beside another one.

use std::path::PathBuf;

use super::{CacheType, GpuLayers, ModelSettings};

/// The model that drafts beside another one, as far as it is not loaded as that is. Defaults are llama.cpp's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftModelSettings {
    /// The GGUF file; None is the built-in one, which drafts for the built-in model alone.
    pub path: Option<PathBuf>,
    /// Layers whose weights go to the GPU.
    pub gpu_layers: GpuLayers,
    /// Threads that compute, 1 to 512; None chooses from the model's size.
    pub threads: Option<u32>,
    /// Data type of the keys in its KV cache.
    pub cache_type_k: CacheType,
    /// Data type of the values in its KV cache.
    pub cache_type_v: CacheType,
}

impl Default for DraftModelSettings {
    fn default() -> Self {
        Self {
            path: None,
            gpu_layers: GpuLayers::Auto,
            threads: None,
            cache_type_k: CacheType::F16,
            cache_type_v: CacheType::F16,
        }
    }
}

impl DraftModelSettings {
    /// Whether there is a model that drafts for `target`: one that was named, or the built-in one for the built-in model.
    #[must_use]
    pub fn is_there(&self, target: &ModelSettings) -> bool {
        self.path.is_some() || target.path.is_none()
    }

    /// How it is loaded: as `target` is where nothing else is said, with a context of as many tokens.
    #[must_use]
    pub fn model(&self, target: &ModelSettings, context: usize) -> ModelSettings {
        ModelSettings {
            path: self.path.clone(),
            // They are made for the target.
            lora: Vec::new(),
            ctx_size: u32::try_from(context).unwrap_or(u32::MAX),
            gpu_layers: self.gpu_layers,
            threads: self.threads,
            threads_batch: None,
            cache_type_k: self.cache_type_k,
            cache_type_v: self.cache_type_v,
            chat_template: None,
            ..target.clone()
        }
    }
}
