//! Columns of a row: where they lie, and text in them.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Span};

/// A column: its first cell, counted from the row's, and its width.
pub(super) type Column = (u16, u16);

/// A column's cells in a row, as far as the row goes.
pub(super) fn cells(column: Column, row: Rect) -> Rect {
    Rect { x: row.x.saturating_add(column.0), width: column.1, ..row }.intersection(row)
}

/// Writes a text from a column's left end on, cut to its width.
pub(super) fn put(text: &str, column: Column, style: Style, row: Rect, buf: &mut Buffer) {
    let cells = cells(column, row);
    buf.set_stringn(cells.x, cells.y, text, cells.width.into(), style);
}

/// Writes a text that ends at a column's right end.
pub(super) fn put_right(text: &str, column: Column, style: Style, row: Rect, buf: &mut Buffer) {
    let cells = cells(column, row);
    let text = Span::styled(text, style);
    let pad = usize::from(cells.width).saturating_sub(text.width()) as u16;
    buf.set_stringn(cells.x + pad, cells.y, text.content, usize::from(cells.width - pad), style);
}
