//! Logits → probabilities, entropy, rank, top candidates. Pure numbers, nothing of llama.cpp.

mod exp;
#[cfg(test)]
mod partial_tests;
mod softmax;
mod summary;
mod tail;
mod top;
mod typed;

pub use softmax::{Softmax, SoftmaxRow};
pub use summary::Summary;
pub use tail::{Bounds, Rank, Row, Tail, cut};
pub use top::{Candidate, by_rank};
pub use typed::{TypedError, TypedLogit};
