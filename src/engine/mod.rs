//! The evaluator: token prefixes in, logits out. Behind it llama.cpp, or a script in tests.

pub mod canvas;
pub mod canvas_thread;
pub mod llama;
mod prompt;
pub mod scripted;
pub mod scripted_canvas;
mod vocabulary;
pub mod worker;

use std::time::Duration;

pub use canvas::{CanvasError, CanvasEvaluator, CanvasShape};
pub use prompt::{PromptText, PromptTextError};
pub use vocabulary::{Vocabulary, VocabularyBuilder};

use crate::token::Token;

/// How far an evaluation has come, in tokens of the prefixes that had to be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Tokens decoded.
    pub done: usize,
    /// Tokens to decode in all.
    pub total: usize,
}

/// What an evaluation cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Tokens that went through the model.
    pub decoded: usize,
    /// Tokens of the prefixes that were in the KV cache already.
    pub reused: usize,
    /// Time spent in the model.
    pub time: Duration,
    /// The model cannot rewind, so the whole prefix was decoded again.
    pub replayed: bool,
}

/// Why prefixes could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// A prefix has no token: a model needs at least one to predict the next.
    #[error("there is no token to start from: give a prompt")]
    Empty,
    /// A prefix does not fit the context.
    #[error("the context is full: {tokens} tokens do not fit into {context}")]
    ContextFull {
        /// Length of the prefix.
        tokens: usize,
        /// Context size.
        context: usize,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// llama.cpp failed.
    #[error("llama.cpp could not decode: {0}")]
    Failed(String),
}

/// Evaluates prefixes: for each the logits of the next token.
pub trait Evaluator {
    /// The largest number of tokens a prefix can have.
    fn context_size(&self) -> usize;

    /// Evaluates `paths` (each a whole prefix from its first token on, 1 to
    /// [`Evaluator::context_size`] tokens) in as few batches as possible and hands the logits of
    /// each (its index, one logit a vocabulary entry) to `sink`. What earlier calls left in the KV
    /// cache is reused. `proceed` is asked between batches and ends the evaluation by `false`.
    fn evaluate(
        &mut self,
        paths: &[&[Token]],
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<Cost, EvaluateError>;

    /// Evaluates `path` (1 to [`Evaluator::context_size`] tokens) from its beginning, whatever the KV cache holds, and
    /// hands the logits after each of its tokens from position `from` on, 0 the first, to `sink`, in order. They come in
    /// batches, so that memory stays bounded however long the path is. `proceed` is as in [`Evaluator::evaluate`].
    fn evaluate_all(
        &mut self,
        path: &[Token],
        from: usize,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<Cost, EvaluateError>;

    /// Says how many tokens of the paths to come are a prompt, so that each is evaluated as in a run by itself: the prompt
    /// as a whole, never from the middle of another one's, and (unless paths are decoded together) every token after it
    /// alone. With None (the default) whatever is missing of a path goes through the model at once.
    fn set_prompt(&mut self, _tokens: Option<usize>) {}

    /// Forgets every path that is kept: another text begins, and lies as the first one did.
    fn forget(&mut self) {}

    /// What the KV cache holds.
    fn kv_use(&self) -> KvUse;
}

/// What the KV cache holds now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KvUse {
    /// Caches the paths lie in, each of the size of the context: one for each path, or a single one for all.
    pub caches: usize,
    /// Cells in use by all kept paths together (computed from positions). In a single cache what paths share takes cells
    /// once.
    pub cells: usize,
    /// Kept paths.
    pub sequences: usize,
    /// Tokens of the newest path.
    pub newest: usize,
    /// Size of the newest path's state as llama.cpp reports it, in bytes (measured); 0 if unknown.
    pub state_bytes: usize,
}
