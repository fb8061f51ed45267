//! The evaluator: token paths in, logits out. Behind it llama.cpp, or a script in tests.

pub mod canvas;
pub mod canvas_thread;
mod chat_format;
pub mod llama;
mod measure;
mod model;
mod pair;
mod prompt;
mod request;
pub mod scripted;
pub mod scripted_canvas;
mod served;
mod vocabulary;
pub mod worker;

use std::time::Duration;

use crate::settings::LoraScale;

pub use canvas::{CanvasError, CanvasEvaluator, CanvasShape};
pub use chat_format::ChatFormat;
pub use measure::{Bench, Measured, Pass};
pub use model::Model;
pub use pair::{PairError, check_pair};
pub use prompt::{Prepared, PromptText, PromptTextError};
pub use request::{Request, RowId, Rows};
pub use served::{ServedFormat, ServerInfo, Tokenizer};
pub use vocabulary::{TextEnds, Vocabulary, VocabularyBuilder};

pub use crate::distribution::{Row, Tail};

/// How far an evaluation has come, in tokens of the paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Tokens that are in the KV cache, whether they were before or not.
    pub done: usize,
    /// Tokens of all paths.
    pub total: usize,
}

/// What an evaluation cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Tokens that went through the model.
    pub decoded: usize,
    /// Tokens of the paths that were in the KV cache already.
    pub reused: usize,
    /// Time spent in the model.
    pub time: Duration,
    /// What the cache held of a path could not be used (a recurrent state, or a window that has moved on), so the whole path
    /// was decoded again.
    pub replayed: bool,
    /// The threads it was computed with at the end.
    pub threads: Threads,
    /// Of that time, what a server says its model took; None here, and where it is not told. Where several requests went out at
    /// once it is the longest of them.
    pub on_server: Option<Duration>,
    /// A path went to a server as text, and its tokens there are others.
    pub retokenised: bool,
}

/// How many threads compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Threads {
    /// As many compute now; 0 if unknown.
    pub present: u32,
    /// As many would be best on an idle machine, or were asked for.
    pub most: u32,
}

impl Threads {
    /// Why there are fewer than on an idle machine; None where there are not.
    #[must_use]
    pub fn note(self) -> Option<String> {
        let threads =
            if self.present == 1 { "1 thread".to_owned() } else { format!("{} threads", self.present) };
        (self.present < self.most).then(|| format!("{threads}: other programs keep the cores busy"))
    }
}

/// Why paths could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// A path has no token: a model needs at least one to predict the next.
    #[error("there is no token to start from: give a prompt")]
    Empty,
    /// A path does not fit the context.
    #[error("the context is full: {tokens} tokens do not fit into {context}")]
    ContextFull {
        /// Length of the path.
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
    /// A server did not answer, or not with what is needed; what it is and what to do, in a sentence.
    #[error("{0}")]
    Server(String),
}

/// One of the engines that live side by side, each with a thread and a model of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EngineId(pub u8);

impl EngineId {
    /// The one that is always there: its model writes the text.
    pub const MAIN: Self = Self(0);
    /// Its model drafts tokens for the main one.
    pub const DRAFT: Self = Self(1);
    /// The main model once more, decoding beside itself what it is compared with.
    pub const PLAIN: Self = Self(2);
    /// The one that a diffusion model has.
    pub const CANVAS: Self = Self(u8::MAX);
}

impl std::fmt::Display for EngineId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "engine {}", self.0)
    }
}

/// Evaluates paths: what comes after each token of them that is asked for.
pub trait Evaluator {
    /// The largest number of tokens a path can have.
    fn context_size(&self) -> usize;

    /// Evaluates what `request` names in as few batches as it allows and hands the logits of each row (one logit a vocabulary
    /// entry) to `sink`, those of a path in order. They come in batches, so that memory stays bounded however many rows there
    /// are. What earlier calls left in the KV cache is reused as far as no row is wanted from it. `proceed` is asked while
    /// the model is at work and ends the evaluation by `false`; it may take its time.
    fn evaluate(
        &mut self,
        request: &Request,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(RowId, Row<'_>),
    ) -> Result<Cost, EvaluateError>;

    /// What the KV cache holds.
    fn kv_use(&self) -> KvUse;

    /// Evaluates a pass that is measured, in a context of its own beside this one: what this one holds stays as it is. The
    /// contexts of the passes before are there as long as a pass names them. `sink` gets the last row alone.
    fn measure(
        &mut self,
        _pass: &Pass,
        _proceed: &mut dyn FnMut(Progress) -> bool,
        _sink: &mut dyn FnMut(&[f32]),
    ) -> Result<(Cost, KvUse), EvaluateError> {
        Err(EvaluateError::Server(
            "a model on a server cannot be measured here: there is no second context".into(),
        ))
    }

    /// Has the LoRA adapters of the model count so strongly from now on, in their order. What was evaluated before is forgotten.
    fn adapt(&mut self, _scales: &[LoraScale]) {}

    /// Gives up the contexts that [`Evaluator::measure`] has made.
    fn end_measuring(&mut self) {}
}

/// What the KV cache holds now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KvUse {
    /// Caches the paths lie in: one for each path, or a single one for all.
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
    /// Cells of all caches together, used or not.
    pub room: usize,
    /// Bytes of the cells in use (computed: what a token takes, times cells).
    pub used_bytes: usize,
    /// Bytes that llama.cpp has set aside for all caches (as its log tells, else computed).
    pub allocated_bytes: usize,
}
