//! What the draft model proposes: the few likeliest of its tokens, and what of them its own chain makes.

use super::{Rule, mass::Masses};
use crate::{distribution::Summary, token::Token};

/// The likeliest tokens of a draft model at one place, with their logits, the largest first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DraftRow(Vec<(Token, f32)>);

impl DraftRow {
    /// Tokens that a draft model chooses from: its chain begins with a top-k of as many.
    const KEPT: usize = 10;

    /// Of a distribution, over a target's vocabulary of `n_vocab` tokens.
    pub(super) fn of(summary: &Summary, n_vocab: usize) -> Self {
        let known = summary.top.iter().filter(|candidate| candidate.token.index() < n_vocab);
        Self(known.take(Self::KEPT).map(|candidate| (candidate.token, candidate.logit)).collect())
    }

    /// q: softmax over them, at the target's temperature where a token is drawn from it. At 0 and below the likeliest has it
    /// all. Where the likeliest is taken the temperature changes nothing, and llama.cpp leaves it at 1.
    pub(super) fn q(&self, rule: Rule, temperature: f32) -> Masses {
        let temperature = match rule {
            Rule::Match => 1.0,
            Rule::Probabilistic => f64::from(temperature),
        };
        let Some(&(_, largest)) = self.0.first() else { return Vec::new() };
        if temperature <= 0.0 {
            return self.0[..1].iter().map(|&(token, _)| (token, 1.0)).collect();
        }
        let weight =
            |&(token, logit): &(Token, f32)| (token, (f64::from(logit - largest) / temperature).exp());
        let mut q: Masses = self.0.iter().map(weight).collect();
        let sum: f64 = q.iter().map(|(_, weight)| weight).sum();
        for (_, weight) in &mut q {
            *weight /= sum;
        }
        q
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(logits: &[f32]) -> DraftRow {
        DraftRow::of(&Summary::of(logits, 64), logits.len())
    }

    #[test]
    fn ten_are_kept_and_the_temperature_is_the_targets() {
        let logits: Vec<f32> = (0..20).map(|i| (i as f32 + 1.0).ln()).collect();
        // 20, 19 … 11 of 155.
        let q = row(&logits).q(Rule::Match, 0.5);
        assert_eq!(q.len(), 10);
        assert!((q[0].1 - 20.0 / 155.0).abs() < 1e-6 && q[0].0 == Token(19));
        // At temperature 0.5 they are squared.
        let squares: f64 = (11..=20).map(|i| f64::from(i * i)).sum();
        let q = row(&logits).q(Rule::Probabilistic, 0.5);
        assert!((q[9].1 - 121.0 / squares).abs() < 1e-6 && q[9].0 == Token(10));
    }

    #[test]
    fn greedy_decoding_drafts_the_likeliest() {
        assert_eq!(row(&[1.0, 3.0, 2.0]).q(Rule::Probabilistic, 0.0), [(Token(1), 1.0)]);
    }

    #[test]
    fn tokens_that_the_target_does_not_have_are_left_out() {
        let logits = [1.0, 2.0, 9.0];
        let q = DraftRow::of(&Summary::of(&logits, 8), 2).q(Rule::Match, 1.0);
        assert_eq!(q.iter().map(|(token, _)| token.0).collect::<Vec<_>>(), [1, 0]);
    }
}
