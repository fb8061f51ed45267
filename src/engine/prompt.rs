//! From the text a user gives to the tokens a model gets.

use super::{ChatFormat, Vocabulary};
use crate::{
    chat::{ChatError, Message, Note, Rendered},
    token::Token,
};

/// A text to start from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptText {
    /// The text; with `chat` the user's message.
    pub text: String,
    /// Whether the model's chat template is put around it.
    pub chat: bool,
    /// The system message, for the chat template.
    pub system: Option<String>,
}

/// A prompt, ready for the model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prepared {
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// What a user should know about how it was made.
    pub notes: Vec<Note>,
}

/// Why a prompt could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromptTextError {
    /// `--chat` with a model that has no chat template.
    #[error(
        "the model has no chat template: leave out --chat to complete the text as it is, or give a template with \
         --chat-template NAME (such as chatml) or --chat-template-file FILE"
    )]
    NoTemplate,
    /// The template failed.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// Tokens are made on a server, which did not answer; why, in a sentence.
    #[error("{0}")]
    Server(String),
}

impl PromptText {
    /// The tokens: special tokens at the start as the model wants them, and special tokens in the
    /// text (or in what the template writes) recognised as such, as llama.cpp's tools do. What a user should know about
    /// them goes to the log.
    pub fn tokens(
        &self,
        chat: Option<&ChatFormat>,
        vocabulary: &Vocabulary,
    ) -> Result<Vec<Token>, PromptTextError> {
        let Prepared { tokens, notes } = self.prepare(chat, vocabulary)?;
        for note in notes {
            tracing::warn!("{note}");
        }
        Ok(tokens)
    }

    /// [`tokens`](Self::tokens), with what a user should know about them.
    pub fn prepare(
        &self,
        chat: Option<&ChatFormat>,
        vocabulary: &Vocabulary,
    ) -> Result<Prepared, PromptTextError> {
        let Rendered { text, notes } = self.rendered(chat)?;
        let tokens = vocabulary.try_tokenize(&text).map_err(PromptTextError::Server)?;
        Ok(Prepared { tokens, notes })
    }

    /// The text that becomes tokens: with `chat` what the template makes of it.
    pub fn rendered(&self, chat: Option<&ChatFormat>) -> Result<Rendered, PromptTextError> {
        if !self.chat {
            return Ok(Rendered { text: self.text.clone(), notes: Vec::new() });
        }
        let chat = chat.ok_or(PromptTextError::NoTemplate)?;
        Ok(chat.render(&Message::opening(self.system.as_deref(), &self.text))?)
    }
}
