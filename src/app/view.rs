//! The step on view: one distribution, and what the present settings do with it.

use super::{Candidates, State};
use crate::{
    sampling::StageTrace,
    token::Token,
    tree::{NodeId, Origin, Step},
};

/// Survivors kept for the draw's ruler; more than that are too narrow to be seen.
const RULER: usize = 64;

/// A distribution with its candidates, and the draw from it.
#[derive(Debug, Default)]
pub struct View {
    /// The node whose next token this is.
    pub node: Option<NodeId>,
    /// Tokens of the prefix.
    pub length: usize,
    /// The candidates.
    pub candidates: Candidates,
    /// Entropy in bits.
    pub entropy_bits: f64,
    /// The token that was chosen here; None at the head, where it is still to be drawn.
    pub taken: Option<Token>,
    /// How it was chosen.
    pub step: Option<(Step, Origin)>,
    /// The token that the present settings draw here with the step's u; None where they leave no token.
    pub drawn: Option<Token>,
    /// The random number; None where mirostat left one candidate.
    pub u: Option<f64>,
    /// How often this position was rolled again.
    pub rolled: u32,
    /// What each stage kept.
    pub stages: Vec<StageTrace>,
    /// Candidates left: token and final probability, in the order the draw walks them.
    pub survivors: Vec<(Token, f64)>,
    /// How many are left in all.
    pub survivor_count: usize,
    /// The end token that is most likely here: token, rank, probability.
    pub eog: Option<(Token, usize, f64)>,
}

impl State {
    /// The length of the prefix whose next token is to be shown: that before the token under the
    /// cursor, else the whole path, or all but the last token where generation has stopped.
    pub(super) fn view_length(&self) -> Option<usize> {
        let session = self.session.as_ref()?;
        let path = session.path();
        match self.cursor {
            Some(0) => None,
            Some(position) => Some(position),
            None => match path.head() {
                Some(head) if session.has_logits(head) => Some(path.tokens().len()),
                _ if session.stopped().is_some() => {
                    Some(path.tokens().len() - 1).filter(|&length| length > 0)
                }
                // The model is at work: the last step stays on view.
                _ => None,
            },
        }
    }

    /// Brings transcript and view in line with the path and the settings. The runtime calls it
    /// before a frame, so that at full speed only drawn steps are looked at.
    pub fn prepare_frame(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        if self.screen == super::Screen::Compare {
            self.prepare_lanes();
            return;
        }
        match self.screen {
            super::Screen::Tree => return self.prepare_tree(),
            super::Screen::Seeds => return self.prepare_seeds(),
            super::Screen::Beam => return self.prepare_beam(),
            _ => {}
        }
        if let Some(session) = &self.session {
            self.transcript.follow(session.path(), session.vocabulary());
        }
        if let Some(length) = self.view_length() {
            self.look(length);
        } else if self.cursor == Some(0) {
            self.view = View { length: 0, ..View::default() };
        }
        self.develop();
    }

    /// Has the next frame look at the step on view anew.
    #[cfg(test)]
    pub(crate) fn look_again(&mut self) {
        self.stale = true;
    }

    fn look(&mut self, length: usize) {
        let Some(session) = &mut self.session else { return };
        let Some(node) = length.checked_sub(1).and_then(|i| session.path().nodes().get(i)).copied() else {
            return;
        };
        let Some(outcome) = session.look(length) else { return };
        let logits = session.logits(length);
        let Some(summary) = session.summary(node) else { return };
        let changed = self.view.node != Some(node) || self.view.candidates.is_empty();
        let candidates = if changed {
            let mut list = Candidates::new(summary, logits.clone());
            list.inherit(&self.view.candidates, session.vocabulary());
            list
        } else {
            std::mem::take(&mut self.view.candidates)
        };
        let eog = summary
            .end
            .zip(logits.as_deref())
            .map(|((end, rank), logits)| (end, rank, summary.probability(logits[end.index()])));
        let entropy_bits = summary.entropy_bits;
        let chain = session.chain();
        let survivors: Vec<_> = chain.survivors().take(RULER).collect();
        let survivor_count = chain.survivors().count();
        let stages = chain.stages().to_vec();
        let next = session.path().nodes().get(length).copied();
        let taken = next.and_then(|id| session.tree().node(id).token);
        let index = length.checked_sub(session.path().prompt_len());
        // Where no token is left the outcome names one nevertheless.
        let draws = index.is_some() && !outcome.p_final.is_nan();
        let step = session.path().step_at(length).copied();
        self.view = View {
            node: Some(node),
            length,
            candidates,
            entropy_bits,
            taken,
            step,
            drawn: Some(outcome.chosen).filter(|_| draws),
            u: outcome.u.filter(|_| draws),
            rolled: index.map_or(0, |index| session.rolled(index)),
            stages,
            survivors,
            survivor_count,
            eog,
        };
    }

    /// What each stage of the chain kept, at the step or the choice on view.
    #[must_use]
    pub fn stages(&self) -> &[StageTrace] {
        if self.screen == super::Screen::Compare {
            return self.compare.beside().map_or(&[], |beside| &beside.stages);
        }
        // Seeds are at many places, each with stages of its own.
        if self.screen == super::Screen::Seeds { &[] } else { &self.view.stages }
    }

    /// Probability after the chain and the stage that cut a token, for the step on view.
    #[must_use]
    pub fn fate(&self, token: Token) -> (f64, Option<&'static str>) {
        match &self.session {
            Some(session) => (session.chain().p_final(token), session.chain().cut_by(token)),
            None => (0.0, None),
        }
    }
}
