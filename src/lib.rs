//! logitscope: see every token a language model could have said.
//!
//! The modules follow the words of decoding; ARCHITECTURE.md draws how data flows between them.

pub mod app;
pub mod chat;
pub mod cli;
pub mod config;
pub mod cost;
pub mod decode;
pub mod distribution;
pub mod engine;
pub mod fetch;
pub mod gguf;
pub mod handout;
pub mod headless;
pub mod keymap;
mod layer;
pub mod lesson;
pub mod models;
pub mod picture;
pub mod remote;
pub mod runtime;
pub mod sampling;
pub mod score;
pub mod settings;
pub mod text;
pub mod theme;
pub mod token;
pub mod toml_source;
pub mod tree;
pub mod ui;
