//! Numbers as the screen shows them: three or so digits, a unit, thousands set apart.

use std::time::Duration;

/// `2113` as `2,113`.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of memory or disk in binary units: `512 B`, `42.5 KiB`, `1.3 MiB`, `640 MiB`.
pub(super) fn bytes(bytes: f64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut amount = bytes.max(0.0);
    let mut unit = 0;
    while amount >= 1023.5 && unit + 1 < UNITS.len() {
        amount /= 1024.0;
        unit += 1;
    }
    let decimals = usize::from(unit > 0 && amount < 99.95);
    format!("{amount:.decimals$} {}", UNITS[unit])
}

/// A time measured in milliseconds: `0.31 ms`, `1.6 ms`, `24 ms`, `1.2 s`.
pub(super) fn milliseconds(ms: f64) -> String {
    match ms.max(0.0) {
        ms if ms < 0.995 => format!("{ms:.2} ms"),
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1e3),
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

/// A probability that may be tiny: `0.412`, `0.00002`, `<0.000001`, `0`.
pub(super) fn probability(p: f64) -> String {
    // Three decimals, or for less as many as bring one digit to the eye.
    match p {
        p if p >= 0.001 => format!("{p:.3}"),
        p if p >= 1e-6 => format!("{p:.*}", -p.log10().floor() as usize),
        p if p > 0.0 => "<0.000001".to_owned(),
        _ => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let shown = [0, 7, 999, 1000, 2113, 32_768, 1_234_567].map(thousands);
        assert_eq!(shown, ["0", "7", "999", "1,000", "2,113", "32,768", "1,234,567"]);
    }

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

    #[test]
    fn small_probabilities_show_a_digit() {
        let shown = [1.0, 0.4123, 0.001, 0.000_21, 0.000_02, 1e-6, 1e-9, 0.0].map(probability);
        assert_eq!(shown, ["1.000", "0.412", "0.001", "0.0002", "0.00002", "0.000001", "<0.000001", "0"]);
    }

    proptest! {
        #[test]
        fn numbers_of_any_size_stay_short(number in any::<f64>(), count: usize, nanos: u64) {
            prop_assert!(milliseconds(number.abs().min(1e6)).len() <= 9);
            prop_assert!(bytes(number.abs().min(1e18)).len() <= 12);
            prop_assert!(probability(number.abs().min(1.0)).len() <= 9);
            prop_assert!(rate(count % 1_000_000, Duration::from_nanos(nanos)).len() <= 32);
            prop_assert_eq!(thousands(count).replace(',', ""), count.to_string());
        }
    }
}
