//! A series as a line of dots.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// Dots of a cell, across and down.
const DOTS: (usize, usize) = (2, 4);
/// The braille pattern without dots; each dot is a bit added to it.
const BLANK: u32 = 0x2800;
/// The bits of the dots in the left and the right column of a cell, from the top down (Unicode 16, section 21.1).
const BITS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Values from 0 (bottom) to 1 (top) as a line, two values a cell, four levels a row, from the left. Values that have
/// no room are not drawn; one that is no number leaves a gap.
///
/// ```text
/// ⠤⠤⠤⠤⠒⠉⠑⠢⠤⠔⠉
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineChart<'a> {
    /// The series.
    pub values: &'a [f64],
    /// The line's style.
    pub style: Style,
    /// A value whose cell stands out, and how.
    pub marked: Option<(usize, Style)>,
}

impl LineChart<'_> {
    /// Values that an area has room for.
    #[must_use]
    pub fn capacity(area: Rect) -> usize {
        usize::from(area.width) * DOTS.0
    }

    /// The first of the values that are drawn in the column of a place in the area.
    #[must_use]
    pub fn value_at(area: Rect, at: Position) -> usize {
        usize::from(at.x.saturating_sub(area.x)) * DOTS.0
    }
}

impl Widget for &LineChart<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let levels = usize::from(area.height) * DOTS.1;
        // Rows of dots from the bottom, 0 the lowest.
        let level = |value: &f64| {
            let top = (levels - 1) as f64;
            value.is_finite().then(|| (value.clamp(0.0, 1.0) * top).round() as usize)
        };
        let heights: Vec<Option<usize>> = self.values.iter().map(level).collect();
        for column in 0..usize::from(area.width) {
            let first = column * DOTS.0;
            if first >= heights.len() {
                break;
            }
            for row in 0..usize::from(area.height) {
                let bits = (0..DOTS.0).map(|dot| bits(&heights, first + dot, dot, levels, row)).sum::<u32>();
                let (x, y) = (area.x + column as u16, area.y + row as u16);
                let cell = &mut buf[(x, y)];
                if let Some(dots) = char::from_u32(BLANK + bits).filter(|_| bits > 0) {
                    cell.set_char(dots).set_style(self.style);
                }
                if let Some((_, style)) = self.marked.filter(|(value, _)| value / DOTS.0 == column) {
                    cell.set_style(style);
                }
            }
        }
    }
}

/// The dots of value `index` in a row of cells, 0 the uppermost: its own, and those that join it to the value before.
fn bits(heights: &[Option<usize>], index: usize, column: usize, levels: usize, row: usize) -> u32 {
    let Some(height) = heights.get(index).copied().flatten() else { return 0 };
    let before = index.checked_sub(1).and_then(|before| heights[before]).unwrap_or(height);
    let (low, high) = match before.cmp(&height) {
        std::cmp::Ordering::Less => (before + 1, height),
        std::cmp::Ordering::Equal => (height, height),
        std::cmp::Ordering::Greater => (height, before - 1),
    };
    (0..DOTS.1)
        .filter(|dot| (low..=high).contains(&(levels - 1 - (row * DOTS.1 + dot))))
        .map(|dot| BITS[column][dot])
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[f64], width: u16, height: u16) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        (&LineChart { values, style: Style::new(), marked: None }).render(buffer.area, &mut buffer);
        buffer
    }

    #[test]
    fn two_values_a_cell_and_four_levels_a_row() {
        assert_eq!(
            drawn(&[0.0, 0.0, 1.0, 1.0], 2, 1),
            Buffer::with_lines(["⣀⠏"]),
            "the third goes up to the top"
        );
        assert_eq!(drawn(&[0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0], 2, 1), Buffer::with_lines(["⡠⠊"]));
        assert_eq!(drawn(&[1.0, 0.0], 1, 2), Buffer::with_lines(["⢱", "⢸"]));
    }

    #[test]
    fn gaps_and_what_has_no_room_are_not_drawn() {
        assert_eq!(drawn(&[0.0, f64::NAN, 0.0, 0.0], 2, 1), Buffer::with_lines(["⡀⣀"]));
        assert_eq!(drawn(&[0.0; 9], 2, 1), Buffer::with_lines(["⣀⣀"]));
        assert_eq!(drawn(&[2.0, -1.0], 2, 1), Buffer::with_lines(["⢱ "]), "beyond the ends is at the ends");
        assert_eq!(drawn(&[], 2, 1), Buffer::with_lines(["  "]));
    }

    #[test]
    fn a_marked_value_stands_out() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        let chart =
            LineChart { values: &[0.0; 4], style: Style::new(), marked: Some((3, Style::new().reversed())) };
        (&chart).render(buffer.area, &mut buffer);
        let reversed = |x: u16| buffer[(x, 0)].modifier.contains(ratatui::style::Modifier::REVERSED);
        assert_eq!([reversed(0), reversed(1)], [false, true]);
    }
}
