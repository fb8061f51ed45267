//! draw
use crate::app::{Hit, State};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
pub(in crate::ui) fn draw(_state: &State, _area: Rect, _buf: &mut Buffer) {}
pub(in crate::ui) fn hit(_state: &State, _area: Rect, _at: Position) -> Option<Hit> {
    None
}
