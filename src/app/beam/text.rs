//! The texts of beams as they are shown.

use std::ops::Range;

use super::super::ShownToken;
use crate::{
    engine::Vocabulary,
    text::{Spaces, TokenText},
    tree::{NodeId, Tree},
};

/// Tokens that are shown of a text with a row of its own: more than one of a wide screen holds.
pub(super) const SHOWN: usize = 192;
/// Tokens that are shown of a text that a continuation goes on from.
pub(super) const SHOWN_BEFORE: usize = 48;

/// A stretch of a generated text.
#[derive(Clone, Debug, Default)]
pub struct BeamText {
    /// Generated tokens before the first that is shown.
    pub skipped: usize,
    /// The tokens as shown.
    pub tokens: Vec<ShownToken>,
    /// Their probabilities under the model, 0 to 1.
    pub p: Vec<f64>,
}

impl BeamText {
    /// The stretch `window` of the `length` generated tokens that end at a node, and what a token after it has to
    /// complete. Nothing of it where the node was pruned.
    pub(super) fn of(
        tree: &Tree,
        vocabulary: &Vocabulary,
        (node, length): (NodeId, usize),
        window: Range<usize>,
    ) -> (Self, TokenText) {
        let up = |&node: &NodeId| tree.get(node)?.parent;
        let alive = tree.get(node).map(|_| node);
        let start = window.start.min(length);
        let mut nodes: Vec<NodeId> = std::iter::successors(alive, up).take(length - start).collect();
        nodes.reverse();
        nodes.truncate(window.len());
        let mut text = Self { skipped: start, ..Self::default() };
        let mut state = TokenText::new();
        for node in nodes {
            let node = tree.node(node);
            let Some(token) = node.token else { continue };
            text.tokens.push(shown(&mut state, vocabulary.piece(token)));
            text.p.push(node.log_probability.map_or(f64::NAN, f64::exp));
        }
        (text, state)
    }

    /// The last of the `length` generated tokens that end at a node, at most so many, and what a token after it has to complete.
    pub(super) fn end(
        tree: &Tree,
        vocabulary: &Vocabulary,
        node: NodeId,
        length: usize,
        most: usize,
    ) -> (Self, TokenText) {
        Self::of(tree, vocabulary, (node, length), length.saturating_sub(most)..length)
    }
}

fn shown(state: &mut TokenText, piece: &[u8]) -> ShownToken {
    let text = state.push(piece, Spaces::Marked);
    let width = text.width() as u16;
    ShownToken { text, by_hand: false, repeats: false, width, breaks: false }
}
