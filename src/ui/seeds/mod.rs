//! The seeds screen: where many seeds of one setting part, and how they end.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::Widget,
};

use super::frame;
use crate::app::{Hit, PanelId, State};

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    frame::frame(state, PanelId::Seeds).render(body, buf);
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let panel = frame::frame(state, PanelId::Seeds);
    body.contains(at).then(|| frame::hit(&panel, PanelId::Seeds, body, at))
}
