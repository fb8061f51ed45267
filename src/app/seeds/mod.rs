//! The seeds screen: one setting, many seeds, on the tree of the step screen.

use super::{Effect, State};
use crate::{decode::forest::Forest, keymap::Action, tree::NodeId};

/// Many seeds of one setting, and what of them is looked at.
#[derive(Default)]
pub struct Seeds {
    forest: Option<Forest>,
}

impl Seeds {
    pub(super) fn forest_mut(&mut self) -> Option<&mut Forest> {
        self.forest.as_mut()
    }

    /// Takes back the steps that were asked for and not taken yet.
    pub(super) fn pause(&mut self) {
        if let Some(forest) = &mut self.forest {
            forest.pause();
        }
    }

    /// Lets go of the tree.
    pub(super) fn leave_tree(&mut self) {
        self.forest = None;
    }
}

impl State {
    /// Plants the forest, if there is a prompt and it is not there.
    pub(super) fn make_forest(&mut self) {}

    /// The nodes that the seeds need next.
    pub(super) fn wanted_by_seeds(&mut self, _limit: usize) -> Vec<NodeId> {
        Vec::new()
    }

    /// One token more for every seed.
    pub(super) fn step_seeds(&mut self) -> Vec<Effect> {
        Vec::new()
    }

    /// Brings what is shown in line with the forest.
    pub(super) fn prepare_seeds(&mut self) {}

    /// What an action means on the seeds screen, where that is more than it means everywhere.
    pub(super) fn seeds_action(&mut self, _action: Action) -> Option<Vec<Effect>> {
        None
    }
}
