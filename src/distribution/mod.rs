//! Logits → probabilities, entropy, rank, top candidates. Pure numbers, nothing of llama.cpp.

mod exp;
mod summary;
mod top;

pub use summary::Summary;
pub use top::{Candidate, by_rank};
