//! A tree with one cursor on it: what the step screen and `run` work on.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use super::{Cursor, CursorError, StopRules};
use crate::{
    distribution::Summary,
    engine::Vocabulary,
    sampling::{AtTemperature, Outcome, SamplingSettings, Trace, Xray},
    token::Token,
    tree::{Evaluation, NodeId, Tree},
};

/// A tree with one cursor on it. The caller evaluates what [`Session::wanted`] names and hands the
/// logits to [`Session::absorb`]; everything else is here. What does not touch the tree is the [`Cursor`]'s.
pub struct Session {
    tree: Tree,
    cursor: Cursor,
}

impl Deref for Session {
    type Target = Cursor;

    fn deref(&self) -> &Cursor {
        &self.cursor
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut Cursor {
        &mut self.cursor
    }
}

impl Session {
    /// A session on `prompt`, nothing evaluated yet: see [`Cursor::new`]. `logits_budget` is the bytes of logits that
    /// the tree may keep.
    pub fn new(
        vocabulary: Arc<Vocabulary>,
        prompt: Vec<Token>,
        settings: SamplingSettings,
        rules: StopRules,
        context: usize,
        logits_budget: usize,
    ) -> Result<Self, CursorError> {
        let mut tree = Tree::new(logits_budget);
        // One path always has room, however long the context.
        tree.set_limit(Tree::NODES.max(context + 1));
        let cursor = Cursor::new(&mut tree, vocabulary, prompt, settings, rules, context)?;
        Ok(Self { tree, cursor })
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The tree, for other cursors that share it.
    pub fn tree_mut(&mut self) -> &mut Tree {
        &mut self.tree
    }

    /// As [`Cursor::wanted`].
    #[must_use]
    pub fn wanted(&self) -> Option<NodeId> {
        self.cursor.wanted(&self.tree)
    }

    /// As [`Tree::has_logits`].
    #[must_use]
    pub fn has_logits(&self, node: NodeId) -> bool {
        self.tree.has_logits(node)
    }

    /// As [`Tree::summary`].
    #[must_use]
    pub fn summary(&self, node: NodeId) -> Option<&Summary> {
        self.tree.summary(node)
    }

    /// Stores a node's distribution.
    pub fn absorb(&mut self, node: NodeId, summary: Summary, logits: Arc<[f32]>, time: Duration) {
        self.tree.store(node, Evaluation { summary, logits: Some(logits), time });
    }

    /// As [`Cursor::step`].
    pub fn step(&mut self, traced: bool) -> Result<Option<NodeId>, CursorError> {
        self.cursor.step(&mut self.tree, traced)
    }

    /// As [`Cursor::take`].
    pub fn take(&mut self, token: Token) -> Result<Option<NodeId>, CursorError> {
        self.cursor.take(&mut self.tree, token)
    }

    /// As [`Cursor::follow`].
    pub fn follow(&mut self, node: NodeId) -> Result<Option<NodeId>, CursorError> {
        self.cursor.follow(&mut self.tree, node)
    }

    /// As [`Cursor::look_traced`].
    pub fn look(&mut self, length: usize, trace: &mut Trace) -> Option<Outcome> {
        self.cursor.look_traced(&mut self.tree, length, trace)
    }

    /// As [`Cursor::look_with`].
    pub fn look_with(
        &mut self,
        length: usize,
        settings: &SamplingSettings,
        trace: &mut Trace,
    ) -> Option<Outcome> {
        self.cursor.look_with(&mut self.tree, length, settings, trace)
    }

    /// As [`Cursor::xray`].
    pub fn xray(&mut self, length: usize, temperatures: &[f32]) -> Option<(Xray, Vec<AtTemperature>)> {
        self.cursor.xray(&mut self.tree, length, temperatures)
    }

    /// The logits after the first `length` tokens of the path, if they are kept.
    pub fn logits(&mut self, length: usize) -> Option<Arc<[f32]>> {
        let node = *self.cursor.path().nodes().get(length.checked_sub(1)?)?;
        self.tree.logits(node)
    }
}
