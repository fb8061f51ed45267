//! The prompt, and those before it.

use crate::{
    chat::Conversation,
    engine::{PromptText, worker::Ticket},
};

/// The prompt, and those before it.
pub(crate) struct Prompting {
    /// The prompt.
    pub(crate) text: PromptText,
    /// Earlier prompts, newest last.
    pub(crate) history: Vec<String>,
    /// Whether it is shown how likely the prompt's tokens are.
    pub(crate) scored: bool,
    /// What was said so far, where the chat template was put around the prompt; the answer that is being given is the text.
    pub(crate) conversation: Option<Conversation>,
    /// Its tokens are asked for.
    pub(crate) ticket: Option<Ticket>,
}
