//! What a lane's changed settings would have said along the text that is written, and where they would have left it.

use super::super::State;
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
    fn walks(&self) -> bool {
        self.missing.is_none() && matches!(self.verdict(), Verdict::Walking(_))
    }
}

impl State {
    /// Asks what the focused lane's settings would have said so far, unless nothing is written, or it is being written.
    pub(super) fn ask_what_if(&mut self) {
        self.rooms.compare.what_if = None;
        let lane = self.rooms.compare.focus();
        let Some(cursor) = self.rooms.compare.lanes().get(lane).map(crate::decode::lanes::Lane::cursor)
        else {
            return;
        };
        if cursor.path().generated() == 0 || self.desk.play.playing() {
            return;
        }
        match Replay::new(cursor, cursor.settings()) {
            Ok(replay) => self.rooms.compare.what_if = Some(WhatIf { lane, replay, missing: None }),
            Err(error) => self.desk.notice = Some(error.to_string()),
        }
        self.rooms.compare.at = None;
        self.go_on_asking();
    }

    /// Whether the question is not answered and nothing is waited for.
    pub(in crate::app) fn is_asking(&self) -> bool {
        self.rooms.compare.what_if.as_ref().is_some_and(WhatIf::walks)
    }

    /// Goes on, if what was waited for is among these nodes.
    pub(in crate::app) fn what_if_has(&mut self, nodes: &[NodeId]) {
        let Some(what_if) = &mut self.rooms.compare.what_if else { return };
        if what_if.missing.is_some_and(|missing| nodes.contains(&missing)) {
            what_if.missing = None;
            self.go_on_asking();
        }
    }

    /// Goes over the next tokens, as many as take no noticeable time.
    pub(in crate::app) fn go_on_asking(&mut self) {
        let (Some(session), Some(what_if)) = (&mut self.desk.walk.session, &mut self.rooms.compare.what_if)
        else {
            return;
        };
        match what_if.replay.advance_by(session.tree_mut(), TOKENS) {
            Ok(missing) => what_if.missing = missing,
            Err(error) => {
                self.rooms.compare.what_if = None;
                self.desk.notice = Some(error.to_string());
            }
        }
        self.desk.stale = true;
    }
}
