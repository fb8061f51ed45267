//! What a round costs in passes of one row, and why it is worth that or is not.

use std::time::Duration;

use super::Gains;

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

    /// What a round costs on average, in target passes over one row: γ·c + v where all drafts are of one length. A pass over
    /// fewer or more rows than the usual one is counted in proportion.
    #[must_use]
    pub fn round(&self, gains: &Gains) -> f64 {
        let per_row = (self.v - 1.0) / (self.rows.max(2) - 1) as f64;
        let drafting = self.c * gains.draft_passes as f64 / gains.rounds.max(1) as f64;
        drafting + gains.mean(|length| 1.0 + per_row * length as f64)
    }

    /// The speed-up that the formula expects with the observed acceptance; None where nothing was drafted.
    #[must_use]
    pub fn expected(&self, gains: &Gains) -> Option<f64> {
        Some(gains.expected_tokens()? / self.round(gains))
    }

    /// Why it is faster, or slower, than plain decoding by this measured factor.
    #[must_use]
    pub fn why(&self, ratio: f64, gains: &Gains) -> String {
        let rounds = gains.rounds.max(1) as f64;
        let (tokens, passes) = (gains.tokens as f64 / rounds, gains.draft_passes as f64 / rounds);
        let verify = format!("verifying {} rows costs {:.1} of one here", self.rows, self.v);
        let draft = match self.c {
            c if c > 0.0 => format!("{passes:.0} draft passes cost {:.1}", passes * c),
            _ => "drafting costs next to nothing".to_owned(),
        };
        let cost = self.round(gains);
        let varies = gains.lengths().iter().filter(|&&rounds| rounds > 0).count() > 1;
        let round = if varies { "a round costs on average" } else { "a round costs" };
        if ratio >= 1.0 {
            format!("{verify} and {draft}: {round} {cost:.1} and brings {tokens:.1} tokens")
        } else if tokens < cost {
            format!("a loss: {verify} and {draft}, so {round} {cost:.1} and brings only {tokens:.1} tokens")
        } else {
            format!(
                "a loss, though {round} {cost:.1} in the models and brings {tokens:.1} tokens: the chain, the statistics and \
                 a busy machine take the rest"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Drafted, Pass, Round, Verdict, round::Arrival},
        *,
    };
    use crate::token::Token;

    /// Rounds with drafts of these lengths, half of whose tokens were accepted, each with as many draft passes.
    fn gains(lengths: &[usize], tokens: usize) -> Gains {
        let pass = Pass { rows: 1, time: Duration::from_millis(1), replayed: false };
        let round = |&length: &usize| {
            let mut round = Round::new(0);
            round.drafted = vec![Drafted::new(Token(1), None); length];
            for (place, drafted) in round.drafted.iter_mut().enumerate() {
                drafted.verdict = if place % 2 == 0 { Verdict::Accepted } else { Verdict::Refused };
            }
            round.tokens = vec![(Token(1), Arrival::Drafted); tokens];
            round.draft_passes = vec![pass; length];
            round
        };
        let rounds: Vec<Round> = lengths.iter().map(round).collect();
        Gains::of(&rounds)
    }

    #[test]
    fn a_loss_says_why() {
        let price = Price { one: Duration::from_millis(1), c: 0.25, v: 2.9, rows: 3 };
        let even = gains(&[2, 2], 2);
        // Two draft passes of a quarter each, and the pass over three rows; at α = 0.5 they bring 1.75.
        assert!((price.round(&even) - 3.4).abs() < 1e-9);
        assert!((price.expected(&even).unwrap() - 1.75 / 3.4).abs() < 1e-9);
        assert_eq!(
            price.why(0.6, &even),
            "a loss: verifying 3 rows costs 2.9 of one here and 2 draft passes cost 0.5, so a round costs 3.4 and brings only 2.0 \
             tokens"
        );
        assert!(price.why(1.2, &gains(&[2], 4)).starts_with("verifying 3 rows costs 2.9 of one here and"));
        let lookup = Price { c: 0.0, ..price };
        assert!(lookup.why(0.9, &gains(&[2], 4)).contains("take the rest"));
        assert!(lookup.why(1.2, &gains(&[2], 4)).contains("drafting costs next to nothing"));
    }

    #[test]
    fn rounds_without_a_draft_cost_one_and_bring_one() {
        let price = Price { one: Duration::from_millis(1), c: 0.0, v: 5.0, rows: 5 };
        let mixed = gains(&[0, 0, 4, 2], 1);
        // One row, one row, five rows, and three in proportion.
        assert!((price.round(&mixed) - (1.0 + 1.0 + 5.0 + 3.0) / 4.0).abs() < 1e-9);
        let expected = (1.0 + 1.0 + 1.9375 + 1.75) / 4.0;
        assert!((mixed.expected_tokens().unwrap() - expected).abs() < 1e-9);
        assert!(price.why(0.5, &mixed).contains("a round costs on average 2.5 and brings only 1.0"));
    }

    #[test]
    fn nothing_measured_gives_no_price() {
        assert_eq!(Price::of(&Gains::default(), None), None);
        assert_eq!(Price::of(&Gains::default(), Some(Duration::from_millis(1))), None);
    }
}
