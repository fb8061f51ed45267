//! Distributions of which only the likeliest tokens are known, against the whole ones they are cut from.

use proptest::prelude::*;

use super::*;
use crate::token::Token;

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6, "{a} is not {b}");
}

/// 1/2, 1/4, 1/8, 1/16 and four times 1/64.
fn halves() -> Vec<f32> {
    [0.5_f32, 0.25, 0.125, 0.0625, 1.0 / 64.0, 1.0 / 64.0, 1.0 / 64.0, 1.0 / 64.0].map(f32::ln).to_vec()
}

fn partial(logits: &[f32], k: usize, eog: &[Token]) -> (Summary, Vec<f32>) {
    let (known, tail) = cut(logits, k);
    (Summary::of_row(Row { logits: &known, tail: Some(tail) }, 256, eog), known)
}

#[test]
fn two_of_eight_by_hand() {
    let (s, known) = partial(&halves(), 2, &[Token(4)]);
    let tail = s.tail.expect("a tail");
    assert_eq!((tail.known, s.n_vocab, s.top.len()), (2, 8, 2));
    close(tail.mass, 0.25);
    close(tail.bound, 0.25);
    close(s.log_sum_exp, 0.0);
    close(s.top_probability(), 0.5);
    close(s.probability(known[1]), 0.25);
    close(s.surprisal_bits(known[1]), 2.0);
    // 1/2 · 1 + 1/4 · 2, and a quarter in one token (2 bits) or evenly in six (log₂ 24).
    close(s.entropy_bits.low, 1.0 + 0.5);
    close(s.entropy_bits.high, 1.0 + 0.25 * 24_f64.log2());
    assert_eq!(s.end, Some((Token(4), Rank::Beyond(2))));
    assert_eq!((s.rank(Token(1), &known), s.rank(Token(7), &known)), (Rank::At(2), Rank::Beyond(2)));
    assert!(s.probability(known[4]).is_nan() && s.surprisal_bits(known[4]).is_nan());
}

#[test]
fn end_tokens_that_were_not_named_have_a_probability_within_bounds() {
    let (s, known) = partial(&halves(), 3, &[]);
    let p = s.probability_of(&[Token(1), Token(5)], &known);
    close(p.low, 0.25);
    // One more token, of an eighth at most.
    close(p.high, 0.375);
    let all: Vec<Token> = (0..8).map(Token).collect();
    close(s.probability_of(&all, &known).high, 1.0);
    assert!(s.probability_of(&[Token(0)], &known).exact().is_some());
}

#[test]
fn a_token_that_was_named_besides_the_likeliest_has_a_probability_and_no_rank() {
    let (mut known, mut tail) = cut(&halves(), 2);
    known[5] = (1.0_f32 / 64.0).ln();
    (tail.known, tail.mass) = (3, 0.25 - 1.0 / 64.0);
    let s = Summary::of_row(Row { logits: &known, tail: Some(tail) }, 256, &[Token(5)]);
    close(s.probability(known[5]), 1.0 / 64.0);
    assert_eq!(s.rank(Token(5), &known), Rank::Beyond(2));
    assert_eq!((s.end, s.top.len()), (Some((Token(5), Rank::Beyond(2))), 2));
}

proptest! {
    #[test]
    fn what_is_known_is_exact_and_the_rest_within_bounds(
        logits in prop::collection::vec(-12.0_f32..12.0, 2..400),
        k in 1_usize..80,
        eog in 0_u32..400,
    ) {
        let k = k.min(logits.len() - 1);
        let eog = [Token(eog % logits.len() as u32)];
        let whole = Summary::with_end(&logits, 256, &eog);
        let (s, known) = partial(&logits, k, &eog);
        let truth = whole.entropy_bits.low;
        prop_assert!(s.entropy_bits.low <= truth + 1e-4, "{:?}, {truth}", s.entropy_bits);
        prop_assert!(s.entropy_bits.high >= truth - 1e-4, "{:?}, {truth}", s.entropy_bits);
        prop_assert_eq!(s.top.len(), k);
        for (ours, theirs) in s.top.iter().zip(&whole.top) {
            prop_assert_eq!(ours.token, theirs.token);
            prop_assert!((s.probability(ours.logit) - whole.probability(theirs.logit)).abs() < 1e-5);
        }
        for (id, &logit) in (0..).zip(&logits) {
            let rank = s.rank(Token(id), &known);
            let truth = whole.rank(Token(id), &logits).at_best();
            prop_assert!(rank.at().is_none_or(|rank| rank == truth));
            prop_assert!(rank.at_best() <= truth);
            prop_assert_eq!(rank.at().is_some(), known[id as usize] > f32::NEG_INFINITY);
            prop_assert!(s.tail.is_some_and(|tail| rank.at().is_some() || whole.probability(logit) <= tail.bound + 1e-6));
        }
        let (p, truth) = (s.probability_of(&eog, &known), whole.probability_of(&eog, &logits).low);
        prop_assert!(p.low <= truth + 1e-5 && truth <= p.high + 1e-5);
    }
}
