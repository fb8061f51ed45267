//! Why generation stopped, or how near each condition is.
//!
//! ```text
//! ╭ Why it stops ⁱ ───────────────────── running ╮
//! │ end token  <|endoftext|> rank 2,113 p 0.0000 │
//! │ tokens     12 of 128       ██▍               │
//! │ context    17 of 512       ▎                 │
//! │ stop text  "\n6." matched 1 of 3             │
//! │ time       1.2 s of 10.0 s ███               │
//! │ loop       6 tokens, 3 times                 │
//! ╰──────────────────────────────────────────────╯
//! ```

mod conditions;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr;

use conditions::Condition;
pub(in crate::ui) use conditions::{LABEL, conditions, hindsight};

use crate::{
    app::{Hit, PanelId, State},
    decode::{Session, StopReason},
    keymap::Action,
    text::Shown,
    theme::Marks,
    ui::{
        frame::{self, frame},
        rows::{draw_row, draw_rows, wrap_words},
        widgets::{Bar, Panel},
    },
};

/// Cells of the values beside which a gauge stands.
const VALUE: usize = 16;
/// Insides at least this wide may take two columns, with a gap between them.
const LEAST_FOR_COLUMNS: u16 = 60;
const GAP: u16 = 2;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let theme = state.theme();
    let (word, style) = match state.session() {
        None => ("", theme.dim()),
        Some(session) if session.stopped().is_some() => ("stopped", theme.stop_reason()),
        Some(_) if state.play().playing() => ("running", theme.good()),
        Some(_) => ("paused", theme.key_label()),
    };
    let panel = Panel { top_right: Line::styled(word, style), ..frame(state, PanelId::Stop) };
    (&panel).render(area, buf);
    let Some(session) = state.session() else { return };
    let mut inner = frame::inner(area);
    if let Some(reason) = session.stopped() {
        let used = draw_reason(state, session, reason, inner, buf);
        inner = Rect { y: inner.y + used, height: inner.height - used, ..inner };
    }
    let left_out = draw_conditions(state, session, inner, buf);
    if left_out > 0 {
        let more = format!(" {} ", more(state, left_out));
        let x = area.right().saturating_sub(more.width() as u16 + 2).max(area.x);
        buf.set_stringn(x, area.bottom() - 1, &more, area.width.into(), theme.key_label());
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    frame::hit(&frame(state, PanelId::Stop), PanelId::Stop, area, at)
}

/// Why it stopped, in a headline and a sentence; returns the rows it took.
fn draw_reason(state: &State, session: &Session, reason: &StopReason, area: Rect, buf: &mut Buffer) -> u16 {
    let headline = match reason {
        StopReason::Interrupted => format!("{} {}", Marks::STOPPED, reason.headline()),
        reason => format!("{} stopped: {}", Marks::STOPPED, reason.headline()),
    };
    draw_row(area, 0, &Line::styled(headline, state.theme().stop_reason()), buf);
    let detail = reason.detail(session.vocabulary());
    let detail = Shown::inline(&detail);
    let lines: Vec<Line> = wrap_words(detail.as_str(), area.width.into())
        .into_iter()
        .map(|line| Line::styled(line, state.theme().text()))
        .collect();
    let below = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
    draw_rows(below, &lines, buf);
    (1 + lines.len() as u16).min(area.height)
}

/// Returns how many have no row.
fn draw_conditions(state: &State, session: &Session, area: Rect, buf: &mut Buffer) -> usize {
    let rows = usize::from(area.height);
    let mut told = conditions(state, session, area.width.into(), rows);
    let (mut columns, mut width) = (1, area.width);
    if told.len() > rows && area.width >= LEAST_FOR_COLUMNS {
        (columns, width) = (2, (area.width - GAP) / 2);
        told = conditions(state, session, width.into(), rows);
    }
    let room = rows * columns;
    for (index, condition) in told.iter().take(room).enumerate() {
        let (column, row) = ((index / rows) as u16, (index % rows) as u16);
        let place = Rect { x: area.x + column * (width + GAP), y: area.y + row, width, height: 1 };
        draw_condition(state, condition, place, buf);
    }
    told.len().saturating_sub(room)
}

/// `… 3 more: W`, with the key that lists all of them.
fn more(state: &State, count: usize) -> String {
    let key = state.keymap().hints(state.context(), &[Action::ShowStops]).pop();
    format!("… {count} more{}", key.map_or_else(String::new, |hint| format!(": {}", hint.key)))
}

fn draw_condition(state: &State, condition: &Condition, place: Rect, buf: &mut Buffer) {
    let head = Span::styled(format!("{:LABEL$}", condition.label), state.theme().dim());
    draw_row(place, 0, &Line::from(vec![head, Span::styled(condition.text.as_str(), condition.style)]), buf);
    let from = (LABEL + VALUE.max(condition.text.width() + 1)) as u16;
    if let (Some(fraction), true) = (condition.part, place.width > from + 3) {
        let bar = Rect { x: place.x + from, width: (place.width - from).min(24), ..place };
        // The track tells how long a full bar would be.
        let track = "░".repeat(bar.width.into());
        buf.set_stringn(bar.x, bar.y, track, bar.width.into(), state.theme().kv_free());
        (&Bar { fraction, style: state.theme().bar_raw() }).render(bar, buf);
    }
}
