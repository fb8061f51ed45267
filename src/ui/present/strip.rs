//! The wheel unrolled: the candidates side by side, each as wide as its probability, over a pointer.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::Span,
};
use unicode_width::UnicodeWidthStr;

use super::{label, put_span};
use crate::{
    app::{Present, Spin, State},
    theme::{RAMP_STEPS, Theme},
    token::Token,
    ui::widgets::column_of,
};

/// The candidates in the order in which the draw walks them, with where each ends.
pub(super) struct Segments {
    /// Token and the sum up to its end, 0 to 1; what is too narrow to be seen has no token.
    ends: Vec<(Option<Token>, f64)>,
}

impl Segments {
    pub fn of(state: &State) -> Self {
        let ends = state.frame().survivors.iter().scan(0.0, |sum, &(token, p)| {
            *sum += p.max(0.0);
            Some((token, f64::min(*sum, 1.0)))
        });
        Self { ends: ends.collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The segment over a number from 0 to 1.
    pub fn under(&self, u: f64) -> usize {
        self.ends.iter().position(|&(_, end)| u < end).unwrap_or(self.ends.len().saturating_sub(1))
    }

    pub fn token(&self, segment: usize) -> Option<Token> {
        self.ends.get(segment).and_then(|(token, _)| *token)
    }
}

/// Where the pointer is: at the wheel's place while it turns, then at u; at the start where it is still to be seen.
pub(super) fn pointer(state: &State, large: &Present) -> f64 {
    let u = state.frame().u.filter(|_| super::marked(state, large).is_some());
    large.spin().map_or_else(|| u.unwrap_or(0.0), Spin::at)
}

/// Glyph and style of a segment; neighbours differ in the glyph where there are no colours.
pub(super) fn look(theme: &Theme, segment: usize) -> (&'static str, Style) {
    if theme.is_monochrome() {
        return (if segment.is_multiple_of(2) { "█" } else { "▒" }, Style::new());
    }
    // Three steps on, so that neighbours are far apart.
    ("█", theme.ramp_step((3 * segment + RAMP_STEPS - 1) % RAMP_STEPS))
}

pub(super) fn draw(state: &State, large: &Present, area: Rect, buf: &mut Buffer) {
    let segments = Segments::of(state);
    if area.height < 3 || area.width < 10 || segments.is_empty() {
        return;
    }
    let theme = state.theme();
    let mut from = 0;
    for (index, &(token, end)) in segments.ends.iter().enumerate() {
        let to = (column_of(end, area.width) + 1).min(area.width);
        let place = Rect { x: area.x + from, width: to.saturating_sub(from), height: 2, ..area };
        let (symbol, style) = look(theme, index);
        for position in place.positions() {
            buf[position].set_symbol(symbol).set_style(style);
        }
        let name = token.map_or_else(String::new, |token| label(state, token));
        if !name.is_empty() && name.width() + 2 <= usize::from(place.width) {
            let style = style.add_modifier(Modifier::REVERSED);
            put_span(&Span::styled(format!(" {name} "), style), Rect { height: 1, ..place }, buf);
        }
        from = to.max(from);
    }
    let moving = large.spin().is_some();
    let shown = moving || super::marked(state, large).is_some() || state.awaits_guess();
    let Some(u) = state.frame().u.filter(|_| shown) else { return };
    let at = if moving { pointer(state, large) } else { u };
    if state.awaits_guess() && !moving {
        // The class has to find the place by itself.
        let told = format!("u = {u:.2}: where does it land? 0 is at the left end, 1 at the right.");
        put_span(&Span::styled(told, theme.pointer()), Rect { y: area.y + 2, height: 1, ..area }, buf);
        return;
    }
    let column = column_of(at, area.width);
    let told = format!("▲ u = {at:.2}");
    let x = column.min(area.width.saturating_sub(told.width() as u16));
    let row = Rect { x: area.x + x, y: area.y + 2, width: area.width - x, height: 1 };
    if x == column {
        put_span(&Span::styled(told, theme.pointer()), row, buf);
    } else {
        let pointer = Rect { x: area.x + column, width: 1, ..row };
        let note = format!("u = {at:.2} ");
        let left = column.saturating_sub(note.width() as u16);
        put_span(
            &Span::styled(note, theme.pointer()),
            Rect { x: area.x + left, width: column - left, ..row },
            buf,
        );
        put_span(&Span::styled("▲", theme.pointer()), pointer, buf);
    }
}
