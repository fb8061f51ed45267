//! Removing a subtree.

use super::{NodeId, Tree};

/// Why a subtree cannot be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PruneError {
    /// It is the whole tree.
    #[error("The root cannot be pruned: every path starts there. Start with another prompt instead.")]
    Root,
    /// A path in use goes through it.
    #[error(
        "This branch is in use by the text, a lane, a seed or a beam: step back before it there, remove the lane or restart the seeds, then prune again."
    )]
    InUse,
    /// It is gone already.
    #[error("This branch has already been pruned.")]
    Gone,
}

impl Tree {
    /// Takes a node and all that grew on it away; how many nodes that were. Ids of other nodes stay what they are, and
    /// those of the nodes taken name nothing any more. `in_use` are the heads of the paths that have to stay.
    pub fn prune(&mut self, id: NodeId, in_use: &[NodeId]) -> Result<usize, PruneError> {
        if id == self.root() {
            return Err(PruneError::Root);
        }
        if self.get(id).is_none() {
            return Err(PruneError::Gone);
        }
        if in_use.iter().any(|&head| self.up(head).any(|above| above == id)) {
            return Err(PruneError::InUse);
        }
        self.unlink(id);
        let mut left = vec![id];
        let mut pruned = 0;
        while let Some(id) = left.pop() {
            left.extend(self.children(id));
            self.free_slot(id);
            pruned += 1;
        }
        Ok(pruned)
    }

    /// Takes a node out of its parent's list of children.
    fn unlink(&mut self, id: NodeId) {
        let next = self.node(id).next_sibling;
        let Some(parent) = self.node(id).parent else { return };
        let before = self.children(parent).find(|&child| self.node(child).next_sibling == Some(id));
        match before {
            Some(before) => self.nodes[before.index()].next_sibling = next,
            None => self.nodes[parent.index()].first_child = next,
        }
    }

    fn free_slot(&mut self, id: NodeId) {
        self.forget_logits(id);
        self.names.remove(&id);
        self.more.remove(&id);
        let node = &mut self.nodes[id.index()];
        self.evaluated -= usize::from(node.evaluation.take().is_some());
        node.step = None;
        node.parent = None;
        node.first_child = None;
        node.next_sibling = None;
        // A slot whose generations are used up is left alone: its memory is lost, but no old id comes to life again.
        if let Some(next) = node.generation.checked_add(1) {
            node.generation = next;
            self.free.push(id.slot);
        }
    }
}
