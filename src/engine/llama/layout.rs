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

/// How much room a context has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// How the paths lie.
    pub layout: CacheLayout,
    /// Cells of all caches together.
    pub cells: u32,
    /// Paths that are kept.
    pub paths: u32,
}

/// What room depends on.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// The largest context of a path, rounded up.
    context: u32,
    /// Paths to be kept at most.
    paths: u32,
    /// Cells that the budget has.
    budget: u32,
}

/// Cells that a path has at first.
const FIRST: u32 = 512;
/// Cells that a path is to come to have, where fewer paths can be kept for it.
const GOOD: u32 = 2048;
/// Fewer caches than this are not worth having: more lanes than that would read their whole paths again and again.
const LEAST_PATHS: u32 = 8;

impl Room {
    /// The settings' context for each path, or with [`CacheLayout::Shared`] for all.
    pub fn whole(layout: CacheLayout, loaded: &LoadedModel, settings: &ModelSettings) -> Self {
        let paths = sequences(loaded, settings);
        let cells = match layout {
            CacheLayout::Shared => settings.ctx_size,
            CacheLayout::Apart => padded_context(loaded, settings).saturating_mul(paths),
        };
        Self { layout, cells, paths }
    }

    /// Room for paths of `needed` tokens, or of up to `hoped` where the budget has that. Each has a cache of its own as long as
    /// the budget has room for enough of them; otherwise, and where paths are decoded together, they share one of the whole
    /// context.
    pub fn for_paths_of(needed: u32, hoped: u32, loaded: &LoadedModel, settings: &ModelSettings) -> Self {
        let paths = sequences(loaded, settings);
        // One path is always apart, and laid out as llama.cpp's own tool does.
        if paths == 1 {
            return Self::whole(CacheLayout::Apart, loaded, settings);
        }
        let bytes = f64::from(settings.kv_budget_mib) * f64::from(1 << 20);
        let limits = Limits {
            context: padded_context(loaded, settings),
            paths,
            budget: (bytes / loaded.info.kv.bytes_per_token().max(1.0)) as u32,
        };
        // Long contexts of some models have other rotations than short ones.
        let needed = if loaded.file.rotates_by_context { limits.context } else { needed };
        let apart = limits.apart(needed, hoped).filter(|_| !settings.batch_lanes);
        apart.unwrap_or_else(|| Self::whole(CacheLayout::Shared, loaded, settings))
    }
}

impl Limits {
    /// Caches of their own for paths of `needed` tokens, or of up to `hoped`. How many there are does not depend on that: they can
    /// grow.
    fn apart(self, needed: u32, hoped: u32) -> Option<Room> {
        let good = GOOD.min(self.context).max(1);
        let paths = self.paths.min(LEAST_PATHS.max(self.budget / good));
        let most = (self.budget / paths / CONTEXT_STEP * CONTEXT_STEP).min(self.context);
        let wanted = needed.max(hoped).max(FIRST).checked_next_multiple_of(CONTEXT_STEP)?.min(self.context);
        let each = wanted.min(most);
        (each >= needed.max(FIRST).min(self.context)).then_some(Room {
            layout: CacheLayout::Apart,
            cells: each.checked_mul(paths)?,
            paths,
        })
    }
}

/// The paths that a context keeps: as many as the settings say, but one of a model with a recurrent state, which cannot be
/// copied in part.
pub(super) fn sequences(loaded: &LoadedModel, settings: &ModelSettings) -> u32 {
    if loaded.file.is_recurrent() { 1 } else { settings.sequences.max(1) }
}

/// The context that one path gets, as llama.cpp rounds it up.
#[must_use]
pub fn padded_context(loaded: &LoadedModel, settings: &ModelSettings) -> u32 {
    let tokens = match settings.ctx_size {
        0 => loaded.file.context_length,
        tokens => tokens,
    };
    tokens.checked_next_multiple_of(CONTEXT_STEP).unwrap_or(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_get_what_they_need_and_the_budget_has() {
        let limits = |context, budget| Limits { context, paths: 16, budget };
        let apart = |limits: Limits, needed| {
            limits.apart(needed, 0).map(|room| (room.cells / room.paths, room.paths))
        };
        // A small context fits sixteen times.
        assert_eq!(apart(limits(512, 20_000), 0), Some((512, 16)));
        // 23,000 cells: eleven of 2,048, or of what is needed now.
        assert_eq!(apart(limits(8192, 23_000), 0), Some((512, 11)));
        assert_eq!(apart(limits(8192, 23_000), 700), Some((768, 11)));
        assert_eq!(apart(limits(8192, 23_000), 2048), Some((2048, 11)));
        assert_eq!(apart(limits(8192, 23_000), 2049), None);
        // 11,000 cells: not less than eight paths, of 1,280 at most.
        assert_eq!(apart(limits(8192, 11_000), 1024), Some((1024, 8)));
        assert_eq!(apart(limits(8192, 11_000), 1281), None);
        assert_eq!(apart(limits(8192, 4096), 0), Some((512, 8)));
        assert_eq!(apart(limits(8192, 4095), 0), None);
        assert_eq!(apart(limits(8192, 0), 0), None);
        // Where what is hoped for is not there, as much as there is.
        let hoped = |needed| limits(8192, 11_000).apart(needed, 2048).map(|room| room.cells / room.paths);
        assert_eq!((hoped(1025), hoped(1280), hoped(1281)), (Some(1280), Some(1280), None));
        let few = Limits { context: 8192, paths: 2, budget: 11_000 };
        assert_eq!((apart(few, 0), apart(few, 5000)), (Some((512, 2)), Some((5120, 2))));
    }
}
