//! What lies over the screen: each file makes the [`Sheet`] of one kind.

mod adapters;
mod details;
mod error;
mod examples;
mod exchange;
mod explain;
mod export;
mod fetching;
mod formula;
mod grow;
mod help;
mod lanes;
mod models;
mod prompt;
mod rendered;
mod save_preset;
mod sheet;
mod softmax;
mod stop_list;
mod stops;
mod surprises;
#[cfg(test)]
mod tests;
mod welcome;

use std::ops::RangeInclusive;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use self::sheet::Sheet;
use super::hints;
use crate::app::{Hit, Overlay, State};

pub(super) fn draw(state: &State, screen: Rect, buf: &mut Buffer) {
    for (index, overlay) in state.overlays().iter().enumerate() {
        // Keys go to the overlay on top alone.
        let on_top = index + 1 == state.overlays().len();
        let sheet =
            sheet(state, overlay, screen).scrolled_by(if on_top { state.overlay_offset() } else { 0 });
        let keys = if on_top { hints::hints(state) } else { Vec::new() };
        sheet.draw(&keys, state.theme(), screen, buf);
        if let Overlay::Prompt(editor) = overlay {
            prompt::draw_text(editor, sheet.body(screen), buf);
        }
    }
}

pub(super) fn hit(state: &State, screen: Rect, at: Position) -> Option<Hit> {
    let sheet = top_sheet(state, screen)?;
    if !sheet.area(screen).contains(at) {
        return None;
    }
    if let Some(action) = hints::hit(&hints::hints(state), sheet.keys_area(screen), at) {
        return Some(Hit::Hint(action));
    }
    Some(sheet.row_at(screen, at).map_or(Hit::Overlay, Hit::OverlayRow))
}

/// How far the overlay on top can be scrolled: beside its selection, or from its first row where it has none.
#[must_use]
pub fn scroll_bounds(state: &State, screen: Rect) -> Option<RangeInclusive<isize>> {
    Some(top_sheet(state, screen)?.scroll_bounds(screen))
}

/// The sheet of the overlay on top, scrolled as it is.
fn top_sheet(state: &State, screen: Rect) -> Option<Sheet<'_>> {
    let sheet = sheet(state, state.overlays().last()?, screen);
    Some(sheet.scrolled_by(state.overlay_offset()))
}

fn sheet<'a>(state: &'a State, overlay: &'a Overlay, screen: Rect) -> Sheet<'a> {
    match overlay {
        Overlay::Welcome => welcome::sheet(state, screen),
        Overlay::Help { scroll } => help::sheet(state, *scroll, screen),
        Overlay::Explain { panel, scroll } => explain::sheet(state, *panel, *scroll, screen),
        Overlay::Formula { explanation, scroll } => formula::sheet(state, explanation, *scroll, screen),
        Overlay::Copy { format, scroll } => exchange::copy(state, *format, *scroll, screen),
        Overlay::Pasted(offer) => exchange::offer(state, offer, screen),
        Overlay::SavePreset { name } => save_preset::sheet(state, name, screen),
        Overlay::Softmax(bench) => softmax::sheet(state, bench, screen),
        Overlay::Prompt(editor) => prompt::sheet(state, editor, screen),
        Overlay::Examples { selected } => examples::sheet(state, *selected, screen),
        Overlay::Adapters { selected, .. } => adapters::sheet(state, *selected, screen),
        Overlay::Export(form) => export::sheet(state, form, screen),
        Overlay::Grow(growth) => grow::sheet(state, growth, screen),
        Overlay::StopList(list) => stop_list::sheet(state, list, screen),
        Overlay::Lanes(chooser) => lanes::sheet(state, *chooser, screen),
        Overlay::Models(list) => models::sheet(state, list, screen),
        Overlay::ModelDetails(details) => details::sheet(state, details, screen),
        Overlay::Fetching(fetching) => fetching::sheet(state, fetching, screen),
        Overlay::Stops { scroll } => stops::sheet(state, *scroll, screen),
        Overlay::Surprises(list) => surprises::sheet(state, list, screen),
        Overlay::Rendered { text, tokens, notes, scroll } => {
            rendered::sheet(state, (text, *tokens, notes), *scroll, screen)
        }
        Overlay::Error { title, text, scroll } => error::sheet(state, title, text, *scroll, screen),
    }
}
