//! Plain decoding of the same text beside speculative decoding: how long it takes, and whether it says the same.

use std::time::Duration;

use super::{Arrival, Pass, Rule, Speculation};
use crate::{
    decode::{Cursor, CursorError},
    engine::{Cost, Request},
    token::Token,
    tree::{Evaluation, NodeId, Tree},
};

/// Where both texts part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The generated token, 0 the first.
    pub index: usize,
    /// What plain decoding has there.
    pub plain: Token,
    /// What speculative decoding has there.
    pub speculative: Token,
    /// How far u lies from the nearest end of the share that it fell into, of the whole ruler; None where no number was drawn.
    pub margin: Option<f64>,
}

impl Difference {
    /// What to say of it.
    #[must_use]
    pub fn sentence(&self, logits: f32) -> String {
        let margin = self.margin.map_or_else(String::new, |margin| {
            format!(", and the draw there falls {margin:.1e} from an edge between two tokens")
        });
        format!(
            "token {} differs from plain decoding: rows verified together have logits that differ in their last bits from rows \
             alone (by up to {logits:.1e} here){margin}",
            self.index + 1,
        )
    }
}

/// A cursor that decodes plainly beside a [`Speculation`], with the same settings, on a tree and an evaluator of its own.
pub struct Plain {
    cursor: Cursor,
    tree: Tree,
    /// The passes that generated.
    passes: Vec<Pass>,
    /// The pass that read the prompt.
    reading: Option<Pass>,
    /// Tokens compared, all of them equal.
    same: usize,
    /// The largest difference of two logits of the same place.
    logits: f32,
    difference: Option<Difference>,
}

impl Plain {
    /// One that begins at the end of the prompt in `tree`, which is its own.
    #[must_use]
    pub fn new(tree: Tree, cursor: Cursor) -> Self {
        Self { cursor, tree, passes: Vec::new(), reading: None, same: 0, logits: 0.0, difference: None }
    }

    /// Its cursor.
    #[must_use]
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The passes of one row each that generated tokens.
    #[must_use]
    pub fn passes(&self) -> &[Pass] {
        &self.passes
    }

    /// How long the model took for the tokens after the first.
    #[must_use]
    pub fn time(&self) -> Duration {
        self.passes.iter().map(|pass| pass.time).sum()
    }

    /// The median time of a pass over one row.
    #[must_use]
    pub fn pass(&self) -> Option<Duration> {
        let mut times: Vec<Duration> =
            self.passes.iter().filter(|pass| pass.rows == 1).map(|pass| pass.time).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    }

    /// Tokens that were compared and are the same.
    #[must_use]
    pub fn same(&self) -> usize {
        self.same
    }

    /// The largest difference of two logits of the same place.
    #[must_use]
    pub fn largest_difference(&self) -> f32 {
        self.logits
    }

    /// The first token that differs, where a match was asked for.
    #[must_use]
    pub fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }

    /// Goes on until it has as many tokens as `beside`, and compares them on the way where it is verified by a match; the pass
    /// that is needed next, and its node.
    pub fn wanted(
        &mut self,
        beside: &Speculation,
        tree: &mut Tree,
    ) -> Result<Option<(Request, NodeId)>, CursorError> {
        let until = beside.cursor().path().generated();
        while self.cursor.path().generated() < until && self.cursor.stopped().is_none() {
            if let Some(node) = self.cursor.wanted(&self.tree) {
                let path = self.cursor.path();
                return Ok(Some((Request::after([path.tokens().into()], Some(path.prompt_len())), node)));
            }
            self.step(beside, tree)?;
        }
        Ok(None)
    }

    /// Takes a pass in.
    pub fn absorb(&mut self, node: NodeId, row: Evaluation, cost: &Cost) {
        let pass = Pass::from(cost);
        if self.cursor.path().generated() == 0 {
            self.reading = Some(pass);
        } else {
            self.passes.push(pass);
        }
        self.tree.store(node, row);
    }

    /// Goes back to the first `generated` tokens, for what it is compared with did.
    pub fn back_to(&mut self, generated: usize) {
        if generated < self.cursor.path().generated() {
            self.cursor.back_to(generated);
        }
        self.same = self.same.min(generated);
        self.difference = self.difference.filter(|difference| difference.index < generated);
    }

    fn step(&mut self, beside: &Speculation, tree: &mut Tree) -> Result<(), CursorError> {
        let index = self.cursor.path().generated();
        let before = self.cursor.path().head();
        if self.cursor.step(&mut self.tree, false)?.is_none() {
            return Ok(());
        }
        let comparable = beside.rule() == Rule::Match
            && self.same == index
            && self.difference.is_none()
            && beside.arrivals().get(index).is_some_and(|arrival| *arrival != Arrival::Hand)
            && beside.cursor().rolled(index) == 0;
        if !comparable {
            return Ok(());
        }
        let theirs = beside.cursor().path();
        let at = theirs.prompt_len() + index;
        if let (Some(mine), Some(node)) = (before, theirs.nodes().get(at.wrapping_sub(1)))
            && let (Some(mine), Some(row)) = (self.tree.logits(mine), tree.logits(*node))
        {
            let apart =
                mine.iter().zip(row.iter()).map(|(a, b)| (a - b).abs()).filter(|apart| apart.is_finite());
            self.logits = apart.fold(self.logits, f32::max);
        }
        let (plain, speculative) = (self.cursor.path().tokens()[at], theirs.tokens()[at]);
        if plain == speculative {
            self.same += 1;
        } else {
            let margin = self.margin(plain);
            self.difference = Some(Difference { index, plain, speculative, margin });
        }
        Ok(())
    }

    /// How far the last u lies from the nearest end of the share of the token drawn.
    fn margin(&self, token: Token) -> Option<f64> {
        let u = self.cursor.path().steps().last()?.0.u?;
        let mut before = 0.0;
        for (other, p) in self.cursor.survivors() {
            if other == token {
                return Some((u - before).abs().min((before + p - u).abs()));
            }
            before += p;
        }
        None
    }
}
