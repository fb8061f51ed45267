//! The tree of token prefixes: every path walked, and what was evaluated on it.

mod evaluation;
mod node;

pub use evaluation::Evaluation;
pub use node::{Node, NodeId, Origin, Step};

use std::{collections::BTreeMap, sync::Arc};

use crate::{distribution::Summary, token::Token};

/// Top candidates a node keeps for good once its logits had to be dropped.
const KEPT_TOP: usize = 16;

/// A tree of prefixes. The root is the empty prefix; a node stands for the prefix from the first
/// token down to its own. Nothing walked is ever removed; only full logits are, when they exceed
/// their budget, and those are evaluated again at need.
pub struct Tree {
    nodes: Vec<Node>,
    /// Bytes that logits, and the candidates that go with them, may take.
    budget: usize,
    used: usize,
    /// Nodes with logits, by time of last use: the first goes first.
    recency: BTreeMap<u64, NodeId>,
    clock: u64,
}

impl Tree {
    /// A tree with only its root, which keeps at most `budget` bytes of logits, counted with the top
    /// candidates found in them (but always the newest).
    #[must_use]
    pub fn new(budget: usize) -> Self {
        Self { nodes: vec![Node::root()], budget, used: 0, recency: BTreeMap::new(), clock: 0 }
    }

    /// The empty prefix.
    #[must_use]
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// A node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Number of nodes, the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether only the root is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    /// The children of a node, first made first.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(id).first_child, |&child| self.node(child).next_sibling)
    }

    /// The child of `parent` with this token, made if it is not there.
    pub fn child(&mut self, parent: NodeId, token: Token, origin: Origin) -> NodeId {
        if let Some(child) = self.children(parent).find(|&child| self.node(child).token == Some(token)) {
            return child;
        }
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node::new(token, parent, origin));
        let last = self.children(parent).last();
        match last {
            Some(last) => self.nodes[last.index()].next_sibling = Some(id),
            None => self.nodes[parent.index()].first_child = Some(id),
        }
        id
    }

    /// Notes how the node's token was chosen, the last time it was.
    pub fn set_step(&mut self, id: NodeId, origin: Origin, step: Step) {
        let node = &mut self.nodes[id.index()];
        node.origin = origin;
        node.step = Some(step);
    }

    /// Stores what evaluating the node's prefix gave, and drops the longest unused logits over budget.
    pub fn store(&mut self, id: NodeId, evaluation: Evaluation) {
        self.forget_logits(id);
        let bytes = droppable_bytes(&evaluation);
        self.nodes[id.index()].evaluation = Some(Box::new(evaluation));
        if bytes > 0 {
            self.used += bytes;
            self.mark_used(id);
            self.shrink(id);
        }
    }

    /// The node's logits, if they are kept; counts as a use.
    pub fn logits(&mut self, id: NodeId) -> Option<Arc<[f32]>> {
        let logits = self.node(id).evaluation.as_ref()?.logits.clone()?;
        self.mark_used(id);
        Some(logits)
    }

    /// Whether the node's full logits are kept.
    #[must_use]
    pub fn has_logits(&self, id: NodeId) -> bool {
        self.node(id).evaluation.as_ref().is_some_and(|e| e.logits.is_some())
    }

    /// The statistics of the node's distribution, if it was ever evaluated.
    #[must_use]
    pub fn summary(&self, id: NodeId) -> Option<&Summary> {
        self.node(id).evaluation.as_ref().map(|evaluation| &evaluation.summary)
    }

    /// The tokens from the first one down to the node's own.
    #[must_use]
    pub fn prefix(&self, id: NodeId) -> Vec<Token> {
        let up = std::iter::successors(Some(id), |&id| self.node(id).parent);
        let mut tokens: Vec<Token> = up.filter_map(|id| self.node(id).token).collect();
        tokens.reverse();
        tokens
    }

    /// Bytes of logits kept, and of the candidates that go with them.
    #[must_use]
    pub fn logits_bytes(&self) -> usize {
        self.used
    }

    fn mark_used(&mut self, id: NodeId) {
        self.clock += 1;
        let old = std::mem::replace(&mut self.nodes[id.index()].last_use, self.clock);
        self.recency.remove(&old);
        self.recency.insert(self.clock, id);
    }

    fn shrink(&mut self, newest: NodeId) {
        while self.used > self.budget {
            let Some((_, &oldest)) = self.recency.first_key_value() else { return };
            if oldest == newest {
                return;
            }
            self.forget_logits(oldest);
        }
    }

    fn forget_logits(&mut self, id: NodeId) {
        let node = &mut self.nodes[id.index()];
        let Some(evaluation) = &mut node.evaluation else { return };
        let bytes = droppable_bytes(evaluation);
        if evaluation.logits.take().is_none() {
            return;
        }
        evaluation.summary.keep_top(KEPT_TOP);
        self.used -= bytes;
        self.recency.remove(&node.last_use);
    }
}

/// What dropping an evaluation's logits gives back: them, and the candidates that do not stay. Over a
/// small vocabulary the candidates weigh as much as the logits do.
fn droppable_bytes(evaluation: &Evaluation) -> usize {
    let Some(logits) = &evaluation.logits else { return 0 };
    let candidates = evaluation.summary.top.get(KEPT_TOP..).unwrap_or_default();
    size_of_val(&logits[..]) + size_of_val(candidates)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn evaluation(value: f32) -> Evaluation {
        let logits: Arc<[f32]> = vec![value; 100].into();
        Evaluation {
            summary: Summary::of(&logits, KEPT_TOP + 25),
            logits: Some(logits),
            time: Duration::ZERO,
        }
    }

    #[test]
    fn the_same_token_gives_the_same_child() {
        let mut tree = Tree::new(0);
        let a = tree.child(tree.root(), Token(1), Origin::Prompt);
        let b = tree.child(tree.root(), Token(2), Origin::Prompt);
        let c = tree.child(tree.root(), Token(3), Origin::Prompt);
        assert_eq!(tree.child(tree.root(), Token(2), Origin::Sampled), b);
        assert_eq!(tree.children(tree.root()).collect::<Vec<_>>(), [a, b, c]);
    }

    #[test]
    fn logits_least_recently_used_are_dropped_but_their_summary_stays() {
        // 100 logits of 4 bytes and 25 candidates of 8.
        let mut tree = Tree::new(2 * 600);
        let ids: Vec<NodeId> = (0..3).map(|t| tree.child(tree.root(), Token(t), Origin::Prompt)).collect();
        tree.store(ids[0], evaluation(0.0));
        tree.store(ids[1], evaluation(1.0));
        assert!(tree.logits(ids[0]).is_some());
        tree.store(ids[2], evaluation(2.0));
        assert!(tree.logits(ids[1]).is_none());
        assert!(tree.logits(ids[0]).is_some() && tree.logits(ids[2]).is_some());
        assert_eq!(tree.logits_bytes(), 1200);
        let kept = &tree.node(ids[1]).evaluation.as_ref().unwrap().summary;
        assert_eq!((kept.top.len(), kept.n_vocab), (KEPT_TOP, 100));
    }

    #[test]
    fn the_newest_logits_stay_whatever_the_budget() {
        let mut tree = Tree::new(0);
        let a = tree.child(tree.root(), Token(1), Origin::Prompt);
        tree.store(a, evaluation(0.0));
        assert!(tree.logits(a).is_some());
    }
}
