//! The tree screen: all paths walked, to be folded, searched, grown, pruned and gone on from.

mod actions;
mod export;
mod growth;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{HashSet, VecDeque};

pub use export::TreeExport;
pub use growth::Growth;
pub use rows::TreeRow;

use super::State;
use crate::{
    decode::{Breadth, Expansion},
    tree::{NodeId, Order, TreeUse},
};

/// Matches of a search that are kept.
const MATCHES: usize = 10_000;

/// What is being typed on the tree screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeInput {
    /// The text that is searched for.
    Search(String),
    /// The name of the selected node.
    Name(String),
}

/// The tree as it is looked at.
#[derive(Default)]
pub struct TreeView {
    /// Rows whose children are hidden, by their last node.
    folded: HashSet<NodeId>,
    order: Order,
    /// How the tree was grown the last time.
    growth: Growth,
    rows: Vec<TreeRow>,
    /// Rows that there would be beyond those kept.
    more: bool,
    /// The selected node: the last of its row, unless it was chosen `in_row`.
    selected: Option<NodeId>,
    /// Whether the selected node alone is meant, not its row as a whole.
    in_row: bool,
    matches: Vec<NodeId>,
    /// The same, to be found in.
    matching: HashSet<NodeId>,
    input: Option<TreeInput>,
    expansion: Option<Expansion>,
    /// The way from the path's head to a node that is gone to.
    way: VecDeque<NodeId>,
    usage: TreeUse,
    /// Whether it is being written into files.
    writing: bool,
}

impl TreeView {
    /// The rows, each before those below it.
    #[must_use]
    pub fn rows(&self) -> &[TreeRow] {
        &self.rows
    }

    /// Whether there is more than the rows kept.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// The selected row, an index.
    #[must_use]
    pub fn selected(&self) -> usize {
        let found = self.selected.and_then(|node| self.rows.iter().position(|row| row.nodes.contains(&node)));
        found.unwrap_or(0)
    }

    /// The node that was selected within its row; None where the row as a whole is.
    #[must_use]
    pub fn selected_token(&self) -> Option<NodeId> {
        self.selected.filter(|_| self.in_row)
    }

    /// The order of the children of a node.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// What is being typed.
    #[must_use]
    pub fn input(&self) -> Option<&TreeInput> {
        self.input.as_ref()
    }

    /// How many nodes match the search.
    #[must_use]
    pub fn matches(&self) -> usize {
        self.matches.len()
    }

    /// Whether the text that is searched for ends in a node of this row.
    #[must_use]
    pub fn is_match(&self, row: &TreeRow) -> bool {
        !self.matching.is_empty() && row.nodes.iter().any(|node| self.matching.contains(node))
    }

    /// What the tree holds, and what it takes.
    #[must_use]
    pub fn usage(&self) -> TreeUse {
        self.usage
    }

    /// Whether the tree is being grown.
    #[must_use]
    pub fn grows(&self) -> bool {
        self.expansion.is_some()
    }

    fn set_matches(&mut self, matches: Vec<NodeId>) {
        self.matching = matches.iter().copied().collect();
        self.matches = matches;
    }

    /// Gives up what is being typed.
    pub(super) fn leave_input(&mut self) {
        self.input = None;
    }

    /// Goes to no node any more.
    pub(super) fn forget_way(&mut self) {
        self.way.clear();
    }

    /// Lets go of the tree. A copy that is being written goes on being written.
    pub(super) fn leave_tree(&mut self) {
        let Self { order, growth, writing, .. } = *self;
        *self = Self { order, growth, writing, ..Self::default() };
    }
}

impl State {
    /// Brings the rows in line with the tree.
    pub(super) fn prepare_tree(&mut self) {
        let Some(session) = &self.desk.walk.session else {
            self.rooms.tree.rows.clear();
            return;
        };
        let tree = session.tree();
        let view = &mut self.rooms.tree;
        (view.rows, view.more) = rows::rows(tree, session.path(), &view.folded, view.order);
        view.usage = tree.usage();
        view.matches.retain(|&node| tree.get(node).is_some());
        if view.selected.is_none_or(|node| !view.rows.iter().any(|row| row.nodes.contains(&node))) {
            // What was selected is folded away or gone: the row of the nearest node above it, else the path's head.
            let above = view.selected.filter(|&node| tree.get(node).is_some()).and_then(|node| {
                let shown = |node: &NodeId| view.rows.iter().any(|row| row.nodes.contains(node));
                std::iter::successors(Some(node), |&node| tree.node(node).parent).find(shown)
            });
            view.selected = above.or(session.path().head());
            view.in_row = false;
        }
    }

    /// The node whose distribution the tree screen needs next.
    pub(super) fn wanted_by_tree(&mut self, limit: usize) -> Vec<NodeId> {
        let Some(session) = &mut self.desk.walk.session else { return Vec::new() };
        let Some(expansion) = &mut self.rooms.tree.expansion else {
            return session.wanted().into_iter().collect();
        };
        self.desk.stale = true;
        match expansion.wanted(session.tree_mut(), limit) {
            Ok(nodes) if !nodes.is_empty() => return nodes,
            Ok(_) => self.desk.notice = Some(format!("{} nodes were added.", expansion.added())),
            Err(error) => self.desk.notice = Some(error.to_string()),
        }
        self.rooms.tree.expansion = None;
        Vec::new()
    }

    /// Begins to grow the tree from the selected node; whether there is room for it.
    fn expand(&mut self, breadth: Breadth, depth: usize) -> bool {
        let (Some(session), Some(node)) = (&self.desk.walk.session, self.rooms.tree.selected) else {
            return false;
        };
        if node == session.tree().root() {
            self.desk.notice = Some("Nothing comes before the first token: the model was not asked.".into());
            return false;
        }
        let vocabulary = std::sync::Arc::clone(session.vocabulary());
        match Expansion::new(session.tree(), vocabulary, node, breadth, depth, session.context()) {
            Ok(expansion) => {
                self.rooms.tree.expansion = Some(expansion);
                true
            }
            Err(error) => {
                self.desk.notice = Some(error.to_string());
                false
            }
        }
    }

    /// Walks on to the node that is gone to, as far as distributions are at hand.
    pub(super) fn walk_on(&mut self) {
        let Some(session) = &mut self.desk.walk.session else { return };
        while let Some(&node) = self.rooms.tree.way.front() {
            match session.follow(node) {
                Ok(Some(_)) => drop(self.rooms.tree.way.pop_front()),
                Ok(None) if session.stopped().is_some() => {
                    self.desk.notice = Some("The text ends before this node, by a stop condition.".into());
                    self.rooms.tree.way.clear();
                }
                // The distribution is asked for; where it is there, the way is not from here any more.
                Ok(None) => {
                    if session.wanted().is_none() {
                        self.rooms.tree.way.clear();
                    }
                    return;
                }
                Err(error) => {
                    self.rooms.tree.way.clear();
                    self.fail("This node cannot be gone to", error.to_string());
                    return;
                }
            }
        }
    }
}
