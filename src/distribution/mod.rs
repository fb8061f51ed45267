//! Logits → probabilities, entropy, rank, top candidates. Pure numbers, nothing of llama.cpp.

mod exp;
mod softmax;
mod summary;
mod top;
mod typed;

pub use softmax::{Softmax, SoftmaxRow};
pub use summary::Summary;
pub use top::{Candidate, by_rank};
pub use typed::{TypedError, TypedLogit};
