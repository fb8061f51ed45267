//! The beam screen: the beams of a search, the round that made them, the finished ones, and the best text beside others.

mod beams;
mod finished;
mod listed;
mod places;
mod round;
mod table;
#[cfg(test)]
mod tests;
mod winner;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::{Paragraph, Widget, Wrap},
};

use super::frame;
use crate::{
    app::{BeamRow, Hit, PanelId, State},
    decode::beam::Fate,
};
use places::Places;

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    for (panel, area) in Places::of(state, body).all() {
        match panel {
            PanelId::Round => round::draw(state, area, buf),
            PanelId::Finished => finished::draw(state, area, buf),
            PanelId::Winner => winner::draw(state, area, buf),
            _ => beams::draw(state, area, buf),
        }
    }
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let (panel, area) = Places::of(state, body).all().find(|(_, area)| area.contains(at))?;
    Some(match panel {
        PanelId::Round => round::hit(state, area, at),
        PanelId::Finished => finished::hit(state, area, at),
        PanelId::Winner => winner::hit(state, area, at),
        _ => beams::hit(state, area, at),
    })
}

/// A sentence where there is nothing else to show yet.
fn say(state: &State, sentence: &str, area: Rect, buf: &mut Buffer) {
    Paragraph::new(sentence).style(state.theme.dim()).wrap(Wrap { trim: true }).render(area, buf);
}

/// Why there is no search; None where there is one.
fn waiting(state: &State) -> Option<String> {
    state.beam.search().is_none().then(|| frame::waiting(state, "The search begins"))
}

/// What became of the selected text, so that it can be marked wherever it stands.
fn selected_fate(state: &State) -> Option<Fate> {
    let view = state.beam.view();
    let at = state.beam.selected(state.focus);
    let number = |rows: &[BeamRow]| rows.get(at).map(|row| row.number);
    match state.focus {
        PanelId::Beam if view.round > 0 => number(&view.beams).map(Fate::Kept),
        PanelId::Round => view.candidates.get(at).map(|row| row.candidate.fate),
        PanelId::Finished => number(&view.finished).map(Fate::Finished),
        _ => None,
    }
    .filter(|fate| *fate != Fate::Pruned)
}

/// The row of a list at a place, else what of the panel's frame lies there.
fn hit_row(
    state: &State,
    panel: PanelId,
    mut rows: impl Iterator<Item = (usize, Rect)>,
    area: Rect,
    at: Position,
    framed: &super::widgets::Panel,
) -> Hit {
    let found = rows.find(|(_, place)| place.contains(at)).filter(|_| state.beam.search().is_some());
    found.map_or_else(|| frame::hit(framed, panel, area, at), |(row, _)| Hit::BeamRow(panel, row))
}
