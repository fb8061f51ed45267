//! What a round costs in passes of one row, and why it is worth that or is not.

use std::time::Duration;

use super::{Gains, expected_tokens};

/// Measured times, as parts of a target pass over one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// A target pass over one row.
    pub one: Duration,
    /// A draft pass, of that.
    pub c: f64,
    /// A target pass over a draft and the token before it, of that.
    pub v: f64,
    /// The rows of such a pass.
    pub rows: usize,
}

impl Price {
    /// From what rounds took, and the median time of a target pass over one row; None where there is nothing to go by.
    #[must_use]
    pub fn of(gains: &Gains, one: Option<Duration>) -> Option<Self> {
        let one =
            one.or_else(|| gains.target_pass(1).map(|(time, _)| time)).filter(|time| !time.is_zero())?;
        let rows = gains.usual_rows()?;
        let (time, _) = gains.target_pass(rows)?;
        let part = |time: Duration| time.as_secs_f64() / one.as_secs_f64();
        Some(Self { one, c: gains.draft_pass().map_or(0.0, part), v: part(time), rows })
    }

    /// Tokens of a draft.
    #[must_use]
    pub fn gamma(&self) -> usize {
        self.rows - 1
    }

    /// What a round costs, in target passes over one row.
    #[must_use]
    pub fn round(&self) -> f64 {
        self.gamma() as f64 * self.c + self.v
    }

    /// The speed-up that the formula expects with acceptance `alpha`, 0 to 1.
    #[must_use]
    pub fn expected(&self, alpha: f64) -> f64 {
        expected_tokens(alpha, self.gamma()) / self.round()
    }

    /// Why it is faster, or slower, than plain decoding by this measured factor, where a round brings so many tokens.
    #[must_use]
    pub fn why(&self, ratio: f64, tokens: f64) -> String {
        let verify = format!("verifying {} rows costs {:.1} of one here", self.rows, self.v);
        let drafting = self.gamma() as f64 * self.c;
        let draft = match self.c {
            c if c > 0.0 => format!("{} draft passes cost {drafting:.1}", self.gamma()),
            _ => "drafting costs next to nothing".to_owned(),
        };
        let cost = self.round();
        if ratio >= 1.0 {
            format!("{verify} and {draft}: a round costs {cost:.1} and brings {tokens:.1} tokens")
        } else if tokens < cost {
            format!(
                "a loss: {verify} and {draft}, so a round costs {cost:.1} and brings only {tokens:.1} tokens"
            )
        } else {
            format!(
                "a loss, though a round costs {cost:.1} in the models and brings {tokens:.1} tokens: the chain, the statistics and \
                 reading anew take the rest"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_says_why() {
        let price = Price { one: Duration::from_millis(1), c: 0.25, v: 2.9, rows: 4 };
        assert!((price.round() - 3.65).abs() < 1e-9);
        assert!((price.expected(0.5) - 1.875 / 3.65).abs() < 1e-9);
        assert_eq!(
            price.why(0.6, 2.1),
            "a loss: verifying 4 rows costs 2.9 of one here and 3 draft passes cost 0.8, so a round costs 3.6 and brings only \
             2.1 tokens"
        );
        assert!(price.why(1.2, 3.9).starts_with("verifying 4 rows costs 2.9 of one here and"));
        let lookup = Price { c: 0.0, ..price };
        assert!(lookup.why(0.9, 3.5).contains("take the rest"));
        assert!(lookup.why(1.2, 3.5).contains("drafting costs next to nothing"));
    }

    #[test]
    fn nothing_measured_gives_no_price() {
        assert_eq!(Price::of(&Gains::default(), None), None);
        assert_eq!(Price::of(&Gains::default(), Some(Duration::from_millis(1))), None);
    }
}
