//! Scoring a given text: how likely the model finds each token of it, and what that comes to.

mod perplexity;
mod scored;
#[cfg(test)]
mod tests;
mod totals;
mod windows;

pub use perplexity::perplexity;
pub use scored::{ScoreError, ScoredToken, Scores, score};
pub use totals::{Surprise, Totals};
pub use windows::{Window, Windows, WindowsError};
