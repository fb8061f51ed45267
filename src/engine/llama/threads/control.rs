//! Sets the number of threads of a context as [`ThreadFit`] finds it.

use std::time::{Duration, Instant};

use super::ThreadFit;
use crate::{
    engine::{
        Threads,
        llama::{
            CacheLayout, LoadedModel,
            ffi::{Batch, DecodeError},
            paths::Paths,
        },
    },
    settings::{CacheType, FlashAttention, ModelSettings},
    token::Token,
};

/// Cells up to which ggml's fused attention adds up over all of them on one thread; over more each thread takes a part, and
/// the last bits depend on how many there are (`ggml_compute_forward_flash_attn_ext_f16` in ggml-cpu's ops.cpp).
const WHOLE: usize = 256;
/// What single tokens took so long ago or less is still true when another text begins.
const RECENT: Duration = Duration::from_secs(5);

/// The threads of a context.
pub(in crate::engine::llama) struct ThreadControl {
    /// None where a person has said how many.
    fit: Option<ThreadFit>,
    /// What the context computes with now.
    set: u32,
    most: u32,
    /// Threads for many tokens, where a person has said how many.
    batch: Option<u32>,
    bits: Bits,
    /// When a single token's batch began, where its path ends, and whether threads may change there.
    begun: Option<(Instant, usize, bool)>,
    /// When a single token was timed last.
    timed: Option<Instant>,
}

/// Where another number of threads leaves every bit of a text's logits as it is.
#[derive(Clone, Copy, Debug)]
struct Bits {
    /// Everywhere.
    exact: bool,
    /// A token of this text was computed in parts: what is evaluated later has to have as many.
    parted: bool,
}

impl Bits {
    /// Whether the number may change for a single token, the `length`th of its path, which lies `alone` in its cache.
    fn may_change(&mut self, alone: bool, length: usize) -> bool {
        let whole = alone && length <= WHOLE;
        self.parted |= !(self.exact || whole);
        !self.parted
    }
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
            bits: Bits { exact: !in_parts, parted: false },
            begun: None,
            timed: None,
        }
    }

    /// Before a batch, of many tokens or one, the last of which is the `length`th of its path.
    pub fn before(&mut self, paths: &mut Paths<'_>, length: usize, many: bool) {
        let Some(fit) = &mut self.fit else { return };
        // Over many tokens at once attention is never taken apart.
        let may_change = !many && self.bits.may_change(paths.layout() == CacheLayout::Apart, length);
        let threads = if many { fit.present() } else { fit.threads(may_change) };
        self.begun = (!many).then(|| (Instant::now(), length, may_change));
        self.compute_with(threads, paths);
    }

    /// After that batch.
    pub fn after(&mut self) {
        if let (Some(fit), Some((begun, length, may_change))) = (&mut self.fit, self.begun.take()) {
            fit.note(begun.elapsed(), length, may_change);
            self.timed = Some(Instant::now());
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

    /// Another text begins, on an empty cache: here the number may be changed whatever comes of it.
    pub fn text_begins(&mut self, paths: &mut Paths<'_>, batch: &mut Batch) {
        self.bits.parted = false;
        let Some(fit) = &mut self.fit else { return };
        let late = fit.text_begins();
        if late || self.timed.is_none_or(|timed| timed.elapsed() > RECENT) {
            self.calibrate(paths, batch);
        }
    }

    /// Finds the fastest number by timing a few tokens, which are taken out again; the cache is empty.
    pub fn calibrate(&mut self, paths: &mut Paths<'_>, batch: &mut Batch) {
        let Some(mut fit) = self.fit.take() else { return };
        fit.calibrate(&mut |threads, at_most| {
            self.compute_with(threads, paths);
            time_token(paths, batch, at_most)
        });
        self.compute_with(fit.present(), paths);
        self.timed = Some(Instant::now());
        self.fit = Some(fit);
    }

    /// How many there are.
    pub fn threads(&self) -> Threads {
        let present = self.fit.as_ref().map_or(self.set, ThreadFit::present);
        Threads { present, most: self.most }
    }

    fn compute_with(&mut self, threads: u32, paths: &mut Paths<'_>) {
        if threads != self.set {
            paths.context.set_threads(threads, self.batch.unwrap_or(threads));
            self.set = threads;
        }
    }
}

/// How long a token takes, or a part of it after which that is longer than `at_most`; None where it cannot be decoded.
fn time_token(paths: &mut Paths<'_>, batch: &mut Batch, at_most: Duration) -> Option<Duration> {
    const SEQUENCE: usize = 0;
    batch.clear();
    batch.add(Token(0), 0, SEQUENCE, true);
    let begun = Instant::now();
    let mut in_time = || begun.elapsed() <= at_most;
    let decoded = paths.context.decode(batch, Some(&mut in_time));
    if decoded.is_ok() {
        // Waits for it.
        let _ = paths.context.logits(0);
    }
    let took = begun.elapsed();
    paths.clear(SEQUENCE);
    matches!(decoded, Ok(()) | Err(DecodeError::Stopped)).then_some(took)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_token_was_computed_in_parts_the_number_stays_until_the_text_ends() {
        let mut bits = Bits { exact: false, parted: false };
        assert!(bits.may_change(true, 1) && bits.may_change(true, WHOLE));
        assert!(!bits.may_change(true, WHOLE + 1));
        assert!(!bits.may_change(true, 1), "a sibling of a token further on has to be like it");
        let mut shared = Bits { exact: false, parted: false };
        assert!(!shared.may_change(false, 1));
        let mut exact = Bits { exact: true, parted: false };
        assert!(exact.may_change(false, 9999) && exact.may_change(true, 1));
    }
}
