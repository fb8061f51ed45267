//! Beam search: the k likeliest texts so far, each continued in every likely way, and of all continuations the k best
//! kept. It follows the model's own probabilities; sampling settings do not affect it.
//!
//! A beam that ends gives up its place, so k + finished beams never grow beyond the width: with a width of 1
//! this is greedy decoding, and with a width that no fork exceeds it finds the best text there is.

mod beside;
mod contrast;
mod settings;
#[cfg(test)]
mod tests;

use std::{collections::VecDeque, sync::Arc, time::Duration};

pub use beside::beside;
pub use contrast::Contrast;
pub use settings::{BeamSettings, EarlyStop};

use super::{GeneratedText, Loops, StopInput, StopReason, StopRules};
use crate::{
    engine::Vocabulary,
    token::Token,
    tree::{Evaluation, NodeId, Origin, Tree, TreeFull},
};

/// Rounds that can be looked at again.
const ROUNDS_KEPT: usize = 256;

/// Why a search cannot start or continue.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BeamError {
    /// No token to start from.
    #[error("the prompt is empty: a model needs at least one token to predict the next")]
    EmptyPrompt,
    /// The width is not allowed.
    #[error("--width {width}: expected a whole number from 1 to {}", BeamSettings::MOST)]
    Width {
        /// The width.
        width: usize,
    },
    /// The number of candidates is not allowed.
    #[error("--candidates {candidates}: expected a whole number from 1 to {}", BeamSettings::MOST)]
    Candidates {
        /// The number.
        candidates: usize,
    },
    /// α is not allowed.
    #[error("--length-penalty {alpha}: expected a number from 0 to 5")]
    LengthPenalty {
        /// What was given.
        alpha: String,
    },
    /// The tree has no room.
    #[error(transparent)]
    Full(#[from] TreeFull),
    /// The model returned logits that are not numbers.
    #[error("the model gave {count} logits that are not numbers (NaN or ∞): nothing can be searched")]
    NonFinite {
        /// How many.
        count: usize,
    },
}

/// A text on its way.
#[derive(Clone, Debug)]
pub struct Beam {
    /// The node of its whole prefix.
    pub node: NodeId,
    /// The tokens after the prompt.
    pub tokens: Vec<Token>,
    /// The same as text.
    pub text: GeneratedText,
    /// Where it repeats itself.
    loops: Loops,
    /// ln of its joint probability under the model.
    pub log_probability: f64,
    /// What it is ranked by: [`BeamSettings::score`].
    pub score: f64,
    /// Why it ended; None while it goes on.
    pub stopped: Option<StopReason>,
}

/// What became of a continuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is live beam number …, 0 the best.
    Kept(usize),
    /// It ended and is finished beam number …, in the order in which they finished.
    Finished(usize),
    /// Others were better.
    Pruned,
}

/// A continuation that was looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeamCandidate {
    /// The beam it goes on from, a number among those of the round before.
    pub beam: usize,
    /// The node it goes on from.
    pub parent: NodeId,
    /// Its token.
    pub token: Token,
    /// The token's own probability under the model, 0 to 1.
    pub p: f64,
    /// ln of the joint probability of the text with it.
    pub log_probability: f64,
    /// What it is ranked by.
    pub score: f64,
    /// What became of it.
    pub fate: Fate,
}

/// A search over one tree, which the caller owns and hands in, always the same one.
pub struct BeamSearch {
    vocabulary: Arc<Vocabulary>,
    settings: BeamSettings,
    rules: StopRules,
    prompt_len: usize,
    context: usize,
    live: Vec<Beam>,
    finished: Vec<Beam>,
    rounds: VecDeque<Vec<BeamCandidate>>,
    few: Option<usize>,
    done: usize,
    due: usize,
}

impl BeamSearch {
    /// A search that begins after `prompt`, any tokens that fit the context. Of `rules` those
    /// [of the text](StopRules::of_the_text) count.
    pub fn new(
        tree: &mut Tree,
        vocabulary: Arc<Vocabulary>,
        prompt: &[Token],
        settings: BeamSettings,
        rules: StopRules,
        context: usize,
    ) -> Result<Self, BeamError> {
        settings.check()?;
        if prompt.is_empty() {
            return Err(BeamError::EmptyPrompt);
        }
        let mut node = tree.root();
        for &token in prompt {
            node = tree.child(node, token, Origin::Prompt)?;
        }
        let mut search = Self {
            vocabulary,
            settings,
            rules,
            prompt_len: prompt.len(),
            context,
            live: Vec::new(),
            finished: Vec::new(),
            rounds: VecDeque::new(),
            few: None,
            done: 0,
            due: 0,
        };
        let mut first = Beam {
            node,
            tokens: Vec::new(),
            text: GeneratedText::default(),
            loops: Loops::new(search.rules.loops),
            log_probability: 0.0,
            score: 0.0,
            stopped: None,
        };
        first.stopped = search.check_stop(&first);
        let place = if first.stopped.is_some() { &mut search.finished } else { &mut search.live };
        place.push(first);
        Ok(search)
    }

    /// What was set.
    #[must_use]
    pub fn settings(&self) -> &BeamSettings {
        &self.settings
    }

    /// The stop conditions.
    #[must_use]
    pub fn rules(&self) -> &StopRules {
        &self.rules
    }

    /// The beams that go on, the best first.
    #[must_use]
    pub fn live(&self) -> &[Beam] {
        &self.live
    }

    /// The beams that ended, in that order.
    #[must_use]
    pub fn finished(&self) -> &[Beam] {
        &self.finished
    }

    /// The continuations of the rounds so far, each round's best first; the newest round last, and at most 256 of them.
    pub fn rounds(&self) -> impl DoubleEndedIterator<Item = &[BeamCandidate]> {
        self.rounds.iter().map(Vec::as_slice)
    }

    /// The heads of all beams: what may not be pruned.
    pub fn heads(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.live.iter().chain(&self.finished).map(|beam| beam.node)
    }

    /// Rounds done so far: tokens that the longest beam has.
    #[must_use]
    pub fn done(&self) -> usize {
        self.done
    }

    /// Whether the search is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.live.is_empty()
    }

    /// The text of the best score: a finished one, as soon as there is any, else the best on its way.
    #[must_use]
    pub fn best(&self) -> Option<&Beam> {
        let best =
            self.finished.iter().reduce(|best, beam| if beam.score > best.score { beam } else { best });
        best.or(self.live.first())
    }

    /// Asks for so many more rounds.
    pub fn ask(&mut self, rounds: usize) {
        self.due = self.due.saturating_add(rounds).min(self.context);
    }

    /// Forgets the rounds that were asked for and not done.
    pub fn pause(&mut self) {
        self.due = 0;
    }

    /// Rounds that are still to be done.
    #[must_use]
    pub fn due(&self) -> usize {
        if self.is_over() { 0 } else { self.due }
    }

    /// Does the rounds that are due as far as distributions are known, and names the nodes whose distributions are needed
    /// next, at most `limit`. Full logits are not needed, only their summary.
    pub fn wanted(&mut self, tree: &mut Tree, limit: usize) -> Result<Vec<NodeId>, BeamError> {
        while self.due > 0 && !self.is_over() {
            let heads = self.live.iter().map(|beam| beam.node);
            let missing = heads.filter(|&node| self.is_missing(tree, node));
            let missing: Vec<NodeId> = missing.take(limit.max(1)).collect();
            if !missing.is_empty() {
                return Ok(missing);
            }
            self.round(tree)?;
            self.due -= 1;
        }
        self.due = 0;
        Ok(Vec::new())
    }

    /// Whether a head's distribution is to be evaluated: it was not, or it names fewer candidates than there are beams and
    /// more can be had.
    fn is_missing(&self, tree: &mut Tree, node: NodeId) -> bool {
        let Some(summary) = tree.summary(node) else { return true };
        let few = summary.tail.is_some_and(|tail| tail.known < self.settings.width);
        few && tree.ask_for_more(node)
    }

    /// How many candidates were named of a beam's next token in some round, at least, where that is less than the number of
    /// beams: a continuation that nobody has named might have been among the best.
    #[must_use]
    pub fn named_too_few(&self) -> Option<usize> {
        self.few
    }

    fn note_few(&mut self, tree: &Tree) {
        let tails = self.live.iter().filter_map(|beam| tree.summary(beam.node)?.tail);
        let named = tails.map(|tail| tail.known).min().filter(|&known| known < self.settings.width);
        self.few = match (self.few, named) {
            (Some(before), Some(now)) => Some(before.min(now)),
            (before, now) => before.or(now),
        };
    }

    /// Stores a node's distribution.
    pub fn absorb(&mut self, tree: &mut Tree, node: NodeId, evaluation: Evaluation) {
        tree.store(node, evaluation);
    }

    /// One token more for every beam.
    fn round(&mut self, tree: &mut Tree) -> Result<(), BeamError> {
        self.note_few(tree);
        let mut candidates = self.candidates(tree)?;
        let places = self.settings.width - self.finished.len().min(self.settings.width);
        let (mut kept, mut ended) = (Vec::with_capacity(places), Vec::new());
        for candidate in candidates.iter_mut().take(places) {
            let beam = self.beam(tree, candidate)?;
            if beam.stopped.is_some() {
                candidate.fate = Fate::Finished(self.finished.len() + ended.len());
                ended.push(beam);
            } else {
                candidate.fate = Fate::Kept(kept.len());
                kept.push(beam);
            }
        }
        // Only now: a round that the tree had no room for can be done again.
        self.live = kept;
        self.finished.extend(ended);
        self.done += 1;
        if self.rounds.len() == ROUNDS_KEPT {
            self.rounds.pop_front();
        }
        self.rounds.push_back(candidates);
        self.stop_early();
        Ok(())
    }

    /// Every continuation that is looked at, the best first; equally good ones by beam and rank, so that a search can be
    /// had again. All are of the same length, so their scores are in the order of their probabilities.
    fn candidates(&self, tree: &Tree) -> Result<Vec<BeamCandidate>, BeamError> {
        let mut candidates = Vec::with_capacity(self.live.len() * self.settings.candidates);
        for (number, beam) in self.live.iter().enumerate() {
            let Some(summary) = tree.summary(beam.node) else { continue };
            if summary.non_finite > 0 {
                return Err(BeamError::NonFinite { count: summary.non_finite });
            }
            for next in summary.top.iter().take(self.settings.candidates) {
                let log_p = f64::from(next.logit) - summary.log_sum_exp;
                let log_probability = beam.log_probability + log_p;
                // A token of no probability is no continuation.
                if log_probability == f64::NEG_INFINITY {
                    continue;
                }
                candidates.push(BeamCandidate {
                    beam: number,
                    parent: beam.node,
                    token: next.token,
                    p: log_p.exp(),
                    log_probability,
                    score: self.settings.score(log_probability, beam.tokens.len() + 1),
                    fate: Fate::Pruned,
                });
            }
        }
        candidates.sort_by(|a, b| b.log_probability.total_cmp(&a.log_probability));
        Ok(candidates)
    }

    /// The beam that a continuation makes.
    fn beam(&self, tree: &mut Tree, candidate: &BeamCandidate) -> Result<Beam, BeamError> {
        let node = tree.child(candidate.parent, candidate.token, Origin::Beam)?;
        tree.set_log_probability(node, candidate.p.ln());
        let before = &self.live[candidate.beam];
        let mut beam = Beam {
            node,
            tokens: before.tokens.clone(),
            text: before.text.clone(),
            loops: before.loops.clone(),
            log_probability: candidate.log_probability,
            score: candidate.score,
            stopped: None,
        };
        beam.tokens.push(candidate.token);
        beam.text.push(self.vocabulary.piece(candidate.token));
        beam.loops.push(&beam.tokens);
        beam.stopped = self.check_stop(&beam);
        Ok(beam)
    }

    fn check_stop(&self, beam: &Beam) -> Option<StopReason> {
        let input = StopInput {
            text: &beam.text,
            known: beam.text.newest().unwrap_or(0),
            last: beam.tokens.last().copied(),
            path_len: self.prompt_len + beam.tokens.len(),
            context: self.context,
            spent: Duration::ZERO,
            loops: &beam.loops,
        };
        self.rules.check(&input, &self.vocabulary)
    }

    /// Gives up the beams that go on, where the settings say so.
    fn stop_early(&mut self) {
        let Some(best) = self.finished.iter().map(|beam| beam.score).reduce(f64::max) else { return };
        let over = match self.settings.early_stop {
            EarlyStop::Never => false,
            EarlyStop::First => true,
            EarlyStop::Certain => self.live.iter().all(|beam| self.bound(beam) <= best),
        };
        if over {
            self.live.clear();
        }
    }

    /// A score that a beam cannot exceed: were all tokens up to the limit certain.
    fn bound(&self, beam: &Beam) -> f64 {
        let room = self.context.saturating_sub(self.prompt_len);
        let longest = self.rules.max_tokens.map_or(room, |limit| limit.min(room));
        self.settings.score(beam.log_probability, longest.max(beam.tokens.len()))
    }
}
