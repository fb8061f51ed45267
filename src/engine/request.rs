//! What an evaluator is asked for.

use std::sync::Arc;

use super::EvaluateError;
use crate::token::Token;

/// A path, and after which of its tokens the logits are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The path from its first token on, at least one.
    pub tokens: Arc<[Token]>,
    /// Logits are wanted after the token at this position and after each later one; 0 is the first. With the path's length or
    /// more none are: the path is only read.
    pub from: usize,
}

impl Rows {
    /// What comes after the whole path.
    #[must_use]
    pub fn last(tokens: Arc<[Token]>) -> Self {
        let from = tokens.len().saturating_sub(1);
        Self { tokens, from }
    }

    /// How many rows of logits these are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.tokens.len().saturating_sub(self.from)
    }
}

/// What is to be evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// How many tokens of the paths are a prompt, so that each is evaluated as in a run by itself: the prompt as a whole, never
    /// from the middle of another one's, and (unless paths are decoded together) every token after it alone.
    ///
    /// With None whatever is missing of a path goes through the model at once: proposed tokens are verified in one batch, and
    /// a proposal that the next request leaves is given up.
    pub prompt: Option<usize>,
    /// The paths.
    pub rows: Vec<Rows>,
    /// What the KV cache holds is forgotten first: another text begins, and lies as the first one did.
    pub fresh: bool,
    /// How many of the likeliest tokens are wanted of a model that does not tell all; None for as many as were set. llama.cpp
    /// here tells all.
    pub candidates: Option<usize>,
}

impl Request {
    /// What comes after each of these paths, whose first `prompt` tokens are a prompt.
    #[must_use]
    pub fn after(paths: impl IntoIterator<Item = Arc<[Token]>>, prompt: Option<usize>) -> Self {
        Self { prompt, rows: paths.into_iter().map(Rows::last).collect(), fresh: false, candidates: None }
    }

    /// Tokens of all paths.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.rows.iter().map(|rows| rows.tokens.len()).sum()
    }

    /// Whether every path has a token and fits into `context`.
    pub fn check(&self, context: usize) -> Result<(), EvaluateError> {
        for rows in &self.rows {
            match rows.tokens.len() {
                0 => return Err(EvaluateError::Empty),
                tokens if tokens > context => return Err(EvaluateError::ContextFull { tokens, context }),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Which logits these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId {
    /// The path's index in the request.
    pub path: usize,
    /// The position of the token that they come after.
    pub position: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(count: u32) -> Arc<[Token]> {
        (0..count).map(Token).collect()
    }

    #[test]
    fn the_last_row_is_one_and_of_a_path_that_is_only_read_there_is_none() {
        assert_eq!((Rows::last(tokens(5)).from, Rows::last(tokens(5)).count()), (4, 1));
        assert_eq!(Rows { tokens: tokens(5), from: 2 }.count(), 3);
        assert_eq!(Rows { tokens: tokens(5), from: 5 }.count(), 0);
        assert_eq!(Rows { tokens: tokens(5), from: 9 }.count(), 0);
    }

    #[test]
    fn paths_without_a_token_or_too_long_are_refused() {
        let check = |lengths: &[u32]| Request::after(lengths.iter().map(|&n| tokens(n)), None).check(4);
        assert_eq!(check(&[1, 4]), Ok(()));
        assert_eq!(check(&[1, 0]), Err(EvaluateError::Empty));
        assert_eq!(check(&[1, 5]), Err(EvaluateError::ContextFull { tokens: 5, context: 4 }));
    }
}
