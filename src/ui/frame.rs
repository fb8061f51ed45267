//! What the frames of all panels have in common.

use ratatui::{
    layout::{Position, Rect},
    text::{Line, Span},
};

use super::widgets::Panel;
use crate::app::{Hit, PanelId, State};

/// The sign after a title that explains the panel when clicked.
const EXPLAIN: &str = "ⁱ";

/// A panel's frame under its usual title.
pub(super) fn frame<'a>(state: &State, id: PanelId) -> Panel<'a> {
    titled(state, id, id.title())
}

/// A panel's frame under another title.
pub(super) fn titled<'a>(state: &State, id: PanelId, title: impl Into<String>) -> Panel<'a> {
    let focused = state.focus == id;
    let theme = &state.theme;
    Panel {
        hint: Line::styled(EXPLAIN, theme.dim()),
        border: theme.border(focused),
        border_type: theme.border_type(focused),
        ..Panel::new(Span::styled(title.into(), theme.title(focused)))
    }
}

/// What a place of a panel is, if nothing of its content lies there.
pub(super) fn hit(panel: &Panel, id: PanelId, area: Rect, at: Position) -> Hit {
    if panel.hint_area(area).is_some_and(|hint| hint.contains(at)) {
        Hit::Explain(id)
    } else {
        Hit::Panel(id)
    }
}

/// What a place of a panel with its usual title is, where nothing of its content lies there.
pub(super) fn frame_hit(state: &State, id: PanelId, area: Rect, at: Position) -> Option<Hit> {
    area.contains(at).then(|| hit(&frame(state, id), id, area, at))
}
