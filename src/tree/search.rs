//! Finding text in a tree.

use super::{NodeId, Order, Tree};
use crate::token::Token;

/// The nodes at which `text` is complete: it may begin in a token far above. In the order of a walk from `root` down, at
/// most `limit` of them. ASCII letters match in either case. `piece` gives the bytes of a token.
///
/// The text of `root` itself counts, what lies above it does not.
#[must_use]
pub fn search<'v>(
    tree: &Tree,
    root: NodeId,
    text: &str,
    limit: usize,
    piece: impl Fn(Token) -> &'v [u8],
) -> Vec<NodeId> {
    let wanted = text.to_ascii_lowercase().into_bytes();
    let mut found = Vec::new();
    if wanted.is_empty() || tree.get(root).is_none() {
        return found;
    }
    // Each node with the end of the text above it, as much of it as a match can begin in.
    let mut left: Vec<(NodeId, Vec<u8>)> = vec![(root, Vec::new())];
    while let Some((id, mut tail)) = left.pop() {
        if found.len() == limit {
            break;
        }
        let new = tail.len();
        if let Some(token) = tree.node(id).token {
            tail.extend(piece(token).iter().map(u8::to_ascii_lowercase));
        }
        let complete = |at: usize| at + wanted.len() > new;
        if tail.windows(wanted.len()).enumerate().any(|(at, window)| window == wanted && complete(at)) {
            found.push(id);
        }
        tail.drain(..tail.len().saturating_sub(wanted.len() - 1));
        let children = tree.children_by(id, Order::Made);
        left.extend(children.into_iter().rev().map(|child| (child, tail.clone())));
    }
    found
}
