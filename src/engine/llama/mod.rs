//! The evaluator behind which llama.cpp stands, and how a model gets loaded.
//!
//! This is the only module that knows llama.cpp's context, and `ffi` the only one with `unsafe`.

pub(in crate::engine) mod abort;
mod adapters;
mod cache;
mod canvas;
mod embedded;
mod evaluator;
mod ffi;
mod layout;
mod links;
mod load;
pub mod log;
mod machine;
mod paths;
mod progress;
mod source;
mod threads;
mod vocabulary_only;

pub use abort::exit_on_abort;
pub use cache::{KvLayout, SequenceCache, Wanted};
pub use canvas::{CanvasOpenError, LlamaCanvas};
pub use evaluator::LlamaEvaluator;
pub use layout::{CacheLayout, padded_context};
pub use load::{LoadError, LoadedModel, ModelInfo, check, check_diffusion, load, load_diffusion, load_draft};
pub use machine::{Memory, memory};
pub use source::LlamaSource;
pub use threads::default_threads;
pub use vocabulary_only::{OnlyVocabulary, load_vocabulary, load_vocabulary_bytes};
