//! llama.cpp's context, and its callbacks. The only unsafe code of the program.
//!
//! The binding has a context of its own, but that one cannot be interrupted while it computes, and its number of threads
//! cannot be changed.
#![expect(unsafe_code, reason = "llama.cpp is a C library")]

mod abort;
mod adapter;
mod batch;
mod context;
mod thread_pool;

pub(super) use abort::catch_aborts;
pub(super) use adapter::Adapter;
pub(super) use batch::Batch;
pub(super) use context::{Context, ContextSize, DecodeError, flash};
