//! The beam screen: beam search, round by round, on the tree of the step screen.

use super::{Effect, State};
use crate::{decode::beam::BeamSearch, keymap::Action, tree::NodeId};

/// A beam search, and what of it is looked at.
#[derive(Default)]
pub struct Beam {
    search: Option<BeamSearch>,
}

impl Beam {
    /// Takes back the rounds that were asked for and not done yet.
    pub(super) fn pause(&mut self) {
        if let Some(search) = &mut self.search {
            search.pause();
        }
    }

    /// Lets go of the tree.
    pub(super) fn leave_tree(&mut self) {
        self.search = None;
    }
}

impl State {
    /// Makes the search, if there is a prompt and it is not there.
    pub(super) fn make_search(&mut self) {}

    /// The nodes that the search needs next.
    pub(super) fn wanted_by_beam(&mut self, _limit: usize) -> Vec<NodeId> {
        Vec::new()
    }

    /// One round more.
    pub(super) fn step_beam(&mut self) -> Vec<Effect> {
        Vec::new()
    }

    /// Brings what is shown in line with the search.
    pub(super) fn prepare_beam(&mut self) {}

    /// What an action means on the beam screen, where that is more than it means everywhere.
    pub(super) fn beam_action(&mut self, _action: Action) -> Option<Vec<Effect>> {
        None
    }
}
