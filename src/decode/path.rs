//! A cursor's way through the tree: the nodes from the first prompt token to its head.

use super::{GeneratedText, LoopRule, Loops};
use crate::{
    engine::Vocabulary,
    sampling::SamplerState,
    token::Token,
    tree::{NodeId, Origin, Step},
};

/// The nodes and tokens from the first prompt token to the head, and what belongs to each position.
#[derive(Clone, Debug)]
pub struct Path {
    nodes: Vec<NodeId>,
    tokens: Vec<Token>,
    prompt_len: usize,
    text: GeneratedText,
    /// How likely each token of the prompt was: empty, or one a token; None for the first, which follows nothing.
    prompt_steps: Vec<Option<(Step, Origin)>>,
    /// How each generated token was chosen.
    steps: Vec<(Step, Origin)>,
    /// The seed of the number that each generated token was drawn with; None where none was drawn.
    seeds: Vec<Option<u32>>,
    /// Generated tokens in whose place an end token would have been drawn, had end tokens not been banned.
    ignored_ends: Vec<usize>,
    loops: Loops,
    /// What the samplers carried before each generated token, and after the last.
    states: Vec<SamplerState>,
}

impl Path {
    /// The path of a prompt: `nodes` lead from the first to the last of its tokens.
    pub(super) fn of_prompt(nodes: Vec<NodeId>, tokens: Vec<Token>) -> Self {
        let prompt_len = nodes.len();
        let states = vec![SamplerState::default()];
        Self {
            nodes,
            tokens,
            prompt_len,
            text: GeneratedText::default(),
            prompt_steps: Vec::new(),
            steps: Vec::new(),
            seeds: Vec::new(),
            ignored_ends: Vec::new(),
            loops: Loops::default(),
            states,
        }
    }

    /// The node of the whole prefix; None for an empty prompt before the first token.
    #[must_use]
    pub fn head(&self) -> Option<NodeId> {
        self.nodes.last().copied()
    }

    /// The nodes, one a token.
    #[must_use]
    pub fn nodes(&self) -> &[NodeId] {
        &self.nodes
    }

    /// The tokens, prompt first.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The prompt's tokens.
    #[must_use]
    pub fn prompt_tokens(&self) -> &[Token] {
        &self.tokens[..self.prompt_len]
    }

    /// The tokens generated after the prompt.
    #[must_use]
    pub fn generated_tokens(&self) -> &[Token] {
        &self.tokens[self.prompt_len..]
    }

    /// Tokens of the prompt.
    #[must_use]
    pub fn prompt_len(&self) -> usize {
        self.prompt_len
    }

    /// Tokens generated after the prompt.
    #[must_use]
    pub fn generated(&self) -> usize {
        self.nodes.len() - self.prompt_len
    }

    /// The generated text.
    #[must_use]
    pub fn text(&self) -> &GeneratedText {
        &self.text
    }

    /// How each generated token was chosen. The tree's nodes tell how they were chosen the last time, by any cursor.
    #[must_use]
    pub fn steps(&self) -> &[(Step, Origin)] {
        &self.steps
    }

    /// The seeds whose numbers the generated tokens were drawn with, each once, in the order in which they came into use.
    #[must_use]
    pub fn seeds(&self) -> Vec<u32> {
        let mut seeds = Vec::new();
        for seed in self.seeds.iter().flatten() {
            if !seeds.contains(seed) {
                seeds.push(*seed);
            }
        }
        seeds
    }

    /// How the token at a position of the path was chosen; for the prompt's, how likely they were, if the prompt
    /// [was scored](Self::is_scored).
    #[must_use]
    pub fn step_at(&self, position: usize) -> Option<&(Step, Origin)> {
        match position.checked_sub(self.prompt_len) {
            Some(index) => self.steps.get(index),
            None => self.prompt_steps.get(position)?.as_ref(),
        }
    }

    /// Whether it is known how likely the prompt's tokens were.
    #[must_use]
    pub fn is_scored(&self) -> bool {
        !self.prompt_steps.is_empty()
    }

    /// Tells how likely the prompt's tokens were, from the second on. Nothing happens if they are not as many.
    pub fn set_prompt_steps(&mut self, steps: Vec<Step>) {
        if steps.len() + 1 == self.prompt_len {
            let steps = steps.into_iter().map(|step| Some((step, Origin::Prompt)));
            self.prompt_steps = std::iter::once(None).chain(steps).collect();
        }
    }

    /// How each token was chosen, or how likely it was, with its position; the prompt's only if it was scored.
    pub fn all_steps(&self) -> impl Iterator<Item = (usize, &Step)> {
        let prompt = (0..).zip(&self.prompt_steps).filter_map(|(at, step)| Some((at, &step.as_ref()?.0)));
        prompt.chain((self.prompt_len..).zip(self.steps.iter().map(|(step, _)| step)))
    }

    /// The loops of the generated tokens.
    #[must_use]
    pub fn loops(&self) -> &Loops {
        &self.loops
    }

    /// Generated tokens, 0 the first, in whose place an end token would have been drawn, had end tokens not been
    /// banned.
    #[must_use]
    pub fn ignored_ends(&self) -> &[usize] {
        &self.ignored_ends
    }

    /// Notes that an end token would have been drawn instead of the next token.
    pub(super) fn note_ignored_end(&mut self) {
        self.ignored_ends.push(self.generated());
    }

    /// Changes what counts as a loop.
    pub(super) fn set_loop_rule(&mut self, rule: LoopRule) {
        self.loops.set_rule(rule, &self.tokens[self.prompt_len..]);
    }

    /// What the samplers carry before generated token `index`.
    pub(super) fn state(&self, index: usize) -> &SamplerState {
        &self.states[index.min(self.states.len() - 1)]
    }

    pub(super) fn push(
        &mut self,
        node: NodeId,
        token: Token,
        (step, seed): ((Step, Origin), Option<u32>),
        state: SamplerState,
        vocabulary: &Vocabulary,
    ) {
        self.nodes.push(node);
        self.steps.push(step);
        self.seeds.push(seed);
        self.tokens.push(token);
        self.text.push(vocabulary.piece(token));
        self.loops.push(&self.tokens[self.prompt_len..]);
        self.states.push(state);
    }

    /// Cuts back to the first `generated` generated tokens.
    pub(super) fn truncate(&mut self, generated: usize) {
        self.nodes.truncate(self.prompt_len + generated);
        self.tokens.truncate(self.prompt_len + generated);
        self.text.truncate(generated);
        self.steps.truncate(generated);
        self.seeds.truncate(generated);
        self.states.truncate(generated + 1);
        self.ignored_ends.retain(|&index| index < generated);
        self.loops.truncate(&self.tokens[self.prompt_len..]);
    }

    /// Forgets what samplers carry: their settings have changed.
    pub(super) fn reset_states(&mut self) {
        self.states.fill(SamplerState::default());
    }
}
