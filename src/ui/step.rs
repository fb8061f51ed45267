//! The step screen: text, candidates, sliders, and the three lower panels.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{Places, candidates, panels, sampling, text};
use crate::app::{Hit, PanelId, State};

pub(super) fn draw(state: &State, places: &Places, buf: &mut Buffer) {
    text::draw(state, places.text, buf);
    candidates::draw(state, places.candidates, buf);
    sampling::draw(state, places.sampling, buf);
    for (panel, area) in lower_panels(state, places) {
        panels::draw(state, panel, area, buf);
    }
}

pub(super) fn hit(state: &State, places: &Places, at: Position) -> Option<Hit> {
    if places.text.contains(at) {
        return text::hit(state, places.text, at);
    }
    if places.candidates.contains(at) {
        return candidates::hit(state, places.candidates, at);
    }
    if places.sampling.contains(at) {
        return sampling::hit(state, places.sampling, at);
    }
    let (panel, area) = lower_panels(state, places).find(|(_, area)| area.contains(at))?;
    panels::hit(state, panel, area, at)
}

/// The three lower panels, or the one of them that a narrow screen shows.
fn lower_panels(state: &State, places: &Places) -> impl Iterator<Item = (PanelId, Rect)> + use<> {
    let first = if places.shared { state.small_panel() } else { PanelId::Draw };
    let all = [(first, places.draw), (PanelId::Cache, places.cache), (PanelId::Stop, places.stop)];
    all.into_iter().filter(|(_, area)| !area.is_empty())
}
