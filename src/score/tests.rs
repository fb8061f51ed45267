//! Scores by hand on a script, and windows of all sizes.

use proptest::prelude::*;

use super::*;
use crate::engine::{Progress, scripted::Scripted};

/// After `a` comes `b` with a half and `c` with an eighth; after all else every token is as likely.
fn script(context: usize) -> Scripted {
    Scripted::new(&["a", "b", "c", "d"], &["d"], context).rule("a", &[("b", 0.5), ("c", 0.125)])
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6, "{a} is not {b}");
}

/// Index, token, probability, whether it counts, and the likeliest token there.
type Row = (usize, u32, f64, bool, u32);

fn scored(text: &str, windows: Windows, context: usize) -> Result<(Vec<Row>, Totals), ScoreError> {
    let mut script = script(context);
    let vocabulary = script.vocabulary();
    let tokens = vocabulary.tokenize(text);
    let windows = windows.of(tokens.len(), context).expect("it can be cut");
    let mut rows = Vec::new();
    let scores = score(&mut script, &vocabulary, &tokens, &windows, (2, 2), &mut |_| true, &mut |scored| {
        let likeliest = scored.summary.top[0].token.0;
        rows.push((scored.index, scored.token.0, scored.step.p_raw, scored.counted, likeliest));
        Ok(())
    })?;
    assert!(scores.complete);
    Ok((rows, scores.totals))
}

#[test]
fn a_text_by_hand() {
    let (rows, totals) = scored("abac", Windows::Whole, 8).expect("scored");
    let expected = [(1, 1, 0.5, true, 1), (2, 0, 0.25, true, 0), (3, 2, 0.125, true, 1)];
    assert_eq!(rows.len(), 3);
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!((row.0, row.1, row.3, row.4), (expected.0, expected.1, expected.3, expected.4));
        close(row.2, expected.2);
    }
    // 1 + 2 + 3 bits over three tokens of one byte.
    assert_eq!((totals.counted, totals.bytes), (3, 3));
    close(totals.bits, 6.0);
    close(totals.bits_per_byte().expect("bytes"), 2.0);
    close(totals.perplexity().expect("tokens"), 4.0);
    // Variance 14/3 − 4 = 2/3 bits², over 2, as nats, times the perplexity.
    let error = (1.0_f64 / 3.0).sqrt() * std::f64::consts::LN_2 * 4.0;
    close(totals.perplexity_error().expect("three"), error);
    let surprises: Vec<_> = totals.surprises().iter().map(|surprise| surprise.index).collect();
    assert_eq!(surprises, [3, 2], "the list has room for two");
}

#[test]
fn nothing_counted_is_no_number() {
    let totals = Totals::new(3);
    assert_eq!((totals.perplexity(), totals.bits_per_byte(), totals.perplexity_error()), (None, None, None));
}

#[test]
fn chunks_count_their_second_half() {
    let windows = Windows::Chunks(4).of(11, 8).expect("two chunks");
    let expected = [
        Window { start: 0, end: 4, scored: 1, counted: 3 },
        Window { start: 4, end: 8, scored: 5, counted: 7 },
    ];
    assert_eq!(windows, expected);
    let (rows, totals) = scored("abababababa", Windows::Chunks(4), 8).expect("scored");
    let counted: Vec<_> = rows.iter().filter(|row| row.3).map(|row| row.0).collect();
    assert_eq!(counted, [3, 7]);
    assert_eq!((rows.len(), totals.counted), (6, 2));
    close(totals.perplexity().expect("two"), 2.0);
}

#[test]
fn a_long_text_goes_through_in_windows_that_overlap_by_half() {
    let windows = Windows::Whole.of(11, 4).expect("it can be cut");
    let ends: Vec<_> = windows.iter().map(|w| (w.start, w.end, w.scored)).collect();
    assert_eq!(ends, [(0, 4, 1), (2, 6, 4), (4, 8, 6), (6, 10, 8), (7, 11, 10)]);
    // What a script says depends on the last token alone: the windows change nothing.
    let rows = |context| scored("abacabacaba", Windows::Whole, context).expect("scored").0;
    assert_eq!(rows(4), rows(32));
}

#[test]
fn what_cannot_be_cut_is_said() {
    let refused =
        |windows: Windows, tokens, context| windows.of(tokens, context).expect_err("refused").to_string();
    assert!(refused(Windows::Whole, 1, 8).starts_with("there are too few tokens to score (1)"));
    assert!(refused(Windows::Chunks(8), 7, 8).starts_with("the text has 7 tokens, fewer than a chunk of 8"));
    assert!(refused(Windows::Chunks(9), 99, 8).contains("does not fit into a context of 8"));
}

#[test]
fn broken_logits_and_cancelling_end_it() {
    let mut script = script(8).rule("b", &[("a", f32::INFINITY)]);
    let vocabulary = script.vocabulary();
    let tokens = vocabulary.tokenize("aba");
    let windows = Windows::Whole.of(3, 8).expect("it can be cut");
    let mut run = |proceed: &mut dyn FnMut(Progress) -> bool| {
        score(&mut script, &vocabulary, &tokens, &windows, (1, 1), proceed, &mut |_| Ok(()))
            .map(|scores| (scores.totals.counted, scores.complete))
    };
    let error = run(&mut |_| true).expect_err("infinite");
    assert!(matches!(error, ScoreError::NonFinite { index: 2, .. }), "{error}");
    assert_eq!(run(&mut |progress| progress.done < 1), Ok((1, false)), "what was scored before is told");
}

#[test]
fn what_the_output_says_ends_it() {
    let mut script = script(8);
    let vocabulary = script.vocabulary();
    let tokens = vocabulary.tokenize("abab");
    let windows = Windows::Whole.of(4, 8).expect("it can be cut");
    let mut seen = 0;
    let result = score(&mut script, &vocabulary, &tokens, &windows, (1, 1), &mut |_| true, &mut |_| {
        seen += 1;
        Err("full".to_owned())
    });
    assert_eq!((result.expect_err("failed").to_string(), seen), ("full".to_owned(), 1));
}

proptest! {
    #[test]
    fn every_token_but_the_first_is_scored_once(tokens in 2_usize..400, context in 2_usize..120) {
        let windows = Windows::Whole.of(tokens, context).expect("it can be cut");
        let mut next = 1;
        for window in windows {
            prop_assert!(window.end - window.start <= context && window.end <= tokens);
            prop_assert!(window.start < window.scored && window.scored == next && window.counted == next);
            prop_assert!(next == 1 || window.scored - window.start >= context / 2, "little context: {window:?}");
            next = window.end;
        }
        prop_assert_eq!(next, tokens);
    }

    #[test]
    fn chunks_lie_side_by_side(tokens in 4_usize..400, chunk in 4_usize..100) {
        prop_assume!(tokens >= chunk);
        let windows = Windows::Chunks(chunk).of(tokens, chunk).expect("it can be cut");
        prop_assert_eq!(windows.len(), tokens / chunk);
        for (index, window) in windows.iter().enumerate() {
            prop_assert_eq!((window.start, window.end), (index * chunk, (index + 1) * chunk));
            prop_assert_eq!(window.end - window.counted, chunk - chunk / 2 - 1);
        }
    }
}

#[test]
fn of_a_token_that_the_server_has_not_named_nothing_is_made_up() {
    let mut script = script(8).naming(1, 1);
    let vocabulary = script.vocabulary();
    let tokens = vocabulary.tokenize("abac");
    let windows = Windows::Whole.of(tokens.len(), 8).expect("it can be cut");
    let mut steps = Vec::new();
    let scores = score(&mut script, &vocabulary, &tokens, &windows, (2, 3), &mut |_| true, &mut |scored| {
        steps.push(scored.step);
        Ok(())
    });
    let totals = scores.expect("scored").totals;
    // b is named after a, a after b; c is not.
    close(steps[0].p_raw, 0.5);
    close(steps[1].p_raw, 0.25);
    assert!(steps[2].p_raw.is_nan() && steps[2].surprisal_bits.is_nan());
    assert_eq!((steps[2].rank.at(), steps[2].rank.at_best()), (None, 2));
    assert_eq!((totals.counted, totals.unknown), (3, 1));
    assert_eq!((totals.perplexity(), totals.bits_per_byte()), (None, None));
    assert_eq!(totals.surprises()[0].index, 3, "what nobody knows may be the most surprising");
}
