//! Going through a tree from top to bottom.

use super::{NodeId, Tree};

/// The order of the children of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By time: first made first.
    #[default]
    Made,
    /// The most likely first, under the model itself; those of unknown probability last.
    Probability,
}

/// The nodes below a node, that one included, each before its children.
pub struct Walk<'t> {
    tree: &'t Tree,
    order: Order,
    left: Vec<(NodeId, usize)>,
}

impl Iterator for Walk<'_> {
    /// A node, and how far below the first it is.
    type Item = (NodeId, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, depth) = self.left.pop()?;
        let children = self.tree.children_by(id, self.order);
        self.left.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
        Some((id, depth))
    }
}

impl Tree {
    /// The children of a node in this order.
    #[must_use]
    pub fn children_by(&self, id: NodeId, order: Order) -> Vec<NodeId> {
        let mut children: Vec<NodeId> = self.children(id).collect();
        if order == Order::Probability {
            // What nobody has told the probability of comes last.
            let known = |id: &NodeId| self.node(*id).log_probability.filter(|log_p| !log_p.is_nan());
            let likely = |id: &NodeId| known(id).unwrap_or(f64::NEG_INFINITY);
            children.sort_by(|a, b| likely(b).total_cmp(&likely(a)));
        }
        children
    }

    /// The nodes from `id` downwards, each before its children; none below a pruned one.
    #[must_use]
    pub fn walk(&self, id: NodeId, order: Order) -> Walk<'_> {
        let left = self.get(id).map(|_| (id, 0)).into_iter().collect();
        Walk { tree: self, order, left }
    }

    /// The nodes from `id` on, as long as there is one way to go, and the last of them: what reads as one piece of text.
    /// A node with a name ends its piece, so that the name stands where it belongs.
    #[must_use]
    pub fn run(&self, id: NodeId) -> Vec<NodeId> {
        let mut run = vec![id];
        let mut last = id;
        while self.name(last).is_none() {
            let mut children = self.children(last);
            let (Some(only), None) = (children.next(), children.next()) else { break };
            run.push(only);
            last = only;
        }
        run
    }
}
