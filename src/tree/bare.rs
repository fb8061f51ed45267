//! A copy of a tree that is to be read elsewhere while the tree itself grows on.

use std::collections::BTreeMap;

use super::{Node, NodeId, Tree};
use crate::distribution::Bounds;

impl Tree {
    /// The same tree without its distributions but for their entropies: it names the same nodes by the same ids. A hundred
    /// nanoseconds a node, or less.
    #[must_use]
    pub fn bare(&self) -> Self {
        let entropy = |node: &Node| {
            node.evaluation.as_ref().map_or(Bounds::exactly(f64::NAN), |e| e.summary.entropy_bits)
        };
        Self {
            nodes: self.nodes.iter().map(|node| Node { evaluation: None, ..*node }).collect(),
            free: self.free.clone(),
            names: self.names.clone(),
            more: BTreeMap::new(),
            recency: BTreeMap::new(),
            used: 0,
            entropies: self.nodes.iter().map(entropy).collect(),
            ..*self
        }
    }

    /// The entropy of a node's distribution in bits, if it was ever evaluated; a bare copy knows it too.
    #[must_use]
    pub fn entropy_bits(&self, id: NodeId) -> Option<Bounds> {
        let copied = || self.get(id).and(self.entropies.get(id.index()).copied());
        self.summary(id).map(|summary| summary.entropy_bits).or_else(copied).filter(|bits| !bits.low.is_nan())
    }
}
