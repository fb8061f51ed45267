//! Models on a server: llama-server, vLLM, `SGLang`, Ollama, and whatever else has OpenAI's `/v1/completions` with
//! log-probabilities.
//!
//! A server is asked one thing: what comes after these tokens. It answers with log-probabilities of the likeliest tokens, K of
//! them, which are normalised over the whole vocabulary; so it is known how much the others have together, and not how it is
//! split ([`crate::engine::Tail`]). Sampling, penalties and all else happen here, as with a model in a file.
//!
//! What a server says is not trusted: numbers, lengths and ids are checked, answers are bounded, and nothing is made up where
//! something is missing.

mod address;
mod asking;
mod client;
mod error;
mod evaluator;
mod find_out;
mod gguf_vocabulary;
mod key;
mod kinds;
mod model;
mod pool;
mod protocol;
mod row;
mod source;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use self::{
    address::Address,
    client::Patience,
    error::RemoteError,
    evaluator::RemoteEvaluator,
    model::{RemoteModel, is_named, is_remote},
    source::ModelSource,
};
