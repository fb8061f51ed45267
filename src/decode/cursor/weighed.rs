//! A cursor whose token is decided on by somebody else, from what its chain makes of the distribution.

use super::{Cursor, CursorError, Origin};
use crate::{
    distribution::Row,
    sampling::SamplerState,
    token::Token,
    tree::{NodeId, Tree},
};

/// What a chain made of the distribution at the head.
pub(in crate::decode) struct Weighed {
    /// The tokens it leaves, with their probabilities, in the order in which a draw walks them.
    pub(in crate::decode) masses: Vec<(Token, f64)>,
    /// What its samplers carry on.
    state: SamplerState,
}

impl Cursor {
    /// What the chain makes of the distribution at the head. None as for [`Cursor::step`].
    pub(in crate::decode) fn weigh(&mut self, tree: &mut Tree) -> Result<Option<Weighed>, CursorError> {
        let Some(logits) = self.logits_at_head(tree)? else { return Ok(None) };
        let summary = self.path.head().and_then(|head| tree.summary(head));
        self.stopped = summary.and_then(|summary| self.rules.check_distribution(summary));
        if self.stopped.is_some() {
            return Ok(None);
        }
        let index = self.path.generated();
        let dice = self.dice(index);
        let row = Row { logits: &logits, tail: summary.and_then(|summary| summary.tail) };
        let outcome = self.chain.apply(row, self.path.tokens(), self.path.state(index), dice, false);
        if outcome.p_final.is_nan() {
            return Err(CursorError::NothingLeft);
        }
        // Weighing needs the probability of every token that is left.
        if let Some(p) = self.chain.tail_mass() {
            self.ask_for_more(tree, p);
            return Ok(None);
        }
        Ok(Some(Weighed { masses: self.survivors(), state: outcome.state }))
    }

    /// The seed of its random numbers.
    pub(in crate::decode) fn seed(&self) -> u32 {
        self.draws.seed()
    }

    /// What the last step left to draw from: tokens with their probabilities, in the order in which a draw walks them.
    pub(in crate::decode) fn survivors(&self) -> Vec<(Token, f64)> {
        self.chain.survivors().collect()
    }

    /// Moves to a token that was decided on from what was [weighed](Cursor::weigh) at the head.
    pub(in crate::decode) fn settle(
        &mut self,
        tree: &mut Tree,
        token: Token,
        weighed: &Weighed,
    ) -> Result<Option<NodeId>, CursorError> {
        let Some(logits) = self.logits_at_head(tree)? else { return Ok(None) };
        let p_final = weighed.masses.iter().find(|(other, _)| *other == token).map_or(0.0, |(_, p)| *p);
        let step = self.record(tree, &logits, token, p_final, None);
        self.advance(tree, token, (Origin::Sampled, Some(self.draws.seed())), step, weighed.state.clone())
            .map(Some)
    }
}
