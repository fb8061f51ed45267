//! A text through the model, token by token.

use super::{Surprise, Totals, Window};
use crate::{
    distribution::Summary,
    engine::{EvaluateError, Evaluator, Progress, Request, Row, RowId, Rows, Vocabulary},
    token::Token,
    tree::Step,
};

/// A token of a given text, and the distribution before it.
#[derive(Clone, Copy, Debug)]
pub struct ScoredToken<'a> {
    /// Its index in the text.
    pub index: usize,
    /// The token.
    pub token: Token,
    /// How likely it was.
    pub step: Step,
    /// Whether it counts towards the totals.
    pub counted: bool,
    /// What the model expected.
    pub summary: &'a Summary,
}

/// Why a text could not be scored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// The model could not be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The model returned logits that are not numbers.
    #[error(
        "before token {index} of the text the model gave {count} logits that are not numbers (NaN or ∞): the file or the \
         backend is broken"
    )]
    NonFinite {
        /// The token's index.
        index: usize,
        /// How many logits.
        count: usize,
    },
    /// What was to be done with a token failed.
    #[error("{0}")]
    Output(String),
}

/// The result of scoring.
#[derive(Clone, Debug)]
pub struct Scores {
    /// Sums over the tokens that count, as far as it went.
    pub totals: Totals,
    /// Whether it went through the whole text: `proceed` can end it earlier.
    pub complete: bool,
}

/// Sends the windows of `tokens` through the model and hands each token that is scored to `on`, in order, with the `top`
/// likeliest candidates before it; what it returns as an error ends the scoring. `surprises` tokens are kept in the
/// totals' list.
///
/// Where a window does not begin with the text and the vocabulary puts a begin token first, that token takes the place of
/// the window's first, as in `llama-perplexity`.
pub fn score(
    evaluator: &mut dyn Evaluator,
    vocabulary: &Vocabulary,
    tokens: &[Token],
    windows: &[Window],
    (top, surprises): (usize, usize),
    proceed: &mut dyn FnMut(Progress) -> bool,
    on: &mut dyn FnMut(&ScoredToken<'_>) -> Result<(), String>,
) -> Result<Scores, ScoreError> {
    let mut totals = Totals::new(surprises);
    let begin = vocabulary.bos().filter(|_| vocabulary.adds_bos());
    let total = windows.iter().map(|window| window.end - window.start).sum();
    let mut done = 0;
    for window in windows {
        let mut path = tokens[window.start..window.end].to_vec();
        if let Some(begin) = begin {
            path[0] = begin;
        }
        let mut failed = None;
        let mut sink = |id: RowId, row: Row<'_>| {
            let index = window.start + id.position + 1;
            // The distribution after the last token is that of one the window does not have.
            let Some(&token) = tokens.get(index).filter(|_| index < window.end && failed.is_none()) else {
                return;
            };
            let summary = Summary::of_row(row, top.max(1), vocabulary.eog());
            if summary.non_finite > 0 {
                failed = Some(ScoreError::NonFinite { index, count: summary.non_finite });
                return;
            }
            let step = Step::of(token, &summary, row.logits, vocabulary.eog());
            let counted = index >= window.counted;
            if counted {
                totals.add(Surprise { index, token, step }, vocabulary.piece(token).len());
            }
            let scored = ScoredToken { index, token, step, counted, summary: &summary };
            failed = on(&scored).err().map(ScoreError::Output);
        };
        let mut told = |progress: Progress| proceed(Progress { done: done + progress.done, total });
        let from = window.scored - window.start - 1;
        let rows = vec![Rows { tokens: path.into(), from }];
        let request = Request { rows, fresh: true, ..Request::default() };
        let result = evaluator.evaluate(&request, &mut told, &mut sink);
        match (failed, result) {
            (Some(error), _) => return Err(error),
            (None, Err(EvaluateError::Cancelled)) => return Ok(Scores { totals, complete: false }),
            (None, result) => result?,
        };
        done += window.end - window.start;
    }
    Ok(Scores { totals, complete: true })
}
