//! A horizontal bar in eighths of a cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

/// One to eight eighths of a cell, from the left: U+258F to U+2588.
const EIGHTHS: [&str; 8] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/// A fraction of the area's width, in its first row.
///
/// ```text
/// ███████▍
/// ```
///
/// The length is rounded to the nearest eighth of a cell, halves away from zero; anything above 0 shows at
/// least `▏`. Less than 0, or not a number, is 0; more than 1 is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// The part of the width that is filled, 0 to 1.
    pub fraction: f64,
    /// The bar's style.
    pub style: Style,
}

impl Widget for &Bar {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let text = bar_text(self.fraction, usize::from(area.width));
        buf.set_stringn(area.x, area.y, text, usize::from(area.width), self.style);
    }
}

/// The bar of a fraction in at most `width` cells, without trailing spaces; rounded as [`Bar`] says.
#[must_use]
pub fn bar_text(fraction: f64, width: usize) -> String {
    let eighths = eighths(fraction, width);
    let mut text = EIGHTHS[7].repeat(eighths / 8);
    if let Some(last) = (eighths % 8).checked_sub(1) {
        text.push_str(EIGHTHS[last]);
    }
    text
}

fn eighths(fraction: f64, width: usize) -> usize {
    let whole = width * 8;
    if width == 0 || fraction.is_nan() || fraction <= 0.0 {
        return 0;
    }
    ((fraction.min(1.0) * whole as f64).round() as usize).clamp(1, whole)
}

/// A bar that grows from the right end of the area to the left, otherwise as [`Bar`].
///
/// ```text
///      ▐███████
/// ```
///
/// There are no blocks that fill a cell from the right in eighths, so its last cell is a block in reversed colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MirroredBar {
    /// The part of the width that is filled, 0 to 1.
    pub fraction: f64,
    /// The bar's style.
    pub style: Style,
}

impl Widget for &MirroredBar {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let eighths = eighths(self.fraction, usize::from(area.width));
        let whole = (eighths / 8) as u16;
        for x in area.right() - whole..area.right() {
            buf[(x, area.y)].set_symbol(EIGHTHS[7]).set_style(self.style);
        }
        if let Some(rest) = (eighths % 8).checked_sub(1) {
            let style = self.style.add_modifier(Modifier::REVERSED);
            buf[(area.right() - whole - 1, area.y)].set_symbol(EIGHTHS[6 - rest]).set_style(style);
        }
    }
}

/// What stands over a column of bars that `width` cells wide are a probability of 1: `0` at its left end and `1` at its
/// right end; nothing where the two would meet.
///
/// ```text
/// 0      1
/// ███▍
/// ```
#[must_use]
pub fn scale_head(width: u16) -> String {
    let between = usize::from(width).saturating_sub(2);
    if between == 0 { String::new() } else { format!("0{}1", " ".repeat(between)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirrored_bar_is_filled_from_the_right() {
        // 0.3 of 4 cells is 9.6 eighths: 10, a cell and two eighths; reversed, six eighths are left out.
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        (&MirroredBar { fraction: 0.3, style: Style::new() }).render(buffer.area, &mut buffer);
        let symbols: Vec<_> = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(symbols, [" ", " ", "▊", "█"]);
        assert_eq!(buffer[(2, 0)].modifier, Modifier::REVERSED);
        assert_eq!(buffer[(3, 0)].modifier, Modifier::empty());
        for (fraction, filled) in [(0.0, 0), (1.0, 4), (f64::NAN, 0), (1e-300, 1)] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
            (&MirroredBar { fraction, style: Style::new() }).render(buffer.area, &mut buffer);
            assert_eq!(
                buffer.content.iter().filter(|cell| cell.symbol() != " ").count(),
                filled,
                "{fraction}"
            );
        }
    }

    #[test]
    fn the_ends_of_a_scale_stand_over_the_ends_of_its_bars() {
        assert_eq!([0, 2, 3, 8].map(scale_head), ["", "", "0 1", "0      1"]);
    }

    #[test]
    fn lengths_by_hand() {
        assert_eq!(bar_text(0.0, 4), "");
        assert_eq!(bar_text(1.0, 4), "████");
        assert_eq!(bar_text(0.5, 4), "██");
        assert_eq!(bar_text(0.5, 1), "▌");
        // 0.3 of 4 cells is 9.6 eighths: 10, a cell and two eighths.
        assert_eq!(bar_text(0.3, 4), "█▎");
        // 3/16 of one cell is 1.5 eighths, rounded up to 2.
        assert_eq!(bar_text(3.0 / 16.0, 1), "▎");
    }

    #[test]
    fn the_least_probability_is_seen() {
        assert_eq!(bar_text(1e-300, 10), "▏");
        assert_eq!(bar_text(f64::MIN_POSITIVE, 1), "▏");
        assert_eq!(bar_text(0.5, 0), "");
    }

    #[test]
    fn numbers_that_are_no_fraction() {
        assert_eq!(bar_text(f64::NAN, 3), "");
        assert_eq!(bar_text(-1.0, 3), "");
        assert_eq!(bar_text(f64::INFINITY, 3), "███");
    }

    #[test]
    fn only_the_first_row_is_drawn() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 2));
        (&Bar { fraction: 0.5, style: Style::new() }).render(buffer.area, &mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["█▌ ", "   "]));
    }
}
