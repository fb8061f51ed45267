//! What a forest of seeds found, as plain data.

use serde::Serialize;

use super::{StopReport, TokenReport, piece, report};
use crate::{
    decode::forest::{Ending, Forest, Fork},
    token::Token,
    tree::Tree,
};

/// Tokens before a fork that are shown with it.
const SHOWN_BEFORE: usize = 6;

/// A way that seeds went at a fork.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BranchReport {
    /// The token.
    pub id: Token,
    /// Its text.
    pub text: String,
    /// Seeds that went this way.
    pub seeds: usize,
    /// Their share of those that came here.
    pub share: f64,
    /// The probability they drew from, after the chain.
    pub p_final: f64,
    /// Softmax of the logits.
    pub p_raw: f64,
}

/// A token at which seeds diverge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForkReport {
    /// Which generated token.
    pub index: usize,
    /// The text of the last tokens before it.
    pub before: String,
    /// Seeds that came here.
    pub seeds: usize,
    /// Bits of the choice of a text that are decided here.
    pub split_bits: f64,
    /// The ways, the most walked first.
    pub branches: Vec<BranchReport>,
}

/// Where seeds end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EndingReport {
    /// Seeds that end here.
    pub seeds: usize,
    /// The first of them.
    pub seed: u32,
    /// Their share of all.
    pub share: f64,
    /// Joint log-probability of the text under the model itself.
    pub log_probability: f64,
    /// Why it ended.
    pub stop: StopReport,
    /// The text.
    pub text: String,
    /// Its tokens; JSON does without them, for there can be 256 endings.
    #[serde(skip)]
    pub tokens: Vec<TokenReport>,
}

/// A forest on one prompt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForestReport {
    /// Which prompt.
    pub prompt: usize,
    /// Number of seeds.
    pub seeds: usize,
    /// The first of them; the others follow.
    pub first_seed: u32,
    /// Evaluations that were made.
    pub evaluations: usize,
    /// Steps that needed none of their own.
    pub shared: usize,
    /// Entropy of the observed texts, in bits: the sum of all splits.
    pub entropy_bits: f64,
    /// Where seeds diverge, the most critical first.
    pub forks: Vec<ForkReport>,
    /// Where they end: those that have ended first, and of each those of most seeds.
    pub endings: Vec<EndingReport>,
}

impl ForestReport {
    pub(super) fn of(prompt: usize, forest: &Forest, tree: &Tree, special: bool) -> Self {
        let forks = forest.forks(tree);
        Self {
            prompt,
            seeds: forest.len(),
            first_seed: forest.seed(0).unwrap_or_default(),
            evaluations: forest.evaluated(),
            shared: forest.shared(),
            // The sum of nothing is −0.
            entropy_bits: 0.0 + forks.iter().map(|fork| fork.split_bits).sum::<f64>(),
            forks: forks.iter().map(|fork| fork_report(fork, forest, tree)).collect(),
            endings: forest
                .endings()
                .iter()
                .filter_map(|ending| ending_report(ending, forest, special))
                .collect(),
        }
    }
}

fn fork_report(fork: &Fork, forest: &Forest, tree: &Tree) -> ForkReport {
    let vocabulary = forest.cursor().vocabulary();
    let prefix = tree.prefix(fork.node);
    let last = &prefix[prefix.len().saturating_sub(SHOWN_BEFORE)..];
    let before: Vec<u8> = last.iter().flat_map(|&token| vocabulary.piece(token).iter().copied()).collect();
    let branches = fork.branches.iter().map(|branch| BranchReport {
        id: branch.token,
        text: piece(vocabulary, branch.token),
        seeds: branch.seeds,
        share: branch.share,
        p_final: branch.p_final,
        p_raw: branch.p_raw,
    });
    ForkReport {
        index: fork.index,
        before: String::from_utf8_lossy(&before).into_owned(),
        seeds: fork.seeds,
        split_bits: fork.split_bits,
        branches: branches.collect(),
    }
}

fn ending_report(ending: &Ending, forest: &Forest, special: bool) -> Option<EndingReport> {
    let vocabulary = forest.cursor().vocabulary();
    let first = *ending.seeds.first()?;
    let path = forest.path(first)?;
    Some(EndingReport {
        seeds: ending.seeds.len(),
        seed: forest.seed(first)?,
        share: ending.share,
        log_probability: ending.log_probability,
        stop: StopReport::of(ending.stopped.as_ref(), vocabulary),
        tokens: report::tokens_of(path, vocabulary),
        text: report::text(path.generated_tokens(), ending.stopped.as_ref(), vocabulary, special),
    })
}
