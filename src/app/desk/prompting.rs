//! The prompt, and those before it.

use crate::engine::{PromptText, worker::Ticket};

/// The prompt, and those before it.
pub(crate) struct Prompting {
    /// The prompt.
    pub(crate) text: PromptText,
    /// Earlier prompts, newest last.
    pub(crate) history: Vec<String>,
    /// Whether it is shown how likely the prompt's tokens are.
    pub(crate) scored: bool,
    /// Its tokens are asked for.
    pub(crate) ticket: Option<Ticket>,
}
