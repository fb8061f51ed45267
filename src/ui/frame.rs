//! What the frames of all panels have in common.

use ratatui::{
    layout::{Position, Rect},
    text::{Line, Span},
};

use super::widgets::Panel;
use crate::{
    app::{Hit, ModelState, PanelId, State},
    keymap::Action,
};

/// Insides at least this wide have a margin.
const ROOM_FOR_MARGINS: u16 = 24;

/// A panel's frame under its usual title.
pub(super) fn frame<'a>(state: &State, id: PanelId) -> Panel<'a> {
    titled(state, id, id.title())
}

/// A panel's frame under another title.
pub(super) fn titled<'a>(state: &State, id: PanelId, title: impl Into<String>) -> Panel<'a> {
    let mut panel = framed(state, state.focus() == id && !state.lesson_has_keys(), title);
    if state.lit() == Some(id) {
        (panel.border, panel.border_type) = (state.theme().border(true), state.theme().border_type(true));
    }
    panel
}

/// A frame, with the focus or without. With it, the key that explains it stands after the title; a click on any title
/// does the same.
pub(super) fn framed<'a>(state: &State, focused: bool, title: impl Into<String>) -> Panel<'a> {
    let theme = state.theme();
    Panel {
        hint: if focused { explained_by(state) } else { Line::default() },
        border: theme.border(focused),
        border_type: theme.border_type(focused),
        ..Panel::new(Span::styled(title.into(), theme.title(focused)))
    }
}

/// `i explains`, with the key that does it; nothing where it has no key, or keys go elsewhere.
fn explained_by<'a>(state: &State) -> Line<'a> {
    let keys = (!state.is_typing()).then(|| state.keymap().hints(state.context(), &[Action::ExplainPanel]));
    let key = keys.and_then(|mut keys| keys.pop());
    key.map_or_else(Line::default, |hint| {
        let theme = state.theme();
        Line::from(vec![Span::styled(hint.key, theme.key()), Span::styled(" explains", theme.key_label())])
    })
}

/// What a place of a panel is, if nothing of its content lies there.
pub(super) fn hit(panel: &Panel, id: PanelId, area: Rect, at: Position) -> Hit {
    if panel.title_area(area).is_some_and(|title| title.contains(at)) {
        Hit::Explain(id)
    } else {
        Hit::Panel(id)
    }
}

/// Why there is nothing to be seen yet of what needs a model and a prompt: `Lanes begin`, `The tree begins`.
pub(super) fn waiting(state: &State, what_begins: &str) -> String {
    match state.model() {
        ModelState::Missing(_) => "There is no model to ask.".to_owned(),
        ModelState::Loading(_) => format!("{what_begins} as soon as the model is loaded."),
        ModelState::Ready(_) => format!("{what_begins} as soon as there is a prompt."),
    }
}

/// What a frame leaves for a panel's content: a column free on both sides where there is room.
pub(super) fn inner(area: Rect) -> Rect {
    let inner = Panel::inner(area);
    if inner.width < ROOM_FOR_MARGINS {
        return inner;
    }
    Rect { x: inner.x + 1, width: inner.width - 2, ..inner }
}
