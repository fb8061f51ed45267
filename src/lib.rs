//! logitscope: see every token a language model could have said.
//!
//! The modules follow the words of decoding; ARCHITECTURE.md draws how data flows between them.

pub mod decode;
pub mod distribution;
pub mod engine;
pub mod runtime;
pub mod sampling;
pub mod text;
pub mod token;
pub mod tree;
