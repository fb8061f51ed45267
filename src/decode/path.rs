//! A cursor's way through the tree: the nodes from the first prompt token to its head.

use super::GeneratedText;
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
    /// How each generated token was chosen.
    steps: Vec<(Step, Origin)>,
    /// What the samplers carried before each generated token, and after the last.
    states: Vec<SamplerState>,
}

impl Path {
    /// The path of a prompt: `nodes` lead from the first to the last of its tokens.
    pub(super) fn of_prompt(nodes: Vec<NodeId>, tokens: Vec<Token>) -> Self {
        let prompt_len = nodes.len();
        let states = vec![SamplerState::default()];
        Self { nodes, tokens, prompt_len, text: GeneratedText::default(), steps: Vec::new(), states }
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

    /// How the token at a position of the path was chosen; None for the prompt's.
    #[must_use]
    pub fn step_at(&self, position: usize) -> Option<&(Step, Origin)> {
        self.steps.get(position.checked_sub(self.prompt_len)?)
    }

    /// What the samplers carry before generated token `index`.
    pub(super) fn state(&self, index: usize) -> &SamplerState {
        &self.states[index.min(self.states.len() - 1)]
    }

    pub(super) fn push(
        &mut self,
        node: NodeId,
        token: Token,
        step: (Step, Origin),
        state: SamplerState,
        vocabulary: &Vocabulary,
    ) {
        self.nodes.push(node);
        self.steps.push(step);
        self.tokens.push(token);
        self.text.push(vocabulary.piece(token));
        self.states.push(state);
    }

    /// Cuts back to the first `generated` generated tokens.
    pub(super) fn truncate(&mut self, generated: usize) {
        self.nodes.truncate(self.prompt_len + generated);
        self.tokens.truncate(self.prompt_len + generated);
        self.text.truncate(generated);
        self.steps.truncate(generated);
        self.states.truncate(generated + 1);
    }

    /// Forgets what samplers carry: their settings have changed.
    pub(super) fn reset_states(&mut self) {
        self.states.fill(SamplerState::default());
    }
}
