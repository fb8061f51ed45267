//! Overlays
use crate::app::{Hit, State};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
pub(super) fn draw(_state: &State, _screen: Rect, _buf: &mut Buffer) {}
pub(super) fn hit(_state: &State, _screen: Rect, _at: Position) -> Option<Hit> {
    None
}
