//! The perplexity of a text that is at hand.

use super::{ScoreError, Totals, Windows, score};
use crate::{
    engine::{Evaluator, Progress, Vocabulary},
    token::Token,
};

/// What `tokens` from number `counted` on come to under a model that chooses one token after the other. None where there is no
/// token to count, or `proceed` ended it.
pub fn perplexity(
    evaluator: &mut dyn Evaluator,
    vocabulary: &Vocabulary,
    tokens: &[Token],
    counted: usize,
    proceed: &mut dyn FnMut(Progress) -> bool,
) -> Result<Option<Totals>, ScoreError> {
    let Ok(mut windows) = Windows::Whole.of(tokens.len(), evaluator.context_size()) else { return Ok(None) };
    for window in &mut windows {
        window.counted = window.counted.max(counted);
    }
    let scores =
        score(evaluator, vocabulary, tokens, &windows, (1, 0), proceed, &mut |_| Ok::<(), String>(()))?;
    Ok((scores.complete && scores.totals.counted > 0).then_some(scores.totals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scripted::Scripted;

    #[test]
    fn what_is_given_does_not_count() {
        // After `a` comes `b` with ½, after `b` comes `a` with ¼.
        let mut script =
            Scripted::new(&["a", "b", "c"], &[], 16).rule("a", &[("b", 0.5)]).rule("b", &[("a", 0.25)]);
        let vocabulary = script.vocabulary();
        let tokens = vocabulary.tokenize("abab");
        let mut of = |counted| {
            perplexity(&mut script, &vocabulary, &tokens, counted, &mut |_| true)
                .expect("it fits")
                .map(|totals| (totals.counted, totals.bits))
        };
        let (all, last) = (of(0).expect("three"), of(3).expect("one"));
        assert_eq!((all.0, last.0), (3, 1));
        assert!((all.1 - 4.0).abs() < 1e-5 && (last.1 - 1.0).abs() < 1e-5, "{all:?} {last:?}");
        assert_eq!(of(4), None);
    }
}
