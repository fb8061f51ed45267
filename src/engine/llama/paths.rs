//! The paths that lie in a llama.cpp context, which grows with them.

use std::sync::{Mutex, PoisonError};

use super::{
    CacheLayout, KvLayout, LoadedModel,
    cache::{Placement, SequenceCache},
    ffi::{Context, ContextSize},
    layout::{Room, padded_context},
    load::{LoadError, cause},
    log,
};
use crate::{
    engine::{Cost, EvaluateError, KvUse},
    settings::ModelSettings,
    token::Token,
};

/// What became of the paths of a context when another took its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// They lie there as they did.
    Kept,
    /// They have to be read again.
    Lost,
}

/// A context with the paths its KV cache holds.
pub(super) struct Paths<'model> {
    pub context: Context<'model>,
    pub cache: SequenceCache,
    loaded: &'model LoadedModel,
    settings: ModelSettings,
    room: Room,
    /// Whether another context takes this one's place when a path needs more cells.
    grows: bool,
    measure: bool,
    /// Bytes of the KV cache as llama.cpp told them, or as they are computed.
    allocated: usize,
}

impl<'model> Paths<'model> {
    /// Caches for short paths, which grow; see [`Room::for_paths_of`].
    pub fn growing(loaded: &'model LoadedModel, settings: &ModelSettings) -> Result<Self, LoadError> {
        let room = Room::for_paths_of(0, 0, loaded, settings);
        Self::new(loaded, settings, room, true)
    }

    /// With [`CacheLayout::Apart`] a cache of the settings' context size for each path, else one for all.
    pub fn whole(
        loaded: &'model LoadedModel,
        settings: &ModelSettings,
        layout: CacheLayout,
    ) -> Result<Self, LoadError> {
        Self::new(loaded, settings, Room::whole(layout, loaded, settings), false)
    }

    fn new(
        loaded: &'model LoadedModel,
        settings: &ModelSettings,
        room: Room,
        grows: bool,
    ) -> Result<Self, LoadError> {
        let (context, allocated) = context(loaded, settings, room)?;
        let cache = SequenceCache::new(room.paths as usize);
        let settings = settings.clone();
        Ok(Self { context, cache, loaded, settings, room, grows, measure: false, allocated })
    }

    /// How the paths lie.
    pub fn layout(&self) -> CacheLayout {
        self.room.layout
    }

    /// Whether the end of a path can be taken back.
    pub fn can_rewind(&self) -> bool {
        !self.loaded.file.is_recurrent()
    }

    /// Has the adapters count as strongly as these settings say: nothing is left of what was computed with the others.
    pub fn adapt(&mut self, settings: &ModelSettings) {
        self.settings.lora.clone_from(&settings.lora);
        self.context.adapt(&self.loaded.adapters, &scales(settings));
        for sequence in 0..self.cache.len() {
            self.clear(sequence);
        }
    }

    pub fn measure_state(&mut self, measure: bool) {
        self.measure = measure;
    }

    /// The largest number of tokens a path can have.
    pub fn context_size(&self) -> usize {
        match self.room.layout {
            CacheLayout::Shared => self.context.cells(),
            CacheLayout::Apart if self.grows => padded_context(self.loaded, &self.settings) as usize,
            CacheLayout::Apart => self.context.cells() / self.cache.len(),
        }
    }

    /// Makes room for a path of so many tokens; what became of the paths if another context has taken the place of the one
    /// before.
    pub fn require(&mut self, tokens: usize) -> Result<Option<Moved>, EvaluateError> {
        let each = self.context.cells() / self.cache.len();
        let context = self.context_size();
        if !self.grows || self.room.layout == CacheLayout::Shared || tokens <= each || each >= context {
            return Ok(None);
        }
        // Twice as much where there is room, so that a text that goes on is moved a few times only.
        let room = Room::for_paths_of(
            tokens.min(context) as u32,
            (2 * each).min(context) as u32,
            self.loaded,
            &self.settings,
        );
        let (mut context, allocated) = context_for(self.loaded, &self.settings, room)?;
        let mut cache = SequenceCache::new(room.paths as usize);
        // llama.cpp moves states only between contexts with as many caches; into a shared one paths are read again.
        let same = room.layout == self.room.layout && room.paths == self.room.paths;
        let kept = if same { room.paths as usize } else { 0 };
        for (target, source) in self.cache.by_use().take(kept).enumerate() {
            let moved = self.context.save(source).is_some_and(|state| context.restore(target, &state));
            if moved {
                cache.take_over(target, &self.cache, source);
            }
        }
        (self.context, self.cache, self.room, self.allocated) = (context, cache, room, allocated);
        Ok(Some(if same { Moved::Kept } else { Moved::Lost }))
    }

    /// Brings the cache into the planned state. The tokens that are in it then.
    pub fn prepare(&mut self, path: &[Token], plan: Placement, cost: &mut Cost) -> usize {
        let mut keep = plan.keep;
        if plan.cut {
            let target = plan.sequence;
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
                cost.replayed = true;
                keep = 0;
            }
        }
        self.cache.set(plan.sequence, &path[..keep]);
        if let (Some((source, length)), true) = (plan.copy, keep > 0) {
            self.cache.copy_marks(source, plan.sequence, length);
        }
        keep
    }

    /// Copies the first `length` tokens of a sequence to an empty one; false where its cells do not hold all of them.
    fn copy(&mut self, source: usize, target: usize, length: usize) -> bool {
        if !self.context.holds_before(source, length) {
            return false;
        }
        match self.layout() {
            CacheLayout::Shared => {
                self.context.copy(source, target, Some(length));
                true
            }
            // Between caches llama.cpp copies whole paths only.
            CacheLayout::Apart => {
                self.context.copy(source, target, None);
                self.remove_from(target, length)
            }
        }
    }

    /// Takes the tokens of a sequence from position `from` on out; false where that cannot be done.
    fn remove_from(&mut self, sequence: usize, from: usize) -> bool {
        if from > 0 && !(self.can_rewind() && self.context.holds_before(sequence, from)) {
            return false;
        }
        self.context.remove_from(sequence, from)
    }

    /// Takes a path out.
    pub fn clear(&mut self, sequence: usize) {
        self.remove_from(sequence, 0);
        self.cache.clear(sequence);
    }

    /// Takes the longest unused path out that is not pinned; false if there is none.
    pub fn make_room(&mut self, pinned: &[usize]) -> bool {
        let oldest = self.cache.oldest(pinned);
        if let Some(oldest) = oldest {
            self.clear(oldest);
        }
        oldest.is_some()
    }

    /// Takes all paths out: others begin, of up to `tokens` tokens. Where paths had come to share a cache they lie apart again if
    /// these can; whether another context has taken the place of the one before.
    pub fn begin_anew(&mut self, tokens: usize) -> Result<bool, EvaluateError> {
        (0..self.cache.len()).for_each(|sequence| self.clear(sequence));
        if !self.grows || self.room.layout == CacheLayout::Apart {
            return Ok(false);
        }
        let tokens = tokens.min(self.context_size()) as u32;
        let room = Room::for_paths_of(tokens, 0, self.loaded, &self.settings);
        if room.layout == CacheLayout::Shared {
            return Ok(false);
        }
        let (context, allocated) = context_for(self.loaded, &self.settings, room)?;
        self.cache = SequenceCache::new(room.paths as usize);
        (self.context, self.room, self.allocated) = (context, room, allocated);
        Ok(true)
    }

    pub fn kv_use(&self) -> KvUse {
        let newest = self.cache.newest();
        let (caches, cells) = match self.room.layout {
            CacheLayout::Shared => (1, self.cache.cells()),
            CacheLayout::Apart => (self.cache.len(), self.cache.tokens()),
        };
        let bytes = cells as f64 * bytes_per_token(self.loaded, &self.settings);
        KvUse {
            caches,
            cells,
            room: self.context.cells(),
            sequences: self.cache.used(),
            newest: newest.map_or(0, |s| self.cache.tokens_of(s)),
            state_bytes: newest.filter(|_| self.measure).map_or(0, |s| self.context.state_bytes(s)),
            used_bytes: (bytes.round() as usize).min(self.allocated),
            allocated_bytes: self.allocated,
        }
    }
}

/// How strongly each adapter counts.
fn scales(settings: &ModelSettings) -> Vec<f32> {
    settings.lora.iter().map(|adapter| adapter.scale.get()).collect()
}

/// Bytes that a token takes with the types of these settings, which can be others than those the model was loaded with.
fn bytes_per_token(loaded: &LoadedModel, settings: &ModelSettings) -> f64 {
    let (type_k, type_v) = (settings.cache_type_k, settings.cache_type_v);
    KvLayout { type_k, type_v, ..loaded.info.kv.clone() }.bytes_per_token()
}

/// A context for so many paths, and the bytes of its KV cache.
fn context<'model>(
    loaded: &'model LoadedModel,
    settings: &ModelSettings,
    room: Room,
) -> Result<(Context<'model>, usize), LoadError> {
    // One at a time: what the log tells is about this one.
    static MAKING: Mutex<()> = Mutex::new(());
    let size = ContextSize {
        cells: room.cells,
        sequences: room.paths,
        // A path alone is laid out as llama.cpp's own tool does.
        unified: room.paths > 1 && room.layout == CacheLayout::Shared,
    };
    let threads = (loaded.threads, settings.threads_batch.unwrap_or(loaded.threads));
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = log::take_kv_bytes();
    let refused = |what: &str| LoadError::Llama { name: loaded.info.name.clone(), cause: cause(what) };
    let mut context = Context::new(&loaded.model, size, settings, threads)
        .ok_or_else(|| refused("it could not make a context"))?;
    if !loaded.adapters.is_empty() && !context.adapt(&loaded.adapters, &scales(settings)) {
        return Err(refused("it could not apply the LoRA adapters"));
    }
    let computed = context.cells() as f64 * bytes_per_token(loaded, settings);
    let allocated = log::take_kv_bytes().unwrap_or(computed.round() as usize);
    Ok((context, allocated))
}

/// The same while an evaluation waits for it.
fn context_for<'model>(
    loaded: &'model LoadedModel,
    settings: &ModelSettings,
    room: Room,
) -> Result<(Context<'model>, usize), EvaluateError> {
    context(loaded, settings, room).map_err(|error| EvaluateError::Failed(error.to_string()))
}
