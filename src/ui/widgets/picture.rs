//! A distribution as little bars in one row.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::sparkline::{EIGHTHS, eighths};

/// Little bars from the left, a cell each, in eighths of a cell's height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture<'a> {
    /// What the bars show, 0 and up; NaN leaves a gap.
    pub values: &'a [f64],
    /// The value of a full bar, so that several pictures can be compared.
    pub largest: f64,
    /// Style of the bars.
    pub style: Style,
}

impl Widget for &Picture<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        for (column, value) in (area.left()..area.right()).zip(self.values) {
            if let Some(index) = eighths(*value, self.largest, 8).checked_sub(1) {
                buf[(column, area.y)].set_symbol(EIGHTHS[index]).set_style(self.style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_in_their_places() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 5, 1));
        let values = [1.0, f64::NAN, 0.5, 0.0, 9.0, 1.0];
        (&Picture { values: &values, largest: 1.0, style: Style::new() }).render(buffer.area, &mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["█ ▄▁█"]));
    }
}
