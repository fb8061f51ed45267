//! Prefixes in, logits out, by llama.cpp: one context whose sequences share their common prefixes.

use std::{num::NonZero, time::Instant};

use llama_cpp_2::{
    DecodeError,
    context::{
        LlamaContext,
        params::{KvCacheType, LlamaContextParams},
        session::LlamaStateSeqFlags,
    },
    llama_batch::LlamaBatch,
    token::LlamaToken,
};

use super::{
    CacheLayout, LoadedModel,
    cache::{Placement, SequenceCache},
    layout::{padded_context, sequences},
    load::{LoadError, backend, cause},
};
use crate::{
    engine::{Cost, EvaluateError, Evaluator, KvUse, Progress},
    settings::{CacheType, FlashAttention, ModelSettings},
    token::Token,
};

/// Bytes of logits that llama.cpp may keep for one call.
const LOGITS_BYTES: usize = 64 << 20;

/// A llama.cpp context with the paths its KV cache holds.
pub struct LlamaEvaluator<'model> {
    context: LlamaContext<'model>,
    batch: LlamaBatch<'static>,
    cache: SequenceCache,
    /// Tokens handed over in one call while a prompt is processed: llama.cpp's micro-batch, so that
    /// there is progress between calls and the arithmetic is that of one large batch.
    chunk: usize,
    /// Tokens handed over in one call where the logits after each are wanted: fewer over a large vocabulary.
    rows: usize,
    can_rewind: bool,
    /// Last tokens of several paths go through the model together: faster, but with other logits in the last bits.
    together: bool,
    layout: CacheLayout,
    /// See [`Evaluator::set_prompt`].
    prompt: Option<usize>,
    measure: bool,
}

impl<'model> LlamaEvaluator<'model> {
    /// A context for `loaded` with room for as many paths as the settings say, in caches of their own if the settings' budget
    /// suffices for them, else in one.
    pub fn new(loaded: &'model LoadedModel, settings: &ModelSettings) -> Result<Self, LoadError> {
        Self::with_layout(loaded, settings, CacheLayout::within_budget(loaded, settings))
    }

    /// A context for `loaded` with room for as many paths as the settings say. With [`CacheLayout::Apart`] each of them
    /// has the settings' context size for itself.
    pub fn with_layout(
        loaded: &'model LoadedModel,
        settings: &ModelSettings,
        layout: CacheLayout,
    ) -> Result<Self, LoadError> {
        let file = &loaded.info.file;
        let can_rewind = !file.is_recurrent();
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
        let context = loaded.model.new_context(backend(), params).map_err(|error| LoadError::Llama {
            name: loaded.info.name.clone(),
            cause: cause(&error.to_string()),
        })?;
        let chunk = context.n_ubatch().max(1) as usize;
        Ok(Self {
            batch: LlamaBatch::new(chunk.max(sequences as usize), 1),
            context,
            cache: SequenceCache::new(sequences as usize),
            rows: (LOGITS_BYTES / (4 * loaded.vocabulary.len().max(1))).clamp(1, chunk),
            chunk,
            can_rewind,
            together: settings.batch_lanes && can_rewind,
            layout,
            prompt: None,
            measure: false,
        })
    }

    /// How the paths lie in the KV cache.
    #[must_use]
    pub fn layout(&self) -> CacheLayout {
        self.layout
    }

    /// Whether [`Evaluator::kv_use`] asks llama.cpp for the size of the newest path's state, which
    /// takes time that grows with the path.
    pub fn measure_state(&mut self, measure: bool) {
        self.measure = measure;
    }

    /// Brings the cache into the planned state. The tokens that are in it then.
    fn prepare(&mut self, path: &[Token], plan: Placement, cost: &mut Cost) -> usize {
        let mut keep = plan.keep;
        if plan.cut {
            let target = plan.sequence as i32;
            let in_place = plan.copy.is_none() && keep > 0;
            let from = if in_place { keep } else { 0 };
            if !self.remove_from(target, from) {
                // No part of a recurrent state can be taken back: begin anew.
                self.remove_from(target, 0);
                cost.replayed = true;
                keep = 0;
            }
            if let Some((source, length)) = plan.copy
                && !self.copy(source, target, length)
            {
                self.remove_from(target, 0);
                keep = 0;
            }
        }
        self.cache.set(plan.sequence, &path[..keep]);
        keep
    }

    /// Copies the first `length` tokens of a sequence to an empty one; false where its cells do not hold all of them.
    fn copy(&mut self, source: usize, target: i32, length: usize) -> bool {
        if !self.holds_from_start(source) {
            return false;
        }
        let source = source as i32;
        match self.layout {
            CacheLayout::Shared => {
                self.context.copy_kv_cache_seq(source, target, Some(0), Some(length as u32)).is_ok()
            }
            // Between caches llama.cpp copies whole paths only.
            CacheLayout::Apart => {
                self.context.copy_kv_cache_seq(source, target, None, None).is_ok()
                    && self.remove_from(target, length)
            }
        }
    }

    fn remove_from(&mut self, sequence: i32, from: usize) -> bool {
        if from > 0 && !self.can_rewind {
            return false;
        }
        // A window of attention may have dropped the cells that the tokens before `from` need.
        if from > 0 && !self.holds_from_start(sequence as usize) {
            return false;
        }
        self.context.clear_kv_cache_seq(Some(sequence as u32), Some(from as u32), None).unwrap_or(false)
    }

    fn holds_from_start(&self, sequence: usize) -> bool {
        self.context.kv_cache_seq_pos_min(sequence as i32) <= 0
    }

    /// Decodes tokens `from ..` of a path in chunks; the logits of the last token are index
    /// `batch size − 1` of the last chunk.
    fn decode_tail(
        &mut self,
        path: &[Token],
        sequence: usize,
        from: usize,
        progress: &mut ProgressMeter<'_>,
    ) -> Result<i32, EvaluateError> {
        let mut at = from;
        while at < path.len() {
            let end = self.chunk_end(at).min(path.len());
            self.batch.clear();
            for (position, &token) in (at..).zip(&path[at..end]) {
                self.add(token, position, sequence, position + 1 == path.len())?;
            }
            self.decode(path.len(), &[sequence])?;
            self.cache.set(sequence, &path[..end]);
            at = end;
            progress.advance(self.batch.n_tokens() as usize)?;
        }
        Ok(self.batch.n_tokens() - 1)
    }

    /// A path takes over at least its whole prompt from another one, or nothing. Who looks into the middle of the prompt
    /// draws nothing from what comes out, and need not wait for all before it.
    fn least_shared(&self, path: &[Token]) -> usize {
        self.prompt.filter(|&prompt| path.len() >= prompt).unwrap_or(0)
    }

    /// Where the chunk that begins at token `at` of a path ends at the latest.
    fn chunk_end(&self, at: usize) -> usize {
        match self.prompt {
            Some(prompt) if at < prompt => prompt.min(at + self.chunk),
            Some(_) if !self.together => at + 1,
            _ => at + self.chunk,
        }
    }

    fn add(
        &mut self,
        token: Token,
        position: usize,
        sequence: usize,
        logits: bool,
    ) -> Result<(), EvaluateError> {
        self.batch
            .add(LlamaToken(token.to_llama()), position as i32, &[sequence as i32], logits)
            .map_err(|error| EvaluateError::Failed(error.to_string()))
    }

    /// Decodes the batch; while the cache has no room, the longest unused other path makes it.
    fn decode(&mut self, tokens: usize, pinned: &[usize]) -> Result<(), EvaluateError> {
        loop {
            match self.context.decode(&mut self.batch) {
                Ok(()) => return Ok(()),
                Err(DecodeError::NoKvCacheSlot) => {
                    let Some(oldest) = self.cache.oldest(pinned) else {
                        let context = self.context_size();
                        return Err(EvaluateError::ContextFull { tokens, context });
                    };
                    self.remove_from(oldest as i32, 0);
                    self.cache.clear(oldest);
                }
                Err(error) => {
                    // What the cache holds of these paths now is not known.
                    for &sequence in pinned {
                        self.remove_from(sequence as i32, 0);
                        self.cache.clear(sequence);
                    }
                    return Err(EvaluateError::Failed(cause(&error.to_string())));
                }
            }
        }
    }

    /// Brings all but the last token of a path into the cache for a batch with those that wait; its sequence. None where
    /// paths are not decoded together, all sequences are taken, or more of the path is missing.
    fn ready_together(
        &mut self,
        paths: usize,
        path: &[Token],
        waiting: &[(usize, usize)],
        cost: &mut Cost,
    ) -> Option<usize> {
        if !self.together || paths == 1 || waiting.len() >= self.chunk {
            return None;
        }
        let pinned: Vec<usize> = waiting.iter().map(|&(_, sequence)| sequence).collect();
        let plan = self.cache.place(path, &pinned, self.least_shared(path))?;
        if plan.keep + 1 != path.len() || self.prepare(path, plan, cost) != plan.keep {
            return None;
        }
        cost.reused += plan.keep;
        cost.decoded += 1;
        Some(plan.sequence)
    }

    /// One path, whatever is missing of it.
    fn evaluate_alone(
        &mut self,
        index: usize,
        path: &[Token],
        progress: &mut ProgressMeter<'_>,
        cost: &mut Cost,
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<(), EvaluateError> {
        let plan = self.cache.place(path, &[], self.least_shared(path)).expect("no sequence is pinned");
        let keep = self.prepare(path, plan, cost);
        cost.reused += keep;
        cost.decoded += path.len() - keep;
        progress.done += keep;
        let row = self.decode_tail(path, plan.sequence, keep, progress)?;
        sink(index, self.context.get_logits_ith(row));
        Ok(())
    }

    /// Paths of which only the last token is missing go through the model together; where the cache has no room for all of
    /// them at once, one after the other.
    fn evaluate_together(
        &mut self,
        paths: &[&[Token]],
        waiting: &[(usize, usize)],
        progress: &mut ProgressMeter<'_>,
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<(), EvaluateError> {
        if waiting.is_empty() {
            return Ok(());
        }
        self.batch.clear();
        let pinned: Vec<usize> = waiting.iter().map(|&(_, sequence)| sequence).collect();
        for &(index, sequence) in waiting {
            let path = paths[index];
            self.add(path[path.len() - 1], path.len() - 1, sequence, true)?;
        }
        match self.decode(paths.iter().map(|path| path.len()).max().unwrap_or(0), &pinned) {
            Err(EvaluateError::ContextFull { .. }) => {
                // What this costs more than it would have is not counted.
                let mut cost = Cost::default();
                return waiting.iter().try_for_each(|&(index, _)| {
                    self.evaluate_alone(index, paths[index], progress, &mut cost, sink)
                });
            }
            result => result?,
        }
        for (row, &(index, sequence)) in (0..).zip(waiting) {
            self.cache.set(sequence, paths[index]);
            progress.done += paths[index].len() - 1;
            sink(index, self.context.get_logits_ith(row));
        }
        progress.advance(waiting.len())
    }
}

impl Evaluator for LlamaEvaluator<'_> {
    fn context_size(&self) -> usize {
        let cells = self.context.n_ctx() as usize;
        match self.layout {
            CacheLayout::Shared => cells,
            CacheLayout::Apart => cells / self.cache.len(),
        }
    }

    fn evaluate(
        &mut self,
        paths: &[&[Token]],
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<Cost, EvaluateError> {
        let started = Instant::now();
        let mut cost = Cost::default();
        let context = self.context_size();
        for path in paths {
            if path.is_empty() {
                return Err(EvaluateError::Empty);
            }
            if path.len() > context {
                return Err(EvaluateError::ContextFull { tokens: path.len(), context });
            }
        }
        // Paths wait here while only their last token is missing, to go through the model together.
        let mut waiting: Vec<(usize, usize)> = Vec::new();
        let total = paths.iter().map(|path| path.len()).sum();
        let mut progress = ProgressMeter { done: 0, total, proceed };
        for (index, path) in paths.iter().enumerate() {
            if let Some(sequence) = self.ready_together(paths.len(), path, &waiting, &mut cost) {
                waiting.push((index, sequence));
                continue;
            }
            // First those that wait: making room for this one could take their cells.
            self.evaluate_together(paths, &std::mem::take(&mut waiting), &mut progress, sink)?;
            if let Some(sequence) = self.ready_together(paths.len(), path, &waiting, &mut cost) {
                waiting.push((index, sequence));
            } else {
                self.evaluate_alone(index, path, &mut progress, &mut cost, sink)?;
            }
        }
        self.evaluate_together(paths, &waiting, &mut progress, sink)?;
        cost.time = started.elapsed();
        Ok(cost)
    }

    fn evaluate_all(
        &mut self,
        path: &[Token],
        from: usize,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<Cost, EvaluateError> {
        let started = Instant::now();
        let context = self.context_size();
        if path.is_empty() {
            return Err(EvaluateError::Empty);
        }
        if path.len() > context {
            return Err(EvaluateError::ContextFull { tokens: path.len(), context });
        }
        let sequence = self.cache.place(path, &[], 0).expect("no sequence is pinned").sequence;
        self.remove_from(sequence as i32, 0);
        self.cache.clear(sequence);
        let mut progress = ProgressMeter { done: 0, total: path.len(), proceed };
        let mut at = 0;
        while at < path.len() {
            let room = if at < from { self.chunk } else { self.rows };
            let end = path.len().min(at + room);
            self.batch.clear();
            for (position, &token) in (at..).zip(&path[at..end]) {
                self.add(token, position, sequence, position >= from)?;
            }
            self.decode(path.len(), &[sequence])?;
            self.cache.set(sequence, &path[..end]);
            for position in at.max(from)..end {
                sink(position, self.context.get_logits_ith((position - at) as i32));
            }
            progress.advance(end - at)?;
            at = end;
        }
        Ok(Cost { decoded: path.len(), time: started.elapsed(), ..Cost::default() })
    }

    fn set_prompt(&mut self, tokens: Option<usize>) {
        // A path that cannot be rewound is replayed again and again: token by token that would take too long.
        self.prompt = tokens.filter(|_| self.can_rewind);
    }

    fn forget(&mut self) {
        for sequence in 0..self.cache.len() {
            self.remove_from(sequence as i32, 0);
            self.cache.clear(sequence);
        }
    }

    fn kv_use(&self) -> KvUse {
        let newest = self.cache.newest();
        let size = |s| self.context.state_seq_get_size_ext(s as i32, LlamaStateSeqFlags::empty());
        let (caches, cells) = match self.layout {
            CacheLayout::Shared => (1, self.cache.cells()),
            CacheLayout::Apart => (self.cache.len(), self.cache.tokens()),
        };
        KvUse {
            caches,
            cells,
            sequences: self.cache.used(),
            newest: newest.map_or(0, |s| self.cache.tokens_of(s)),
            state_bytes: newest.filter(|_| self.measure).map_or(0, size),
        }
    }
}

struct ProgressMeter<'a> {
    done: usize,
    total: usize,
    proceed: &'a mut dyn FnMut(Progress) -> bool,
}

impl ProgressMeter<'_> {
    fn advance(&mut self, tokens: usize) -> Result<(), EvaluateError> {
        self.done += tokens;
        let go_on = (self.proceed)(Progress { done: self.done, total: self.total });
        if go_on || self.done >= self.total { Ok(()) } else { Err(EvaluateError::Cancelled) }
    }
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
