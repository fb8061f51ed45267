//! Softmax by hand: every number between a logit and its probability.

/// One row: from a logit to its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoftmaxRow {
    /// The logit ℓ.
    pub logit: f64,
    /// ℓ / T.
    pub scaled: f64,
    /// ℓ / T less the largest of them: 0 and below.
    pub shifted: f64,
    /// e to that: 0 to 1.
    pub exp: f64,
    /// That divided by the sum of all: 0 to 1.
    pub p: f64,
}

/// Softmax of some logits at a temperature, with the numbers in between.
#[derive(Clone, Debug, PartialEq)]
pub struct Softmax {
    /// The temperature; 0 stands for greedy, where all but the largest logit get nothing.
    pub temperature: f64,
    /// The rows, in the order of the logits.
    pub rows: Vec<SoftmaxRow>,
    /// The largest of all ℓ / T, those that have no row included.
    pub largest: f64,
    /// Σ e^(ℓ/T − largest) over all logits, those that have no row included.
    pub sum: f64,
    /// The part of the sum that belongs to logits without a row.
    pub rest: f64,
}

impl Softmax {
    /// The rows of `shown`, which are among `all` logits; the sum goes over all of them, NaN left out. At a temperature of
    /// 0 and below the first of the largest logits takes everything, as in llama.cpp.
    #[must_use]
    pub fn of(shown: &[f64], all: &[f64], temperature: f64) -> Self {
        let greedy = temperature <= 0.0;
        let numbers = || all.iter().copied().filter(|logit| !logit.is_nan());
        let scale = |logit: f64| if greedy { logit } else { logit / temperature };
        let largest = numbers().map(scale).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = if greedy { 1.0 } else { numbers().map(|logit| (scale(logit) - largest).exp()).sum() };
        let mut taken = false;
        let row = |&logit: &f64| {
            let scaled = scale(logit);
            let shifted = scaled - largest;
            let wins = shifted >= 0.0 && !taken;
            taken |= wins;
            let exp = if greedy { f64::from(u8::from(wins)) } else { shifted.exp() };
            SoftmaxRow { logit, scaled, shifted, exp, p: exp / sum }
        };
        let rows: Vec<SoftmaxRow> = shown.iter().map(row).collect();
        let rest = (sum - rows.iter().map(|row| row.exp).sum::<f64>()).max(0.0);
        Self { temperature: temperature.max(0.0), rows, largest, sum, rest }
    }

    /// Softmax of these logits alone.
    #[must_use]
    pub fn alone(logits: &[f64], temperature: f64) -> Self {
        Self::of(logits, logits, temperature)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn a_row_by_hand() {
        // e^0 = 1, e^(−ln 4) = 1/4: a sum of 5/4.
        let softmax = Softmax::alone(&[3.0, 3.0 - 4_f64.ln()], 1.0);
        close(softmax.sum, 1.25);
        close(softmax.rows[0].p, 0.8);
        close(softmax.rows[1].exp, 0.25);
        close(softmax.rows[1].p, 0.2);
        // At T = 0.5 the distance doubles: 1/16.
        let cool = Softmax::alone(&[3.0, 3.0 - 4_f64.ln()], 0.5);
        close(cool.rows[0].scaled, 6.0);
        close(cool.rows[1].exp, 1.0 / 16.0);
        close(cool.rows[1].p, 1.0 / 17.0);
    }

    #[test]
    fn what_has_no_row_counts_in_the_sum() {
        let all = [2.0, 2.0, 2.0, 2.0];
        let softmax = Softmax::of(&all[..1], &all, 0.7);
        close(softmax.rows[0].p, 0.25);
        close(softmax.rest, 3.0);
    }

    #[test]
    fn at_0_the_first_of_the_largest_takes_all() {
        let softmax = Softmax::alone(&[1.0, 2.0, 2.0, f64::NEG_INFINITY], 0.0);
        let p: Vec<f64> = softmax.rows.iter().map(|row| row.p).collect();
        assert_eq!(p, [0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_masked_token_gets_nothing() {
        let softmax = Softmax::alone(&[1.0, f64::NEG_INFINITY], 1.0);
        assert_eq!((softmax.rows[0].p, softmax.rows[1].p), (1.0, 0.0));
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one(
            logits in prop::collection::vec(-1e6..1e6_f64, 1..40), temperature in 0.0..10.0_f64,
        ) {
            let softmax = Softmax::alone(&logits, temperature);
            let sum: f64 = softmax.rows.iter().map(|row| row.p).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9, "{sum}");
            prop_assert!(softmax.rows.iter().all(|row| (0.0..=1.0).contains(&row.p)));
        }
    }
}
