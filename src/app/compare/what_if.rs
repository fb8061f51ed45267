//! What a lane's changed settings would have said along the text that is written, and where they would have left it.

use super::{super::Desk, Compare};
use crate::{
    decode::lanes::{Replay, Verdict},
    tree::NodeId,
};

/// Tokens that are gone over before a frame is drawn.
const TOKENS: usize = 64;

/// A lane's new settings, walked along what its old ones have written.
pub struct WhatIf {
    lane: usize,
    replay: Replay,
    missing: Option<NodeId>,
}

impl WhatIf {
    /// The lane.
    #[must_use]
    pub fn lane(&self) -> usize {
        self.lane
    }

    /// What has been found so far.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.replay.verdict()
    }

    /// The node whose distribution it waits for.
    pub(super) fn missing(&self) -> Option<NodeId> {
        self.missing
    }

    /// Whether it can go on at once.
    pub(super) fn walks(&self) -> bool {
        self.missing.is_none() && matches!(self.verdict(), Verdict::Walking(_))
    }
}

impl Compare {
    /// Asks what the focused lane's settings would have said so far, unless nothing is written, or it is being written.
    pub(super) fn ask_what_if(&mut self, desk: &mut Desk) {
        self.what_if = None;
        let lane = self.focus();
        let Some(cursor) = self.lanes().get(lane).map(crate::decode::lanes::Lane::cursor) else {
            return;
        };
        if cursor.path().generated() == 0 || desk.play.playing() {
            return;
        }
        match Replay::new(cursor, cursor.settings()) {
            Ok(replay) => self.what_if = Some(WhatIf { lane, replay, missing: None }),
            Err(error) => desk.notice = Some(error.to_string()),
        }
        self.at = None;
        // What it takes is gone over a little at a time, when evaluations are asked for.
        desk.stale = true;
    }

    /// Goes on, if what was waited for is among these nodes.
    pub(in crate::app) fn what_if_has(&mut self, nodes: &[NodeId], desk: &mut Desk) {
        let Some(what_if) = &mut self.what_if else { return };
        if what_if.missing.is_some_and(|missing| nodes.contains(&missing)) {
            what_if.missing = None;
            self.go_on_asking(desk);
        }
    }

    /// Goes over the next tokens, as many as take no noticeable time.
    pub(in crate::app) fn go_on_asking(&mut self, desk: &mut Desk) {
        let (Some(session), Some(what_if)) = (&mut desk.walk.session, &mut self.what_if) else {
            return;
        };
        match what_if.replay.advance_by(session.tree_mut(), TOKENS) {
            Ok(missing) => what_if.missing = missing,
            Err(error) => {
                self.what_if = None;
                desk.say(error.to_string());
            }
        }
        desk.stale = true;
    }
}
