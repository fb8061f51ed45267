//! The evaluator behind which llama.cpp stands, and how a model gets loaded.
//!
//! This is the only module that knows llama.cpp's context, and `ffi` the only one with `unsafe`.

mod cache;
mod canvas;
mod embedded;
mod evaluator;
mod ffi;
mod layout;
mod load;
pub mod log;
mod threads;

pub use cache::{KvLayout, SequenceCache};
pub use canvas::{CanvasOpenError, LlamaCanvas};
pub use evaluator::LlamaEvaluator;
pub use ffi::{AbortPolicy, on_abort};
pub use layout::{CacheLayout, padded_context};
pub use load::{LoadError, LoadedModel, ModelInfo, check, check_diffusion, load, load_diffusion};
pub use threads::default_threads;
