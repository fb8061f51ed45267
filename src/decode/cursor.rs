//! A cursor walks the tree by sampling: step, go back, pick by hand, roll again.
//!
//! It does not own the tree, so that several cursors can share one: as long as they choose the same tokens they share
//! every evaluation.

mod look;
mod weighed;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{CursorError, Hindsight, Path, StopInput, StopReason, StopRules, ignored_end::IgnoredEnd};
use crate::{
    distribution::{Candidate, Row, Summary},
    engine::Vocabulary,
    sampling::{Chain, ChainModel, Dice, Draws, SamplerState, SamplingSettings},
    token::Token,
    tree::{NodeId, Origin, Step, Tree},
};

/// A place in a tree with a sampler chain, a stream of random numbers and stop conditions. The caller evaluates what
/// [`Cursor::wanted`] names and stores it in the tree, always the same one.
pub struct Cursor {
    path: Path,
    vocabulary: Arc<Vocabulary>,
    model: ChainModel,
    settings: SamplingSettings,
    chain: Chain,
    ignored_end: Option<IgnoredEnd>,
    draws: Draws,
    /// Generated positions that were rolled again: how often, and the numbers that came of it.
    rolls: BTreeMap<usize, (u32, Dice)>,
    rules: StopRules,
    stopped: Option<StopReason>,
    spent: Duration,
}

/// What of a cursor is not the same for all seeds of one setting: its path, its random numbers and why it stopped.
pub(super) struct Place {
    pub(super) path: Path,
    draws: Draws,
    rolls: BTreeMap<usize, (u32, Dice)>,
    pub(super) stopped: Option<StopReason>,
    spent: Duration,
}

impl Place {
    /// The seed of its random numbers.
    pub(super) fn seed(&self) -> u32 {
        self.draws.seed()
    }
}

impl Cursor {
    /// Cells llama.cpp's tool wants free after a prompt (tools/completion).
    pub(super) const SPARE_CELLS: usize = 4;

    /// Whether a cursor can begin at the end of `prompt`, in a context of so many tokens.
    pub fn check_prompt(prompt: &[Token], context: usize) -> Result<(), CursorError> {
        if prompt.is_empty() {
            return Err(CursorError::EmptyPrompt);
        }
        if prompt.len() + Self::SPARE_CELLS > context {
            return Err(CursorError::PromptTooLong { tokens: prompt.len(), context });
        }
        Ok(())
    }

    /// A cursor at the end of `prompt`, whose nodes are made in `tree`. `context` is the model's context size in
    /// tokens. Without a seed in the settings one is taken from the system; [`Cursor::settings`] tells which.
    pub fn new(
        tree: &mut Tree,
        vocabulary: Arc<Vocabulary>,
        prompt: Vec<Token>,
        mut settings: SamplingSettings,
        rules: StopRules,
        context: usize,
    ) -> Result<Self, CursorError> {
        Self::check_prompt(&prompt, context)?;
        let seed = *settings.seed.get_or_insert_with(random_seed);
        let model = ChainModel { prompt_len: prompt.len(), ..vocabulary.chain_model(context) };
        let chain = Chain::new(&settings, seed, &model)?;
        let ignored_end = IgnoredEnd::new(&settings, seed, &model)?;
        let mut nodes = Vec::with_capacity(prompt.len());
        let mut head = tree.root();
        for &token in &prompt {
            head = tree.child(head, token, Origin::Prompt)?;
            nodes.push(head);
        }
        let mut path = Path::of_prompt(nodes, prompt);
        path.set_loop_rule(rules.loops);
        let mut cursor = Self {
            path,
            vocabulary,
            model,
            settings,
            chain,
            ignored_end,
            draws: Draws::new(seed),
            rolls: BTreeMap::new(),
            rules,
            stopped: None,
            spent: Duration::ZERO,
        };
        cursor.check_stop();
        Ok(cursor)
    }

    /// Another cursor at the same place of the same path, with the same settings and random numbers.
    pub fn duplicate(&self) -> Result<Self, CursorError> {
        Ok(Self {
            path: self.path.clone(),
            vocabulary: Arc::clone(&self.vocabulary),
            model: self.model.clone(),
            settings: self.settings.clone(),
            chain: Chain::new(&self.settings, self.draws.seed(), &self.model)?,
            ignored_end: IgnoredEnd::new(&self.settings, self.draws.seed(), &self.model)?,
            draws: self.draws.clone(),
            rolls: self.rolls.clone(),
            rules: self.rules.clone(),
            stopped: self.stopped.clone(),
            spent: self.spent,
        })
    }

    /// Where it is, for another seed to go on from.
    pub(super) fn place(&self, seed: u32) -> Place {
        Place {
            path: self.path.clone(),
            draws: Draws::new(seed),
            rolls: BTreeMap::new(),
            stopped: self.stopped.clone(),
            spent: self.spent,
        }
    }

    /// Takes another place and leaves its own there: one chain, whose memory grows with the vocabulary, then serves any
    /// number of places.
    pub(super) fn exchange(&mut self, place: &mut Place) {
        std::mem::swap(&mut self.path, &mut place.path);
        std::mem::swap(&mut self.draws, &mut place.draws);
        std::mem::swap(&mut self.rolls, &mut place.rolls);
        std::mem::swap(&mut self.stopped, &mut place.stopped);
        std::mem::swap(&mut self.spent, &mut place.spent);
        self.chain.set_seed(self.draws.seed());
        if let Some(end) = &mut self.ignored_end {
            end.set_seed(self.draws.seed());
        }
    }

    /// What its sampler chain knows of the model.
    pub(super) fn model(&self) -> &ChainModel {
        &self.model
    }

    /// The way from the first prompt token to the head.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// The sampling settings, with the seed in use.
    #[must_use]
    pub fn settings(&self) -> &SamplingSettings {
        &self.settings
    }

    /// The stop conditions.
    #[must_use]
    pub fn rules(&self) -> &StopRules {
        &self.rules
    }

    /// Context size in tokens.
    #[must_use]
    pub fn context(&self) -> usize {
        self.model.context_size
    }

    /// Why generation ended; None while it can go on.
    #[must_use]
    pub fn stopped(&self) -> Option<&StopReason> {
        self.stopped.as_ref()
    }

    /// Time spent generating, as reported through [`Cursor::add_time`].
    #[must_use]
    pub fn spent(&self) -> Duration {
        self.spent
    }

    /// The head, if its distribution is needed for the next step and is not available.
    #[must_use]
    pub fn wanted(&self, tree: &Tree) -> Option<NodeId> {
        if self.stopped.is_some() {
            return None;
        }
        self.path.head().filter(|&head| !tree.has_logits(head))
    }

    /// Adds to the time that counts against the time limit.
    pub fn add_time(&mut self, time: Duration) {
        self.spent += time;
    }

    /// Sets the time that counts against the time limit.
    pub fn set_time(&mut self, time: Duration) {
        self.spent = time;
    }

    /// Draws the next token and moves to it. None when generation has stopped, or stops because of this distribution,
    /// or the head is not evaluated. With `traced`, [`Cursor::chain`] tells what each stage did.
    pub fn step(&mut self, tree: &mut Tree, traced: bool) -> Result<Option<NodeId>, CursorError> {
        let Some(logits) = self.logits_at_head(tree)? else { return Ok(None) };
        let summary = self.path.head().and_then(|head| tree.summary(head));
        self.stopped = summary.and_then(|summary| self.rules.check_distribution(summary));
        if self.stopped.is_some() {
            return Ok(None);
        }
        let row = Row { logits: &logits, tail: summary.and_then(|summary| summary.tail) };
        let index = self.path.generated();
        let dice = self.dice(index);
        let (tokens, state) = (self.path.tokens(), self.path.state(index));
        let known = self.path.head().and_then(|head| tree.summary(head)).filter(|_| !traced);
        let outcome = match known {
            Some(summary) => self.chain.apply_to_top(row, &summary.top, tokens, state, dice),
            None => self.chain.apply(row, tokens, state, dice, traced),
        };
        if outcome.p_final.is_nan() {
            return Err(CursorError::NothingLeft);
        }
        if outcome.in_tail {
            self.ask_for_more(tree, outcome.p_final);
            return Ok(None);
        }
        let step = self.record(tree, &logits, outcome.chosen, outcome.p_final, outcome.u);
        let top =
            self.path.head().and_then(|head| tree.summary(head)).map_or(&[][..], |summary| &summary.top);
        self.note_ignored_end((row, top), &step, dice);
        let seed = step.u.map(|_| self.draws.seed().wrapping_add(self.rolled(index)));
        self.advance(tree, outcome.chosen, (Origin::Sampled, seed), step, outcome.state).map(Some)
    }

    /// Moves to a token picked by hand. None as for [`Cursor::step`], and for one outside the vocabulary.
    pub fn take(&mut self, tree: &mut Tree, token: Token) -> Result<Option<NodeId>, CursorError> {
        self.take_as(tree, token, Origin::Hand, None)
    }

    /// Moves to a child of the head that is in the tree; how it was chosen stays as it is. None as for [`Cursor::step`],
    /// and for a node that is not a child of the head.
    pub fn follow(&mut self, tree: &mut Tree, node: NodeId) -> Result<Option<NodeId>, CursorError> {
        let Some(child) = tree.get(node) else { return Ok(None) };
        let (origin, chosen) = (child.origin, child.step);
        let Some(token) = child.token.filter(|_| child.parent == self.path.head()) else { return Ok(None) };
        self.take_as(tree, token, origin, chosen)
    }

    /// Moves to a token that is not drawn; `chosen` is how it was chosen, if that is known.
    fn take_as(
        &mut self,
        tree: &mut Tree,
        token: Token,
        origin: Origin,
        chosen: Option<Step>,
    ) -> Result<Option<NodeId>, CursorError> {
        self.check_unnamed();
        let Some(logits) = self.logits_at_head(tree)? else { return Ok(None) };
        if token.index() >= logits.len() {
            return Ok(None);
        }
        let index = self.path.generated();
        let dice = self.dice(index);
        // The chain still runs, so that samplers with a memory go on as they would have.
        let state = self.path.state(index);
        let tail = self.path.head().and_then(|head| tree.summary(head)?.tail);
        let row = Row { logits: &logits, tail };
        let outcome = self.chain.apply(row, self.path.tokens(), state, dice, true);
        let state = if outcome.p_final.is_nan() { state.clone() } else { outcome.state };
        let fresh = || self.record(tree, &logits, token, self.chain.p_final(token), None);
        let step = chosen.unwrap_or_else(fresh);
        // It was taken, not drawn: none of this cursor's numbers had a part in it.
        self.advance(tree, token, (origin, None), step, state).map(Some)
    }

    /// The number has landed on a token that nobody has named: more candidates are wanted of the head, or, where asking for
    /// more has brought none, generation ends.
    fn ask_for_more(&mut self, tree: &mut Tree, p: f64) {
        let Some(head) = self.path.head().filter(|&head| !tree.ask_for_more(head)) else { return };
        let named = tree.summary(head).and_then(|summary| summary.tail).map_or(0, |tail| tail.known);
        self.stopped = Some(StopReason::Unnamed { named, p });
    }

    /// Whether it waits for nothing but another number or other settings: the draw has landed on a token without a name.
    fn check_unnamed(&mut self) {
        if matches!(self.stopped, Some(StopReason::Unnamed { .. })) {
            self.check_stop();
        }
    }

    fn logits_at_head(&self, tree: &mut Tree) -> Result<Option<Arc<[f32]>>, CursorError> {
        if self.stopped.is_some() {
            return Ok(None);
        }
        let Some(head) = self.path.head() else { return Ok(None) };
        let Some(logits) = tree.logits(head) else { return Ok(None) };
        match tree.summary(head).map_or(0, |summary| summary.non_finite) {
            0 => Ok(Some(logits)),
            count => Err(CursorError::NonFinite { count }),
        }
    }

    fn note_ignored_end(&mut self, logits: (Row<'_>, &[Candidate]), step: &Step, dice: Dice) {
        let (tokens, state) = (self.path.tokens(), self.path.state(self.path.generated()));
        let ignored = self.ignored_end.as_mut();
        if ignored.is_some_and(|end| end.drawn(logits, tokens, state, (step, dice), &self.vocabulary)) {
            self.path.note_ignored_end();
        }
    }

    fn record(&self, tree: &Tree, logits: &[f32], token: Token, p_final: f64, u: Option<f64>) -> Step {
        let head = self.path.head().expect("a path has a prompt");
        let summary: &Summary = tree.summary(head).expect("the head has logits");
        Step { p_final, u, ..Step::of(token, summary, logits, self.vocabulary.eog()) }
    }

    fn advance(
        &mut self,
        tree: &mut Tree,
        token: Token,
        (origin, seed): (Origin, Option<u32>),
        step: Step,
        state: SamplerState,
    ) -> Result<NodeId, CursorError> {
        let parent = self.path.head().unwrap_or(tree.root());
        let node = tree.child(parent, token, origin)?;
        tree.set_step(node, origin, step);
        self.path.push(node, token, ((step, origin), seed), state, &self.vocabulary);
        self.check_stop();
        Ok(node)
    }

    fn check_stop(&mut self) {
        self.check_stop_after(self.path.text().newest().unwrap_or(0));
    }

    /// Looks for stop texts and expressions in what begins at byte `known` of the text, for they can have been set after it
    /// was written.
    fn check_stop_after(&mut self, known: usize) {
        let input = StopInput {
            text: self.path.text(),
            known,
            last: self.path.tokens().last().copied().filter(|_| self.path.generated() > 0),
            path_len: self.path.tokens().len(),
            context: self.model.context_size,
            spent: self.spent,
            loops: self.path.loops(),
        };
        self.stopped = self.rules.check(&input, &self.vocabulary);
    }

    /// Ends generation by the user's wish.
    pub fn interrupt(&mut self) {
        self.stopped.get_or_insert(StopReason::Interrupted);
    }

    /// Takes an [`Cursor::interrupt`] back, and checks the conditions again.
    pub fn resume(&mut self) {
        self.check_stop();
    }

    /// Goes back to the first `generated` generated tokens; the rest of the path stays in the tree.
    /// The time limit starts over.
    pub fn back_to(&mut self, generated: usize) {
        if generated < self.path.generated() {
            self.path.truncate(generated);
            self.spent = Duration::ZERO;
        }
        self.check_stop_after(0);
    }

    /// Draws the newest token again: same settings, a new u. Before the first token nothing happens.
    pub fn roll_again(&mut self) {
        let Some(index) = self.path.generated().checked_sub(1) else { return };
        self.back_to(index);
        let times = self.rolls.get(&index).map_or(0, |(times, _)| *times) + 1;
        let dice = Draws::new(self.draws.seed().wrapping_add(times)).dice(index);
        self.rolls.insert(index, (times, dice));
    }

    /// Draws the newest token again with the seed's own u.
    pub fn same_seed(&mut self) {
        let Some(index) = self.path.generated().checked_sub(1) else { return };
        self.back_to(index);
        self.rolls.remove(&index);
    }

    /// How often generated position `index` was rolled again; its u is then that of seed + times.
    #[must_use]
    pub fn rolled(&self, index: usize) -> u32 {
        self.rolls.get(&index).map_or(0, |(times, _)| *times)
    }

    /// The random number in [0, 1) that picks generated token `index`.
    pub fn u(&mut self, index: usize) -> f64 {
        self.dice(index).first
    }

    /// The random numbers for generated token `index`: that of [`Cursor::u`], and the one that picks where a grammar
    /// refuses what the first has picked.
    pub fn dice(&mut self, index: usize) -> Dice {
        if let Some((_, dice)) = self.rolls.get(&index) {
            return *dice;
        }
        self.draws.dice(self.chain.draw_index(index, self.path.state(index)))
    }

    /// Changes the sampling settings. What is written stays; the next draws follow the new ones.
    pub fn set_settings(&mut self, mut settings: SamplingSettings) -> Result<(), CursorError> {
        let seed = *settings.seed.get_or_insert(self.draws.seed());
        self.chain = Chain::new(&settings, seed, &self.model)?;
        self.ignored_end = IgnoredEnd::new(&settings, seed, &self.model)?;
        if seed != self.draws.seed() {
            self.draws = Draws::new(seed);
            self.rolls.clear();
        }
        let old = std::mem::replace(&mut self.settings, settings);
        let memory =
            |s: &SamplingSettings| (s.mirostat, s.mirostat_tau.to_bits(), s.mirostat_eta.to_bits(), s.seed);
        if memory(&old) != memory(&self.settings) {
            self.path.reset_states();
        }
        self.check_unnamed();
        Ok(())
    }

    /// Changes the stop conditions and checks them again.
    pub fn set_rules(&mut self, rules: StopRules) {
        self.path.set_loop_rule(rules.loops);
        self.rules = rules;
        self.check_stop_after(0);
    }

    /// Where each stop condition would have ended generation, those that are off too.
    #[must_use]
    pub fn hindsight(&self) -> Hindsight {
        Hindsight::of(&self.path)
    }

    /// Tells how likely the prompt's tokens were: see [`Path::set_prompt_steps`].
    pub fn set_prompt_steps(&mut self, steps: Vec<Step>) {
        self.path.set_prompt_steps(steps);
    }
}

/// A seed nobody chose, from the standard library's per-process randomness. Never llama.cpp's
/// "random" marker 0xFFFFFFFF.
#[must_use]
pub fn random_seed() -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let hash = std::collections::hash_map::RandomState::new().build_hasher().finish();
    (hash as u32).min(u32::MAX - 1)
}
