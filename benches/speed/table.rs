//! The table of results: printed row by row as they come.

use std::fmt;

/// A number with its unit.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// How many.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
}

impl Quantity {
    /// Milliseconds.
    pub const fn ms(value: f64) -> Self {
        Self { value, unit: "ms" }
    }

    /// Tokens a second.
    pub const fn rate(value: f64) -> Self {
        Self { value, unit: "tok/s" }
    }

    /// Megabytes of a million bytes.
    pub const fn mb(value: f64) -> Self {
        Self { value, unit: "MB" }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = match self.value.abs() {
            100.0.. => 0,
            10.0.. => 1,
            1.0.. => 2,
            _ => 3,
        };
        f.pad(&format!("{:.decimals$} {}", self.value, self.unit))
    }
}

/// What a ratio ought to be.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
    /// It is only told.
    Nothing,
}

impl Wanted {
    fn holds(self, ratio: f64) -> bool {
        match self {
            Self::AtMost(bound) => ratio <= bound,
            Self::AtLeast(bound) => ratio >= bound,
            Self::Nothing => true,
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&match self {
            Self::AtMost(bound) => format!("≤ {bound}"),
            Self::AtLeast(bound) => format!("≥ {bound}"),
            Self::Nothing => String::new(),
        })
    }
}

/// One result.
pub struct Row<'a> {
    /// What was measured.
    pub what: &'a str,
    /// The result.
    pub measured: Quantity,
    /// What it is compared with, and what that is.
    pub reference: (Quantity, &'a str),
    /// What measured ÷ reference ought to be.
    pub wanted: Wanted,
    /// Anything else worth telling, such as the median.
    pub note: String,
}

/// Prints rows and counts those that are not as wanted, or missing.
pub struct Table {
    over: usize,
    left_out: usize,
}

impl Table {
    /// Prints the heading.
    pub fn new() -> Self {
        println!(
            "{:<52} {:>12}   {:<34} {:>6}  {:<7} {:<5}",
            "what", "measured", "compared with", "ratio", "wanted", ""
        );
        Self { over: 0, left_out: 0 }
    }

    /// Prints a row.
    pub fn row(&mut self, row: &Row<'_>) {
        let (reference, name) = row.reference;
        let ratio = row.measured.value / reference.value;
        let verdict = match (row.wanted, row.wanted.holds(ratio)) {
            (Wanted::Nothing, _) => "",
            (_, true) => "ok",
            (_, false) => "OVER",
        };
        self.over += usize::from(verdict == "OVER");
        let reference = format!("{reference} {name}");
        println!(
            "{:<52} {:>12}   {reference:<34} {ratio:>6.2}  {:<7} {verdict:<5} {}",
            row.what, row.measured, row.wanted, row.note
        );
    }

    /// Prints a row of a time that has to stay under a bound.
    pub fn bounded(&mut self, what: &str, measured: Quantity, bound: f64, note: String) {
        let reference = (Quantity { value: bound, ..measured }, "at most");
        self.row(&Row { what, measured, reference, wanted: Wanted::AtMost(1.0), note });
    }

    /// Says why something is missing.
    pub fn left_out(&mut self, what: &str, why: &str) {
        self.left_out += 1;
        println!("{what:<52} left out: {why}");
    }

    /// Prints the sum.
    pub fn finish(&self) {
        match self.over {
            0 => print!("all as wanted"),
            over => print!("{over} not as wanted"),
        }
        match self.left_out {
            0 => println!(),
            left_out => println!(", {left_out} left out"),
        }
    }
}
