//! Cells of a fixed width.

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr as _;

use crate::ui::widgets::elide;

/// A text at the left end of a cell.
pub(super) fn left<'a>(text: &str, width: usize, style: Style) -> Span<'a> {
    let text = elide(text, width);
    let pad = width.saturating_sub(text.width());
    Span::styled(format!("{text}{}", " ".repeat(pad)), style)
}

/// A text at the right end of a cell.
pub(super) fn right<'a>(text: &str, width: usize, style: Style) -> Span<'a> {
    let text = elide(text, width);
    let pad = width.saturating_sub(text.width());
    Span::styled(format!("{}{text}", " ".repeat(pad)), style)
}

/// Milliseconds, in as many places as say something.
pub(super) fn ms(time: std::time::Duration) -> String {
    match time.as_secs_f64() * 1e3 {
        ms if ms >= 100.0 => format!("{ms:.0} ms"),
        ms if ms >= 1.0 => format!("{ms:.1} ms"),
        ms => format!("{ms:.2} ms"),
    }
}

/// `1 row`, `2 rows`.
pub(super) fn count(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", crate::ui::numbers::thousands(count), if count == 1 { one } else { many })
}
