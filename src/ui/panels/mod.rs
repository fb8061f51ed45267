//! The three lower panels. On a narrow screen they share one place.

mod cache;
mod draw;
mod server;
mod stop;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

pub(super) use draw::{Dice, draw_nothing};
pub(super) use stop::{LABEL, conditions, hindsight};

use super::{
    frame,
    widgets::{Panel, Shorter},
};
use crate::app::{Hit, PanelId, State};

pub(super) fn draw(state: &State, panel: PanelId, area: Rect, buf: &mut Buffer) {
    match panel {
        PanelId::Draw => draw::draw(state, area, buf),
        PanelId::Cache => cache::draw(state, area, buf),
        PanelId::Stop => stop::draw(state, area, buf),
        _ => {}
    }
}

/// A panel's frame; on a small screen, where it stands in the place of the draw, with the draw in one line below.
fn frame_with_draw<'a>(state: &State, panel: PanelId) -> Panel<'a> {
    let frame = frame::frame(state, panel);
    let (width, height) = state.size();
    if !super::places(state, Rect::new(0, 0, width, height)).shared {
        return frame;
    }
    let mut draw = draw::in_a_line(state).into_iter();
    let bottom_left = draw.next().unwrap_or_default();
    Panel { bottom_left, shorter: Shorter { bottom_left: draw.collect(), ..Shorter::default() }, ..frame }
}

pub(super) fn hit(state: &State, panel: PanelId, area: Rect, at: Position) -> Option<Hit> {
    match panel {
        PanelId::Draw => draw::hit(state, area, at),
        PanelId::Cache => Some(cache::hit(state, area, at)),
        PanelId::Stop => Some(stop::hit(state, area, at)),
        _ => None,
    }
}
