//! The three lower panels.

mod cache;
mod stop;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use crate::app::{Hit, PanelId, State};

pub(super) fn draw(state: &State, panel: PanelId, area: Rect, buf: &mut Buffer) {
    match panel {
        PanelId::Draw => {}
        PanelId::Cache => cache::draw(state, area, buf),
        _ => stop::draw(state, area, buf),
    }
}

pub(super) fn hit(state: &State, panel: PanelId, area: Rect, at: Position) -> Option<Hit> {
    match panel {
        PanelId::Draw => None,
        PanelId::Cache => cache::hit(state, area, at),
        _ => stop::hit(state, area, at),
    }
}
