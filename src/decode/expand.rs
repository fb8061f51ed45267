//! Expanding a tree: the likeliest continuations of a node, and theirs, to some depth.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    distribution::Summary,
    engine::Vocabulary,
    token::Token,
    tree::{Evaluation, NodeId, Origin, Tree, TreeFull},
};

/// How many continuations a node gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Breadth {
    /// So many of the most likely, 1 to [`Tree::KEPT_TOP`].
    Top(usize),
    /// The fewest most likely ones whose probabilities reach this mass, 0 to 1; at most [`Tree::KEPT_TOP`].
    Nucleus(f64),
}

impl Breadth {
    /// The most continuations that one node can get.
    fn most(self) -> usize {
        match self {
            Self::Top(n) => n.clamp(1, Tree::KEPT_TOP),
            Self::Nucleus(_) => Tree::KEPT_TOP,
        }
    }

    /// The most nodes that can be added below a node, to a depth of so many tokens; [`usize::MAX`] where it is more than
    /// that.
    #[must_use]
    pub fn most_nodes(self, depth: usize) -> usize {
        let each = self.most();
        if each == 1 {
            return depth;
        }
        let mut nodes: usize = 0;
        for _ in 0..depth {
            nodes = nodes.saturating_add(1).saturating_mul(each);
            if nodes == usize::MAX {
                break;
            }
        }
        nodes
    }

    /// Whether a server has named fewer candidates than this takes.
    fn wants_more(self, summary: &Summary) -> bool {
        let Some(tail) = summary.tail else { return false };
        let reached = matches!(self, Self::Nucleus(wanted) if 1.0 - tail.mass >= wanted);
        tail.known < self.most().min(summary.n_vocab) && !reached
    }

    /// The continuations of a node with this distribution: token and ln p, most likely first.
    fn choose(self, summary: &Summary) -> Vec<(Token, f64)> {
        let mut mass = 0.0;
        let mut chosen = Vec::new();
        for candidate in summary.top.iter().take(self.most()) {
            if matches!(self, Self::Nucleus(wanted) if mass >= wanted && !chosen.is_empty()) {
                break;
            }
            let log_p = f64::from(candidate.logit) - summary.log_sum_exp;
            mass += log_p.exp();
            chosen.push((candidate.token, log_p));
        }
        chosen
    }
}

/// Why a tree cannot be grown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// It would come to more nodes than there is room for.
    #[error(
        "{breadth} continuations of each node to a depth of {depth} could make {nodes} nodes, and the tree has room for {room} (--tree-nodes): choose fewer, or a smaller depth"
    )]
    TooMany {
        /// Continuations of one node.
        breadth: usize,
        /// Depth.
        depth: usize,
        /// Nodes in all, at most.
        nodes: usize,
        /// Nodes that the tree can still take.
        room: usize,
    },
    /// Others took the room in the meantime.
    #[error(transparent)]
    Full(#[from] TreeFull),
    /// The model returned logits that are not numbers.
    #[error("the model gave {count} logits that are not numbers (NaN or ∞): nothing can be expanded here")]
    NonFinite {
        /// How many.
        count: usize,
    },
}

/// A tree being grown from one node. The caller evaluates what [`Expansion::wanted`] names and hands it to
/// [`Expansion::absorb`], until nothing is wanted.
pub struct Expansion {
    vocabulary: Arc<Vocabulary>,
    breadth: Breadth,
    /// Prefixes of this many tokens and more have no next token.
    context: usize,
    /// Nodes to be expanded, those nearest to the first one first, each with its prefix's length and the depth left.
    frontier: VecDeque<(NodeId, usize, usize)>,
    added: usize,
}

impl Expansion {
    /// The expansion of `node` to `depth` (0 changes nothing) in a context of so many tokens.
    pub fn new(
        tree: &Tree,
        vocabulary: Arc<Vocabulary>,
        node: NodeId,
        breadth: Breadth,
        depth: usize,
        context: usize,
    ) -> Result<Self, ExpandError> {
        let (nodes, room) = (breadth.most_nodes(depth), tree.room());
        if nodes > room {
            return Err(ExpandError::TooMany { breadth: breadth.most(), depth, nodes, room });
        }
        let frontier = match tree.get(node) {
            Some(_) if depth > 0 => VecDeque::from([(node, tree.prefix(node).len(), depth)]),
            _ => VecDeque::new(),
        };
        Ok(Self { vocabulary, breadth, context, frontier, added: 0 })
    }

    /// Nodes added so far.
    #[must_use]
    pub fn added(&self) -> usize {
        self.added
    }

    /// Grows as far as distributions are known, and names the nodes whose distributions are needed next: at most
    /// `limit`. Empty when it is done.
    pub fn wanted(&mut self, tree: &mut Tree, limit: usize) -> Result<Vec<NodeId>, ExpandError> {
        let mut waiting = Vec::new();
        while waiting.len() < limit.max(1) {
            let Some((node, length, depth)) = self.frontier.pop_front() else { break };
            let Some(token) = tree.get(node).map(|node| node.token) else { continue };
            if token.is_some_and(|token| self.vocabulary.is_eog(token)) || length >= self.context {
                continue;
            }
            let more = tree.summary(node).is_some_and(|summary| self.breadth.wants_more(summary));
            if tree.summary(node).is_none() || (more && tree.ask_for_more(node)) {
                waiting.push((node, length, depth));
            } else {
                self.grow(tree, node, length, depth)?;
            }
        }
        for &entry in waiting.iter().rev() {
            self.frontier.push_front(entry);
        }
        Ok(waiting.into_iter().map(|(node, ..)| node).collect())
    }

    /// Stores a node's distribution.
    pub fn absorb(&mut self, tree: &mut Tree, node: NodeId, evaluation: Evaluation) {
        tree.store(node, evaluation);
    }

    fn grow(
        &mut self,
        tree: &mut Tree,
        node: NodeId,
        length: usize,
        depth: usize,
    ) -> Result<(), ExpandError> {
        let Some(summary) = tree.summary(node) else { return Ok(()) };
        if summary.non_finite > 0 {
            return Err(ExpandError::NonFinite { count: summary.non_finite });
        }
        for (token, log_p) in self.breadth.choose(summary) {
            let before = tree.len();
            let child = tree.child(node, token, Origin::Expanded)?;
            tree.set_log_probability(child, log_p);
            self.added += tree.len() - before;
            if depth > 1 {
                self.frontier.push_back((child, length + 1, depth - 1));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::{Evaluator, Request, Row, scripted::Scripted};

    fn script() -> Scripted {
        Scripted::new(&["a", "b", "c", "."], &["."], 4)
            .rule("", &[("a", 0.5), ("b", 0.3), (".", 0.15), ("c", 0.05)])
            .rule("b", &[("c", 0.9), ("a", 0.1)])
    }

    /// Expands "a"; the nodes added, as text with ln p each, and the evaluations it took.
    fn expand(breadth: Breadth, depth: usize, limit: usize) -> (Vec<(String, f64)>, usize) {
        let mut script = script();
        let vocabulary = script.vocabulary();
        let mut tree = Tree::new(0);
        let start = tree.child(tree.root(), Token(0), Origin::Prompt).expect("room");
        let mut expansion =
            Expansion::new(&tree, Arc::clone(&vocabulary), start, breadth, depth, 4).expect("room");
        loop {
            let nodes = expansion.wanted(&mut tree, limit).expect("finite");
            assert!(nodes.len() <= limit);
            if nodes.is_empty() {
                break;
            }
            for node in nodes {
                let path = tree.prefix(node);
                let mut summary = None;
                let sink = &mut |_, row: Row<'_>| summary = Some(Summary::of_row(row, 16, &[]));
                script
                    .evaluate(&Request::after([path[..].into()], None), &mut |_| true, sink)
                    .expect("short");
                let summary = summary.expect("logits");
                expansion.absorb(&mut tree, node, Evaluation { summary, logits: None, time: Duration::ZERO });
            }
        }
        let text = |id| {
            let tokens = tree.prefix(id);
            tokens.iter().map(|&t| String::from_utf8_lossy(vocabulary.piece(t)).into_owned()).collect()
        };
        let found: Vec<(String, f64)> = tree
            .walk(start, crate::tree::Order::Made)
            .skip(1)
            .map(|(id, _)| (text(id), tree.log_probability(id)))
            .collect();
        assert_eq!(found.len(), expansion.added());
        (found, script.evaluations)
    }

    #[test]
    fn the_likeliest_and_theirs_with_joint_probabilities() {
        let (found, evaluations) = expand(Breadth::Top(2), 2, 8);
        let expected = [("aa", 0.5), ("aaa", 0.25), ("aab", 0.15), ("ab", 0.3), ("abc", 0.27), ("aba", 0.03)];
        assert_eq!(evaluations, 3);
        assert_eq!(found.len(), expected.len());
        for ((text, log_p), (wanted, p)) in found.iter().zip(expected) {
            assert_eq!(text, wanted);
            assert!((log_p.exp() - p).abs() < 1e-6, "{text}: {}", log_p.exp());
        }
        assert_eq!(expand(Breadth::Top(2), 2, 1).0.len(), 6);
    }

    #[test]
    fn a_nucleus_takes_the_token_that_crosses_its_mass() {
        let texts = |mass| -> Vec<String> {
            expand(Breadth::Nucleus(mass), 1, 8).0.into_iter().map(|(text, _)| text).collect()
        };
        assert_eq!(texts(0.6), ["aa", "ab"]);
        assert_eq!(texts(0.0), ["aa"]);
        assert_eq!(texts(1.0).len(), 4);
    }

    #[test]
    fn nothing_grows_after_an_end_token_or_a_full_context() {
        // "a" and three more tokens fill the context of four; "." has no children.
        let (found, _) = expand(Breadth::Top(4), 9, 8);
        assert!(found.iter().all(|(text, _)| text.len() <= 4 && !text[..text.len() - 1].contains('.')));
        assert!(found.iter().any(|(text, _)| text == "aaaa"));
    }

    #[test]
    fn what_has_no_room_is_refused_before_it_begins() {
        let mut tree = Tree::new(0);
        tree.set_limit(100);
        let (vocabulary, root) = (script().vocabulary(), tree.root());
        // 4 + 16 + 64 = 84 fit, 340 do not.
        assert!(Expansion::new(&tree, Arc::clone(&vocabulary), root, Breadth::Top(4), 3, 9).is_ok());
        let error = Expansion::new(&tree, Arc::clone(&vocabulary), root, Breadth::Top(4), 4, 9).err();
        assert_eq!(error, Some(ExpandError::TooMany { breadth: 4, depth: 4, nodes: 340, room: 99 }));
        let endless = Expansion::new(&tree, vocabulary, root, Breadth::Top(1), usize::MAX, 9).err();
        assert!(matches!(endless, Some(ExpandError::TooMany { .. })));
    }
}
