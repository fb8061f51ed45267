//! Numbers as the panels write them.

pub(super) use crate::text::amounts::thousands;

/// Cells that [`probability`] takes at most.
pub(super) const PROBABILITY_WIDTH: u16 = 5;

/// A probability in at most [`PROBABILITY_WIDTH`] cells: `.412`, or `3e-6` where three places would show
/// little or nothing of it.
pub(super) fn probability(p: f64) -> String {
    match p {
        p if p.is_nan() || p <= 0.0 => "0".to_owned(),
        p if p >= 0.9995 => "1.00".to_owned(),
        p if p >= 0.000_95 => format!("{p:.3}").trim_start_matches('0').to_owned(),
        p if p >= 1e-99 => format!("{p:.0e}"),
        _ => "~0".to_owned(),
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
            (f64::NAN, "0"),
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
