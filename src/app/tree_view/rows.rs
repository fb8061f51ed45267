//! The tree as rows: what lies between two forks is one row.

use std::collections::HashSet;

use crate::{
    decode::Path,
    tree::{NodeId, Order, Origin, Tree},
};

/// Rows that are kept: more of them would take longer to make than a frame may. A tree of more is told to be larger than shown.
pub(super) const MOST: usize = 1 << 16;

/// The tokens between two forks.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeRow {
    /// Its nodes, one a token; without the root.
    pub nodes: Vec<NodeId>,
    /// Forks above.
    pub depth: usize,
    /// Ways to go on.
    pub children: usize,
    /// Whether they are hidden.
    pub folded: bool,
    /// Whether the step screen's path goes through its last node.
    pub on_path: bool,
    /// ln of the first token's own probability under the model; None for the prompt.
    pub own: Option<f64>,
    /// ln of the joint probability of the text up to the last token.
    pub joint: f64,
    /// How its first token was chosen.
    pub origin: Origin,
}

/// The rows, each before those below it, and whether there would be more.
pub(super) fn rows(tree: &Tree, path: &Path, folded: &HashSet<NodeId>, order: Order) -> (Vec<TreeRow>, bool) {
    let on_path: HashSet<NodeId> = path.nodes().iter().copied().collect();
    let mut rows = Vec::new();
    let mut left: Vec<(NodeId, usize, f64)> = Vec::new();
    let below = |id: NodeId, depth: usize, joint: f64| -> Vec<(NodeId, usize, f64)> {
        tree.children_by(id, order).into_iter().rev().map(|child| (child, depth, joint)).collect()
    };
    left.extend(below(tree.root(), 0, 0.0));
    while let Some((id, depth, above)) = left.pop() {
        if rows.len() == MOST {
            return (rows, true);
        }
        let nodes = run(tree, id);
        let last = nodes[nodes.len() - 1];
        let joint = above + nodes.iter().filter_map(|&id| tree.node(id).log_probability).sum::<f64>();
        let below = below(last, depth + 1, joint);
        let row = TreeRow {
            depth,
            children: below.len(),
            folded: folded.contains(&last) && !below.is_empty(),
            on_path: on_path.contains(&last),
            own: tree.node(id).log_probability,
            joint,
            origin: tree.node(id).origin,
            nodes,
        };
        if !row.folded {
            left.extend(below);
        }
        rows.push(row);
    }
    (rows, false)
}

/// The nodes from `id` to the next fork; the prompt ends a row of its own.
fn run(tree: &Tree, id: NodeId) -> Vec<NodeId> {
    let mut run = tree.run(id);
    let prompt = tree.node(id).origin == Origin::Prompt;
    let end = run.iter().position(|&node| (tree.node(node).origin == Origin::Prompt) != prompt);
    run.truncate(end.unwrap_or(run.len()));
    run
}
