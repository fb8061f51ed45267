//! The three lower panels. On a narrow screen they share one place.

mod cache;
mod draw;
mod stop;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

pub(super) use draw::{Dice, draw_nothing};
pub(super) use stop::{LABEL, conditions, hindsight};

use crate::app::{Hit, PanelId, State};

pub(super) fn draw(state: &State, panel: PanelId, area: Rect, buf: &mut Buffer) {
    match panel {
        PanelId::Draw => draw::draw(state, area, buf),
        PanelId::Cache => cache::draw(state, area, buf),
        PanelId::Stop => stop::draw(state, area, buf),
        _ => {}
    }
}

pub(super) fn hit(state: &State, panel: PanelId, area: Rect, at: Position) -> Option<Hit> {
    match panel {
        PanelId::Draw => draw::hit(state, area, at),
        PanelId::Cache => Some(cache::hit(state, area, at)),
        PanelId::Stop => Some(stop::hit(state, area, at)),
        _ => None,
    }
}
