//! Writing the columns of a row one after the other.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line};
use unicode_width::UnicodeWidthStr;

use crate::ui::rows::elide_words;

/// Writes columns from left to right, with a cell between them. What is beyond the row's end is not written.
pub(super) struct Pen<'a> {
    row: Rect,
    x: u16,
    buf: &'a mut Buffer,
}

impl<'a> Pen<'a> {
    /// At the row's left end.
    pub fn new(row: Rect, buf: &'a mut Buffer) -> Self {
        Self { row, x: row.x, buf }
    }

    /// The next column's cells, as far as the row goes; a column of no width takes none.
    pub fn column(&mut self, width: u16) -> Rect {
        let cells = Rect { x: self.x, width, height: 1, ..self.row }.intersection(self.row);
        self.x = self.x.saturating_add(width + u16::from(width > 0));
        cells
    }

    /// Text at the left of the next column.
    pub fn left(&mut self, width: u16, text: &str, style: Style) {
        let cells = self.column(width);
        self.put(cells, text, style);
    }

    /// Text at the right of the next column.
    pub fn right(&mut self, width: u16, text: &str, style: Style) {
        let cells = self.column(width);
        let pad = usize::from(cells.width).saturating_sub(text.width()) as u16;
        self.put(Rect { x: cells.x + pad, width: cells.width - pad, ..cells }, text, style);
    }

    /// Text in all that is left of the row.
    pub fn rest(&mut self, text: &str, style: Style) {
        self.left(self.room(), text, style);
    }

    /// The cells that are left of the row.
    pub fn room(&self) -> u16 {
        self.row.right().saturating_sub(self.x)
    }

    /// Goes back over the last column's gap, so that the next follows at once.
    pub fn close_up(&mut self) {
        self.x = self.x.saturating_sub(1);
    }

    /// The buffer, for what is no text.
    pub fn buffer(&mut self) -> &mut Buffer {
        self.buf
    }

    fn put(&mut self, cells: Rect, text: &str, style: Style) {
        let width = usize::from(cells.width);
        if width > 0 {
            self.buf.set_line(cells.x, cells.y, &elide_words(&Line::styled(text, style), width), cells.width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_by_hand() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        let mut pen = Pen::new(Rect::new(1, 0, 10, 1), &mut buffer);
        pen.left(3, "abcd", Style::new());
        pen.right(3, "x", Style::new());
        pen.left(0, "nothing", Style::new());
        pen.rest("to the end", Style::new());
        assert_eq!(buffer, Buffer::with_lines([" ab…   x t… "]));
    }
}
