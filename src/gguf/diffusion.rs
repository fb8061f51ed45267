//! What a diffusion model's file says about masks.

use super::{error::Fault, metadata::Metadata};

/// How a diffusion model masks and predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Masking {
    /// The token that stands where nothing is written yet; below the vocabulary's size.
    pub mask_token: u32,
    /// Whether the row before a position predicts it (as in Dream), in place of its own row (as in `LLaDA`).
    pub shift_logits: bool,
}

impl Masking {
    /// Reads it. llama.cpp's own tool asserts that there is a mask token, and takes absent shifting as shifting.
    pub(super) fn read(metadata: &Metadata, vocabulary: u32) -> Result<Self, Fault> {
        const MASK: &str = "tokenizer.ggml.mask_token_id";
        let mask_token = metadata.u32(MASK)?.ok_or_else(|| Fault::MissingKey { key: MASK.into() })?;
        if mask_token >= vocabulary {
            return Err(Fault::TokenId { key: MASK.into(), id: mask_token, vocabulary: vocabulary as usize });
        }
        let shift_logits = metadata.bool("diffusion.shift_logits")?.unwrap_or(true);
        Ok(Self { mask_token, shift_logits })
    }
}
