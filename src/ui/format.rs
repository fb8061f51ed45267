//! Amounts with their units: memory, times, rates; two or three digits each.

use std::time::Duration;

use super::numbers::thousands;
pub(super) use crate::text::amounts::{bytes, milliseconds};

/// A logit in six cells: fewer places for large ones.
pub(super) fn logit(logit: f32) -> String {
    match logit.abs() {
        x if x.is_infinite() => if logit > 0.0 { "∞" } else { "−∞" }.to_owned(),
        x if x >= 1000.0 => format!("{logit:.0}"),
        x if x >= 100.0 => format!("{logit:.1}"),
        _ => format!("{logit:.2}"),
    }
}

/// Seconds with a decimal, for time against a limit: `1.2 s`.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// Tokens a second: `3.2 tok/s`, `45 tok/s`, `3,045 tok/s`; `–` when no time has passed.
pub(super) fn rate(tokens: usize, time: Duration) -> String {
    let per_second = tokens as f64 / time.as_secs_f64();
    match per_second {
        rate if !rate.is_finite() => "–".to_owned(),
        rate if rate < 9.95 => format!("{rate:.1} tok/s"),
        rate => format!("{} tok/s", thousands(rate.round() as usize)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_take_the_largest_unit_that_is_not_below_one() {
        let shown = [0.0, 512.0, 1023.0, 1024.0, 43_520.0, 1_310_720.0, 671_088_640.0].map(bytes);
        assert_eq!(shown, ["0 B", "512 B", "1023 B", "1.0 KiB", "42.5 KiB", "1.2 MiB", "640 MiB"]);
        assert_eq!(bytes(1024.0 * 1023.9), "1.0 MiB", "never 1024 of a unit");
        assert_eq!(bytes(1.5 * 1024_f64.powi(4)), "1.5 TiB");
    }

    #[test]
    fn times_keep_two_or_three_digits() {
        let shown = [0.0, 0.312, 0.999, 1.62, 9.97, 24.4, 999.6, 1234.0].map(milliseconds);
        assert_eq!(shown, ["0.00 ms", "0.31 ms", "1.0 ms", "1.6 ms", "10 ms", "24 ms", "1.0 s", "1.2 s"]);
        assert_eq!(seconds(Duration::from_millis(1250)), "1.2 s");
    }

    #[test]
    fn rates_by_hand() {
        assert_eq!(rate(5, Duration::from_micros(1642)), "3,045 tok/s");
        assert_eq!(rate(1, Duration::from_secs(3)), "0.3 tok/s");
        assert_eq!([rate(1, Duration::ZERO), rate(0, Duration::ZERO)], ["–", "–"]);
    }

    proptest! {
        #[test]
        fn numbers_of_any_size_stay_short(number in any::<f64>(), count: usize, nanos: u64) {
            prop_assert!(milliseconds(number.abs().min(1e6)).len() <= 9);
            prop_assert!(bytes(number.abs().min(1e18)).len() <= 12);
            prop_assert!(rate(count % 1_000_000, Duration::from_nanos(nanos)).len() <= 32);
        }
    }
}
