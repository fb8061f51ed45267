//! A model's chat template, rendered: what the prompt looks like to the model in a conversation.
//!
//! The prompts are those of llama.cpp's own renderer (`--jinja`): minijinja is set up to read templates as that does,
//! what a template can take is found out in the same way, and what it cannot take is changed in the same way, and told
//! ([`Note`]). Where it differs from Hugging Face's transformers, llama.cpp holds: `enable_thinking` is true unless said
//! otherwise, `date_string` and `datetime` are there, `strftime_now` tells the local time, none prints nothing.
//!
//! A template comes with the model file and is not trusted: work, nesting and what is written are bounded.

mod caps;
mod clock;
mod conversation;
mod environment;
mod error;
mod filters;
mod json;
mod message;
mod number;
mod print;
mod probe;
mod source;
mod strings;
mod template;
#[cfg(test)]
mod tests;

pub use conversation::{Conversation, Difference, NextTurn};
pub use error::{ChatError, Place};
pub use message::{Content, Message, MessagesError, ToolCall};
pub use template::{Ends, Note, Rendered, Template};

/// The longest width a format may ask for; more is only good for taking memory.
const MAX_WIDTH: usize = 1000;

/// Bytes of text a template may write besides the messages, and the JSON of one value.
const MAX_TEXT: usize = 1 << 20;
