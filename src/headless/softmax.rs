//! `logitscope softmax`: logits typed on the command line, as the table of the softmax bench.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use unicode_width::UnicodeWidthStr as _;

use crate::{
    distribution::{Softmax, TypedError, TypedLogit},
    text::Shown,
};

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub enum SoftmaxError {
    /// What was typed is not a list of logits.
    #[error(transparent)]
    Typed(#[from] TypedError),
    /// The table cannot be written.
    #[error("the table cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// Writes the table of softmax for the logits in `text` (`3.8 cat, 2.1 dog`) at a temperature of 0 and up. A reader that
/// went away is no error.
pub fn softmax(text: &str, temperature: f64, out: &mut dyn Write) -> Result<(), SoftmaxError> {
    let list = TypedLogit::parse(text)?;
    match out.write_all(table(&list, temperature).as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn table(list: &[TypedLogit], temperature: f64) -> String {
    let logits: Vec<f64> = list.iter().map(|typed| typed.logit).collect();
    let softmax = Softmax::alone(&logits, temperature);
    let word = |(typed, number): (&TypedLogit, usize)| {
        let word = if typed.word.is_empty() { format!("#{number}") } else { typed.word.clone() };
        Shown::inline(&word).into_owned()
    };
    let words: Vec<_> = list.iter().zip(1..).map(word).collect();
    let width = words.iter().map(|word| word.as_str().width()).max().unwrap_or(0).max(5);
    let mut table = format!(
        "{:width$}  {:>10}  {:>10}  {:>10}  {:>10}  {:>10}\n",
        "token", "logit", "logit/T", "− max", "e^", "p"
    );
    // At T = 0 nothing is divided and no power is taken.
    let worked = |text: String| if softmax.temperature > 0.0 { text } else { "–".to_owned() };
    for (word, row) in words.iter().zip(&softmax.rows) {
        let pad = " ".repeat(width - word.as_str().width());
        let [scaled, shifted] = [row.scaled, row.shifted].map(|number| worked(format!("{number:.4}")));
        let exp = worked(format!("{:.6}", row.exp));
        let _ = writeln!(
            table,
            "{}{pad}  {:>10.4}  {scaled:>10}  {shifted:>10}  {exp:>10}  {:>10.6}",
            word.as_str(),
            row.logit,
            row.p
        );
    }
    let total: f64 = softmax.rows.iter().map(|row| row.p).sum();
    let blank = "";
    let _ = writeln!(
        table,
        "{:width$}  {blank:>10}  {blank:>10}  {blank:>10}  {:>10}  {total:>10.6}",
        "sum",
        worked(format!("{:.6}", softmax.sum))
    );
    let greedy = if softmax.temperature > 0.0 {
        ""
    } else {
        ": no division; the largest logit gets all the probability"
    };
    let _ = writeln!(table, "T = {temperature}{greedy}");
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_by_hand() {
        // e^(−ln 4) is a quarter: p is 0.8 and 0.2.
        let mut out = Vec::new();
        softmax("0 cat, -1.3862943611198906 a dog", 1.0, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let cells: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(cells[1], ["cat", "0.0000", "0.0000", "0.0000", "1.000000", "0.800000"]);
        assert_eq!(cells[2][2..], ["-1.3863", "-1.3863", "-1.3863", "0.250000", "0.200000"]);
        assert_eq!(cells[3], ["sum", "1.250000", "1.000000"]);
        assert_eq!(cells[4], ["T", "=", "1"]);
    }

    #[test]
    fn foreign_text_is_made_harmless_and_nonsense_refused() {
        let mut out = Vec::new();
        softmax("1 \u{1b}]0x, 2 b", 0.0, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains('\u{1b}') && text.contains("largest logit gets all"), "{text}");
        let row = text.lines().nth(2).unwrap_or_default();
        assert!(
            row.starts_with('b') && row.contains("2.0000           –           –           –    1.000000"),
            "{text}"
        );
        assert!(softmax("cat", 1.0, &mut Vec::new()).is_err());
    }
}
