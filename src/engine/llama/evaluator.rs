//! Paths in, logits out, by llama.cpp: one context whose sequences share their common prefixes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    CacheLayout, LoadedModel,
    cache::Wanted,
    ffi::{Batch, DecodeError},
    load::{LoadError, cause},
    paths::{Moved, Paths},
    progress::{GraphMeter, ProgressMeter},
    threads::ThreadControl,
};
use crate::{
    engine::{Bench, Cost, EvaluateError, Evaluator, KvUse, Pass, Progress, Request, Row, RowId, Rows},
    settings::{LoraScale, ModelSettings},
    token::Token,
};

/// Bytes of logits that llama.cpp may keep for one call.
const LOGITS_BYTES: usize = 64 << 20;

/// Tokens of a proposal that are sooner read again than a path is copied.
const SPARE: usize = 32;

/// Tokens on which it is found out how many threads are best.
const FITTED: usize = 48;

/// Nodes that ggml computes for a block of a model, about: counted anew with every chunk.
const NODES_A_BLOCK: usize = 20;

/// Evaluates on a llama.cpp context, and on the paths that its KV cache holds.
pub struct LlamaEvaluator<'model> {
    paths: Paths<'model>,
    batch: Batch,
    /// Tokens handed over in one call while a prompt is processed: llama.cpp's micro-batch, so that
    /// there is progress between calls and the arithmetic is that of one large batch.
    chunk: usize,
    /// Tokens handed over in one call where the logits after each are wanted: fewer over a large vocabulary.
    rows: usize,
    /// Last tokens of several paths go through the model together: faster, but with other logits in the last bits.
    together: bool,
    /// [`Request::prompt`] of the present request; None for a path that cannot be rewound, which is replayed again and again:
    /// token by token that would take too long.
    prompt: Option<usize>,
    /// Nodes of the graph that a chunk is computed with.
    nodes: usize,
    threads: ThreadControl,
    loaded: &'model LoadedModel,
    settings: ModelSettings,
    /// Contexts beside this one, for passes that are measured.
    benches: Vec<(Bench, Self)>,
    /// Threads that those compute with; None before there is one.
    bench_threads: Option<u32>,
}

impl<'model> LlamaEvaluator<'model> {
    /// A context for `loaded` with room for as many paths as the settings say, in caches of their own as far as the settings'
    /// budget goes, else in one. They begin small and grow as paths do.
    pub fn new(loaded: &'model LoadedModel, settings: &ModelSettings) -> Result<Self, LoadError> {
        Ok(Self::on(Paths::growing(loaded, settings)?, loaded, settings))
    }

    /// A context for `loaded` with room for as many paths as the settings say. With [`CacheLayout::Apart`] each of them
    /// has the settings' context size for itself.
    pub fn with_layout(
        loaded: &'model LoadedModel,
        settings: &ModelSettings,
        layout: CacheLayout,
    ) -> Result<Self, LoadError> {
        Ok(Self::on(Paths::whole(loaded, settings, layout)?, loaded, settings))
    }

    fn on(paths: Paths<'model>, loaded: &'model LoadedModel, settings: &ModelSettings) -> Self {
        let chunk = paths.context.micro_batch();
        let mut evaluator = Self {
            batch: Batch::default(),
            rows: (LOGITS_BYTES / (4 * loaded.vocabulary.len().max(1))).clamp(1, chunk),
            chunk,
            together: settings.batch_lanes && paths.can_rewind(),
            prompt: None,
            nodes: loaded.file.block_count.max(1) as usize * NODES_A_BLOCK,
            threads: ThreadControl::new(loaded, settings),
            loaded,
            settings: settings.clone(),
            benches: Vec::new(),
            bench_threads: None,
            paths,
        };
        evaluator.threads.calibrate(&mut evaluator.paths, &mut evaluator.batch);
        evaluator
    }

    /// How the paths lie in the KV cache.
    #[must_use]
    pub fn layout(&self) -> CacheLayout {
        self.paths.layout()
    }

    /// Whether [`Evaluator::kv_use`] asks llama.cpp for the size of the newest path's state, which
    /// takes time that grows with the path.
    pub fn measure_state(&mut self, measure: bool) {
        self.paths.measure_state(measure);
    }

    /// The context of a bench, made where it is not there; those that `benches` does not name are given up before.
    fn bench(&mut self, benches: &[Bench], bench: Bench) -> Result<&mut Self, EvaluateError> {
        self.benches.retain(|(there, _)| benches.contains(there));
        let found = self.benches.iter().position(|(there, _)| *there == bench);
        let place = if let Some(place) = found {
            place
        } else {
            self.benches.push((bench, self.make_bench(bench)?));
            self.benches.len() - 1
        };
        Ok(&mut self.benches[place].1)
    }

    /// A context beside this one. As many threads compute a token as compute many, all the time the same number.
    fn make_bench(&self, bench: Bench) -> Result<Self, EvaluateError> {
        let mut evaluator = self.beside(bench)?;
        if let Some(threads) = self.bench_threads {
            evaluator.threads.keep(&mut evaluator.paths, threads);
        }
        Ok(evaluator)
    }

    fn beside(&self, bench: Bench) -> Result<Self, EvaluateError> {
        let cells = bench.cells.max(1) as u32;
        let settings = ModelSettings {
            ctx_size: cells,
            sequences: 1,
            // llama.cpp sets buffers aside for a whole micro-batch, over a large vocabulary large ones.
            ubatch_size: self.settings.ubatch_size.min(cells),
            cache_type_k: bench.cache,
            cache_type_v: bench.cache,
            ..self.settings.clone()
        };
        Self::with_layout(self.loaded, &settings, CacheLayout::Apart)
            .map_err(|error| EvaluateError::Failed(error.to_string()))
    }

    /// How many threads are best now: found out on a few tokens, unless a person has said it. One more than there are free
    /// cores would make everything a hundred times as slow.
    fn threads_now(
        &self,
        bench: Bench,
        token: Token,
        proceed: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<u32, EvaluateError> {
        let mut evaluator = self.beside(Bench { cells: FITTED, ..bench })?;
        let tokens: Arc<[Token]> = vec![token; FITTED].into();
        let request = Request { fresh: true, ..Request::after([tokens], Some(1)) };
        evaluator.evaluate(&request, proceed, &mut |_, _| {})?;
        Ok(evaluator.threads.threads().present)
    }

    /// Decodes what is missing of a path, from token `at` on, in chunks, and hands out the rows that are wanted.
    fn decode_tail(
        &mut self,
        path: (usize, &Rows),
        sequence: usize,
        mut at: usize,
        progress: &mut ProgressMeter<'_>,
        sink: &mut dyn FnMut(RowId, Row<'_>),
    ) -> Result<(), EvaluateError> {
        let (index, Rows { tokens, from }) = path;
        while at < tokens.len() {
            let end = self.chunk_end(at, *from).min(tokens.len());
            self.batch.clear();
            for (position, &token) in (at..).zip(&tokens[at..end]) {
                self.batch.add(token, position, sequence, position >= *from);
            }
            self.decode(tokens.len(), &[sequence], progress)?;
            self.paths.cache.set(sequence, &tokens[..end]);
            if end - at == self.chunk {
                self.paths.cache.mark(sequence, at, end);
            }
            for position in at.max(*from)..end {
                let logits = self.paths.context.logits(position - at);
                sink(RowId { path: index, position }, Row::full(logits));
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
        let spare = if self.prompt.is_none() && self.paths.can_rewind() { SPARE } else { 0 };
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

    /// Decodes the batch; while the cache has no room, the longest unused other path makes it.
    fn decode(
        &mut self,
        tokens: usize,
        pinned: &[usize],
        progress: &mut ProgressMeter<'_>,
    ) -> Result<(), EvaluateError> {
        loop {
            let many = self.batch.len() > 1;
            let mut meter = GraphMeter::new(progress, self.batch.len(), self.nodes);
            let mut on_node = || meter.node();
            let watch: Option<&mut dyn FnMut() -> bool> = if many { Some(&mut on_node) } else { None };
            self.threads.before(&mut self.paths, tokens, many);
            match self.paths.context.decode(&mut self.batch, watch) {
                Ok(()) => {
                    self.threads.after();
                    self.nodes = meter.nodes().unwrap_or(self.nodes);
                    return Ok(());
                }
                Err(DecodeError::NoSlot) if self.paths.make_room(pinned) => {}
                Err(DecodeError::NoSlot) => {
                    let context = self.context_size();
                    return Err(EvaluateError::ContextFull { tokens, context });
                }
                // What was there before this batch stays, but where a state has gone on with a part of it: nothing of that can
                // be taken back.
                Err(DecodeError::Stopped) => {
                    if !self.paths.can_rewind() {
                        self.clear(pinned);
                    }
                    return Err(EvaluateError::Cancelled);
                }
                Err(DecodeError::Failed(status)) => {
                    // What the cache holds of these paths now is not known.
                    self.clear(pinned);
                    return Err(EvaluateError::Failed(cause(&format!("status {status}"))));
                }
            }
        }
    }

    fn clear(&mut self, sequences: &[usize]) {
        for &sequence in sequences {
            self.paths.clear(sequence);
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
        let plan = self.paths.cache.place(&self.wanted(rows), &pinned)?;
        if plan.keep + 1 != rows.tokens.len() || self.paths.prepare(&rows.tokens, plan, cost) != plan.keep {
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
        sink: &mut dyn FnMut(RowId, Row<'_>),
    ) -> Result<(), EvaluateError> {
        let plan = self.paths.cache.place(&self.wanted(rows), &[]).expect("no sequence is pinned");
        let keep = self.paths.prepare(&rows.tokens, plan, cost);
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
        sink: &mut dyn FnMut(RowId, Row<'_>),
    ) -> Result<(), EvaluateError> {
        if waiting.is_empty() {
            return Ok(());
        }
        self.batch.clear();
        let pinned: Vec<usize> = waiting.iter().map(|&(_, sequence)| sequence).collect();
        for &(index, sequence) in waiting {
            let path = &paths[index].tokens;
            self.batch.add(path[path.len() - 1], path.len() - 1, sequence, true);
        }
        let longest = paths.iter().map(|rows| rows.tokens.len()).max().unwrap_or(0);
        match self.decode(longest, &pinned, progress) {
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
            self.paths.cache.set(sequence, path);
            let position = path.len() - 1;
            progress.skip(position);
            sink(RowId { path: index, position }, Row::full(self.paths.context.logits(row)));
        }
        progress.advance(waiting.len())
    }
}

impl Evaluator for LlamaEvaluator<'_> {
    fn context_size(&self) -> usize {
        self.paths.context_size()
    }

    fn evaluate(
        &mut self,
        request: &Request,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(RowId, Row<'_>),
    ) -> Result<Cost, EvaluateError> {
        let mut cost = Cost::default();
        request.check(self.context_size())?;
        let longest = request.rows.iter().map(|rows| rows.tokens.len()).max().unwrap_or(0);
        if request.fresh {
            if self.paths.begin_anew(longest)? {
                self.threads.context_is_new();
            }
            self.threads.text_begins(&mut self.paths, &mut self.batch);
        }
        let started = Instant::now();
        let moved = self.paths.require(longest)?;
        if moved.is_some() {
            self.threads.context_is_new();
        }
        // What is read into a shared cache is not that of a path alone, so it need not go token by token.
        let exact = self.paths.can_rewind() && moved != Some(Moved::Lost);
        self.prompt = request.prompt.filter(|_| exact);
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
        cost.time = started.elapsed().saturating_sub(progress.asked());
        cost.threads = self.threads.threads();
        Ok(cost)
    }

    fn kv_use(&self) -> KvUse {
        self.paths.kv_use()
    }

    fn measure(
        &mut self,
        pass: &Pass,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(&[f32]),
    ) -> Result<(Cost, KvUse), EvaluateError> {
        let Some(&bench) = pass.benches.get(pass.bench) else { return Err(EvaluateError::Empty) };
        if self.bench_threads.is_none() {
            let token = pass.request.rows.first().and_then(|rows| rows.tokens.first()).copied();
            self.bench_threads = Some(self.threads_now(bench, token.unwrap_or(Token(0)), proceed)?);
        }
        let evaluator = self.bench(&pass.benches, bench)?;
        let last = pass.request.rows.first().map_or(0, |rows| rows.tokens.len().saturating_sub(1));
        // Fetching a row waits until it is computed; copying it is none of the pass.
        let mut copying = Duration::ZERO;
        let (mut cost, kv) = {
            let cost = evaluator.evaluate(&pass.request, proceed, &mut |id, row| {
                if id.position == last {
                    let started = Instant::now();
                    sink(row.logits);
                    copying += started.elapsed();
                }
            })?;
            (cost, evaluator.kv_use())
        };
        cost.time = cost.time.saturating_sub(copying);
        Ok((cost, kv))
    }

    fn adapt(&mut self, scales: &[LoraScale]) {
        for (adapter, scale) in self.settings.lora.iter_mut().zip(scales) {
            adapter.scale = *scale;
        }
        self.paths.adapt(&self.settings);
        self.end_measuring();
    }

    fn end_measuring(&mut self) {
        self.benches.clear();
        self.bench_threads = None;
    }
}
