//! From the text a user gives to the tokens a model gets.

use super::Vocabulary;
use crate::{
    chat::{Chat, ChatError, without_bos},
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

/// Why a prompt could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromptTextError {
    /// `--chat` with a model that has no chat template.
    #[error("the model has no chat template: leave out --chat to complete the text as it is")]
    NoTemplate,
    /// The template failed.
    #[error(transparent)]
    Chat(#[from] ChatError),
}

impl PromptText {
    /// The tokens: special tokens at the start as the model wants them, and special tokens in the
    /// text (or in what the template writes) recognised as such, as llama.cpp's tools do.
    pub fn tokens(
        &self,
        template: Option<&str>,
        vocabulary: &Vocabulary,
    ) -> Result<Vec<Token>, PromptTextError> {
        if !self.chat {
            return Ok(vocabulary.tokenize(&self.text));
        }
        let (bos, eos) = (vocabulary.bos_text(), vocabulary.eos_text());
        let rendered = Chat {
            template: template.ok_or(PromptTextError::NoTemplate)?,
            bos: &bos,
            eos: &eos,
            system: self.system.as_deref(),
            user: &self.text,
        }
        .render()?;
        let rendered = if vocabulary.adds_bos() { without_bos(&rendered, &bos) } else { &rendered };
        Ok(vocabulary.tokenize(rendered))
    }
}
