//! A vertical bar in eighths of a cell.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::sparkline::{EIGHTHS, eighths};

/// A fraction of the area's height, in its first column, from below; anything above 0 shows at least `▁`.
///
/// ```text
/// ▄
/// █
/// ```
pub fn bar_column(area: Rect, fraction: f64, style: Style, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let mut left = eighths(fraction.clamp(0.0, 1.0), 1.0, usize::from(area.height) * 8);
    for row in (area.top()..area.bottom()).rev() {
        if let Some(index) = left.min(8).checked_sub(1) {
            buf[(area.x, row)].set_symbol(EIGHTHS[index]).set_style(style);
        }
        left = left.saturating_sub(8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_quarters_of_two_cells() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 2));
        bar_column(Rect::new(0, 0, 1, 2), 0.75, Style::new(), &mut buffer);
        bar_column(Rect::new(1, 0, 1, 2), f64::NAN, Style::new(), &mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["▄ ", "█ "]));
        bar_column(Rect::new(1, 0, 0, 0), 1.0, Style::new(), &mut buffer);
    }
}
