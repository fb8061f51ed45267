//! Numbers as the panels write them.

use crate::distribution::{Bounds, Rank};
pub(super) use crate::text::amounts::thousands;

/// In place of a number that nobody has told.
const UNKNOWN: &str = "?";

/// Cells that [`probability`] takes at most.
pub(super) const PROBABILITY_WIDTH: u16 = 5;

/// A probability in at most [`PROBABILITY_WIDTH`] cells: `.412`, or `3e-6` where three places would show
/// little or nothing of it.
pub(super) fn probability(p: f64) -> String {
    match p {
        p if p.is_nan() => UNKNOWN.to_owned(),
        p if p <= 0.0 => "0".to_owned(),
        p if p >= 0.9995 => "1.00".to_owned(),
        p if p >= 0.000_95 => format!("{p:.3}").trim_start_matches('0').to_owned(),
        p if p >= 1e-99 => format!("{p:.0e}"),
        _ => "~0".to_owned(),
    }
}

/// A probability that may be known within bounds only: `.412`, `≤.034` or `.012 to .034`.
pub(super) fn share(p: Bounds) -> String {
    match p.exact() {
        Some(p) => probability(p),
        None if p.low <= 0.0 => format!("≤{}", probability(p.high)),
        None => format!("{} to {}", probability(p.low), probability(p.high)),
    }
}

/// An entropy: `2.90`, or `3.1 to 3.4` where it is known within bounds.
pub(super) fn entropy(bits: Bounds) -> String {
    if bits.exact().is_some() { format!("{bits:.2}") } else { format!("{bits:.1}") }
}

/// A number of bits with two digits, where it is known.
pub(super) fn bits(bits: f64) -> String {
    if bits.is_nan() { UNKNOWN.to_owned() } else { format!("{bits:.2}") }
}

/// A rank: `1,204`, or `beyond 100` for a token that was not among the likeliest that were named.
pub(super) fn ranked(rank: Rank) -> String {
    match rank {
        Rank::At(rank) => thousands(rank),
        Rank::Beyond(before) => format!("beyond {}", thousands(before)),
    }
}

/// The same in a narrow column: `>100`.
pub(super) fn ranked_short(rank: Rank) -> String {
    match rank {
        Rank::At(rank) => thousands(rank),
        Rank::Beyond(before) => format!(">{}", thousands(before)),
    }
}

/// A number with a minus sign as wide as a plus; a zero has none.
pub(super) fn minus(number: &str) -> String {
    match number.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|digit| matches!(digit, b'0' | b'.')) => zero.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => number.to_owned(),
    }
}

/// A perplexity with one digit after the point.
pub(super) fn perplexity(perplexity: f64) -> String {
    match perplexity {
        p if p.is_nan() => UNKNOWN.to_owned(),
        p if !p.is_finite() => "∞".to_owned(),
        p if p >= 1000.0 => thousands(p as usize),
        p => format!("{p:.1}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn probabilities_by_hand() {
        let texts = [
            (0.0, "0"),
            (f64::NAN, "?"),
            (1.0, "1.00"),
            (0.9995, "1.00"),
            (0.999_49, ".999"),
            (0.4125, ".412"),
            (0.05, ".050"),
            (0.001, ".001"),
            (0.000_94, "9e-4"),
            (3.2e-6, "3e-6"),
            (9.9e-10, "1e-9"),
            (4e-31, "4e-31"),
            (1e-200, "~0"),
        ];
        for (p, text) in texts {
            assert_eq!(probability(p), text, "{p:e}");
        }
    }

    #[test]
    fn thousands_by_hand() {
        let texts = [(0, "0"), (999, "999"), (1000, "1,000"), (4086, "4,086"), (1_234_567, "1,234,567")];
        for (count, text) in texts {
            assert_eq!(thousands(count), text);
        }
    }

    proptest! {
        #[test]
        fn a_probability_always_fits_its_column(p in 0.0_f64..=1.0, exponent in -320..=0) {
            for p in [p, 10_f64.powi(exponent), p * 10_f64.powi(exponent)] {
                prop_assert!(probability(p).len() <= usize::from(PROBABILITY_WIDTH), "{p:e}");
            }
        }
    }
}
