//! What all panels of the step screen have in common: frame, title, focus, and the sign that explains.

use ratatui::{
    layout::{Position, Rect},
    text::{Line, Span},
};

use super::widgets::Panel;
use crate::app::{Hit, PanelId, State};

/// The sign in a title that explains the panel when clicked.
const EXPLAIN: &str = "ⁱ";

/// The frame of a panel, with its title; the other titles are the panel's own.
pub(super) fn frame<'a>(state: &State, id: PanelId) -> Panel<'a> {
    let focused = state.focus == id;
    Panel {
        hint: Line::from(Span::styled(EXPLAIN, state.theme.dim())),
        border: state.theme.border(focused),
        border_type: state.theme.border_type(focused),
        ..Panel::new(Span::styled(id.title(), state.theme.title(focused)))
    }
}

/// What lies at a place of a panel where nothing of its content does.
pub(super) fn frame_hit(state: &State, id: PanelId, area: Rect, at: Position) -> Option<Hit> {
    if !area.contains(at) {
        return None;
    }
    let explains = frame(state, id).hint_area(area).is_some_and(|hint| hint.contains(at));
    Some(if explains { Hit::Explain(id) } else { Hit::Panel(id) })
}
