//! The compare screen: lanes side by side, one choice in two of them, and the sliders of the lane in focus.

mod beside;
mod column;
mod figures;
mod places;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod whole;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::sampling;
use crate::app::{Hit, PanelId, State};
use places::{Lanes, Places};
pub(super) use whole::all_figures;

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    if body.is_empty() {
        return;
    }
    let places = Places::of(state, body);
    match &places.lanes {
        Lanes::Columns(columns) => {
            for (lane, area) in columns.iter().enumerate() {
                column::draw(state, lane, true, *area, buf);
            }
        }
        Lanes::Rows { table, text } => {
            table::draw(state, *table, buf);
            column::draw(state, state.compare().focus(), false, *text, buf);
        }
    }
    beside::draw(state, places.beside, buf);
    sampling::draw(state, places.sampling, buf);
}

/// Whether parts of the screen share a place for want of room.
pub(super) fn shares_places(state: &State, body: Rect) -> bool {
    Places::of(state, body).shared
}

/// Where the sliders lie.
pub(super) fn sampling_area(state: &State, body: Rect) -> Rect {
    Places::of(state, body).sampling
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    if !body.contains(at) {
        return None;
    }
    let places = Places::of(state, body);
    if places.sampling.contains(at) {
        return sampling::hit(state, places.sampling, at);
    }
    if places.beside.contains(at) {
        return Some(beside::hit(state, places.beside, at));
    }
    match &places.lanes {
        Lanes::Columns(columns) => {
            let (lane, area) = columns.iter().enumerate().find(|(_, area)| area.contains(at))?;
            Some(column::hit(state, lane, true, *area, at))
        }
        Lanes::Rows { table, .. } if table.contains(at) => Some(table::hit(state, *table, at)),
        Lanes::Rows { text, .. } if text.contains(at) => {
            Some(column::hit(state, state.compare().focus(), false, *text, at))
        }
        Lanes::Rows { .. } => Some(Hit::Panel(PanelId::Lanes)),
    }
}
