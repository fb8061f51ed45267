//! The tree screen: all paths walked, to be folded, searched, grown, pruned and gone on from.

mod actions;
mod export;
mod glance;
mod growth;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

pub use export::{ExportForm, TreeExport, TreeFormat};
pub use growth::Growth;
pub use rows::TreeRow;

use crossterm::event::KeyEvent;

use super::{Desk, Flow, Hit, PanelId, Room};
use crate::{
    decode::{Breadth, Expansion},
    keymap::{Action, Context},
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
    usage: TreeUse,
    /// Whether it is being written into files.
    writing: bool,
    /// What was answered last as name and formats of files.
    export: ExportForm,
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

    /// Lets go of the tree. A copy that is being written goes on being written.
    fn let_go(&mut self) {
        let Self { order, growth, writing, .. } = *self;
        let export = std::mem::take(&mut self.export);
        *self = Self { order, growth, writing, export, ..Self::default() };
    }
}

impl TreeView {
    /// Brings the rows in line with the tree.
    pub(super) fn prepare_tree(&mut self, desk: &mut Desk) {
        let Some(session) = &desk.walk.session else {
            self.rows.clear();
            return;
        };
        let tree = session.tree();
        (self.rows, self.more) = rows::rows(tree, session.path(), &self.folded, self.order);
        self.usage = tree.usage();
        self.matches.retain(|&node| tree.get(node).is_some());
        if self.selected.is_none_or(|node| !self.rows.iter().any(|row| row.nodes.contains(&node))) {
            // What was selected is folded away or gone: the row of the nearest node above it, else the path's head.
            let above = self.selected.filter(|&node| tree.get(node).is_some()).and_then(|node| {
                let shown = |node: &NodeId| self.rows.iter().any(|row| row.nodes.contains(node));
                std::iter::successors(Some(node), |&node| tree.node(node).parent).find(shown)
            });
            self.selected = above.or(session.path().head());
            self.in_row = false;
        }
    }

    /// The node whose distribution the tree screen needs next.
    pub(super) fn wanted_by_tree(&mut self, limit: usize, desk: &mut Desk) -> Vec<NodeId> {
        let Some(session) = &mut desk.walk.session else { return Vec::new() };
        let Some(expansion) = &mut self.expansion else {
            return session.wanted().into_iter().collect();
        };
        desk.stale = true;
        match expansion.wanted(session.tree_mut(), limit) {
            Ok(nodes) if !nodes.is_empty() => return nodes,
            Ok(_) => desk.notice = Some(format!("{} nodes were added.", expansion.added())),
            Err(error) => desk.notice = Some(error.to_string()),
        }
        self.expansion = None;
        Vec::new()
    }

    /// Begins to grow the tree from the selected node; whether there is room for it.
    fn expand(&mut self, breadth: Breadth, depth: usize, desk: &mut Desk) -> bool {
        let (Some(session), Some(node)) = (&desk.walk.session, self.selected) else {
            return false;
        };
        if node == session.tree().root() {
            desk.say("Nothing comes before the first token, so the model made no prediction.");
            return false;
        }
        let vocabulary = std::sync::Arc::clone(session.vocabulary());
        match Expansion::new(session.tree(), vocabulary, node, breadth, depth, session.context()) {
            Ok(expansion) => {
                self.expansion = Some(expansion);
                true
            }
            Err(error) => {
                desk.say(error.to_string());
                false
            }
        }
    }
}

impl Room for TreeView {
    fn panels(&self) -> &'static [PanelId] {
        &[PanelId::Tree]
    }

    fn context(&self, _desk: &Desk) -> Context {
        Context::Tree
    }

    fn enter(&mut self, _desk: &mut Desk) {
        self.input = None;
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        self.action(action, desk)
    }

    fn press(&mut self, hit: Hit, _again: bool, desk: &mut Desk) -> Flow {
        let Hit::TreeRow(row) = hit else { return Flow::Pass };
        // A second click on a row goes on from there.
        match self.selected.filter(|_| self.selected() == row) {
            Some(node) => desk.go_to(node),
            None => self.select_row(row, desk),
        }
        Flow::Done
    }

    fn typed(&mut self, key: KeyEvent, desk: &mut Desk) -> Flow {
        if self.input.is_none() {
            return Flow::Pass;
        }
        self.type_in_tree(key, desk);
        Flow::Done
    }

    fn is_typing(&self, _desk: &Desk) -> bool {
        self.input.is_some()
    }

    fn pasted(&mut self, line: &str, _desk: &mut Desk) -> Flow {
        let Some(TreeInput::Search(text) | TreeInput::Name(text)) = &mut self.input else {
            return Flow::Pass;
        };
        text.push_str(line);
        Flow::Done
    }

    fn ignores(&self, action: Action) -> bool {
        matches!(action, Action::NextPanel | Action::PreviousPanel)
    }

    fn rests(&self, desk: &Desk) -> bool {
        !self.waits(desk) && !self.grows()
    }

    fn glance(&self, desk: &Desk) -> Option<minijinja::Value> {
        Self::glance_at_tree(desk)
    }

    fn wants(&mut self, desk: &mut Desk, limit: usize) -> Vec<NodeId> {
        self.wanted_by_tree(limit, desk)
    }

    fn prepare(&mut self, desk: &mut Desk) {
        self.prepare_tree(desk);
    }

    fn leave_tree(&mut self) {
        self.let_go();
    }
}
