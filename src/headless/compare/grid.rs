//! The table of settings as cells: a row for each setting and, where there are several prompts, below them the texts on each
//! prompt. The texts themselves are written in this order too.

use super::{Comparison, PromptRow, Row};

/// The heads of the columns.
pub(super) const HEADS: [&str; 8] =
    ["setting", "texts", "tokens", "repetition", "distinct-2", "entropy (bits)", "perplexity", "stopped by"];

/// The title of lanes whose prompt is none of several.
pub(super) const OWN_PROMPTS: &str = "with their own prompt";

/// A line of the table, with a cell for each of [`HEADS`].
pub(super) enum GridRow {
    /// A setting over all prompts.
    Setting {
        /// Which lane.
        lane: usize,
        /// The cells.
        cells: [String; 8],
    },
    /// What the texts below have in common: their prompt.
    Prompt(String),
    /// A setting on one prompt.
    Text([String; 8]),
}

/// The table, line by line.
pub(super) fn grid(comparison: &Comparison<'_>, rows: &[Row]) -> Vec<GridRow> {
    let mut grid: Vec<GridRow> =
        rows.iter().map(|row| GridRow::Setting { lane: row.lane, cells: of_setting(row) }).collect();
    if !comparison.several_prompts() {
        return grid;
    }
    for (index, (prompt, _)) in comparison.prompts.iter().enumerate() {
        group(&mut grid, &format!("prompt {}: {prompt}", index + 1), Some(index), rows);
    }
    group(&mut grid, OWN_PROMPTS, None, rows);
    grid
}

/// The texts on one prompt, or those on prompts of their own, under a title.
fn group(grid: &mut Vec<GridRow>, title: &str, prompt: Option<usize>, rows: &[Row]) {
    let on = |row: &Row| -> Option<GridRow> {
        let text = row.prompts.iter().find(|text| text.prompt == prompt)?;
        Some(GridRow::Text(of_text(&row.name, text)))
    };
    let texts: Vec<GridRow> = rows.iter().filter_map(on).collect();
    if !texts.is_empty() {
        grid.push(GridRow::Prompt(title.to_owned()));
        grid.extend(texts);
    }
}

fn of_setting(row: &Row) -> [String; 8] {
    let stops: Vec<String> = row.stops.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
    [
        row.name.clone(),
        row.texts.to_string(),
        format!("{:.1}", row.tokens),
        format!("{:.3}", row.repetition),
        format!("{:.3}", row.distinct_2),
        format!("{:.2}", row.entropy_bits),
        perplexity(row.perplexity, row.tokens > 0.0),
        stops.join(", "),
    ]
}

fn of_text(name: &str, text: &PromptRow) -> [String; 8] {
    [
        name.to_owned(),
        String::new(),
        text.tokens.to_string(),
        format!("{:.3}", text.repetition),
        format!("{:.3}", text.distinct_2),
        format!("{:.2}", text.entropy_bits),
        perplexity(text.perplexity, text.tokens > 0),
        text.stop.to_owned(),
    ]
}

/// Without a token there is none.
fn perplexity(perplexity: f64, generated: bool) -> String {
    if generated { format!("{perplexity:.2}") } else { "–".to_owned() }
}
