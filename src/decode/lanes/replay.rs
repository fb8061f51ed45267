//! What another setting would have said along a path that is written already, and where it would have diverged from it.

use super::Choice;
use crate::{
    decode::{Cursor, CursorError},
    distribution::Row,
    sampling::{Chain, Dice, Draws, SamplerState, SamplingSettings},
    token::Token,
    tree::{NodeId, Origin, Tree},
};

/// What a replay has found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Nothing yet: so many tokens are as they are.
    Walking(usize),
    /// The path would be the same up to its end.
    Same,
    /// It would have diverged from the path.
    Leaves {
        /// At this generated token, 0 the first after the prompt.
        index: usize,
        /// What the path has there, under its own settings.
        path: Choice,
        /// What the other setting would have said there.
        instead: Choice,
    },
    /// It would have drawn a token there that the server has not named, the path's own or another.
    Unnamed {
        /// At this generated token, 0 the first after the prompt.
        index: usize,
    },
}

/// Another setting, walked along the path of a cursor with the same random numbers. Neither cursor nor tree change.
///
/// A token picked by hand is nobody's choice: the walk goes over it, whatever the setting would have said.
pub struct Replay {
    chain: Chain,
    draws: Draws,
    /// How often each position was rolled again on the path; its u is then that of seed + times.
    rolled: Vec<u32>,
    nodes: Vec<NodeId>,
    tokens: Vec<Token>,
    prompt_len: usize,
    /// What the path's own settings gave each token, and whether they chose it.
    chosen: Vec<(f64, bool)>,
    state: SamplerState,
    index: usize,
    left: Option<Verdict>,
}

impl Replay {
    /// The walk of `settings` along the path of `cursor`; without a seed it has that of the cursor.
    pub fn new(cursor: &Cursor, settings: &SamplingSettings) -> Result<Self, CursorError> {
        let seed = settings.seed.or(cursor.settings().seed).unwrap_or_default();
        let path = cursor.path();
        Ok(Self {
            chain: Chain::new(settings, seed, cursor.model())?,
            draws: Draws::new(seed),
            rolled: (0..path.generated()).map(|index| cursor.rolled(index)).collect(),
            nodes: path.nodes().to_vec(),
            tokens: path.tokens().to_vec(),
            prompt_len: path.prompt_len(),
            chosen: path
                .steps()
                .iter()
                .map(|(step, origin)| (step.p_final, *origin != Origin::Hand))
                .collect(),
            state: SamplerState::default(),
            index: 0,
            left: None,
        })
    }

    /// What has been found so far.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.left.unwrap_or(if self.index == self.chosen.len() {
            Verdict::Same
        } else {
            Verdict::Walking(self.index)
        })
    }

    /// Goes on as far as logits are available. The node whose distribution is needed next, None when the verdict is out.
    pub fn advance(&mut self, tree: &mut Tree) -> Result<Option<NodeId>, CursorError> {
        self.advance_by(tree, usize::MAX)
    }

    /// As [`Replay::advance`], but at most so many tokens far: None too where there is more to go over, which
    /// [`Verdict::Walking`] tells.
    pub fn advance_by(&mut self, tree: &mut Tree, most: usize) -> Result<Option<NodeId>, CursorError> {
        for _ in 0..most {
            if self.left.is_some() || self.index == self.chosen.len() {
                break;
            }
            let length = self.prompt_len + self.index;
            let node = self.nodes[length - 1];
            let Some(logits) = tree.logits(node) else { return Ok(Some(node)) };
            if let Some(count) = tree.summary(node).map(|s| s.non_finite).filter(|&count| count > 0) {
                return Err(CursorError::NonFinite { count });
            }
            let dice = self.dice();
            let summary = tree.summary(node);
            let top = summary.map_or(&[][..], |summary| &summary.top);
            let row = Row { logits: &logits, tail: summary.and_then(|summary| summary.tail) };
            let outcome = self.chain.apply_to_top(row, top, &self.tokens[..length], &self.state, dice);
            if outcome.in_tail && self.chosen[self.index].1 {
                if tree.ask_for_more(node) {
                    return Ok(Some(node));
                }
                self.left = Some(Verdict::Unnamed { index: self.index });
                break;
            }
            self.state = outcome.state;
            let (p_final, drawn) = self.chosen[self.index];
            let own = self.tokens[length];
            if drawn && outcome.chosen != own {
                let p_raw = |token: Token| {
                    tree.summary(node).map_or(0.0, |summary| summary.probability(logits[token.index()]))
                };
                let instead =
                    Choice { token: outcome.chosen, p_raw: p_raw(outcome.chosen), p_final: outcome.p_final };
                let path = Choice { token: own, p_raw: p_raw(own), p_final };
                self.left = Some(Verdict::Leaves { index: self.index, path, instead });
            } else {
                self.index += 1;
            }
        }
        Ok(None)
    }

    /// The numbers of the next token, two as the cursor has: the second picks where a grammar refuses the first one's token.
    fn dice(&mut self) -> Dice {
        match self.rolled[self.index] {
            0 => self.draws.dice(self.chain.draw_index(self.index, &self.state)),
            times => Draws::new(self.draws.seed().wrapping_add(times)).dice(self.index),
        }
    }
}
