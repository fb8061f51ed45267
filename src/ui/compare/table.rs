//! The lanes as rows of a table, where there is no room for columns.
//!
//! ```text
//! ╭ Lanes ⁱ ──────────────────────────────────────── same u for all ╮
//! │    settings               tokens   ln P  entropy  parts         │
//! │▸1  temperature 0              12  −14.2     2.10         paused │
//! │ 2  temperature 0.8            12  −21.0     2.84  at 5   paused │
//! ╰─────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use super::figures;
use crate::{
    app::{Hit, PanelId, State},
    theme::Marks,
    ui::{
        frame,
        numbers::{minus, thousands},
        rows::draw_row,
        widgets::{Panel, elide},
    },
};

/// Columns after the settings: what they are called, and their cells with the space before them. Those at the end are
/// given up first.
const COLUMNS: [(&str, u16); 5] = [("tokens", 8), ("", 16), ("parts", 8), ("ln P", 9), ("entropy", 9)];
/// Cells that the settings keep.
const SETTINGS: u16 = 18;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state, area).render(area, buf);
    let inner = Panel::inner(area);
    if inner.is_empty() || state.compare().lanes().is_empty() {
        return;
    }
    let theme = state.theme();
    let columns = columns(inner.width);
    if let Some(header) = header(inner, state.compare().lanes().len()) {
        let cells: Vec<_> = columns.iter().map(|(at, width)| (COLUMNS[*at].0.to_owned(), *width)).collect();
        row(" ", "settings", cells, theme.dim(), None, header, buf);
    }
    for (lane, place) in rows(state, inner) {
        let focused = lane == state.compare().focus();
        let (status, style) = figures::status(state, lane, &state.compare().lanes()[lane]);
        let cells = columns
            .iter()
            .map(|&(at, width)| (if at == 1 { status.clone() } else { cell(state, lane, at) }, width))
            .collect();
        let mark = if focused { Marks::CHOSEN } else { " " };
        let status_at = columns.iter().position(|(at, _)| *at == 1);
        let settings = format!("{} {}", lane + 1, settings(state, lane));
        row(mark, &settings, cells, theme.text(), status_at.map(|at| (at, style)), place, buf);
        if focused && state.focus() == PanelId::Lanes {
            buf.set_style(place, theme.selected_row());
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let found = rows(state, Panel::inner(area)).find(|(_, place)| place.contains(at));
    match found {
        Some((lane, _)) => Hit::Lane(lane, None),
        None => frame::hit(&panel(state, area), PanelId::Lanes, area, at),
    }
}

fn panel<'a>(state: &State, area: Rect) -> Panel<'a> {
    let all = state.compare().lanes().len();
    let mut shown = rows(state, Panel::inner(area)).map(|(lane, _)| lane + 1);
    let dice = match (shown.next(), shown.last()) {
        (Some(first), last) if last.unwrap_or(first) - first + 1 < all => {
            format!("{first}–{} of {all} · {}", last.unwrap_or(first), figures::dice(state))
        }
        _ => figures::dice(state).to_owned(),
    };
    let (paid, shared) = state.compare().passes();
    let passes = format!("{} evaluations, {} shared", thousands(paid), thousands(shared));
    Panel {
        top_right: Line::styled(dice, state.theme().key_label()),
        bottom_right: Line::styled(passes, state.theme().dim()),
        ..frame::frame(state, PanelId::Lanes)
    }
}

/// The columns that have room, as indices into [`COLUMNS`] in the order in which they stand, with their cells.
fn columns(width: u16) -> Vec<(usize, u16)> {
    const ORDER: [usize; 5] = [0, 3, 4, 2, 1];
    let mut left = width.saturating_sub(SETTINGS);
    let mut shown = [false; COLUMNS.len()];
    for (index, (_, cells)) in COLUMNS.iter().enumerate() {
        if *cells > left {
            break;
        }
        left -= cells;
        shown[index] = true;
    }
    ORDER.into_iter().filter(|&index| shown[index]).map(|index| (index, COLUMNS[index].1)).collect()
}

/// The header's place, if there is room for it beside all lanes.
fn header(inner: Rect, lanes: usize) -> Option<Rect> {
    (usize::from(inner.height) > lanes).then_some(Rect { height: 1, ..inner })
}

/// The lanes that have room, that in focus among them, with their rows.
fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (usize, Rect)> {
    let lanes = state.compare().lanes().len();
    let top = u16::from(header(inner, lanes).is_some());
    let height = inner.height.saturating_sub(top);
    let first = (state.compare().focus() + 1).saturating_sub(usize::from(height));
    let place = move |row: u16| Rect { y: inner.y + top + row, height: 1, ..inner };
    (first..lanes).zip((0..height).map(place))
}

fn settings(state: &State, lane: usize) -> String {
    let preset = figures::title(state, lane);
    let name = preset.split_once(' ').map_or("", |(_, name)| name);
    let settings = figures::settings(state, lane, true).join(" · ");
    if settings.is_empty() { name.to_owned() } else { settings }
}

fn cell(state: &State, lane: usize, column: usize) -> String {
    let Some(view) = state.compare().view(lane) else { return String::new() };
    let sums = &view.statistics;
    match column {
        0 => thousands(sums.tokens),
        2 if view.reference.is_none() && lane > 0 => "prompt".to_owned(),
        2 => view.parts.map_or(String::new(), |parts| format!("at {}", thousands(parts.index + 1))),
        3 if sums.tokens > 0 => minus(&format!("{:.1}", sums.log_probability)),
        4 if sums.tokens > 0 => format!("{:.2}", sums.mean_entropy_bits),
        _ => String::new(),
    }
}

/// A row: the mark, the settings, and the cells to their right, each at the right end of its column.
fn row(
    mark: &str,
    settings: &str,
    cells: Vec<(String, u16)>,
    style: Style,
    special: Option<(usize, Style)>,
    place: Rect,
    buf: &mut Buffer,
) {
    let taken: u16 = cells.iter().map(|(_, width)| width).sum();
    let room = usize::from(place.width.saturating_sub(taken + 2));
    let settings = elide(settings, room);
    let pad = room.saturating_sub(Span::raw(settings.as_str()).width());
    let mut spans = vec![
        Span::styled(mark.to_owned(), style),
        Span::styled(format!("{settings}{}", " ".repeat(pad)), style),
    ];
    for (index, (text, width)) in cells.into_iter().enumerate() {
        let width = usize::from(width);
        let text = elide(&text, width - 1);
        let pad = width.saturating_sub(Span::raw(text.as_str()).width());
        let style = special.filter(|(at, _)| *at == index).map_or(style, |(_, special)| special);
        spans.push(Span::raw(" ".repeat(pad)));
        spans.push(Span::styled(text, style));
    }
    draw_row(place, 0, &Line::from(spans), buf);
}
