//! The token that is selected within a row.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::{SIGN, indent, name};
use crate::{
    app::{State, TreeRow},
    text::{Spaces, TokenText},
    ui::{rows::draw_row, widgets::elide},
};

/// Marks the token that is selected within the selected row. Where it would be out of sight the row's text begins later.
pub(super) fn draw(state: &State, row: &TreeRow, place: Rect, room: usize, buf: &mut Buffer) {
    let (Some(selected), Some(session)) = (state.tree_view().selected_token(), state.session()) else {
        return;
    };
    let Some(at) = row.nodes.iter().position(|&node| node == selected) else { return };
    let tree = session.tree();
    let mut text = TokenText::new();
    let tokens = row.nodes.iter().filter_map(|&node| tree.get(node).and_then(|node| node.token));
    let mut pieces: Vec<String> = tokens
        .map(|token| text.push(session.vocabulary().piece(token), Spaces::Marked).as_str().to_owned())
        .collect();
    let Some(marked) = pieces.get(at).cloned() else { return };
    let before = indent(row, room) + SIGN;
    let kept = room.saturating_sub(before + 1 + name(state, row, room).width());
    let after = pieces.split_off(at + 1).concat();
    pieces.truncate(at);
    // Whole tokens go, and a sign for them takes a cell; what is left after the marked one has the rest.
    let ends = |pieces: &[String]| pieces.iter().map(|piece| piece.width()).sum::<usize>() + marked.width();
    let mut gone = 0;
    while gone < pieces.len() && ends(&pieces[gone..]) + 1 + usize::from(gone > 0) > kept {
        gone += 1;
    }
    let sign = if gone > 0 { "…" } else { "" };
    let shown = format!("{sign}{}", pieces[gone..].concat());
    let left = kept.saturating_sub(shown.width() + marked.width());
    let marked = elide(&marked, kept.saturating_sub(shown.width()));
    let after = elide(&after, left);
    // Where the text begins later, nothing of what was there before stays behind it.
    let pad = if gone > 0 { left.saturating_sub(after.width()) } else { 0 };
    let line = Line::from(vec![
        Span::raw(shown),
        Span::styled(marked, state.theme().cursor()),
        Span::raw(after + &" ".repeat(pad)),
    ]);
    let (x, width) = (place.x + before as u16, kept as u16);
    draw_row(Rect { x, width, height: 1, ..place }, 0, &line, buf);
}
