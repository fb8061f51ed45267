//! A forest as rows: what all the same seeds walked, one token after the other, is one row.

use std::collections::{HashMap, HashSet};

use super::forks::{Branch, Crossings};
use crate::{
    decode::Path,
    tree::{NodeId, Tree},
};

/// Tokens that the same seeds walked, between two places at which they diverge.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Its nodes, one a token.
    pub nodes: Vec<NodeId>,
    /// The choice that leads here: its first token, how likely it was, and who took it. None for the prompt.
    pub branch: Option<Branch>,
    /// Seeds that came to that choice and went on; for the prompt all.
    pub came: usize,
    /// Which generated token the first of it is, 0 the first after the prompt; 0 for the prompt.
    pub index: usize,
    /// Places above at which seeds diverge, the prompt's end included.
    pub depth: usize,
    /// Seeds that walked it.
    pub seeds: usize,
    /// How many of them have ended at its last node.
    pub ended: usize,
    /// Ways to go on from there.
    pub ways: usize,
    /// Whether they are hidden.
    pub folded: bool,
}

/// What is still to be walked: the choice, who came to it, which token it is, and how deep it lies.
struct Below {
    branch: Branch,
    came: usize,
    index: usize,
    depth: usize,
}

impl Crossings {
    /// The rows, from the path of the prompt on; `ended` counts the seeds that have ended at a node.
    pub(super) fn stretches(
        &self,
        tree: &Tree,
        prompt: &Path,
        all: usize,
        ended: &HashMap<NodeId, usize>,
        folded: &HashSet<NodeId>,
    ) -> Vec<Stretch> {
        let mut rows = Vec::new();
        let mut left: Vec<Below> = Vec::new();
        let mut row = |nodes: Vec<NodeId>, above: Option<&Below>, left: &mut Vec<Below>| {
            let Some(&last) = nodes.last() else { return };
            let depth = above.map_or(0, |above| above.depth);
            let mut below = self.below(tree, last, depth + 1);
            let stretch = Stretch {
                nodes,
                branch: above.map(|above| above.branch),
                came: above.map_or(all, |above| above.came),
                index: above.map_or(0, |above| above.index),
                depth,
                seeds: above.map_or(all, |above| above.branch.seeds),
                ended: ended.get(&last).copied().unwrap_or(0),
                ways: below.len(),
                folded: !below.is_empty() && folded.contains(&last),
            };
            if !stretch.folded {
                left.append(&mut below);
            }
            rows.push(stretch);
        };
        row(prompt.nodes().to_vec(), None, &mut left);
        while let Some(next) = left.pop() {
            row(self.run(next.branch.node, next.branch.seeds), Some(&next), &mut left);
        }
        rows
    }

    /// The ways on from a node, the most walked last, so that it is the first to be taken from the end.
    fn below(&self, tree: &Tree, node: NodeId, depth: usize) -> Vec<Below> {
        let Some(crossing) = self.at(node) else { return Vec::new() };
        let came = crossing.seeds();
        let below = |branch| Below { branch, came, index: crossing.index, depth };
        crossing.branches(tree).into_iter().rev().map(below).collect()
    }
}
