//! Lanes: several cursors side by side on one tree, each with settings of its own, so that settings can be compared.
//!
//! As long as lanes choose the same tokens they stand on the same node, and its distribution is evaluated once for all of
//! them: the comparison is one of settings on the very same logits. The caller asks for steps, evaluates what
//! [`Lanes::wanted`] names and hands it to [`Lanes::absorb`], until nothing is wanted any more:
//!
//! ```text
//! lanes.ask(Which::All, 1);
//! while let nodes = lanes.wanted(&tree, limit), not empty { for each node: lanes.absorb(&mut tree, node, evaluation) }
//! ```

mod compare;
mod difference;
mod replay;
mod statistics;
mod sweep;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

pub use compare::{Choice, Divergence, Overlap, divergence, overlap};
pub use difference::{Differing, differing, differing_stops};
pub use replay::{Replay, Verdict};
pub use statistics::Statistics;
pub use sweep::{Sweep, SweepError, SweepField};

use super::{Cursor, CursorError, StopRules};
use crate::{
    engine::Vocabulary,
    sampling::SamplingSettings,
    token::Token,
    tree::{Evaluation, NodeId, Tree},
};

/// Why a lane cannot be added or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LaneError {
    /// There are as many as there can be.
    #[error("there are already {} lanes, the maximum; remove one first", Lanes::MOST)]
    TooMany,
    /// Its cursor cannot start or continue.
    #[error("lane {name:?}: {source}")]
    Cursor {
        /// The lane.
        name: String,
        /// Why.
        source: CursorError,
    },
}

/// What defines a new lane.
#[derive(Clone, Debug)]
pub struct LaneSetup {
    /// Its name.
    pub name: String,
    /// The tokens it starts from.
    pub prompt: Vec<Token>,
    /// Its sampling settings. Without a seed it gets that of the first lane.
    pub settings: SamplingSettings,
    /// Its stop conditions.
    pub rules: StopRules,
}

/// Which lanes are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them, in lockstep.
    All,
    /// One alone.
    One(usize),
}

impl Which {
    fn includes(self, index: usize) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => one == index,
        }
    }
}

/// Where the random numbers of the lanes come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seeds {
    /// One seed: the same u at the same position in every lane, so that only the settings differ.
    #[default]
    Same,
    /// The first lane's seed, and one more for each lane after it.
    Own,
}

impl Seeds {
    /// The seed of lane `index` where the first one has `first`.
    #[must_use]
    pub const fn of(self, first: u32, index: usize) -> u32 {
        match self {
            Self::Same => first,
            Self::Own => first.wrapping_add(index as u32),
        }
    }
}

/// A cursor with a name, and what it cost.
pub struct Lane {
    name: String,
    cursor: Cursor,
    /// Steps asked for and not taken yet.
    due: usize,
    /// The node that was evaluated for this lane and not stepped from yet.
    fresh: Option<NodeId>,
    paid: usize,
    shared: usize,
}

impl Lane {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its cursor.
    #[must_use]
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Its cursor, to look with or to pick by hand.
    pub fn cursor_mut(&mut self) -> &mut Cursor {
        &mut self.cursor
    }

    /// Evaluations that were made for this lane.
    #[must_use]
    pub fn paid(&self) -> usize {
        self.paid
    }

    /// Steps from a distribution that was there already: another lane's, or one of an earlier walk.
    #[must_use]
    pub fn shared(&self) -> usize {
        self.shared
    }

    /// The sums over the path so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        Statistics::of(self.cursor.path())
    }

    fn new(name: String, cursor: Cursor) -> Self {
        Self { name, cursor, due: 0, fresh: None, paid: 0, shared: 0 }
    }

    /// Whether there are steps that were asked for and can be taken.
    pub(crate) fn is_due(&self) -> bool {
        self.due > 0 && self.cursor.stopped().is_none()
    }

    fn head(&self) -> Option<NodeId> {
        self.cursor.path().head()
    }

    /// Steps that are still to be taken.
    pub(crate) fn due(&self) -> usize {
        if self.is_due() { self.due } else { 0 }
    }

    /// Takes the steps that are due as far as logits are available. An error ends what was due.
    fn advance(&mut self, tree: &mut Tree) -> Result<(), LaneError> {
        while self.is_due() {
            let head = self.head();
            match self.cursor.step(tree, false) {
                Ok(None) => return Ok(()),
                Ok(Some(_)) => {
                    self.due -= 1;
                    let own = self.fresh.take().is_some_and(|fresh| head == Some(fresh));
                    self.shared += usize::from(!own);
                }
                Err(source) => {
                    self.due = 0;
                    return Err(LaneError::Cursor { name: self.name.clone(), source });
                }
            }
        }
        self.due = 0;
        Ok(())
    }
}

/// Lanes over one tree, which the caller owns and hands in, always the same one.
pub struct Lanes {
    vocabulary: Arc<Vocabulary>,
    context: usize,
    all: Vec<Lane>,
}

impl Lanes {
    /// How many lanes there can be.
    pub const MOST: usize = 8;

    /// No lanes yet. `context` is the model's context size in tokens.
    #[must_use]
    pub fn new(vocabulary: Arc<Vocabulary>, context: usize) -> Self {
        Self { vocabulary, context, all: Vec::new() }
    }

    /// The lanes, in order.
    #[must_use]
    pub fn lanes(&self) -> &[Lane] {
        &self.all
    }

    /// A lane to look with.
    pub fn lane_mut(&mut self, index: usize) -> Option<&mut Lane> {
        self.all.get_mut(index)
    }

    /// Two lanes to look with, to be compared; None where they are the same one, or there is no such lane.
    pub fn pair_mut(&mut self, a: usize, b: usize) -> Option<(&mut Cursor, &mut Cursor)> {
        let [a, b] = self.all.get_disjoint_mut([a, b]).ok()?;
        Some((&mut a.cursor, &mut b.cursor))
    }

    /// Adds a lane at the end of its prompt. Its index.
    pub fn add(&mut self, tree: &mut Tree, setup: LaneSetup) -> Result<usize, LaneError> {
        let LaneSetup { name, prompt, mut settings, rules } = setup;
        self.check_room()?;
        if settings.seed.is_none() {
            settings.seed = self.all.first().and_then(|lane| lane.cursor.settings().seed);
        }
        let vocabulary = Arc::clone(&self.vocabulary);
        let cursor = Cursor::new(tree, vocabulary, prompt, settings, rules, self.context)
            .map_err(|source| LaneError::Cursor { name: name.clone(), source })?;
        self.all.push(Lane::new(name, cursor));
        Ok(self.all.len() - 1)
    }

    /// Adds a lane that is where another one is, with its settings, behind it. Its index; None where there is no such
    /// lane.
    pub fn duplicate(&mut self, index: usize) -> Result<Option<usize>, LaneError> {
        self.check_room()?;
        let Some(lane) = self.all.get(index) else { return Ok(None) };
        let name = format!("{} copy", lane.name);
        let cursor =
            lane.cursor.duplicate().map_err(|source| LaneError::Cursor { name: name.clone(), source })?;
        self.all.insert(index + 1, Lane::new(name, cursor));
        Ok(Some(index + 1))
    }

    /// Removes a lane; its path stays in the tree.
    pub fn remove(&mut self, index: usize) {
        if index < self.all.len() {
            self.all.remove(index);
        }
    }

    /// Renames a lane.
    pub fn rename(&mut self, index: usize, name: String) {
        if let Some(lane) = self.all.get_mut(index) {
            lane.name = name;
        }
    }

    /// Changes a lane's settings. What is written stays; its next draws follow the new ones.
    pub fn set_settings(&mut self, index: usize, settings: SamplingSettings) -> Result<(), LaneError> {
        let Some(lane) = self.all.get_mut(index) else { return Ok(()) };
        let name = &lane.name;
        lane.cursor.set_settings(settings).map_err(|source| LaneError::Cursor { name: name.clone(), source })
    }

    /// Puts a lane at the end of another prompt, with the settings and stop conditions that it has. What it walked stays in
    /// the tree.
    pub fn set_prompt(&mut self, tree: &mut Tree, index: usize, prompt: Vec<Token>) -> Result<(), LaneError> {
        let Some(lane) = self.all.get_mut(index) else { return Ok(()) };
        let (settings, rules) = (lane.cursor.settings().clone(), lane.cursor.rules().clone());
        let vocabulary = Arc::clone(&self.vocabulary);
        lane.cursor = Cursor::new(tree, vocabulary, prompt, settings, rules, self.context)
            .map_err(|source| LaneError::Cursor { name: lane.name.clone(), source })?;
        lane.due = 0;
        lane.fresh = None;
        Ok(())
    }

    /// Changes a lane's stop conditions and checks them again.
    pub fn set_rules(&mut self, index: usize, rules: StopRules) {
        if let Some(lane) = self.all.get_mut(index) {
            lane.cursor.set_rules(rules);
        }
    }

    /// Gives the lanes their seeds, counted from the first lane's.
    pub fn set_seeds(&mut self, seeds: Seeds) -> Result<(), LaneError> {
        let Some(first) = self.all.first().and_then(|lane| lane.cursor.settings().seed) else {
            return Ok(());
        };
        for index in 1..self.all.len() {
            let seed = seeds.of(first, index);
            let settings = self.all[index].cursor.settings().clone();
            self.set_settings(index, SamplingSettings { seed: Some(seed), ..settings })?;
        }
        Ok(())
    }

    /// Asks for `steps` more tokens, each lane as far as its stop conditions let it. Steps are counted, not added up
    /// without bound: at most as many as the context has tokens are kept.
    pub fn ask(&mut self, which: Which, steps: usize) {
        for (index, lane) in self.all.iter_mut().enumerate() {
            if which.includes(index) && lane.cursor.stopped().is_none() {
                lane.due = lane.due.saturating_add(steps).min(self.context);
            }
        }
    }

    /// Asks a lane for as many tokens as the longest of the others has, so that it stands beside them: where its path is in
    /// the tree already, that costs no evaluation.
    pub fn catch_up(&mut self, index: usize) {
        let generated = |lane: &Lane| lane.cursor.path().generated();
        let others = self.all.iter().enumerate().filter(|(other, _)| *other != index);
        let longest = others.map(|(_, lane)| generated(lane)).max().unwrap_or(0);
        if let Some(lane) = self.all.get_mut(index) {
            lane.due =
                if lane.cursor.stopped().is_none() { longest.saturating_sub(generated(lane)) } else { 0 };
        }
    }

    /// Sets the time that counts against the lanes' time limits.
    pub fn set_time(&mut self, time: Duration) {
        self.all.iter_mut().for_each(|lane| lane.cursor.set_time(time));
    }

    /// Forgets the steps that were asked for and not taken.
    pub fn pause(&mut self) {
        self.all.iter_mut().for_each(|lane| lane.due = 0);
    }

    /// Whether a lane can still go on.
    #[must_use]
    pub fn running(&self) -> bool {
        self.all.iter().any(|lane| lane.cursor.stopped().is_none())
    }

    /// Goes back by so many tokens, each lane at most to its prompt. One that has ended before others took part in fewer
    /// steps: it waits until those are back where it ended.
    pub fn back(&mut self, which: Which, tokens: usize) {
        let generated = |lane: &Lane| lane.cursor.path().generated();
        let included = self.all.iter().enumerate().filter(|(index, _)| which.includes(*index));
        let longest = included.map(|(_, lane)| generated(lane)).max().unwrap_or(0);
        for (index, lane) in self.all.iter_mut().enumerate() {
            if which.includes(index) {
                lane.due = 0;
                let from = if lane.cursor.stopped().is_some() { longest } else { generated(lane) };
                lane.cursor.back_to(from.saturating_sub(tokens).min(generated(lane)));
            }
        }
    }

    /// Takes the steps that are due where logits are available, and names the nodes whose distributions the others need:
    /// each once, in the order of the lanes, at most `limit`.
    ///
    /// Lanes with the most steps due go first, so that those that go together stay together.
    pub fn wanted(&mut self, tree: &mut Tree, limit: usize) -> Result<Vec<NodeId>, LaneError> {
        for lane in &mut self.all {
            lane.advance(tree)?;
        }
        let most = self.all.iter().filter(|lane| lane.is_due()).map(|lane| lane.due).max();
        let mut nodes = Vec::new();
        for lane in self.all.iter().filter(|lane| lane.is_due() && Some(lane.due) == most) {
            if let Some(head) = lane.head().filter(|head| !nodes.contains(head)) {
                nodes.push(head);
            }
        }
        nodes.truncate(limit.max(1));
        Ok(nodes)
    }

    /// Stores a node's distribution and moves every lane that waited for it, before others can push it out of memory.
    pub fn absorb(&mut self, tree: &mut Tree, node: NodeId, evaluation: Evaluation) -> Result<(), LaneError> {
        tree.store(node, evaluation);
        let waiting = |lane: &&mut Lane| lane.is_due() && lane.head() == Some(node);
        if let Some(payer) = self.all.iter_mut().find(waiting) {
            payer.fresh = Some(node);
            payer.paid += 1;
        }
        for lane in self.all.iter_mut().filter(|lane| lane.head() == Some(node)) {
            lane.advance(tree)?;
        }
        Ok(())
    }

    /// Adds to the time that counts against the time limit of the lanes that wait for a node.
    pub fn add_time(&mut self, node: NodeId, time: Duration) {
        for lane in self.all.iter_mut().filter(|lane| lane.is_due() && lane.head() == Some(node)) {
            lane.cursor.add_time(time);
        }
    }

    /// The heads of the lanes: what may not be pruned.
    pub fn heads(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.all.iter().filter_map(Lane::head)
    }

    fn check_room(&self) -> Result<(), LaneError> {
        if self.all.len() < Self::MOST { Ok(()) } else { Err(LaneError::TooMany) }
    }
}
