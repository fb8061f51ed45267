//! Paths in, logits out, by llama.cpp: one context whose sequences share their common prefixes.

use std::time::Instant;

use llama_cpp_2::{
    DecodeError,
    context::{LlamaContext, session::LlamaStateSeqFlags},
    llama_batch::LlamaBatch,
    token::LlamaToken,
};

use super::{
    CacheLayout, LoadedModel,
    cache::{Placement, SequenceCache, Wanted},
    context::new_context,
    layout::sequences,
    load::{LoadError, cause},
    progress::ProgressMeter,
};
use crate::{
    engine::{Cost, EvaluateError, Evaluator, KvUse, Progress, Request, RowId, Rows},
    settings::ModelSettings,
    token::Token,
};

/// Bytes of logits that llama.cpp may keep for one call.
const LOGITS_BYTES: usize = 64 << 20;

/// Tokens of a proposal that are sooner read again than a path is copied.
const SPARE: usize = 32;

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
    /// [`Request::prompt`] of the present request; None for a path that cannot be rewound, which is replayed again and again:
    /// token by token that would take too long.
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
        let can_rewind = !loaded.info.file.is_recurrent();
        let sequences = sequences(loaded, settings);
        let context = new_context(loaded, settings, layout)?;
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

    /// Decodes what is missing of a path, from token `at` on, in chunks, and hands out the rows that are wanted.
    fn decode_tail(
        &mut self,
        path: (usize, &Rows),
        sequence: usize,
        mut at: usize,
        progress: &mut ProgressMeter<'_>,
        sink: &mut dyn FnMut(RowId, &[f32]),
    ) -> Result<(), EvaluateError> {
        let (index, Rows { tokens, from }) = path;
        while at < tokens.len() {
            let end = self.chunk_end(at, *from).min(tokens.len());
            self.batch.clear();
            for (position, &token) in (at..).zip(&tokens[at..end]) {
                self.add(token, position, sequence, position >= *from)?;
            }
            self.decode(tokens.len(), &[sequence])?;
            self.cache.set(sequence, &tokens[..end]);
            for position in at.max(*from)..end {
                sink(RowId { path: index, position }, self.context.get_logits_ith((position - at) as i32));
            }
            progress.advance(end - at)?;
            at = end;
        }
        Ok(())
    }

    /// What a path may take from the cache: at least its whole prompt, or nothing. Who looks into the middle of the prompt
    /// draws nothing from what comes out, and need not wait for all before it.
    fn wanted<'a>(&self, rows: &'a Rows) -> Wanted<'a> {
        let path = &rows.tokens[..];
        let least = self.prompt.filter(|&prompt| path.len() >= prompt).unwrap_or(0);
        let spare = if self.prompt.is_none() && self.can_rewind { SPARE } else { 0 };
        Wanted { path, most: rows.from.min(path.len()), least, spare }
    }

    /// Where the chunk that begins at token `at` of a path ends at the latest, when rows are wanted from `from` on.
    fn chunk_end(&self, at: usize, from: usize) -> usize {
        let end = match self.prompt {
            Some(prompt) if at < prompt => prompt.min(at + self.chunk),
            Some(_) if !self.together => at + 1,
            _ => at + self.chunk,
        };
        end.min(at.max(from) + self.rows)
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
    /// paths are not decoded together, all sequences are taken, or more of the path is missing or wanted.
    fn ready_together(
        &mut self,
        paths: usize,
        rows: &Rows,
        waiting: &[(usize, usize)],
        cost: &mut Cost,
    ) -> Option<usize> {
        if !self.together || paths == 1 || rows.count() != 1 || waiting.len() >= self.chunk {
            return None;
        }
        let pinned: Vec<usize> = waiting.iter().map(|&(_, sequence)| sequence).collect();
        let plan = self.cache.place(&self.wanted(rows), &pinned)?;
        if plan.keep + 1 != rows.tokens.len() || self.prepare(&rows.tokens, plan, cost) != plan.keep {
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
        rows: &Rows,
        progress: &mut ProgressMeter<'_>,
        cost: &mut Cost,
        sink: &mut dyn FnMut(RowId, &[f32]),
    ) -> Result<(), EvaluateError> {
        let plan = self.cache.place(&self.wanted(rows), &[]).expect("no sequence is pinned");
        let keep = self.prepare(&rows.tokens, plan, cost);
        cost.reused += keep;
        cost.decoded += rows.tokens.len() - keep;
        progress.skip(keep);
        self.decode_tail((index, rows), plan.sequence, keep, progress, sink)
    }

    /// Paths of which only the last token is missing go through the model together; where the cache has no room for all of
    /// them at once, one after the other.
    fn evaluate_together(
        &mut self,
        paths: &[Rows],
        waiting: &[(usize, usize)],
        progress: &mut ProgressMeter<'_>,
        sink: &mut dyn FnMut(RowId, &[f32]),
    ) -> Result<(), EvaluateError> {
        if waiting.is_empty() {
            return Ok(());
        }
        self.batch.clear();
        let pinned: Vec<usize> = waiting.iter().map(|&(_, sequence)| sequence).collect();
        for &(index, sequence) in waiting {
            let path = &paths[index].tokens;
            self.add(path[path.len() - 1], path.len() - 1, sequence, true)?;
        }
        match self.decode(paths.iter().map(|rows| rows.tokens.len()).max().unwrap_or(0), &pinned) {
            Err(EvaluateError::ContextFull { .. }) => {
                // What this costs more than it would have is not counted.
                let mut cost = Cost::default();
                return waiting.iter().try_for_each(|&(index, _)| {
                    self.evaluate_alone(index, &paths[index], progress, &mut cost, sink)
                });
            }
            result => result?,
        }
        for (row, &(index, sequence)) in (0..).zip(waiting) {
            let path = &paths[index].tokens;
            self.cache.set(sequence, path);
            let position = path.len() - 1;
            progress.skip(position);
            sink(RowId { path: index, position }, self.context.get_logits_ith(row));
        }
        progress.advance(waiting.len())
    }

    fn forget(&mut self) {
        for sequence in 0..self.cache.len() {
            self.remove_from(sequence as i32, 0);
            self.cache.clear(sequence);
        }
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
        request: &Request,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(RowId, &[f32]),
    ) -> Result<Cost, EvaluateError> {
        let started = Instant::now();
        let mut cost = Cost::default();
        request.check(self.context_size())?;
        if request.fresh {
            self.forget();
        }
        self.prompt = request.prompt.filter(|_| self.can_rewind);
        let paths = &request.rows;
        // Paths wait here while only their last token is missing, to go through the model together.
        let mut waiting: Vec<(usize, usize)> = Vec::new();
        let mut progress = ProgressMeter::new(request.tokens(), proceed);
        for (index, rows) in paths.iter().enumerate() {
            if let Some(sequence) = self.ready_together(paths.len(), rows, &waiting, &mut cost) {
                waiting.push((index, sequence));
                continue;
            }
            // First those that wait: making room for this one could take their cells.
            self.evaluate_together(paths, &std::mem::take(&mut waiting), &mut progress, sink)?;
            if let Some(sequence) = self.ready_together(paths.len(), rows, &waiting, &mut cost) {
                waiting.push((index, sequence));
            } else {
                self.evaluate_alone(index, rows, &mut progress, &mut cost, sink)?;
            }
        }
        self.evaluate_together(paths, &waiting, &mut progress, sink)?;
        cost.time = started.elapsed();
        Ok(cost)
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
