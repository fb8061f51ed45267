//! The last values of a series as little bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// One to eight eighths of a cell, from below: U+2581 to U+2588.
pub(super) const EIGHTHS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// As many of the last values as the area has columns, the newest at the right end, scaled to the largest of
/// them.
///
/// ```text
///    ▂▂▃▂█▂▂▁▂
/// ```
///
/// Values below 0, and what is not a finite number, are gaps; all others show at least `▁`. Unlike ratatui's,
/// it shows the end of the series and takes fractions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sparkline<'a> {
    /// The series, oldest first.
    pub values: &'a [f64],
    /// The bars' style.
    pub style: Style,
}

impl Widget for &Sparkline<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let shown = self.values.len().min(usize::from(area.width));
        let last = &self.values[self.values.len() - shown..];
        let largest = last.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let first_column = area.right() - shown as u16;
        for (column, value) in (first_column..).zip(last) {
            let mut eighths = eighths(*value, largest, usize::from(area.height) * 8);
            for row in (area.top()..area.bottom()).rev() {
                if let Some(index) = eighths.min(8).checked_sub(1) {
                    buf[(column, row)].set_symbol(EIGHTHS[index]).set_style(self.style);
                }
                eighths = eighths.saturating_sub(8);
            }
        }
    }
}

/// The height of a value's bar, of `room` eighths.
pub(super) fn eighths(value: f64, largest: f64, room: usize) -> usize {
    if !value.is_finite() || value < 0.0 || room == 0 {
        return 0;
    }
    // All values are 0 when the largest is.
    let part = if largest > 0.0 { value / largest } else { 0.0 };
    ((part * room as f64).round() as usize).clamp(1, room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[f64], width: u16, height: u16) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        (&Sparkline { values, style: Style::new() }).render(buffer.area, &mut buffer);
        buffer
    }

    #[test]
    fn bars_are_scaled_to_the_largest_shown() {
        assert_eq!(drawn(&[1.0, 2.0, 4.0, 8.0], 4, 1), Buffer::with_lines(["▁▂▄█"]));
        assert_eq!(drawn(&[100.0, 1.0, 2.0], 2, 1), Buffer::with_lines(["▄█"]), "the 100 is not shown");
    }

    #[test]
    fn the_newest_is_at_the_right_end() {
        assert_eq!(drawn(&[1.0], 3, 1), Buffer::with_lines(["  █"]));
        assert_eq!(drawn(&[], 3, 1), Buffer::with_lines(["   "]));
    }

    #[test]
    fn zeros_are_seen_and_gaps_are_not() {
        assert_eq!(drawn(&[0.0, 0.0], 2, 1), Buffer::with_lines(["▁▁"]));
        let odd = [f64::NAN, 1.0, f64::INFINITY, -1.0, 0.0];
        assert_eq!(drawn(&odd, 5, 1), Buffer::with_lines([" █  ▁"]));
    }

    #[test]
    fn more_rows_are_finer() {
        // 3/4 of 16 eighths is 12: a full cell and half a one.
        assert_eq!(drawn(&[3.0, 4.0], 2, 2), Buffer::with_lines(["▄█", "██"]));
    }
}
