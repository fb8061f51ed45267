//! The beams that came to their end, the best first.
//!
//! ```text
//! ╭ Finished ⁱ ────────────────────────── 2 of 4 ╮
//! │    text              score              why  │
//! │★ 2 …␣was␣happy.     −1.020        end token  │
//! │  1 …␣went␣home.     −1.310        end token  │
//! ╰──────────────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    hit_row, say, selected_fate,
    table::{Columns, left, log, right, score, tail},
};
use crate::{
    app::{BeamRow, Hit, PanelId, State},
    decode::beam::Fate,
    theme::Marks,
    ui::{
        frame,
        numbers::thousands,
        rows::{draw_row, page},
        widgets::Panel,
    },
};

/// Columns after the text, the most important first.
const COLUMNS: &[(&str, usize)] = &[("score", 9), ("why", 12), ("ln P", 9), ("tokens", 8)];
const ORDER: [usize; 4] = [3, 2, 0, 1];
/// Cells that the text keeps.
const LEAST_TEXT: usize = 22;
/// Cells of the mark and the number.
const NUMBER: usize = 4;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = Panel::inner(area);
    if inner.is_empty() {
        return;
    }
    let view = state.beam().view();
    if view.finished.is_empty() {
        say(state, "Beams that end are listed here.", frame::inner(area), buf);
        return;
    }
    let columns = Columns::of(COLUMNS, &ORDER, LEAST_TEXT, usize::from(inner.width).saturating_sub(1));
    if let Some(head) = head(inner) {
        draw_row(head, 0, &columns.head(state.theme(), "    text"), buf);
    }
    let marked = selected_fate(state);
    for (index, place) in rows(state, inner) {
        let Some(row) = view.finished.get(index) else { continue };
        let marked = marked == Some(Fate::Finished(row.number));
        draw_row(place, 0, &line(state, row, &columns, index == 0, marked), buf);
        if state.focus() == PanelId::Finished && index == state.beam().selected(PanelId::Finished) {
            buf.set_style(place, state.theme().selected_row());
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    hit_row(state, PanelId::Finished, rows(state, Panel::inner(area)), area, at, &panel(state))
}

fn head(inner: Rect) -> Option<Rect> {
    (inner.height >= 3).then_some(Rect { height: 1, ..inner })
}

fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (usize, Rect)> {
    let top = u16::from(head(inner).is_some());
    let list = Rect { y: inner.y + top, height: inner.height - top, ..inner };
    page(state.beam().view().finished.len(), state.beam().selected(PanelId::Finished), list)
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let (finished, width) = (state.beam().view().finished.len(), state.beam().settings().width);
    let count = if finished == 0 { String::new() } else { format!("{finished} of {width}") };
    Panel {
        top_right: Line::styled(count, state.theme().key_label()),
        ..frame::frame(state, PanelId::Finished)
    }
}

fn line<'a>(state: &'a State, row: &'a BeamRow, columns: &Columns, best: bool, marked: bool) -> Line<'a> {
    let theme = state.theme();
    let mark = match (marked, best) {
        (true, _) => Marks::CHOSEN,
        (false, true) => Marks::BEST,
        (false, false) => " ",
    };
    let mut spans = vec![
        left(mark, 1, theme.pointer()),
        right(&(row.number + 1).to_string(), 2, theme.strong()),
        Span::raw(" "),
    ];
    spans.extend(tail(theme, &row.text, columns.text.saturating_sub(NUMBER)));
    let why = row.stopped.as_ref().map_or("", |reason| reason.headline());
    spans.extend(columns.cells(theme.text(), |column| match column {
        0 => (score(row.score), Some(theme.strong())),
        1 => (why.to_owned(), Some(theme.stop_reason())),
        2 => (log(row.log_probability), None),
        _ => (thousands(row.tokens), None),
    }));
    Line::from(spans)
}
