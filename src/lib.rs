//! logitscope: see every token a language model could have said.
//!
//! The modules follow the words of decoding; ARCHITECTURE.md draws how data flows between them.

pub mod chat;
pub mod cli;
pub mod config;
mod layer;
pub mod sampling;
pub mod settings;
pub mod token;
