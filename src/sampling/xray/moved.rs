//! The tokens that a stage moved for what they are, wherever they rank.

use std::collections::BTreeSet;

use super::{Beside, Facts, Fate, Kept, Snapshot, Xray, walk::cause};
use crate::{
    distribution::{Candidate, by_rank},
    token::Token,
};

impl Xray {
    /// The tokens that the stage at `index` of [`Xray::stages`] moved because they are biased, were seen before or would go
    /// on repeating: at most `n`, those whose probability changed most first. Empty for a stage that moves all alike, such
    /// as temperature.
    ///
    /// The time goes with the number of candidates; it is meant for the one stage that is looked at.
    #[must_use]
    pub fn moved(&self, index: usize, n: usize) -> Vec<Beside> {
        let Some(stage) = self.stages.get(index) else { return Vec::new() };
        let tokens = stage.facts.tokens();
        if tokens.is_empty() {
            return Vec::new();
        }
        let (before, after) = (self.before(index), &stage.after);
        let from = before.logits_of(&tokens, self.raw.len());
        let to = after.logits_of(&tokens, self.raw.len());
        let mut moved: Vec<(Kept, Kept)> = tokens
            .into_iter()
            .zip(from.into_iter().zip(to))
            .filter_map(|(token, (from, to))| {
                let (from, to) = (from?, to?);
                let moved = from.to_bits() != to.to_bits();
                moved.then(|| (before.kept_at(token, from), after.kept_at(token, to)))
            })
            .collect();
        let change = |(before, after): &(Kept, Kept)| (after.p - before.p).abs();
        moved.sort_by(|a, b| change(b).total_cmp(&change(a)));
        moved.truncate(n);
        let was = before.ranks(moved.iter().map(|(before, _)| before));
        let is = after.ranks(moved.iter().map(|(_, after)| after));
        let rows = moved.into_iter().zip(was).zip(is).map(|(((before, after), was), rank)| {
            let (from, to) = (before.logit, after.logit);
            let cause = cause(stage, before.token, from, to);
            Beside { before, after: Some(after), rank, was: Some(was), fate: Fate::Moved { from, to, cause } }
        });
        rows.collect()
    }
}

impl Facts {
    /// The tokens that the stage had to do with one by one.
    fn tokens(&self) -> BTreeSet<Token> {
        match self {
            Self::Biases(biases) => biases.iter().map(|biased| biased.0.token).collect(),
            Self::Window(window) => window.iter().copied().collect(),
            Self::Repeats(repeats) => repeats.iter().map(|repeat| repeat.token).collect(),
            _ => BTreeSet::new(),
        }
    }
}

impl Snapshot {
    /// The logits of some tokens; None for one that is not among the candidates.
    fn logits_of(&self, tokens: &BTreeSet<Token>, n_vocab: usize) -> Vec<Option<f32>> {
        if self.in_vocabulary_order().is_some() {
            return tokens.iter().map(|token| self.logit(*token)).collect();
        }
        let mut dense = Vec::new();
        self.scatter(&mut dense, n_vocab);
        let logit = |token: &Token| dense.get(token.index()).copied().filter(|logit| !logit.is_nan());
        tokens.iter().map(logit).collect()
    }

    fn kept_at(&self, token: Token, logit: f32) -> Kept {
        Kept { token, logit, p: self.probability(logit) }
    }

    /// The ranks of some candidates, 1 for the most likely; in one pass.
    fn ranks<'a>(&self, own: impl Iterator<Item = &'a Kept>) -> Vec<usize> {
        let mut ranked: Vec<(Candidate, usize)> =
            own.map(|kept| Candidate { token: kept.token, logit: kept.logit }).zip(0..).collect();
        ranked.sort_unstable_by(|(a, _), (b, _)| by_rank(a, b));
        // First what lies between each and the one before it, then the sums.
        let mut between = vec![0; ranked.len()];
        for c in self.candidates() {
            let place = ranked.partition_point(|(own, _)| by_rank(own, &c).is_lt());
            if let Some(count) = between.get_mut(place) {
                *count += 1;
            }
        }
        let mut ranks = vec![0; ranked.len()];
        let mut rank = 0;
        for ((_, index), count) in ranked.into_iter().zip(between) {
            rank += count;
            ranks[index] = rank;
        }
        ranks
    }
}
