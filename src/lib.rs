//! logitscope: see every token a language model could have said.
//!
//! The modules follow the words of decoding; ARCHITECTURE.md draws how data flows between them.

pub mod keymap;
pub mod sampling;
pub mod theme;
pub mod token;
pub mod toml_source;
pub mod ui;
