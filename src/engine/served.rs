//! What a model on a server has that one here has not.

use crate::{chat::Message, token::Token};

/// What is known of a server and of the model on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerInfo {
    /// What it is called: `llama-server`, `vLLM`.
    pub kind: &'static str,
    /// Its address, which holds no key.
    pub address: String,
    /// The model's name there, if it has one.
    pub model: Option<String>,
    /// Tokens of context that the model was trained with; 0 where that is not told.
    pub trained_context: usize,
    /// Parameters of the model, where that is told.
    pub parameters: Option<u64>,
    /// Requests that are under way at the same time at most.
    pub parallel: usize,
    /// Likeliest tokens that are asked for; as many as the vocabulary has is all.
    pub candidates: usize,
    /// Whether it says how long the model took.
    pub tells_time: bool,
    /// What a person should know of what it can and cannot do, each a sentence.
    pub notes: Vec<String>,
}

/// Makes tokens of texts where llama.cpp's own vocabulary is not at hand.
pub trait Tokenizer: Send + Sync {
    /// The tokens of a text: with `add` those at its ends that a prompt gets, with `special` those that it spells are
    /// recognised.
    ///
    /// # Errors
    ///
    /// A server did not answer; why, in a sentence.
    fn tokens(&self, text: &str, add: bool, special: bool) -> Result<Vec<Token>, String>;
}

/// Writes conversations where no template is at hand.
pub trait ServedFormat: Send + Sync {
    /// The prompt for these messages, up to where the answer begins.
    ///
    /// # Errors
    ///
    /// A server did not answer, or cannot write them; why, in a sentence.
    fn render(&self, messages: &[Message]) -> Result<String, String>;
}
