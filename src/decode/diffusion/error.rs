//! Why a canvas cannot be written.

use crate::{engine::CanvasError, sampling::ChainError, token::Token};

/// Why a canvas cannot be begun, read or changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DiffusionError {
    /// Nothing is masked.
    #[error(
        "there is nothing to write: the canvas has no masked position; give it a length beyond the prompt, or gaps (___)"
    )]
    NothingMasked,
    /// The prompt fills the canvas.
    #[error(
        "the prompt has {prompt} tokens and the canvas {length} positions: raise --diffusion-length, or shorten the prompt"
    )]
    PromptTooLong {
        /// Tokens of the prompt.
        prompt: usize,
        /// Positions of the canvas.
        length: usize,
    },
    /// The canvas is longer than the evaluator's.
    #[error(transparent)]
    Canvas(#[from] CanvasError),
    /// The sampler chain cannot be built.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A setting has no meaning where positions open in any order.
    #[error("{setting} follows a text from left to right, and a canvas has no such order: leave it out")]
    Setting {
        /// The setting, as its flag.
        setting: &'static str,
    },
    /// The model computed something that is no distribution.
    #[error(
        "for position {position} the model gave {count} logits that are not numbers (NaN or ∞): the file or the backend is broken"
    )]
    NonFinite {
        /// The position.
        position: usize,
        /// How many logits.
        count: usize,
    },
    /// Bans leave no token.
    #[error(
        "no token is left for position {position}: bans and biases take every one; take some of them back"
    )]
    NothingLeft {
        /// The position.
        position: usize,
    },
    /// A given word cannot be changed.
    #[error(
        "position {position} is given and stays: only positions that were masked can be opened or masked"
    )]
    Given {
        /// The position.
        position: usize,
    },
    /// There is no such position.
    #[error("there is no position {position}: the canvas has {positions}")]
    NoPosition {
        /// The position.
        position: usize,
        /// Positions of the canvas.
        positions: usize,
    },
    /// A token that cannot be written.
    #[error("token {token} cannot be written: it is the mask, or not in the vocabulary")]
    NoWord {
        /// The token.
        token: Token,
    },
}
