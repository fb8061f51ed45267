//! From what a server answers to a row of logits.

use super::protocol::Candidate;
use crate::engine::Tail;

/// How far log-probabilities may be from being normalised: servers add up in 32 bits.
const SLACK: f64 = 0.02;

/// What a server told of the tokens after a path, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Checked {
    /// The log-probabilities, one a vocabulary entry; −∞ where nothing was told.
    pub logits: Vec<f32>,
    /// What is known of the others; None where all were told.
    pub tail: Option<Tail>,
}

impl Checked {
    /// The same where the token that the server drew, of this log-probability, can be among the candidates besides the likeliest:
    /// if it is the least of them, others may be likelier than it, and the one before it is the bound.
    pub(super) fn with_drawn(mut self, drawn: f64) -> Self {
        let Some(tail) = &mut self.tail else { return self };
        let mut least = [f32::INFINITY; 2];
        for &logit in self.logits.iter().filter(|logit| **logit > f32::NEG_INFINITY) {
            if logit < least[0] {
                least = [logit, least[0]];
            } else if logit < least[1] {
                least[1] = logit;
            }
        }
        if (f64::from(least[0]) - drawn).abs() < 1e-3 && least[1].is_finite() {
            tail.bound = tail.bound.max(f64::from(least[1]).exp());
        }
        self
    }
}

/// Checks candidates over a vocabulary of `n_vocab` tokens and lays them out. `unnamed` is the probability of the likeliest of those
/// that were told but belong to no token, 0 for none.
///
/// # Errors
///
/// What is wrong with them, to follow "answers with".
pub(super) fn checked(candidates: &[Candidate], unnamed: f64, n_vocab: usize) -> Result<Checked, String> {
    if candidates.is_empty() {
        return Err("no candidates: it gives no log-probabilities for this model".into());
    }
    let mut logits = vec![f32::NEG_INFINITY; n_vocab];
    let mut told = vec![false; n_vocab];
    let (mut known, mut sum, mut least) = (0, 0.0, f64::INFINITY);
    for &Candidate { id, log_probability } in candidates {
        let place = usize::try_from(id).ok().filter(|place| *place < n_vocab);
        let place =
            place.ok_or_else(|| format!("token {id}, but there are {n_vocab} tokens in its vocabulary"))?;
        if log_probability.is_nan() || log_probability > SLACK {
            return Err(format!(
                "{log_probability} as the log-probability of token {id}, which cannot be one"
            ));
        }
        // Probability 0 comes as the lowest number there is, or as −9999.
        let value = if log_probability <= -9998.0 { f32::NEG_INFINITY } else { log_probability as f32 };
        if told[place] {
            // The token that the server drew can be told beside the likeliest.
            if (logits[place] - value).abs() > 1e-3 {
                return Err(format!("two log-probabilities for token {id}"));
            }
            continue;
        }
        (told[place], logits[place]) = (true, value);
        let p = f64::from(value).exp();
        known += 1;
        sum += p;
        least = least.min(p);
    }
    if sum > 1.0 + SLACK {
        return Err(format!(
            "numbers that are no log-probabilities: as such they add up to {sum:.2}; a vLLM server needs --logprobs-mode \
             raw_logprobs"
        ));
    }
    if known < n_vocab {
        let tail = Tail { known, mass: (1.0 - sum).clamp(0.0, 1.0), bound: least.max(unnamed).min(1.0) };
        return Ok(Checked { logits, tail: Some(tail) });
    }
    if sum < 1.0 - SLACK {
        return Err(format!("log-probabilities of all tokens that add up to {sum:.2} and not to 1"));
    }
    Ok(Checked { logits, tail: None })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(list: &[(i64, f64)], n_vocab: usize) -> Result<Checked, String> {
        let candidates: Vec<_> =
            list.iter().map(|&(id, p)| Candidate { id, log_probability: p.ln() }).collect();
        checked(&candidates, 0.0, n_vocab)
    }

    #[test]
    fn what_is_not_told_is_the_tail() {
        let row = of(&[(2, 0.5), (0, 0.25)], 5).expect("a row");
        let tail = row.tail.expect("three are unknown");
        assert_eq!(tail.known, 2);
        assert!((tail.mass - 0.25).abs() < 1e-6 && (tail.bound - 0.25).abs() < 1e-6, "{tail:?}");
        assert_eq!((row.logits[2], row.logits[1]), (0.5_f32.ln(), f32::NEG_INFINITY));
        let all = of(&[(0, 0.5), (1, 0.5)], 2).expect("a row");
        assert_eq!(all.tail, None);
    }

    #[test]
    fn what_belongs_to_no_token_can_be_likelier_than_those_that_are_known() {
        let known = [Candidate { id: 0, log_probability: 0.25_f64.ln() }];
        let tail = checked(&known, 0.5, 4).expect("a row").tail.expect("there is one");
        assert!((tail.bound - 0.5).abs() < 1e-9 && (tail.mass - 0.75).abs() < 1e-6);
    }

    #[test]
    fn the_lowest_number_is_a_probability_of_zero() {
        let lowest = Candidate { id: 1, log_probability: f64::from(f32::MIN) };
        let sure = Candidate { id: 0, log_probability: 0.0 };
        let row = checked(&[sure, lowest], 0.0, 2).expect("a row");
        assert_eq!((row.logits[1], row.tail), (f32::NEG_INFINITY, None));
    }

    #[test]
    fn a_token_that_is_told_twice_counts_once_if_both_say_the_same() {
        let tail = of(&[(0, 0.5), (1, 0.25), (0, 0.5)], 4).expect("a row").tail.expect("there is one");
        assert_eq!(tail.known, 2);
        assert!(of(&[(0, 0.5), (0, 0.25)], 4).expect_err("two").contains("two log-probabilities"));
    }

    #[test]
    fn a_token_that_was_drawn_besides_the_likeliest_bounds_nothing() {
        let row = of(&[(0, 0.5), (1, 0.25), (3, 0.0625)], 6).expect("a row");
        let bound = |drawn: f64| row.clone().with_drawn(drawn.ln()).tail.expect("a tail").bound;
        assert!((bound(0.0625) - 0.25).abs() < 1e-6, "another may have up to a quarter");
        assert!((bound(0.5) - 0.0625).abs() < 1e-6, "the likeliest was drawn: the last one bounds");
        let only = of(&[(0, 0.5)], 6).expect("a row").with_drawn(0.5_f64.ln());
        assert!((only.tail.expect("a tail").bound - 0.5).abs() < 1e-6);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(of(&[], 4).expect_err("nothing").contains("no candidates"));
        assert!(of(&[(4, 0.5)], 4).expect_err("beyond").contains("token 4"));
        assert!(of(&[(-1, 0.5)], 4).is_err());
        assert!(of(&[(0, 0.9), (1, 0.9)], 4).expect_err("more than all").contains("raw_logprobs"));
        assert!(of(&[(0, 0.1), (1, 0.1)], 2).expect_err("less than all").contains("and not to 1"));
        let wrong = |value| checked(&[Candidate { id: 0, log_probability: value }], 0.0, 4);
        assert!(wrong(f64::NAN).is_err() && wrong(3.0).is_err() && wrong(f64::INFINITY).is_err());
    }

    proptest! {
        #[test]
        fn any_numbers_make_a_row_that_can_be_read_or_none(
            list in prop::collection::vec((-3_i64..9, -1e5_f64..2.0), 0..12),
            unnamed in 0.0..1.0_f64,
        ) {
            let candidates: Vec<_> =
                list.into_iter().map(|(id, log_probability)| Candidate { id, log_probability }).collect();
            if let Ok(row) = checked(&candidates, unnamed, 6) {
                prop_assert!(row.logits.iter().all(|logit| !logit.is_nan() && *logit <= 0.1));
                if let Some(tail) = row.tail {
                    prop_assert!((0.0..=1.0).contains(&tail.mass) && (0.0..=1.0).contains(&tail.bound));
                    prop_assert!(tail.known < 6);
                }
            }
        }
    }
}
