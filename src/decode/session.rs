//! One cursor walking the tree by sampling: step, go back, pick by hand, roll again.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{Path, StopInput, StopReason, StopRules};
use crate::{
    distribution::Summary,
    engine::Vocabulary,
    sampling::{Chain, ChainError, ChainModel, Draws, Outcome, SamplerState, SamplingSettings},
    token::Token,
    tree::{Evaluation, NodeId, Origin, Step, Tree},
};

/// Why a session cannot start or go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The prompt gives no token and the model has no begin token.
    #[error("the prompt is empty: a model needs at least one token to predict the next")]
    EmptyPrompt,
    /// The prompt leaves no room.
    #[error(
        "the prompt has {tokens} tokens, but a context of {context} has room for {}; \
         shorten it or set a larger context (-c)",
        context.saturating_sub(Session::SPARE_CELLS)
    )]
    PromptTooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// Context size.
        context: usize,
    },
    /// The sampler chain cannot be built.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The model computed something that is no distribution.
    #[error(
        "the model gave {count} logits that are not numbers (NaN or ∞): the file or the \
         backend is broken, and nothing can be sampled"
    )]
    NonFinite {
        /// How many.
        count: usize,
    },
}

/// A tree with one cursor on it. The caller evaluates what [`Session::wanted`] names and hands the
/// logits to [`Session::absorb`]; everything else is here.
pub struct Session {
    tree: Tree,
    path: Path,
    vocabulary: Arc<Vocabulary>,
    model: ChainModel,
    settings: SamplingSettings,
    chain: Chain,
    draws: Draws,
    /// Generated positions that were rolled again: how often, and the u that came of it.
    rolls: BTreeMap<usize, (u32, f64)>,
    rules: StopRules,
    stopped: Option<StopReason>,
    spent: Duration,
}

impl Session {
    /// Cells llama.cpp's tool wants free after a prompt (tools/completion).
    const SPARE_CELLS: usize = 4;
    /// Candidates kept of each distribution, as many as a tall screen shows.
    pub const TOP: usize = 256;

    /// A session on `prompt`, nothing evaluated yet. `context` is the model's context size in
    /// tokens, `logits_budget` the bytes of logits that the tree may keep. Without a seed in the
    /// settings one is taken from the system; [`Session::settings`] tells which.
    pub fn new(
        vocabulary: Arc<Vocabulary>,
        prompt: Vec<Token>,
        mut settings: SamplingSettings,
        rules: StopRules,
        context: usize,
        logits_budget: usize,
    ) -> Result<Self, SessionError> {
        if prompt.is_empty() {
            return Err(SessionError::EmptyPrompt);
        }
        if prompt.len() + Self::SPARE_CELLS > context {
            return Err(SessionError::PromptTooLong { tokens: prompt.len(), context });
        }
        let seed = *settings.seed.get_or_insert_with(random_seed);
        let model = vocabulary.chain_model(context);
        let chain = Chain::new(&settings, seed, &model)?;
        let mut tree = Tree::new(logits_budget);
        let mut nodes = Vec::with_capacity(prompt.len());
        let mut head = tree.root();
        for &token in &prompt {
            head = tree.child(head, token, Origin::Prompt);
            nodes.push(head);
        }
        let mut session = Self {
            tree,
            path: Path::of_prompt(nodes, prompt),
            vocabulary,
            model,
            settings,
            chain,
            draws: Draws::new(seed),
            rolls: BTreeMap::new(),
            rules,
            stopped: None,
            spent: Duration::ZERO,
        };
        session.check_stop();
        Ok(session)
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The cursor's path.
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

    /// Time spent generating, as told by [`Session::add_time`].
    #[must_use]
    pub fn spent(&self) -> Duration {
        self.spent
    }

    /// The head, if its distribution is needed for the next step and is not at hand.
    #[must_use]
    pub fn wanted(&self) -> Option<NodeId> {
        if self.stopped.is_some() {
            return None;
        }
        self.path.head().filter(|&head| !self.has_logits(head))
    }

    /// Whether the node's full logits are kept.
    #[must_use]
    pub fn has_logits(&self, node: NodeId) -> bool {
        self.tree.node(node).evaluation.as_ref().is_some_and(|e| e.logits.is_some())
    }

    /// The prefix of the path that ends with `node`, which must be on it.
    #[must_use]
    pub fn prefix(&self, node: NodeId) -> Option<&[Token]> {
        let position = self.path.nodes().iter().rposition(|&id| id == node)?;
        Some(&self.path.tokens()[..=position])
    }

    /// Stores a node's distribution.
    pub fn absorb(&mut self, node: NodeId, summary: Summary, logits: Arc<[f32]>, time: Duration) {
        self.tree.store(node, Evaluation { summary, logits: Some(logits), time });
    }

    /// Adds to the time that counts against the time limit.
    pub fn add_time(&mut self, time: Duration) {
        self.spent += time;
    }

    /// Sets the time that counts against the time limit.
    pub fn set_time(&mut self, time: Duration) {
        self.spent = time;
    }

    /// Draws the next token and moves to it. None when generation has stopped or the head is not
    /// evaluated. With `traced`, [`Session::chain`] tells what each stage did.
    pub fn step(&mut self, traced: bool) -> Result<Option<NodeId>, SessionError> {
        let Some(logits) = self.logits_at_head()? else { return Ok(None) };
        let index = self.path.generated();
        let u = self.u(index);
        let outcome = self.chain.apply(&logits, self.path.tokens(), self.path.state(index), u, traced);
        let step = self.record(&logits, outcome.chosen, outcome.p_final, outcome.u);
        Ok(Some(self.advance(outcome.chosen, Origin::Sampled, step, outcome.state)))
    }

    /// Moves to a token picked by hand. None as for [`Session::step`], and for one outside the vocabulary.
    pub fn take(&mut self, token: Token) -> Result<Option<NodeId>, SessionError> {
        let Some(logits) = self.logits_at_head()? else { return Ok(None) };
        if token.index() >= logits.len() {
            return Ok(None);
        }
        let index = self.path.generated();
        let u = self.u(index);
        // The chain still runs, so that samplers with a memory go on as they would have.
        let outcome = self.chain.apply(&logits, self.path.tokens(), self.path.state(index), u, true);
        let step = self.record(&logits, token, self.chain.p_final(token), None);
        Ok(Some(self.advance(token, Origin::Hand, step, outcome.state)))
    }

    fn logits_at_head(&mut self) -> Result<Option<Arc<[f32]>>, SessionError> {
        if self.stopped.is_some() {
            return Ok(None);
        }
        let Some(head) = self.path.head() else { return Ok(None) };
        let Some(logits) = self.tree.logits(head) else { return Ok(None) };
        match self.summary(head).map_or(0, |summary| summary.non_finite) {
            0 => Ok(Some(logits)),
            count => Err(SessionError::NonFinite { count }),
        }
    }

    /// The statistics of a node's distribution, if it was ever evaluated.
    #[must_use]
    pub fn summary(&self, node: NodeId) -> Option<&Summary> {
        self.tree.node(node).evaluation.as_ref().map(|evaluation| &evaluation.summary)
    }

    fn record(&self, logits: &[f32], token: Token, p_final: f64, u: Option<f64>) -> Step {
        let summary = self.path.head().and_then(|head| self.summary(head)).expect("the head has logits");
        let logit = logits[token.index()];
        Step {
            rank: summary.rank(token, logits),
            logit,
            p_raw: summary.probability(logit),
            p_final,
            surprisal_bits: summary.surprisal_bits(logit),
            entropy_bits: summary.entropy_bits,
            u,
        }
    }

    fn advance(&mut self, token: Token, origin: Origin, step: Step, state: SamplerState) -> NodeId {
        let parent = self.path.head().unwrap_or(self.tree.root());
        let node = self.tree.child(parent, token, origin);
        self.tree.set_step(node, origin, step);
        self.path.push(node, token, state, &self.vocabulary);
        self.check_stop();
        node
    }

    fn check_stop(&mut self) {
        let input = StopInput {
            text: self.path.text(),
            last: self.path.tokens().last().copied().filter(|_| self.path.generated() > 0),
            path_len: self.path.tokens().len(),
            context: self.model.context_size,
            spent: self.spent,
        };
        self.stopped = self.rules.check(&input, &self.vocabulary);
    }

    /// Ends generation by the user's wish.
    pub fn interrupt(&mut self) {
        self.stopped.get_or_insert(StopReason::Interrupted);
    }

    /// Takes an [`Session::interrupt`] back, and looks at the conditions anew.
    pub fn resume(&mut self) {
        self.check_stop();
    }

    /// Goes back to the first `generated` generated tokens; the rest of the path stays in the tree.
    /// The time limit begins anew.
    pub fn back_to(&mut self, generated: usize) {
        if generated < self.path.generated() {
            self.path.truncate(generated);
            self.spent = Duration::ZERO;
        }
        self.check_stop();
    }

    /// Draws the newest token again: same settings, a new u. Before the first token nothing happens.
    pub fn roll_again(&mut self) {
        let Some(index) = self.path.generated().checked_sub(1) else { return };
        self.back_to(index);
        let times = self.rolls.get(&index).map_or(0, |(times, _)| *times) + 1;
        let u = Draws::new(self.draws.seed().wrapping_add(times)).u(index);
        self.rolls.insert(index, (times, u));
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
        if let Some((_, u)) = self.rolls.get(&index) {
            return *u;
        }
        self.draws.u(self.chain.draw_index(index, self.path.state(index)))
    }

    /// Changes the sampling settings. What is written stays; the next draws follow the new ones.
    pub fn set_settings(&mut self, mut settings: SamplingSettings) -> Result<(), SessionError> {
        let seed = *settings.seed.get_or_insert(self.draws.seed());
        self.chain = Chain::new(&settings, seed, &self.model)?;
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
        Ok(())
    }

    /// Changes the stop conditions and looks at them anew.
    pub fn set_rules(&mut self, rules: StopRules) {
        self.rules = rules;
        self.check_stop();
    }

    /// The chain with the trace of the last traced step.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Applies the present settings at position `length` of the path (the distribution after its
    /// first `length` tokens) without changing anything: [`Session::chain`] then tells what each
    /// stage did there. None where the logits are not at hand or are no numbers.
    pub fn look(&mut self, length: usize) -> Option<Outcome> {
        let node = *self.path.nodes().get(length.checked_sub(1)?)?;
        let logits = self.tree.logits(node)?;
        if self.summary(node)?.non_finite > 0 {
            return None;
        }
        let index = length.saturating_sub(self.path.prompt_len());
        let u = self.u(index);
        let tokens = &self.path.tokens()[..length];
        Some(self.chain.apply(&logits, tokens, self.path.state(index), u, true))
    }

    /// The logits after the first `length` tokens of the path, if they are kept.
    pub fn logits(&mut self, length: usize) -> Option<Arc<[f32]>> {
        let node = *self.path.nodes().get(length.checked_sub(1)?)?;
        self.tree.logits(node)
    }

    /// 2 to the mean surprisal of the generated tokens; None before the first.
    #[must_use]
    pub fn perplexity(&self) -> Option<f64> {
        let (mut sum, mut n) = (0.0, 0_u32);
        for surprisal in self.path.surprisals(&self.tree) {
            sum += surprisal;
            n += 1;
        }
        (n > 0).then(|| (sum / f64::from(n)).exp2())
    }
}

/// A seed nobody chose, from the standard library's per-process randomness. Never llama.cpp's
/// "random" marker 0xFFFFFFFF.
fn random_seed() -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let hash = std::collections::hash_map::RandomState::new().build_hasher().finish();
    (hash as u32).min(u32::MAX - 1)
}
