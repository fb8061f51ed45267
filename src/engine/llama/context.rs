//! The llama.cpp context of an evaluator, as the settings want it.

use std::num::NonZero;

use llama_cpp_2::context::{
    LlamaContext,
    params::{KvCacheType, LlamaContextParams},
};

use super::{
    CacheLayout, LoadedModel,
    layout::{padded_context, sequences},
    load::{LoadError, backend, cause},
};
use crate::settings::{CacheType, FlashAttention, ModelSettings};

/// A context for `loaded` with room for as many paths as the settings say. With [`CacheLayout::Apart`] each of them has the
/// settings' context size for itself.
pub(super) fn new_context<'model>(
    loaded: &'model LoadedModel,
    settings: &ModelSettings,
    layout: CacheLayout,
) -> Result<LlamaContext<'model>, LoadError> {
    let sequences = sequences(loaded, settings);
    let threads = i32::try_from(loaded.threads).unwrap_or(1);
    let cells = match layout {
        CacheLayout::Shared => settings.ctx_size,
        CacheLayout::Apart => padded_context(loaded, settings).saturating_mul(sequences),
    };
    let batch_threads = settings.threads_batch.and_then(|n| i32::try_from(n).ok()).unwrap_or(threads);
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZero::new(cells))
        .with_n_batch(settings.batch_size)
        .with_n_ubatch(settings.ubatch_size.min(settings.batch_size))
        .with_n_seq_max(sequences)
        // A path alone is laid out as llama.cpp's own tool does.
        .with_kv_unified(sequences > 1 && layout == CacheLayout::Shared)
        .with_n_threads(threads)
        .with_n_threads_batch(batch_threads)
        .with_type_k(kv_type(settings.cache_type_k))
        .with_type_v(kv_type(settings.cache_type_v))
        .with_flash_attention_policy(flash(settings.flash_attn))
        .with_no_perf(true);
    loaded.model.new_context(backend(), params).map_err(|error| LoadError::Llama {
        name: loaded.info.name.clone(),
        cause: cause(&error.to_string()),
    })
}

fn kv_type(cache: CacheType) -> KvCacheType {
    match cache {
        CacheType::F32 => KvCacheType::F32,
        CacheType::F16 => KvCacheType::F16,
        CacheType::Bf16 => KvCacheType::BF16,
        CacheType::Q8_0 => KvCacheType::Q8_0,
        CacheType::Q4_0 => KvCacheType::Q4_0,
        CacheType::Q4_1 => KvCacheType::Q4_1,
        CacheType::Iq4Nl => KvCacheType::IQ4_NL,
        CacheType::Q5_0 => KvCacheType::Q5_0,
        CacheType::Q5_1 => KvCacheType::Q5_1,
    }
}

pub(super) fn flash(policy: FlashAttention) -> llama_cpp_sys_2::llama_flash_attn_type {
    match policy {
        FlashAttention::Auto => llama_cpp_sys_2::LLAMA_FLASH_ATTN_TYPE_AUTO,
        FlashAttention::On => llama_cpp_sys_2::LLAMA_FLASH_ATTN_TYPE_ENABLED,
        FlashAttention::Off => llama_cpp_sys_2::LLAMA_FLASH_ATTN_TYPE_DISABLED,
    }
}
