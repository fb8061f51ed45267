//! State → screen. Drawing changes nothing; where things lie is worked out again for the mouse.

mod beam;
mod candidates;
mod columns;
mod compare;
mod cost;
#[cfg(test)]
mod cut_text;
mod diffuse;
#[cfg(test)]
mod drawn;
mod face;
mod footer;
mod format;
mod frame;
mod header;
mod hints;
#[cfg(test)]
mod honesty;
mod layout;
mod learn;
mod lesson;
mod numbers;
#[cfg(test)]
mod one_step;
mod overlays;
mod panels;
#[cfg(test)]
mod partial_tests;
mod present;
mod rows;
mod sampling;
mod seeds;
mod speculate;
mod step;
mod step_label;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod tree;
pub mod widgets;
mod xray;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::{Paragraph, Widget, Wrap},
};

use face::face;
pub use layout::{LEAST, Places};
pub use overlays::scroll_bounds;

use crate::app::{Hit, PanelId, Screen, State};

/// How far the panels of the present screen can be scrolled by themselves, in rows: what is drawn of them is known here.
#[must_use]
pub fn panel_ends(state: &State, screen: Rect) -> Vec<(PanelId, usize)> {
    match state.screen() {
        Screen::Cost => cost::ends(state, places(state, screen).body),
        _ => Vec::new(),
    }
}

/// The places of a screen; a lesson takes rows above the footer.
fn places(state: &State, screen: Rect) -> Places {
    let footer = Places::of(screen).footer;
    let rows = lesson::rows_of(state, screen);
    Places { footer, ..Places::of(Rect { height: screen.height - rows, ..screen }) }
}

/// Where the lesson lies; empty without one.
fn dock(state: &State, screen: Rect) -> Rect {
    let height = lesson::rows_of(state, screen);
    Rect { y: (screen.bottom().saturating_sub(1)).saturating_sub(height), height, ..screen }
}

/// Draws the whole screen.
pub fn draw(state: &State, screen: Rect, buf: &mut Buffer) {
    buf.set_style(screen, state.theme().base());
    if screen.width < LEAST.0 || screen.height < LEAST.1 {
        too_small(state, screen, buf);
        return;
    }
    let places = places(state, screen);
    header::draw(state, places.header, buf);
    face(state.screen()).draw(state, &places, buf);
    lesson::draw(state, dock(state, screen), buf);
    footer::draw(state, places.footer, buf);
    overlays::draw(state, screen, buf);
}

/// Draws what a screen shows by itself: no lesson that is on, no keys, nothing over it.
pub fn draw_alone(state: &State, screen: Rect, buf: &mut Buffer) {
    buf.set_style(screen, state.theme().base());
    // The row of the keys lies below.
    let places = Places::of(Rect { height: screen.height + 1, ..screen });
    header::draw(state, places.header, buf);
    face(state.screen()).draw(state, &places, buf);
}

/// What lies at a place of the screen.
#[must_use]
pub fn hit(state: &State, screen: Rect, at: Position) -> Option<Hit> {
    if screen.width < LEAST.0 || screen.height < LEAST.1 {
        return None;
    }
    let places = places(state, screen);
    if !state.overlays().is_empty() {
        return overlays::hit(state, screen, at).or_else(|| footer::hit(state, places.footer, at));
    }
    if let Some(hit) = footer::hit(state, places.footer, at) {
        return Some(hit);
    }
    if let Some(hit) = lesson::hit(state, dock(state, screen), at) {
        return Some(hit);
    }
    if places.header.contains(at) {
        return header::hit(state, places.header, at);
    }
    face(state.screen()).hit(state, &places, at)
}

/// What the mouse moves to with the button down: the place along the slider that it holds, wherever it is itself.
#[must_use]
pub fn hit_while_dragging(state: &State, screen: Rect, at: Position) -> Option<Hit> {
    let places = places(state, screen);
    let face = face(state.screen());
    if let Some(hit) = face.along(state, &places, at) {
        return Some(hit);
    }
    sampling::along(state, face.sliders(state, &places), state.dragged()?, at)
}

fn too_small(state: &State, screen: Rect, buf: &mut Buffer) {
    let (columns, rows) = LEAST;
    let text = format!("logitscope needs {columns}×{rows}; this is {}×{}.", screen.width, screen.height);
    Paragraph::new(text).style(state.theme().text()).wrap(Wrap { trim: true }).render(screen, buf);
}
