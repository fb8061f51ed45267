//! How many paths a context keeps, how large each can be, and how they lie in the KV cache.

use super::LoadedModel;
use crate::settings::ModelSettings;

/// llama.cpp rounds the size of a context up to a multiple of this.
const CONTEXT_STEP: u32 = 256;

/// How the paths of a context lie in its KV cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheLayout {
    /// In one cache for all: what they share takes cells once, and copying it costs nothing. Attention adds up over the
    /// cells in the order in which they lie, so a path that lies among others can get logits that differ in their last
    /// bits from those of the same path alone.
    Shared,
    /// Each in cells of its own, exactly as a path alone would lie: the logits are those of a run by itself, to the bit.
    /// The context's memory is needed once for each path.
    Apart,
}

impl CacheLayout {
    /// Apart, if the caches of all paths stay within the settings' budget and paths are not decoded together.
    pub(super) fn within_budget(loaded: &LoadedModel, settings: &ModelSettings) -> Self {
        let sequences = sequences(loaded, settings);
        let cells = f64::from(padded_context(loaded, settings)) * f64::from(sequences);
        let budget = f64::from(settings.kv_budget_mib) * f64::from(1 << 20);
        // One path is always apart.
        let fits = sequences == 1 || cells * loaded.info.kv.bytes_per_token() <= budget;
        if fits && !settings.batch_lanes { Self::Apart } else { Self::Shared }
    }
}

/// The paths that a context keeps: as many as the settings say, but one of a model with a recurrent state, which cannot be
/// copied in part.
pub(super) fn sequences(loaded: &LoadedModel, settings: &ModelSettings) -> u32 {
    if loaded.info.file.is_recurrent() { 1 } else { settings.sequences.max(1) }
}

/// The context that one path gets, as llama.cpp rounds it up.
#[must_use]
pub fn padded_context(loaded: &LoadedModel, settings: &ModelSettings) -> u32 {
    let tokens = match settings.ctx_size {
        0 => loaded.info.file.context_length,
        tokens => tokens,
    };
    tokens.checked_next_multiple_of(CONTEXT_STEP).unwrap_or(tokens)
}
