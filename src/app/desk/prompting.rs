//! The prompt, and those before it.

use crate::{
    chat::Conversation,
    engine::{PromptText, worker::Ticket},
};

/// The prompt, and those before it.
pub(crate) struct Prompting {
    /// The prompt.
    pub(in crate::app) text: PromptText,
    /// Earlier prompts, newest last.
    pub(in crate::app) history: Vec<String>,
    /// Whether it is shown how likely the prompt's tokens are.
    pub(in crate::app) scored: bool,
    /// What was said so far, where the chat template was put around the prompt; the answer that is being given is the text.
    pub(in crate::app) conversation: Option<Conversation>,
    /// Its tokens are asked for.
    pub(super) ticket: Option<Ticket>,
}

impl Prompting {
    /// The prompt at start, those before it, and whether its tokens are scored.
    pub(in crate::app) fn new(text: PromptText, history: Vec<String>, scored: bool) -> Self {
        Self { text, history, scored, conversation: None, ticket: None }
    }

    /// What its tokens are asked for with.
    pub(in crate::app) fn ticket(&self) -> Option<Ticket> {
        self.ticket
    }

    /// Whether the prompt's tokens are asked for.
    pub(in crate::app) fn awaits_tokens(&self) -> bool {
        self.ticket.is_some()
    }

    /// Whether these are the tokens that are waited for; they are not any more.
    pub(in crate::app) fn takes(&mut self, ticket: Ticket) -> bool {
        let own = self.ticket == Some(ticket);
        if own {
            self.ticket = None;
        }
        own
    }
}
