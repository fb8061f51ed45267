//! The table of settings as cells: a row for each setting and, where there are several prompts, one for each text of it.

use super::{Comparison, PromptRow, Row};

/// The heads of the columns.
pub(super) const HEADS: [&str; 8] =
    ["setting", "texts", "tokens", "repetition", "distinct-2", "entropy (bits)", "perplexity", "ends"];

/// A line of the table.
pub(super) struct GridRow {
    /// Which lane.
    pub lane: usize,
    /// Whether it is about one text, not about all of its setting.
    pub is_text: bool,
    /// A cell for each of [`HEADS`].
    pub cells: [String; 8],
}

/// The table, line by line.
pub(super) fn grid(comparison: &Comparison<'_>, rows: &[Row]) -> Vec<GridRow> {
    let several = comparison.prompts.len() > 1;
    let mut grid = Vec::new();
    for row in rows {
        grid.push(GridRow { lane: row.lane, is_text: false, cells: of_setting(row) });
        for text in row.prompts.iter().filter(|_| several) {
            grid.push(GridRow { lane: row.lane, is_text: true, cells: of_text(text) });
        }
    }
    grid
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

fn of_text(text: &PromptRow) -> [String; 8] {
    let name = text.prompt.map_or("its own prompt".to_owned(), |prompt| format!("prompt {}", prompt + 1));
    [
        name,
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
fn perplexity(perplexity: f64, said: bool) -> String {
    if said { format!("{perplexity:.2}") } else { "–".to_owned() }
}
