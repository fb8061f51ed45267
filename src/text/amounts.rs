//! Amounts with their units, for people: memory and times in two or three digits, counts with their thousands set apart.

/// An amount of memory or disk in binary units: `512 B`, `42.5 KiB`, `1.3 MiB`, `640 MiB`.
#[must_use]
pub fn bytes(bytes: f64) -> String {
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

/// A time measured in milliseconds: `4 µs`, `0.31 ms`, `1.6 ms`, `24 ms`, `1.2 s`.
#[must_use]
pub fn milliseconds(ms: f64) -> String {
    match ms.max(0.0) {
        ms if ms > 0.0 && ms < 0.009_5 => format!("{:.0} µs", ms * 1e3),
        ms if ms < 0.995 => format!("{ms:.2} ms"),
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}

/// A count with its thousands set apart: `4,086`.
#[must_use]
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A large count in short, in thousands, millions or thousands of millions: `950`, `4.5K`, `8.0B`.
#[must_use]
pub fn short_count(count: u64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")];
    let count = count as f64;
    let unit = UNITS.into_iter().find(|&(size, _)| count >= size * 0.999_5);
    unit.map_or_else(
        || format!("{count:.0}"),
        |(size, name)| {
            let amount = count / size;
            let decimals = usize::from(amount < 99.95);
            format!("{amount:.decimals$}{name}")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_counts_by_hand() {
        let counts = [0, 950, 4_540, 999_999, 4_500_000, 525_336_576, 8_030_000_000, 671_026_000_000];
        assert_eq!(counts.map(short_count), ["0", "950", "4.5K", "1.0M", "4.5M", "525M", "8.0B", "671B"]);
    }
}
