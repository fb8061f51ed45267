//! The beam screen: the beams of a search, round by round.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::Widget,
};

use super::frame;
use crate::app::{Hit, PanelId, State};

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    frame::frame(state, PanelId::Beam).render(body, buf);
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let panel = frame::frame(state, PanelId::Beam);
    body.contains(at).then(|| frame::hit(&panel, PanelId::Beam, body, at))
}
