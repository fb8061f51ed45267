//! The lanes as rows of a table, where there is no room for columns.
//!
//! ```text
//! ╭ Lanes ⁱ ───────────────────────────────────────────── same random numbers in all lanes ╮
//! │   settings       text                       tokens   ln P  entropy  diverges           │
//! │▸1 temperature 0  …␣little␣girl␣named␣Lily▏      12  −14.2     2.10              paused │
//! │ 2 temperature 1  …␣a◆␣big␣dog␣named␣Spot▏       12  −21.0     2.84      at 5    paused │
//! ╰────────────────────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr;

use super::{figures, text};
use crate::{
    app::{Hit, PanelId, State},
    theme::Marks,
    ui::{
        columns::{Column, cells, put, put_right},
        frame,
        numbers::{minus, thousands},
        rows::fitting,
        widgets::{Panel, elide},
    },
};

/// Columns after the settings: what they are called, and their cells with the space before them. Those at the end are
/// given up first.
const COLUMNS: [(&str, u16); 5] = [("tokens", 8), ("", 18), ("diverges", 10), ("ln P", 9), ("entropy", 9)];
/// How many columns may stand beside a text that has so many cells at least, with the space before it.
const BESIDE_TEXT: [(usize, u16); 3] = [(5, 34), (4, 30), (3, 22)];
/// Cells that the settings keep, and that they take at most where texts stand beside them.
const SETTINGS: u16 = 18;
const MOST_SETTINGS: u16 = 28;
/// Mark, number and the space after it.
const NUMBER: u16 = 3;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state, area).render(area, buf);
    let inner = Panel::inner(area);
    if inner.is_empty() || state.compare().lanes().is_empty() {
        return;
    }
    // A cell stays free before the frame.
    let columns = Columns::of(state, inner.width.saturating_sub(1));
    if let Some(place) = header(inner, state.compare().lanes().len()) {
        columns.header(state, place, buf);
    }
    for (lane, place) in rows(state, inner) {
        columns.row(state, lane, place, buf);
        if lane == state.compare().focus() && state.focus() == PanelId::Lanes {
            buf.set_style(place, state.theme().selected_row());
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
    let place = match (shown.next(), shown.last()) {
        (Some(first), last) if last.unwrap_or(first) - first + 1 < all => {
            format!("{first}–{} of {all} · ", last.unwrap_or(first))
        }
        _ => String::new(),
    };
    let numbers = figures::numbers_from(state).map(|from| format!("{place}{from}"));
    let frame = frame::frame(state, PanelId::Lanes);
    let room = usize::from(area.width.saturating_sub(4));
    // Behind the title with its sign, and a cell of the frame.
    let beside = room.saturating_sub(frame.title.width() + frame.hint.width() + 4);
    Panel {
        top_right: Line::styled(fitting(&numbers, beside).to_owned(), state.theme().key_label()),
        bottom_right: Line::styled(fitting(&figures::passes(state), room).to_owned(), state.theme().dim()),
        ..frame
    }
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
    let settings = figures::settings(state, lane, true).join(" · ");
    if settings.is_empty() { figures::name(state, lane) } else { settings }
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

/// Where things stand in a row: number, settings, the end of the text, figures and status.
struct Columns {
    settings: Column,
    /// Where there is room for it.
    text: Option<Column>,
    /// As indices into [`COLUMNS`].
    others: Vec<(usize, Column)>,
}

impl Columns {
    fn of(state: &State, width: u16) -> Self {
        let lanes = 0..state.compare().lanes().len();
        let wanted = lanes.map(|lane| settings(state, lane).width() as u16).max().unwrap_or(0);
        let wanted = wanted.clamp("settings".len() as u16, MOST_SETTINGS);
        // A text says more of a lane than figures that stand below for the lane in focus.
        let with_text = BESIDE_TEXT.into_iter().find_map(|(kept, least)| {
            let taken: u16 = COLUMNS[..kept].iter().map(|(_, cells)| cells).sum();
            let text = width.checked_sub(NUMBER + wanted + taken).filter(|text| *text >= least)?;
            Some((wanted, text, kept))
        });
        let (settings, text, kept) = with_text.unwrap_or_else(|| {
            let fits = |kept: &usize| {
                COLUMNS[..*kept].iter().map(|(_, cells)| cells).sum::<u16>() + SETTINGS <= width
            };
            let kept = (0..=COLUMNS.len()).rev().find(fits).unwrap_or(0);
            let taken: u16 = COLUMNS[..kept].iter().map(|(_, cells)| cells).sum();
            (width.saturating_sub(NUMBER + taken), 0, kept)
        });
        let mut x = NUMBER + settings + text;
        let mut others = Vec::new();
        for index in ORDER.into_iter().filter(|index| *index < kept) {
            others.push((index, (x, COLUMNS[index].1)));
            x += COLUMNS[index].1;
        }
        let text = (text > 0).then_some((NUMBER + settings + 1, text.saturating_sub(1)));
        Self { settings: (NUMBER, settings), text, others }
    }

    fn header(&self, state: &State, place: Rect, buf: &mut Buffer) {
        let style = state.theme().dim();
        put("settings", self.settings, style, place, buf);
        if let Some(text) = self.text {
            put("text", text, style, place, buf);
        }
        for &(index, column) in &self.others {
            put_right(COLUMNS[index].0, column, style, place, buf);
        }
    }

    fn row(&self, state: &State, lane: usize, place: Rect, buf: &mut Buffer) {
        let theme = state.theme();
        let mark = if lane == state.compare().focus() { Marks::CHOSEN } else { " " };
        put(&format!("{mark}{}", lane + 1), (0, NUMBER), theme.text(), place, buf);
        put(&elide(&settings(state, lane), self.settings.1.into()), self.settings, theme.text(), place, buf);
        if let Some(column) = self.text {
            text::end(state, lane, cells(column, place), buf);
        }
        for &(index, column) in &self.others {
            let (text, style) = if index == STATUS {
                figures::status(state, lane, &state.compare().lanes()[lane])
            } else {
                (cell(state, lane, index), theme.text())
            };
            put_right(&elide(&text, usize::from(column.1) - 1), column, style, place, buf);
        }
    }
}

/// The columns in the order in which they stand.
const ORDER: [usize; 5] = [0, 3, 4, 2, STATUS];
/// What a lane does, an index into [`COLUMNS`].
const STATUS: usize = 1;
