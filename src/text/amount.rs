//! Amounts of bytes in words.

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
