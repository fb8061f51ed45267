//! Why a cursor cannot start or continue.

use super::Cursor;
use crate::{sampling::ChainError, tree::TreeFull};

/// Why a cursor cannot start or continue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// The prompt gives no token and the model has no begin token.
    #[error("the prompt is empty: a model needs at least one token to predict the next")]
    EmptyPrompt,
    /// The prompt leaves no room.
    #[error(
        "the prompt has {tokens} tokens, but a context of {context} has room for {}; \
         shorten it or set a larger context (-c)",
        context.saturating_sub(Cursor::SPARE_CELLS)
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
    /// The tree has no room for another node.
    #[error(transparent)]
    TreeFull(#[from] TreeFull),
    /// The model returned logits that are not numbers.
    #[error(
        "the model gave {count} logits that are not numbers (NaN or ∞): the file or the \
         backend is broken, and nothing can be sampled"
    )]
    NonFinite {
        /// How many.
        count: usize,
    },
    /// Bans, a grammar or penalties without measure exclude every token.
    #[error(
        "no token is left to draw: a grammar, choices, bans or extreme penalties exclude all of them; change them, mute them, or go back"
    )]
    NothingLeft,
}
