//! A node of the tree: one token after its parent's prefix.

use super::Evaluation;
use crate::{
    distribution::{Bounds, Rank, Summary},
    token::Token,
};

/// A place in the tree. Once its node is pruned it names nothing any more, whatever takes that node's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    pub(super) slot: u32,
    /// How many nodes had this slot before.
    pub(super) generation: u32,
}

impl NodeId {
    pub(super) fn index(self) -> usize {
        self.slot as usize
    }
}

/// How a token came to be where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It belongs to the prompt.
    Prompt,
    /// A sampler chain drew it.
    Sampled,
    /// The user picked it by hand.
    Hand,
    /// It was added by expanding the node before it, to be looked at.
    Expanded,
    /// Beam search kept it.
    Beam,
    /// A draft proposed it, to be verified.
    Drafted,
}

/// How the token was chosen among the candidates of its parent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Rank by logit, 1 the most likely.
    pub rank: Rank,
    /// Its logit; −∞ for one that was not named.
    pub logit: f32,
    /// Softmax of the logits, 0 to 1; NaN for a token that was not named, whose probability nobody has told.
    pub p_raw: f64,
    /// Probability after the chain, 0 to 1; 0 for a token picked by hand that the chain had cut.
    pub p_final: f64,
    /// −log₂ `p_raw`; NaN where that is.
    pub surprisal_bits: f64,
    /// Entropy of the distribution it came from, in bits.
    pub entropy_bits: Bounds,
    /// The likeliest token there.
    pub likeliest: Token,
    /// Its probability, 0 to 1, before the chain.
    pub p_top: f64,
    /// Probability of all end tokens together there, 0 to 1, before the chain.
    pub p_eog: Bounds,
    /// Rank of the likeliest end token there; None where the model has none.
    pub eog_rank: Option<Rank>,
    /// The random number that picked it; None when picked by hand, or the only one that mirostat left.
    pub u: Option<f64>,
}

impl Step {
    /// How a token stands in a distribution, `eog` the tokens that end generation. What a chain would add is left out: its
    /// probability after one is that before, and nothing was drawn.
    #[must_use]
    pub fn of(token: Token, summary: &Summary, logits: &[f32], eog: &[Token]) -> Self {
        let logit = logits[token.index()];
        let p_raw = summary.probability(logit);
        Self {
            rank: summary.rank(token, logits),
            logit,
            p_raw,
            p_final: p_raw,
            surprisal_bits: summary.surprisal_bits(logit),
            entropy_bits: summary.entropy_bits,
            likeliest: summary.top.first().map_or(token, |likeliest| likeliest.token),
            p_top: summary.top_probability(),
            p_eog: summary.probability_of(eog, logits),
            eog_rank: summary.end.map(|(_, rank)| rank),
            u: None,
        }
    }
}

/// One token after its parent's prefix.
#[derive(Debug)]
pub struct Node {
    /// The token; None only for the root.
    pub token: Option<Token>,
    /// The node of the prefix one token shorter.
    pub parent: Option<NodeId>,
    /// How it came here.
    pub origin: Origin,
    /// How its token was chosen the last time; None for prompt tokens.
    pub step: Option<Step>,
    /// ln of its probability under the model itself; None for prompt tokens.
    pub log_probability: Option<f64>,
    /// What comes after this prefix, once evaluated.
    pub evaluation: Option<Box<Evaluation>>,
    pub(super) first_child: Option<NodeId>,
    pub(super) next_sibling: Option<NodeId>,
    pub(super) last_use: u64,
    pub(super) generation: u32,
}

impl Node {
    pub(super) fn root() -> Self {
        Self {
            token: None,
            parent: None,
            origin: Origin::Prompt,
            step: None,
            log_probability: None,
            evaluation: None,
            first_child: None,
            next_sibling: None,
            last_use: 0,
            generation: 0,
        }
    }

    pub(super) fn new(token: Token, parent: NodeId, origin: Origin) -> Self {
        Self { token: Some(token), parent: Some(parent), origin, ..Self::root() }
    }
}
