//! What lessons see of the tree.

use minijinja::Value;

use super::{super::Desk, TreeView};
use crate::{lesson::Part, tree::Order};

impl TreeView {
    pub(super) fn glance_at_tree(desk: &Desk) -> Option<Value> {
        let tree = desk.session()?.tree();
        let (mut leaves, mut depth) = (0, 0);
        for (node, down) in tree.walk(tree.root(), Order::Made) {
            leaves += usize::from(tree.children(node).next().is_none());
            depth = depth.max(down);
        }
        Some(Part::value(
            "tree",
            vec![
                ("nodes", Value::from(tree.len())),
                ("leaves", Value::from(leaves)),
                ("depth", Value::from(depth)),
            ],
        ))
    }
}
