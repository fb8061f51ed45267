//! The evaluator behind which llama.cpp stands, and how a model gets loaded.
//!
//! This is the only module that knows llama.cpp's context, and `ffi` the only one with `unsafe`.

mod cache;
mod embedded;
mod evaluator;
mod ffi;
mod layout;
mod links;
mod load;
pub mod log;
mod threads;

pub use cache::{KvLayout, SequenceCache};
pub use evaluator::LlamaEvaluator;
pub use ffi::{AbortPolicy, on_abort};
pub use layout::{CacheLayout, padded_context};
pub use load::{LoadError, LoadedModel, ModelInfo, load};
pub use threads::default_threads;
