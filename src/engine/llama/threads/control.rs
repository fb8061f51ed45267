//! Sets the number of threads of a context as [`ThreadFit`] finds it.

use std::time::Instant;

use super::ThreadFit;
use crate::{
    engine::{
        Threads,
        llama::{CacheLayout, LoadedModel, paths::Paths},
    },
    settings::{CacheType, FlashAttention, ModelSettings},
};

/// Cells up to which ggml's fused attention adds up over all of them on one thread; over more each thread takes a part, and
/// the last bits depend on how many there are (`ggml_compute_forward_flash_attn_ext_f16` in ggml-cpu's ops.cpp).
const WHOLE: usize = 256;

/// The threads of a context.
pub(in crate::engine::llama) struct ThreadControl {
    /// None where a person has said how many.
    fit: Option<ThreadFit>,
    /// What the context computes with now.
    set: u32,
    most: u32,
    /// Threads for many tokens, where a person has said how many.
    batch: Option<u32>,
    /// Whether logits never depend on the number of threads.
    exact: bool,
    /// When a single token's batch began, and whether threads may change there.
    begun: Option<(Instant, bool)>,
}

impl ThreadControl {
    /// For a context as it is made for these settings.
    pub fn new(loaded: &LoadedModel, settings: &ModelSettings) -> Self {
        let parts = |cache| matches!(cache, CacheType::F16 | CacheType::F32);
        let in_parts = settings.flash_attn != FlashAttention::Off
            && parts(settings.cache_type_k)
            && settings.cache_type_k == settings.cache_type_v;
        Self {
            fit: (settings.threads.is_none() && loaded.threads > 1).then(|| ThreadFit::new(loaded.threads)),
            set: loaded.threads,
            most: loaded.threads,
            batch: settings.threads_batch,
            exact: !in_parts,
            begun: None,
        }
    }

    /// Before a batch, of many tokens or one, the last of which is the `length`th of its path.
    pub fn before(&mut self, paths: &mut Paths<'_>, length: usize, many: bool) {
        let Some(fit) = &mut self.fit else { return };
        let alone = paths.layout() == CacheLayout::Apart;
        let may_change = self.exact || (alone && length <= WHOLE);
        // Over many tokens at once attention is never taken apart.
        let threads = if many { fit.present() } else { fit.threads(may_change) };
        if threads != self.set {
            paths.context.set_threads(threads, self.batch.unwrap_or(threads));
            self.set = threads;
        }
        self.begun = (!many).then(|| (Instant::now(), may_change));
    }

    /// After that batch.
    pub fn after(&mut self) {
        if let (Some(fit), Some((begun, may_change))) = (&mut self.fit, self.begun.take()) {
            fit.note(begun.elapsed(), may_change);
        }
    }

    /// Computes with so many threads from now on, whatever else goes on.
    pub fn keep(&mut self, paths: &mut Paths<'_>, threads: u32) {
        (self.fit, self.set) = (None, threads);
        paths.context.set_threads(threads, self.batch.unwrap_or(threads));
    }

    /// Another context is there, as for the settings.
    pub fn context_is_new(&mut self) {
        self.set = self.most;
    }

    /// Another text begins.
    pub fn text_begins(&mut self) {
        self.fit.iter_mut().for_each(ThreadFit::text_begins);
    }

    /// How many there are.
    pub fn threads(&self) -> Threads {
        let present = self.fit.as_ref().map_or(self.set, ThreadFit::present);
        Threads { present, most: self.most }
    }
}
