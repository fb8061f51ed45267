//! Statistics of a path: how likely, how certain, how repetitive.

use std::collections::HashSet;

use serde::Serialize;

use crate::{decode::Path, distribution::Bounds, token::Token};

/// Sums over the generated tokens of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Statistics {
    /// Tokens generated.
    pub tokens: usize,
    /// Joint log-probability under the model itself, whatever the settings: Σ ln p, 0 and below.
    pub log_probability: f64,
    /// Mean entropy of the distributions that the tokens came from, in bits; 0 before the first.
    pub mean_entropy_bits: Bounds,
    /// 2 to the mean surprisal; 1 before the first.
    pub perplexity: f64,
    /// distinct-1, -2 and -3: different n-grams ÷ n-grams (Li et al. 2016, who divide by tokens), 0 to 1; 1 where the
    /// text has none.
    pub distinct: [f64; 3],
    /// Share of the 4-grams that were there before, 1 − distinct-4 (seq-rep-4 of Welleck et al. 2020), 0 to 1.
    pub repetition: f64,
}

impl Statistics {
    /// Of the generated part of `path`.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let steps = path.steps();
        let tokens = path.generated_tokens();
        let n = steps.len().max(1) as f64;
        let bits: f64 = steps.iter().map(|(step, _)| step.surprisal_bits).sum();
        let entropy: Bounds = steps.iter().map(|(step, _)| step.entropy_bits).sum();
        Self {
            tokens: tokens.len(),
            // 0 − 0, so that no text has 0 and not −0.
            log_probability: 0.0 - bits * std::f64::consts::LN_2,
            mean_entropy_bits: entropy / n,
            perplexity: (bits / n).exp2(),
            distinct: [1, 2, 3].map(|n| distinct(tokens, n)),
            repetition: 1.0 - distinct(tokens, 4),
        }
    }
}

/// Different n-grams ÷ n-grams; 1 where there are none.
fn distinct(tokens: &[Token], n: usize) -> f64 {
    let all = (tokens.len() + 1).saturating_sub(n);
    if all == 0 {
        return 1.0;
    }
    tokens.windows(n).collect::<HashSet<_>>().len() as f64 / all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn ngrams_by_hand() {
        // a b a b a: unigrams a b of 5, bigrams ab ba of 4, trigrams aba bab of 3, 4-grams abab baba of 2.
        let tokens = [0, 1, 0, 1, 0].map(Token);
        close(distinct(&tokens, 1), 0.4);
        close(distinct(&tokens, 2), 0.5);
        close(distinct(&tokens, 3), 2.0 / 3.0);
        close(distinct(&tokens, 4), 1.0);
        close(distinct(&tokens, 6), 1.0);
        close(distinct(&[Token(7); 12], 4), 1.0 / 9.0);
    }
}
