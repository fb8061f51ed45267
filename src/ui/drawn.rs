//! For tests: what was drawn, as text, and areas of all sizes.

use proptest::prelude::*;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use crate::app::{Hit, State};

/// What `draw` draws on a screen that is just the area, row by row, without spaces at the ends.
pub(super) fn lines(area: Rect, draw: impl FnOnce(&mut Buffer)) -> Vec<String> {
    let mut buffer = Buffer::empty(area);
    draw(&mut buffer);
    let text =
        |row: &[ratatui::buffer::Cell]| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>();
    buffer.content.chunks(usize::from(area.width).max(1)).map(|row| text(row).trim_end().to_owned()).collect()
}

/// Areas of all sizes up to a large screen, small and odd ones more often, not always at the origin.
pub(super) fn areas() -> impl Strategy<Value = Rect> {
    let size = || prop_oneof![0_u16..4, 4_u16..45, 45_u16..210];
    (0_u16..9, 0_u16..9, size(), size()).prop_map(|(x, y, width, height)| Rect {
        x,
        y,
        width,
        height: height.min(70),
    })
}

/// A screen's body is drawn within itself, whatever the state, and every place in it is something, none beside it.
pub(super) fn fits(
    states: &[(&'static str, State)],
    body: Rect,
    at: Position,
    draw: fn(&State, Rect, &mut Buffer),
    hit: fn(&State, Rect, Position) -> Option<Hit>,
) -> Result<(), TestCaseError> {
    for (name, state) in states {
        let whole = Rect { x: 0, y: 0, width: body.right() + 2, height: body.bottom() + 2 };
        let mut buffer = Buffer::empty(whole);
        draw(state, body, &mut buffer);
        for place in whole.positions() {
            let empty = buffer[place].symbol() == " ";
            prop_assert!(body.contains(place) || empty, "{}: drawn outside, at {}", name, place);
        }
        prop_assert_eq!(hit(state, body, at).is_some(), body.contains(at), "{} at {}", name, at);
    }
    Ok(())
}
