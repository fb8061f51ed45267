//! The bottom row: a notice, else the keys that matter now.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
};

use super::{hints, rows::draw_row};
use crate::{
    app::{Hit, State},
    text::Shown,
    theme::Marks,
};

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    let Some(notice) = &state.notice else {
        hints::draw(&hints::hints(state), inside(area), &state.theme, buf);
        return;
    };
    // A notice may quote what a person typed or pasted.
    let text = Shown::inline(notice);
    let spans = vec![
        Span::styled(Marks::WARNING, state.theme.warning()),
        Span::raw(" "),
        Span::styled(text.as_str(), state.theme.warning()),
    ];
    draw_row(inside(area), 0, &Line::from(spans), buf);
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    if state.notice.is_some() || !area.contains(at) {
        return None;
    }
    hints::hit(&hints::hints(state), inside(area), at).map(Hit::Hint)
}

/// The row less a cell of margin.
fn inside(area: Rect) -> Rect {
    let margin = area.width.min(1);
    Rect { x: area.x + margin, width: area.width - margin, ..area }
}
