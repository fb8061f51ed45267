//! The seeds screen: where many seeds of one setting went, which tokens decide most, and what they came to.

mod endings;
mod forest;
mod forks;
mod list;
mod places;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::sampling;
use crate::app::{Hit, PanelId, State};
pub(super) use endings::selected_text;
use places::Places;

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    let places = Places::of(state, body);
    forest::draw(state, places.forest, buf);
    forks::draw(state, places.forks, buf);
    endings::draw(state, places.endings, buf);
    sampling::draw(state, places.sampling, buf);
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
    if places.forest.contains(at) {
        return Some(forest::hit(state, places.forest, at));
    }
    if places.forks.contains(at) {
        return Some(forks::hit(state, places.forks, at));
    }
    if places.endings.contains(at) {
        return Some(endings::hit(state, places.endings, at));
    }
    Some(Hit::Panel(PanelId::Seeds))
}
