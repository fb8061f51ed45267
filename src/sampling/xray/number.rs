//! Numbers in the sentences about fates.

/// A number with three significant digits and nothing idle: `0.031`, `12.3`, `40`, `1.5e-7`.
pub(super) fn short(x: f64) -> String {
    if x == 0.0 {
        // The surprise of a certain token is −log₂ 1, which is a negative zero.
        return "0".to_owned();
    }
    if !x.is_finite() {
        return x.to_string().replace("inf", "∞").replace('-', "−");
    }
    let exponent = x.abs().log10().floor() as i32;
    let text = if exponent < -4 {
        format!("{x:.1e}")
    } else {
        let decimals = (2 - exponent).max(0) as usize;
        let text = format!("{x:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    // A minus in front; the exponent's stays as it is.
    text.strip_prefix('-').map_or(text.clone(), |rest| format!("−{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_by_hand() {
        for (x, text) in [
            (0.031_2, "0.0312"),
            (0.95, "0.95"),
            (12.34, "12.3"),
            (40.0, "40"),
            (-1.5, "−1.5"),
            (1234.5, "1234"),
            (1.5e-7, "1.5e-7"),
            (-2e-9, "−2.0e-9"),
            (0.0, "0"),
            (-0.0, "0"),
            (f64::NEG_INFINITY, "−∞"),
            (0.001, "0.001"),
        ] {
            assert_eq!(short(x), text, "{x}");
        }
    }
}
