//! Where the paths of a forest split: exact probabilities and observed shares, and which tokens decide most.

use std::collections::HashMap;

use crate::{
    token::Token,
    tree::{NodeId, Step, Tree},
};

/// A token that some seeds chose at a fork.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Branch {
    /// The node after it.
    pub node: NodeId,
    /// The token.
    pub token: Token,
    /// Seeds that went this way.
    pub seeds: usize,
    /// Observed share: these seeds ÷ all that came to the fork, 0 to 1.
    pub share: f64,
    /// The probability they drew from, after the chain, 0 to 1. Where the chain has a memory of its own for each seed
    /// (XTC, mirostat) it is the mean over these seeds.
    pub p_final: f64,
    /// Softmax of the logits, 0 to 1.
    pub p_raw: f64,
}

/// A node at which seeds chose different tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Fork {
    /// The node before the choice.
    pub node: NodeId,
    /// Which generated token is chosen here, 0 the first after the prompt.
    pub index: usize,
    /// Seeds that came here and went on.
    pub seeds: usize,
    /// The ways they went, the most walked first.
    pub branches: Vec<Branch>,
    /// Entropy of the observed shares, −Σ s·log₂ s, in bits.
    pub entropy_bits: f64,
    /// How critical the choice is: the part of all seeds that came here times [`Fork::entropy_bits`].
    ///
    /// By the chain rule of entropy these add up over all forks to the entropy of the paths as a whole: log₂ of the
    /// number of different endings, were they equally frequent. So each is the number of bits of "which text is it?"
    /// that is decided at this very token.
    pub split_bits: f64,
}

impl Fork {
    /// Probability of the tokens that no seed drew here, 0 to 1, where the probabilities are exact.
    #[must_use]
    pub fn p_missed(&self) -> f64 {
        (1.0 - self.branches.iter().map(|branch| branch.p_final).sum::<f64>()).max(0.0)
    }

    /// How far the shares are from the probabilities, 0 to 1, where these are exact: the total variation distance, half
    /// the sum of |share − p| over all tokens, those that nobody drew included. It goes to 0 as seeds grow in number.
    #[must_use]
    pub fn distance(&self) -> f64 {
        let apart = self.branches.iter().map(|branch| (branch.share - branch.p_final).abs());
        f64::midpoint(apart.sum::<f64>(), self.p_missed())
    }
}

/// Counts of who went where.
///
/// A crossing that all leave the same way knows the next one, so that a path is followed without looking nodes up.
#[derive(Debug, Default)]
pub(super) struct Crossings {
    all: Vec<Crossing>,
    /// Where in `all` a node's crossing is.
    places: HashMap<NodeId, usize>,
    /// Those with more than one way, in the order in which they came to be forks.
    forks: Vec<usize>,
}

/// A node that seeds came to, and where they went from there.
#[derive(Debug)]
pub(super) struct Crossing {
    node: NodeId,
    /// Which generated token is chosen here, 0 the first after the prompt.
    pub(super) index: usize,
    /// Seeds that came here and went on.
    seeds: usize,
    /// Where the crossing is that all of them went to; None where they diverged, or nobody went on.
    next: Option<usize>,
    ways: Vec<Way>,
}

#[derive(Debug)]
struct Way {
    to: NodeId,
    seeds: usize,
    p_final_sum: f64,
    p_raw: f64,
}

impl Crossings {
    /// A seed went from one node to the next, generated token `index`.
    pub(super) fn add(&mut self, from: NodeId, to: NodeId, index: usize, step: &Step) {
        let at = self.place(from, index);
        let known = self.all[at].ways.iter().position(|way| way.to == to);
        let way = known.unwrap_or_else(|| {
            let then = self.place(to, index + 1);
            let Crossing { ways, next, .. } = &mut self.all[at];
            ways.push(Way { to, seeds: 0, p_final_sum: 0.0, p_raw: step.p_raw });
            *next = Some(then).filter(|_| ways.len() == 1);
            if ways.len() == 2 {
                self.forks.push(at);
            }
            ways.len() - 1
        });
        self.all[at].seeds += 1;
        let way = &mut self.all[at].ways[way];
        way.seeds += 1;
        way.p_final_sum += step.p_final;
    }

    /// Where the crossing of a node is; it is made if it is not there.
    fn place(&mut self, node: NodeId, index: usize) -> usize {
        *self.places.entry(node).or_insert_with(|| {
            self.all.push(Crossing { node, index, seeds: 0, next: None, ways: Vec::new() });
            self.all.len() - 1
        })
    }

    /// The forks, the most critical first; `all` is the number of seeds.
    pub(super) fn forks(&self, tree: &Tree, all: usize) -> Vec<Fork> {
        let mut forks: Vec<Fork> = self.forks.iter().map(|&at| self.all[at].fork(tree, all)).collect();
        forks.sort_by(|a, b| b.split_bits.total_cmp(&a.split_bits).then(a.index.cmp(&b.index)));
        forks
    }

    /// Who went on from a node, and where; None where nobody did.
    pub(super) fn at(&self, node: NodeId) -> Option<&Crossing> {
        self.places.get(&node).map(|&at| &self.all[at]).filter(|crossing| !crossing.ways.is_empty())
    }

    /// The nodes that all `seeds` seeds walk from a node on, up to where one of them goes another way, ends or waits.
    pub(super) fn run(&self, from: NodeId, seeds: usize) -> Vec<NodeId> {
        let mut nodes = vec![from];
        let mut crossing = self.at(from);
        while let Some(next) =
            crossing.filter(|crossing| crossing.seeds == seeds).and_then(|crossing| crossing.next)
        {
            nodes.push(self.all[next].node);
            crossing = self.all.get(next);
        }
        nodes
    }
}

impl Crossing {
    fn fork(&self, tree: &Tree, all: usize) -> Fork {
        let (node, index, seeds, branches) = (self.node, self.index, self.seeds(), self.branches(tree));
        let entropy_bits = branches.iter().map(|branch| -branch.share * branch.share.log2()).sum();
        let split_bits = seeds as f64 / all as f64 * entropy_bits;
        Fork { node, index, seeds, branches, entropy_bits, split_bits }
    }

    /// Seeds that came here and went on.
    pub(super) fn seeds(&self) -> usize {
        self.seeds
    }

    /// The ways they went, the most walked first.
    pub(super) fn branches(&self, tree: &Tree) -> Vec<Branch> {
        let seeds = self.seeds();
        let branch = |way: &Way| Branch {
            node: way.to,
            token: tree.node(way.to).token.unwrap_or(Token(0)),
            seeds: way.seeds,
            share: way.seeds as f64 / seeds as f64,
            p_final: way.p_final_sum / way.seeds as f64,
            p_raw: way.p_raw,
        };
        let mut branches: Vec<Branch> = self.ways.iter().map(branch).collect();
        branches.sort_by(|a, b| b.seeds.cmp(&a.seeds).then(b.p_final.total_cmp(&a.p_final)));
        branches
    }
}
