//! Many seeds to their first tokens: what speculative decoding says how often, beside how often it should.

use std::collections::BTreeMap;

use super::{Ask, Role, Speculation};
use crate::{
    decode::CursorError,
    engine::Cost,
    token::Token,
    tree::{Evaluation, NodeId, Tree},
};

/// A beginning that seeds had.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// How many seeds had it.
    pub seeds: usize,
    /// Its exact probability, 0 to 1: the product of those of its tokens under the target, after its chain.
    pub exact: f64,
}

/// Seeds that each walk to their first few tokens.
pub struct Shares {
    speculation: Speculation,
    start: usize,
    first: u32,
    seeds: usize,
    tokens: usize,
    done: usize,
    pub(super) found: BTreeMap<Vec<Token>, (usize, f64)>,
}

impl Shares {
    /// `seeds` seeds (1 and up), counted up from the walk's own, that go on from where it is for `tokens` tokens (1 and up).
    #[must_use]
    pub fn new(speculation: Speculation, seeds: usize, tokens: usize) -> Self {
        let (start, first) = (speculation.cursor().path().generated(), speculation.seed());
        let mut shares = Self {
            speculation,
            start,
            first,
            seeds: seeds.max(1),
            tokens: tokens.max(1),
            done: 0,
            found: BTreeMap::new(),
        };
        shares.speculation.restart(start, first);
        shares
    }

    /// Seeds in all, and those that have their tokens.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.seeds)
    }

    /// How many tokens each has.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// The rows that are needed next; None when all seeds are done.
    pub fn wanted(&mut self, tree: &mut Tree) -> Result<Option<Ask>, CursorError> {
        while self.done < self.seeds {
            let cursor = self.speculation.cursor();
            let enough = cursor.path().generated() >= self.start + self.tokens;
            if enough || cursor.stopped().is_some() {
                self.count();
                continue;
            }
            if !self.speculation.is_due() {
                self.speculation.ask(1);
            }
            let before = self.speculation.cursor().path().generated();
            if let Some(ask) = self.speculation.wanted(tree)? {
                return Ok(Some(ask));
            }
            let cursor = self.speculation.cursor();
            if cursor.path().generated() == before && cursor.stopped().is_none() {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Takes rows in: see [`Speculation::absorb`].
    pub fn absorb(&mut self, tree: &mut Tree, of: (Role, &[NodeId]), rows: Vec<Evaluation>, cost: &Cost) {
        self.speculation.absorb(tree, of, rows, cost);
    }

    fn count(&mut self) {
        let path = self.speculation.cursor().path();
        let end = (self.start + self.tokens).min(path.generated());
        let tokens = path.generated_tokens()[self.start..end].to_vec();
        let exact = path.steps()[self.start..end].iter().map(|(step, _)| step.p_final).product();
        self.found.entry(tokens).or_insert((0, exact)).0 += 1;
        self.done += 1;
        self.speculation.restart(self.start, self.first.wrapping_add(self.done as u32));
    }

    /// What was found, the beginnings of most seeds first.
    #[must_use]
    pub fn shares(&self) -> Vec<Share> {
        let share = |(tokens, &(seeds, exact)): (&Vec<Token>, &(usize, f64))| Share {
            tokens: tokens.clone(),
            seeds,
            exact,
        };
        let mut shares: Vec<Share> = self.found.iter().map(share).collect();
        shares.sort_by(|a, b| b.seeds.cmp(&a.seeds).then(b.exact.total_cmp(&a.exact)));
        shares
    }

    /// χ² of what was observed against what was to be expected, and its degrees of freedom. Beginnings of which fewer than five
    /// were to be expected count together with those that no seed had. None where fewer than two groups are left.
    #[must_use]
    pub fn chi_square(&self) -> Option<(f64, usize)> {
        let all = self.done as f64;
        let term = |seeds: f64, expected: f64| (seeds - expected).powi(2) / expected;
        let (mut sum, mut groups, mut rest_seeds, mut rest) = (0.0, 0_usize, all, all);
        for (seeds, exact) in self.found.values().map(|&(seeds, exact)| (seeds as f64, exact * all)) {
            if exact >= 5.0 {
                sum += term(seeds, exact);
                groups += 1;
                rest_seeds -= seeds;
                rest -= exact;
            }
        }
        if rest >= 5.0 {
            sum += term(rest_seeds, rest);
            groups += 1;
        }
        (groups >= 2).then(|| (sum, groups - 1))
    }
}
