//! The models as a table for people.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Row;
use crate::{
    models::{Fit, ListedModel},
    text::{Shown, bytes},
};

/// The headings; the last column is not padded.
const HEADINGS: [&str; 9] =
    ["name", "architecture", "parameters", "quantisation", "size", "context", "chat", "memory", "where"];
/// Columns of numbers stand right.
const RIGHT: [bool; 9] = [false, false, true, false, true, true, false, false, false];

pub(super) fn write(rows: &[Row], free: Option<u64>, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return writeln!(
            out,
            "There are no models in the known places; docs/models.md says which those are."
        );
    }
    let lines: Vec<[String; 9]> = rows.iter().map(cells).collect();
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].width());
        cells.max().unwrap_or(0).max(HEADINGS[column].width())
    };
    let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
    write_line(&HEADINGS.map(str::to_owned), &widths, out)?;
    for (line, row) in lines.iter().zip(rows) {
        write_line(line, &widths, out)?;
        if let Some(Err(why)) = &row.model.card {
            writeln!(out, "  cannot be run: {}", Shown::inline(why))?;
        }
    }
    let free = free.map_or_else(|| "not known here".to_owned(), |free| bytes(free as f64));
    writeln!(
        out,
        "\nmemory: weights and KV cache at the context that is set (-c), against what is free: {free}"
    )
}

fn cells(row: &Row) -> [String; 9] {
    let Row { model: ListedModel { found, card }, fit } = row;
    let card = card.as_ref().and_then(|card| card.as_ref().ok());
    let of = |text: &dyn Fn(&crate::models::Card) -> String| card.map_or_else(|| "–".to_owned(), text);
    [
        Shown::inline(&found.name).as_str().to_owned(),
        of(&|card| Shown::inline(&card.architecture).as_str().to_owned()),
        of(&|card| card.parameters_text()),
        of(&|card| card.quantisation.unwrap_or("–").to_owned()),
        bytes(found.size as f64),
        of(&|card| card.context_length.to_string()),
        of(&|card| if card.chat_template { "yes" } else { "no" }.to_owned()),
        fit.as_ref().map_or_else(|| "–".to_owned(), Fit::in_words),
        found.place.label().to_owned(),
    ]
}

fn write_line(cells: &[String; 9], widths: &[usize], out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    for ((cell, width), right) in cells.iter().zip(widths).zip(RIGHT) {
        let pad = " ".repeat(width - cell.width());
        let parts = if right { [pad.as_str(), cell] } else { [cell, pad.as_str()] };
        line.push_str(&parts.concat());
        line.push_str("  ");
    }
    writeln!(out, "{}", line.trim_end())
}
