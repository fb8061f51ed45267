//! Foreign bytes in, text that is safe to print out.
//!
//! Token bytes, file names, GGUF metadata, chat templates, error bodies and log lines were written by somebody else and
//! may hold anything: escape sequences, text that runs backwards, invisible letters, half a character. [`Shown`] is the
//! one way from there to a cell, a title, a log line or an export. [`TokenText`] does the same for the tokens of one
//! path, where a character may span several tokens, and [`Utf8Stream`] turns token bytes into plain text for programs
//! (JSON, standard output).

pub mod amounts;
mod danger;
mod decode;
mod shown;
mod token_text;
mod utf8_stream;
mod writer;

pub use amounts::bytes;
pub use decode::{NotText, decode, decode_data, without_mark};
pub use shown::{Shown, Spaces};
pub use token_text::TokenText;
pub use utf8_stream::Utf8Stream;
