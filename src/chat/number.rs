//! Floats as C and C++ write them, which is how llama.cpp shows them in a prompt.

/// As `%g` has it: six digits that count, without zeros at the end. This is how `tojson` writes a float.
pub(super) fn general(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() { "nan".to_owned() } else { format!("{number}") };
    }
    let scientific = format!("{number:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return trimmed(&format!("{number:.*}", usize::try_from(5 - exponent).unwrap_or(0))).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trimmed(digits), exponent.abs())
}

/// As `%f` has it, without zeros at the end but for one after the point. This is how a float is printed.
pub(super) fn fixed(number: f64) -> String {
    if !number.is_finite() {
        return general(number);
    }
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_c_writes_them() {
        let numbers = [0.0, 1.0, 2.5, 0.1 + 0.2, 1e20, 123_456_789.0, 0.000_012_345, -1.5];
        assert_eq!(
            numbers.map(general),
            ["0", "1", "2.5", "0.3", "1e+20", "1.23457e+08", "1.2345e-05", "-1.5"]
        );
        assert_eq!(
            numbers.map(fixed),
            ["0.0", "1.0", "2.5", "0.3", "100000000000000000000.0", "123456789.0", "0.000012", "-1.5"]
        );
        assert_eq!(general(f64::INFINITY), "inf");
        assert_eq!(fixed(f64::NAN), "nan");
    }
}
