//! The wheel as a ring: a segment for each candidate, as large as its probability, under a pointer at the top.

use std::f64::consts::{FRAC_PI_2, TAU};

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Span};

use super::{
    label, put_span,
    strip::{self, Segments},
};
use crate::{
    app::{Present, State},
    ui::widgets::elide,
};

/// The hole, as a share of the radius.
const HOLE: f64 = 0.62;

pub(super) fn draw(state: &State, large: &Present, area: Rect, buf: &mut Buffer) {
    let segments = Segments::of(state);
    if area.height < 6 || segments.is_empty() {
        return;
    }
    let theme = state.theme();
    let pointer = Rect { x: area.x + area.width / 2, width: 1, height: 1, ..area };
    put_span(&Span::styled("▼", theme.pointer()), pointer, buf);
    let disc = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let at = strip::pointer(state, large);
    // Pixels are half a cell high, and as wide as high.
    let (columns, rows) = (f64::from(disc.width), 2.0 * f64::from(disc.height));
    let radius = columns.min(rows) / 2.0;
    let pixel = |column: u16, half: u16| -> Option<usize> {
        let x = f64::from(column) + 0.5 - columns / 2.0;
        let y = f64::from(half) + 0.5 - rows / 2.0;
        let r = x.hypot(y) / radius;
        // Clockwise from the top, in turns.
        let turn = (y.atan2(x) + FRAC_PI_2) / TAU;
        (HOLE..=1.0).contains(&r).then(|| segments.under((at + turn).rem_euclid(1.0)))
    };
    for row in 0..disc.height {
        for column in 0..disc.width {
            let cell = &mut buf[(disc.x + column, disc.y + row)];
            let look = |segment: usize| strip::look(theme, segment);
            match (pixel(column, 2 * row), pixel(column, 2 * row + 1)) {
                (Some(upper), Some(lower)) if upper == lower => {
                    let (symbol, style) = look(upper);
                    cell.set_symbol(symbol).set_style(style);
                }
                (Some(upper), Some(lower)) => {
                    let (upper, lower) = (look(upper).1, look(lower).1);
                    let style = lower.fg.map_or(upper, |colour| upper.bg(colour));
                    cell.set_symbol("▀").set_style(style);
                }
                (Some(upper), None) => _ = cell.set_symbol("▀").set_style(look(upper).1),
                (None, Some(lower)) => _ = cell.set_symbol("▄").set_style(look(lower).1),
                (None, None) => {}
            }
        }
    }
    if large.spin().is_some() || super::marked(state, large).is_some() {
        name(state, &segments, at, disc, buf);
    }
}

/// Names the segment under the pointer in the middle of the ring.
fn name(state: &State, segments: &Segments, at: f64, disc: Rect, buf: &mut Buffer) {
    let room = usize::from(disc.width / 2).saturating_sub(2);
    let token = segments.token(segments.under(at));
    let told = token.map_or_else(|| "another one".to_owned(), |token| label(state, token));
    let number = format!("u = {at:.4}");
    let lines: [(String, Style); 2] =
        [(elide(&told, room), state.theme().chosen()), (elide(&number, room), state.theme().dim())];
    for (index, (text, style)) in (0..).zip(lines) {
        let width = unicode_width::UnicodeWidthStr::width(text.as_str()) as u16;
        let x = disc.x + (disc.width - width.min(disc.width)) / 2;
        let y = disc.y + disc.height / 2 + index;
        put_span(&Span::styled(text, style), Rect { x, y, width, height: 1 }.intersection(disc), buf);
    }
}
