//! The tree screen: all paths walked.
//!
//! ```text
//! ╭ Tree ⁱ ─────────────────────────────────────────────── by time ╮
//! │  text                                 tokens    p  joint  how  │
//! │▾ Once␣upon␣a␣time                        4              prompt │
//! │  ▾ ,␣there␣was␣a                           4 .930  .640  drawn │
//! │▸   ▪ ␣little␣girl                          2 .440  .210  drawn │
//! │    ▪ ␣big                                  1 .210  .134  ✎     │
//! ╰ 11 of 1,048,576 nodes · logits 22 KiB ──── 2 KV sequences ─────╯
//! ```

mod figures;
mod marked;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Paragraph, Widget, Wrap},
};
use unicode_width::UnicodeWidthStr;

use super::face::Face;
use super::{
    frame,
    numbers::{probability, thousands},
    rows::{draw_row, page},
    widgets::{Panel, elide},
};
use crate::{
    app::{Hit, PanelId, State, TreeInput, TreeRow},
    keymap::Action,
    text::{Shown, Spaces, TokenText},
    theme::Marks,
    tree::{Order, Origin},
};

/// Cells of the columns after the text, the most important first.
const COLUMNS: [(&str, u16); 4] = [("p", 7), ("joint", 7), ("how", 10), ("tokens", 8)];
/// Cells that the text keeps.
const LEAST_TEXT: u16 = 24;
/// Cells of the sign that tells whether there is more below a row, with the space after it.
const SIGN: usize = 2;

/// The actions whose keys the footer names.
const HINTS: [Action; 13] = [
    Action::GoOnHere,
    Action::Left,
    Action::Right,
    Action::Expand,
    Action::ExpandFar,
    Action::Search,
    Action::SortTree,
    Action::Prune,
    Action::NameNode,
    Action::ExportTree,
    Action::NextMatch,
    Action::Help,
    Action::Quit,
];

pub(super) struct TreeFace;

impl Face for TreeFace {
    fn draw(&self, state: &State, places: &crate::ui::Places, buf: &mut Buffer) {
        draw(state, places.body, buf);
    }

    fn hit(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at)
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        let found = state.tree_view().matches() > 0;
        HINTS.into_iter().filter(|&action| action != Action::NextMatch || found).collect()
    }

    fn label(&self, _state: &State, action: Action) -> Option<&'static str> {
        match action {
            Action::Left => Some("fold"),
            Action::Right => Some("unfold"),
            _ => None,
        }
    }
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    if body.is_empty() {
        return;
    }
    panel(state, body.width).render(body, buf);
    let inner = Panel::inner(body);
    if inner.is_empty() {
        return;
    }
    if state.session().is_none() {
        let waiting = Paragraph::new(frame::waiting(state, "The tree starts"));
        waiting.style(state.theme().dim()).wrap(Wrap { trim: true }).render(inner, buf);
        return;
    }
    let columns = columns(inner.width);
    if let Some(header) = header(inner) {
        let heads = columns.iter().map(|&column| COLUMNS[column].0.to_owned()).collect();
        let text = Line::styled("  text", state.theme().dim());
        row(state, &text, heads, &columns, header, buf);
    }
    let view = state.tree_view();
    let selected = view.selected();
    for (index, place) in places(state, inner) {
        let Some(shown) = view.rows().get(index) else { continue };
        let room = usize::from(inner.width - taken(&columns));
        row(state, &text(state, shown, room), cells(shown, &columns), &columns, place, buf);
        if index == selected {
            buf.set_style(place, state.theme().selected_row());
            marked::draw(state, shown, place, room, buf);
        }
    }
    if let Some(place) = input_place(state, inner) {
        draw_input(state, place, buf);
    }
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    if !body.contains(at) {
        return None;
    }
    let inner = Panel::inner(body);
    let row = places(state, inner).find(|(_, place)| place.contains(at));
    let elsewhere = || frame::hit(&panel(state, body.width), PanelId::Tree, body, at);
    Some(row.map_or_else(elsewhere, |(index, _)| Hit::TreeRow(index)))
}

fn panel<'a>(state: &State, width: u16) -> Panel<'a> {
    let theme = state.theme();
    let view = state.tree_view();
    let order = match view.order() {
        Order::Made => "by time",
        Order::Probability => "by probability",
    };
    let order = if view.grows() { format!("growing · {order}") } else { order.to_owned() };
    let order = if view.has_more() {
        format!("first {} rows · {order}", thousands(view.rows().len()))
    } else {
        order
    };
    let (counters, limits) = figures::figures(state, width);
    Panel {
        top_right: Line::styled(order, theme.key_label()),
        bottom_left: Line::styled(counters, theme.text()),
        bottom_right: Line::styled(limits, theme.dim()),
        ..frame::frame(state, PanelId::Tree)
    }
}

/// The columns that have room, those at the end of [`COLUMNS`] given up first.
fn columns(width: u16) -> Vec<usize> {
    let mut left = width.saturating_sub(LEAST_TEXT);
    let fits = |column: &usize| {
        let cells = COLUMNS[*column].1;
        let fits = cells <= left;
        left = left.saturating_sub(cells);
        fits
    };
    let mut shown: Vec<usize> = (0..COLUMNS.len()).take_while(fits).collect();
    // As they are read: how many, how likely, how it came.
    shown.sort_by_key(|column| [1, 2, 3, 0][*column]);
    shown
}

fn taken(columns: &[usize]) -> u16 {
    columns.iter().map(|&column| COLUMNS[column].1).sum()
}

fn header(inner: Rect) -> Option<Rect> {
    (inner.height >= 4).then_some(Rect { height: 1, ..inner })
}

fn input_place(state: &State, inner: Rect) -> Option<Rect> {
    let shown = state.tree_view().input().is_some() && inner.height > 1;
    shown.then(|| Rect { y: inner.bottom() - 1, height: 1, ..inner })
}

/// The rows on view, page by page, with their places.
fn places(state: &State, inner: Rect) -> impl Iterator<Item = (usize, Rect)> {
    let top = u16::from(header(inner).is_some());
    let bottom = u16::from(input_place(state, inner).is_some());
    let height = inner.height.saturating_sub(top + bottom);
    let rows = if state.session().is_some() { state.tree_view().rows().len() } else { 0 };
    page(rows, state.tree_view().selected(), Rect { y: inner.y + top, height, ..inner })
}

/// A row's text behind the sign that tells whether there is more below it.
fn text<'a>(state: &State, row: &TreeRow, room: usize) -> Line<'a> {
    let theme = state.theme();
    let Some(session) = state.session() else { return Line::default() };
    let tree = session.tree();
    let sign = match (row.children, row.folded) {
        (0, _) => "·",
        (_, true) => "▸",
        (_, false) => "▾",
    };
    let indent = indent(row, room);
    let name = name(state, row, room);
    let style = match (state.tree_view().is_match(row), row.on_path) {
        (true, _) => theme.search_match(),
        (false, true) => theme.strong(),
        (false, false) => row.own.map_or(theme.dim(), |own| theme.probability(own.exp())),
    };
    let mut state_of_text = TokenText::new();
    let mut shown = String::new();
    for &node in &row.nodes {
        let Some(token) = tree.get(node).and_then(|node| node.token) else { continue };
        shown.push_str(state_of_text.push(session.vocabulary().piece(token), Spaces::Marked).as_str());
        if shown.len() > 4 * room {
            break;
        }
    }
    let kept = room.saturating_sub(indent + SIGN + 1 + name.width());
    let mut spans = vec![
        Span::raw(" ".repeat(indent)),
        Span::styled(format!("{sign} "), if row.on_path { theme.pointer() } else { theme.dim() }),
        Span::styled(elide(&shown, kept), style),
    ];
    if !name.is_empty() {
        spans.push(Span::styled(name, theme.key()));
    }
    Line::from(spans)
}

/// Cells before a row's text. Deep trees are told by their depth where the steps have no room.
fn indent(row: &TreeRow, room: usize) -> usize {
    (2 * row.depth).min(room / 2)
}

/// The name that stands behind a row's text. A long one leaves room for the text.
fn name(state: &State, row: &TreeRow, room: usize) -> String {
    let tree = state.session().map(crate::decode::Session::tree);
    let name = tree.and_then(|tree| row.nodes.last().and_then(|&node| tree.name(node)));
    name.map_or(String::new(), |name| format!(" [{}]", elide(Shown::inline(name).as_str(), room / 2)))
}

fn cells(row: &TreeRow, columns: &[usize]) -> Vec<String> {
    let cell = |&column: &usize| match column {
        0 => row.own.map_or(String::new(), |own| probability(own.exp())),
        1 if row.origin != Origin::Prompt => probability(row.joint.exp()),
        2 => origin(row.origin).to_owned(),
        3 => thousands(row.nodes.len()),
        _ => String::new(),
    };
    columns.iter().map(cell).collect()
}

const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Prompt => "prompt",
        Origin::Sampled => "sampled",
        Origin::Hand => "✎ by hand",
        Origin::Expanded => "expanded",
        Origin::Drafted => "drafted",
        Origin::Beam => "beam",
    }
}

/// A text on the left and cells on the right, each at the right end of its column.
fn row(state: &State, text: &Line, cells: Vec<String>, columns: &[usize], place: Rect, buf: &mut Buffer) {
    let room = place.width.saturating_sub(taken(columns));
    draw_row(Rect { width: room, ..place }, 0, text, buf);
    let mut x = place.x + room;
    for (cell, &column) in cells.into_iter().zip(columns) {
        let width = COLUMNS[column].1;
        let pad = usize::from(width).saturating_sub(cell.width() + 1);
        let line = Line::styled(format!("{}{cell}", " ".repeat(pad)), state.theme().key_label());
        draw_row(Rect { x, width, ..place }, 0, &line, buf);
        x += width;
    }
}

fn draw_input(state: &State, place: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    let (sign, text) = match state.tree_view().input() {
        Some(TreeInput::Search(text)) => ("/ ", text),
        Some(TreeInput::Name(text)) => ("name: ", text),
        None => return,
    };
    let line = Line::from(vec![
        Span::styled(sign, theme.key()),
        Span::styled(Shown::inline(text).to_string(), theme.strong()),
        Span::styled(Marks::CARET, theme.pointer()),
    ]);
    draw_row(place, 0, &line, buf);
}
