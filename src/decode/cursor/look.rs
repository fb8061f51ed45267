//! Looking at a step without taking it.

use std::sync::Arc;

use super::Cursor;
use crate::{
    distribution::{Row, Tail},
    sampling::{AtTemperature, Chain, Outcome, SamplerState, SamplingSettings, Trace, Xray},
    tree::Tree,
};

impl Cursor {
    /// The chain with the trace of the last traced step.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Applies the present settings at position `length` of the path (the distribution after its
    /// first `length` tokens) without changing anything: [`Cursor::chain`] then tells what each
    /// stage did there. None where the logits are not available or are not numbers.
    pub fn look(&mut self, tree: &mut Tree, length: usize) -> Option<Outcome> {
        let (logits, tail, index) = self.sight(tree, length)?;
        let dice = self.dice(index);
        let tokens = &self.path.tokens()[..length];
        let row = Row { logits: &logits, tail };
        Some(self.chain.apply(row, tokens, self.path.state(index), dice, true))
    }

    /// As [`Cursor::look`], with what each stage did handed over in `trace`: it stays true whatever the chain does next.
    pub fn look_traced(&mut self, tree: &mut Tree, length: usize, trace: &mut Trace) -> Option<Outcome> {
        let outcome = self.look(tree, length)?;
        self.chain.swap_trace(trace);
        Some(outcome)
    }

    /// As [`Cursor::look_traced`] under other settings, with the seed of this cursor. None also where there is no chain of
    /// these settings. The chain is made for the call: it is for a step that is looked at.
    pub fn look_with(
        &mut self,
        tree: &mut Tree,
        length: usize,
        settings: &SamplingSettings,
        trace: &mut Trace,
    ) -> Option<Outcome> {
        let (logits, tail, index) = self.sight(tree, length)?;
        let dice = self.dice(index);
        let tokens = &self.path.tokens()[..length];
        let row = Row { logits: &logits, tail };
        let mut chain = Chain::new(settings, self.draws.seed(), &self.model).ok()?;
        // What samplers carry on belongs to the settings that the path was walked with.
        let outcome = chain.apply(row, tokens, &SamplerState::default(), dice, true);
        chain.swap_trace(trace);
        Some(outcome)
    }

    /// As [`Cursor::look`], with what each stage did to each token, and what the same u would have drawn at the
    /// `temperatures`. It is made for one step that is looked at, not for every step.
    pub fn xray(
        &mut self,
        tree: &mut Tree,
        length: usize,
        temperatures: &[f32],
    ) -> Option<(Xray, Vec<AtTemperature>)> {
        let (logits, tail, index) = self.sight(tree, length)?;
        let dice = self.dice(index);
        let tokens = &self.path.tokens()[..length];
        let state = self.path.state(index);
        let xray = self.chain.xray_row((&logits, tail), tokens, state, dice);
        let row = Row { logits: &logits, tail };
        let strip = self.chain.at_temperatures(temperatures, row, tokens, state, dice);
        Some((xray, strip))
    }

    /// The logits after the first `length` tokens of the path, what they leave out, and the index of the token generated
    /// from them. None
    /// where they are not available or are not numbers.
    fn sight(&self, tree: &mut Tree, length: usize) -> Option<(Arc<[f32]>, Option<Tail>, usize)> {
        let node = *self.path.nodes().get(length.checked_sub(1)?)?;
        let logits = tree.logits(node)?;
        let summary = tree.summary(node)?;
        if summary.non_finite > 0 {
            return None;
        }
        Some((logits, summary.tail, length.saturating_sub(self.path.prompt_len())))
    }
}
