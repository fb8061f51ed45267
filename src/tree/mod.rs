//! The tree of token prefixes: every path walked, and what was evaluated on it.

mod bare;
mod evaluation;
mod export;
mod node;
mod prune;
mod search;
#[cfg(test)]
mod tests;
mod walk;

pub use evaluation::Evaluation;
pub use export::{to_dot, to_json, to_markdown};
pub use node::{Node, NodeId, Origin, Step};
pub use prune::PruneError;
pub use search::search;
pub use walk::{Order, Walk};

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    distribution::{Bounds, Candidate, Summary},
    token::Token,
};

/// So many times as many candidates are asked for where those that were named are too few.
const MORE: usize = 4;

/// How many candidates a node had when more were asked for, and how many were.
#[derive(Clone, Copy, Debug)]
struct More {
    known: usize,
    wanted: usize,
    /// Whether they are still to come.
    pending: bool,
}

/// The tree cannot take another node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the tree has reached its limit of {limit} nodes (--tree-nodes): prune what is not needed, or raise the limit"
)]
pub struct TreeFull {
    /// Nodes that the tree may have.
    pub limit: usize,
}

/// What a tree holds, and what it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TreeUse {
    /// Nodes, the root included.
    pub nodes: usize,
    /// Nodes that it may have.
    pub limit: usize,
    /// Nodes whose distribution was evaluated.
    pub evaluated: usize,
    /// Nodes whose full logits are kept.
    pub with_logits: usize,
    /// Bytes of these logits, and of the candidates that go with them.
    pub logits_bytes: usize,
    /// Bytes that they may take.
    pub logits_budget: usize,
    /// Bytes of the nodes and of what stays of each evaluation (computed).
    pub node_bytes: usize,
    /// How often logits were dropped for want of room.
    pub dropped: usize,
    /// How often a node was evaluated that had been evaluated before.
    pub again: usize,
}

/// A tree of prefixes. The root is the empty prefix; a node stands for the prefix from the first
/// token down to its own. Nothing walked goes away by itself; only full logits do, when they exceed
/// their budget, and those are evaluated again at need.
pub struct Tree {
    nodes: Vec<Node>,
    /// Slots of pruned nodes.
    free: Vec<u32>,
    names: BTreeMap<NodeId, String>,
    /// Nodes that the tree may have.
    limit: usize,
    /// Bytes that logits, and the candidates that go with them, may take.
    budget: usize,
    used: usize,
    /// Nodes with logits, by time of last use: the first goes first.
    recency: BTreeMap<u64, NodeId>,
    clock: u64,
    evaluated: usize,
    dropped: usize,
    again: usize,
    /// Nodes of which more candidates are wanted than were named.
    more: BTreeMap<NodeId, More>,
    /// Of a bare copy: the entropies of the nodes by their slots, not a number where there is none.
    entropies: Vec<Bounds>,
}

impl Tree {
    /// Top candidates of an evaluation that stay for good once its logits had to be dropped.
    pub const KEPT_TOP: usize = 16;
    /// Nodes that a tree may have unless [`Tree::set_limit`] says otherwise.
    pub const NODES: usize = 1 << 20;

    /// A tree with only its root, which keeps at most `budget` bytes of logits, counted with the top
    /// candidates found in them (but always the newest).
    #[must_use]
    pub fn new(budget: usize) -> Self {
        Self {
            nodes: vec![Node::root()],
            free: Vec::new(),
            names: BTreeMap::new(),
            limit: Self::NODES,
            budget,
            used: 0,
            recency: BTreeMap::new(),
            clock: 0,
            evaluated: 0,
            dropped: 0,
            again: 0,
            more: BTreeMap::new(),
            entropies: Vec::new(),
        }
    }

    /// Changes how many nodes the tree may have, 1 and above; those that are there stay.
    pub fn set_limit(&mut self, nodes: usize) {
        self.limit = nodes.clamp(1, u32::MAX as usize);
    }

    /// Nodes that can still be made.
    #[must_use]
    pub fn room(&self) -> usize {
        self.limit.saturating_sub(self.len())
    }

    /// What the tree holds, and what it takes.
    #[must_use]
    pub fn usage(&self) -> TreeUse {
        let kept = size_of::<Evaluation>() + Self::KEPT_TOP * size_of::<Candidate>();
        TreeUse {
            nodes: self.len(),
            limit: self.limit,
            evaluated: self.evaluated,
            with_logits: self.recency.len(),
            logits_bytes: self.used,
            logits_budget: self.budget,
            node_bytes: self.nodes.len() * size_of::<Node>() + self.evaluated * kept,
            dropped: self.dropped,
            again: self.again,
        }
    }

    /// The empty prefix.
    #[must_use]
    pub fn root(&self) -> NodeId {
        NodeId { slot: 0, generation: 0 }
    }

    /// A node.
    ///
    /// # Panics
    /// If it was pruned; [`Tree::get`] asks.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        self.get(id).expect("the node was not pruned")
    }

    /// A node; None if it was pruned.
    #[must_use]
    pub fn get(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.index()).filter(|node| node.generation == id.generation)
    }

    fn get_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.index()).filter(|node| node.generation == id.generation)
    }

    /// Number of nodes, the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len() - self.free.len()
    }

    /// Whether only the root is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 1
    }

    /// The children of a node, first made first.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(id).first_child, |&child| self.node(child).next_sibling)
    }

    /// The child of `parent` with this token.
    #[must_use]
    pub fn find_child(&self, parent: NodeId, token: Token) -> Option<NodeId> {
        self.children(parent).find(|&child| self.node(child).token == Some(token))
    }

    /// The child of `parent` with this token, made if it is not there.
    pub fn child(&mut self, parent: NodeId, token: Token, origin: Origin) -> Result<NodeId, TreeFull> {
        if let Some(child) = self.find_child(parent, token) {
            return Ok(child);
        }
        if self.room() == 0 {
            return Err(TreeFull { limit: self.limit });
        }
        let mut node = Node::new(token, parent, origin);
        let id = if let Some(slot) = self.free.pop() {
            let generation = self.nodes[slot as usize].generation;
            node.generation = generation;
            self.nodes[slot as usize] = node;
            NodeId { slot, generation }
        } else {
            self.nodes.push(node);
            NodeId { slot: (self.nodes.len() - 1) as u32, generation: 0 }
        };
        let last = self.children(parent).last();
        match last {
            Some(last) => self.nodes[last.index()].next_sibling = Some(id),
            None => self.nodes[parent.index()].first_child = Some(id),
        }
        Ok(id)
    }

    /// Notes how the node's token was chosen, the last time it was. What a prompt has given stays given: a path with a
    /// shorter prompt may choose the same token.
    pub fn set_step(&mut self, id: NodeId, origin: Origin, step: Step) {
        let Some(node) = self.get_mut(id).filter(|node| node.origin != Origin::Prompt) else { return };
        node.origin = origin;
        node.log_probability = Some(step.surprisal_bits * -std::f64::consts::LN_2);
        node.step = Some(step);
    }

    /// Notes ln of the node's probability under the model itself, unless a prompt has given it.
    pub fn set_log_probability(&mut self, id: NodeId, log_probability: f64) {
        if let Some(node) = self.get_mut(id).filter(|node| node.origin != Origin::Prompt) {
            node.log_probability = Some(log_probability);
        }
    }

    /// Joint log-probability of the path to a node under the model itself: Σ ln p over what was generated, the prompt
    /// taken as given.
    #[must_use]
    pub fn log_probability(&self, id: NodeId) -> f64 {
        self.up(id).filter_map(|id| self.node(id).log_probability).sum()
    }

    /// Tokens of the prompt that a node's prefix begins with: those before the first that was chosen.
    #[must_use]
    pub fn prompt_len(&self, id: NodeId) -> usize {
        self.up(id).filter_map(|id| self.get(id).filter(|node| node.token.is_some())).fold(
            0,
            |below, node| {
                if node.origin == Origin::Prompt { below + 1 } else { 0 }
            },
        )
    }

    /// Gives a node a name; an empty one removes it.
    pub fn set_name(&mut self, id: NodeId, name: &str) {
        if name.is_empty() || self.get(id).is_none() {
            self.names.remove(&id);
        } else {
            self.names.insert(id, name.to_owned());
        }
    }

    /// The node's name, if it has one.
    #[must_use]
    pub fn name(&self, id: NodeId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// The nodes that have names.
    pub fn names(&self) -> impl Iterator<Item = (NodeId, &str)> {
        self.names.iter().map(|(&id, name)| (id, name.as_str()))
    }

    /// From a node up to the root, both included.
    fn up(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(id), |&id| self.get(id)?.parent)
    }

    /// Stores what evaluating the node's prefix gave, and drops the longest unused logits over budget. What comes for a
    /// pruned node is not kept.
    pub fn store(&mut self, id: NodeId, evaluation: Evaluation) {
        self.forget_logits(id);
        let bytes = droppable_bytes(&evaluation);
        if let Some(more) = self.more.get_mut(&id) {
            more.pending = false;
        }
        let Some(node) = self.get_mut(id) else { return };
        let before = node.evaluation.replace(Box::new(evaluation));
        match before {
            Some(_) => self.again += 1,
            None => self.evaluated += 1,
        }
        if bytes > 0 {
            self.used += bytes;
            self.mark_used(id);
            self.shrink(id);
        }
    }

    /// The node's logits, if they are kept; counts as a use.
    pub fn logits(&mut self, id: NodeId) -> Option<Arc<[f32]>> {
        let logits = self.get(id)?.evaluation.as_ref()?.logits.clone()?;
        self.mark_used(id);
        Some(logits)
    }

    /// Asks for more candidates of a node whose distribution has a tail: it then counts as one whose logits are missing, and
    /// [`Tree::candidates_wanted`] tells how many to name. False where it has no tail, or where asking brought no more.
    pub fn ask_for_more(&mut self, id: NodeId) -> bool {
        let Some(summary) = self.summary(id) else { return false };
        let Some(known) = summary.tail.map(|tail| tail.known) else { return false };
        let wanted = known.saturating_mul(MORE).min(summary.n_vocab);
        if let Some(more) = self.more.get(&id)
            && (more.pending || known <= more.known)
        {
            return more.pending;
        }
        if wanted <= known {
            return false;
        }
        self.more.insert(id, More { known, wanted, pending: true });
        self.forget_logits(id);
        true
    }

    /// Whether more candidates of a node were asked for and are still to come.
    #[must_use]
    pub fn awaits_more(&self, id: NodeId) -> bool {
        self.more.get(&id).is_some_and(|more| more.pending)
    }

    /// How many candidates are wanted of a node, where that is more than it had.
    #[must_use]
    pub fn candidates_wanted(&self, id: NodeId) -> Option<usize> {
        self.more.get(&id).map(|more| more.wanted)
    }

    /// Whether the node's full logits are kept.
    #[must_use]
    pub fn has_logits(&self, id: NodeId) -> bool {
        self.get(id).and_then(|node| node.evaluation.as_ref()).is_some_and(|e| e.logits.is_some())
    }

    /// The statistics of the node's distribution, if it was ever evaluated.
    #[must_use]
    pub fn summary(&self, id: NodeId) -> Option<&Summary> {
        self.get(id)?.evaluation.as_ref().map(|evaluation| &evaluation.summary)
    }

    /// The tokens from the first one down to the node's own.
    #[must_use]
    pub fn prefix(&self, id: NodeId) -> Vec<Token> {
        let mut tokens: Vec<Token> = self.up(id).filter_map(|id| self.get(id)?.token).collect();
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
            self.dropped += 1;
        }
    }

    fn forget_logits(&mut self, id: NodeId) {
        let Some(node) = self.get_mut(id) else { return };
        let Some(evaluation) = &mut node.evaluation else { return };
        let bytes = droppable_bytes(evaluation);
        if evaluation.logits.take().is_none() {
            return;
        }
        evaluation.summary.keep_top(Self::KEPT_TOP);
        let last_use = node.last_use;
        self.used -= bytes;
        self.recency.remove(&last_use);
    }
}

/// What dropping an evaluation's logits gives back: them, and the candidates that do not stay. Over a
/// small vocabulary the candidates weigh as much as the logits do.
fn droppable_bytes(evaluation: &Evaluation) -> usize {
    let Some(logits) = &evaluation.logits else { return 0 };
    let candidates = evaluation.summary.top.get(Tree::KEPT_TOP..).unwrap_or_default();
    size_of_val(&logits[..]) + size_of_val(candidates)
}
