//! The X-ray of one step: what each stage of the chain did to each token, and why.
//!
//! It is made for the one step that is looked at, by [`Chain::xray`](super::Chain::xray): the same samplers are applied to
//! the same logits, and the candidates are kept as each stage left them. What a stage did not change is shared with the
//! stage before it, so that an ordinary chain costs one copy of the vocabulary's logits and some short lists.

mod beside;
mod build;
mod difference;
mod facts;
mod fate;
mod moved;
mod number;
mod snapshot;
mod stage;
mod strip;
#[cfg(test)]
mod tests;
mod walk;
mod wordings;

use std::sync::Arc;

use super::{Doubt, Outcome, SamplingSettings};

pub use beside::Beside;
pub use fate::{Cause, Fate, Miss};
pub use snapshot::{Kept, Snapshot};
pub use stage::{Biased, Facts, Repeat, StageXray};
pub use strip::{AtTemperature, STRIP};
pub use walk::WalkStep;

/// What the chain did at one step, stage by stage.
#[derive(Clone, Debug)]
pub struct Xray {
    /// The model's own distribution.
    pub raw: Arc<Snapshot>,
    /// Every stage in order, those that are off included; samplers that are not in the chain come last.
    pub stages: Vec<StageXray>,
    /// The draw. Its survivors, in the order in which it walks them, are [`Xray::last`].
    pub outcome: Outcome,
    /// Of a row with a tail, what could differ in the draw from what it would be with every token named.
    pub doubt: Option<Doubt>,
    settings: SamplingSettings,
}

impl Xray {
    /// The candidates that the draw is from.
    #[must_use]
    pub fn last(&self) -> &Arc<Snapshot> {
        self.stages.last().map_or(&self.raw, |stage| &stage.after)
    }

    /// The candidates before the stage at `index`: those after the stage before it, or the model's own distribution.
    #[must_use]
    pub fn before(&self, index: usize) -> &Arc<Snapshot> {
        let before = index.checked_sub(1).and_then(|index| self.stages.get(index));
        before.map_or(&self.raw, |stage| &stage.after)
    }

    /// The settings that were applied.
    #[must_use]
    pub fn settings(&self) -> &SamplingSettings {
        &self.settings
    }
}
