//! logitscope: see every token a language model could have said.
//!
//! The modules follow the words of decoding; ARCHITECTURE.md draws how data flows between them.

pub mod gguf;
pub mod sampling;
pub mod token;
