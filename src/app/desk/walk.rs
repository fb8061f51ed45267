//! The path through the tree that Step and X-ray show.

use std::collections::VecDeque;

use super::super::{StepFrame, Transcript};
use crate::{decode::Session, token::Token, tree::NodeId};

/// The path, and the step of it that is on view.
#[derive(Default)]
pub(crate) struct Walk {
    /// The path through the tree; None until there is a model and a prompt.
    pub(in crate::app) session: Option<Session>,
    /// The path's tokens as shown.
    pub(in crate::app) transcript: Transcript,
    /// The step on view.
    pub(in crate::app) frame: StepFrame,
    /// The token under the text cursor, a position of the path; None when it follows the newest.
    pub(in crate::app) cursor: Option<usize>,
    /// A lesson asks what will happen: what is shown does not tell where the next draw lands.
    pub(in crate::app) hides_draw: bool,
    /// The step that is to be drawn again: which generated token, and what it was.
    pub(super) again: Option<(usize, Token)>,
    /// The way from the path's head to a node that is gone to.
    pub(super) way: VecDeque<NodeId>,
    /// Steps asked for while the head was not evaluated.
    pub(super) queue: usize,
}

impl Walk {
    /// Whether a node is gone to.
    pub(in crate::app) fn goes_somewhere(&self) -> bool {
        !self.way.is_empty()
    }

    /// Steps that were asked for and are still to be taken.
    pub(in crate::app) fn queued(&self) -> usize {
        self.queue
    }
}
