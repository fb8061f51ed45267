//! Why generation stopped, or how near each condition is.
//!
//! ```text
//! ╭ Why it stops ⁱ ───────────────────── running ╮
//! │ end token  <|endoftext|> rank 2,113 p 0.0000 │
//! │ tokens     12 of 128       ██▍               │
//! │ context    17 of 512       ▎                 │
//! │ stop text  "\n6." matched 1 of 3             │
//! │ time       1.2 s of 10.0 s ███               │
//! ╰──────────────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr;

use crate::{
    app::{Hit, PanelId, State},
    decode::{Session, StopReason},
    text::Shown,
    theme::Marks,
    ui::{
        format::seconds,
        frame::{self, frame},
        numbers::{probability, thousands},
        rows::{draw_row, draw_rows, fitting, wrap_words},
        widgets::{Bar, Panel},
    },
};

/// Cells of the column of labels.
const LABEL: usize = 10;
/// Cells of the values beside which a gauge stands.
const VALUE: usize = 16;
/// Insides at least this wide may take two columns, with a gap between them.
const LEAST_FOR_COLUMNS: u16 = 60;
const GAP: u16 = 2;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let theme = &state.theme;
    let (word, style) = match &state.session {
        None => ("", theme.dim()),
        Some(session) if session.stopped().is_some() => ("stopped", theme.stop_reason()),
        Some(_) if state.play.playing() => ("running", theme.good()),
        Some(_) => ("paused", theme.key_label()),
    };
    let panel = Panel { top_right: Line::styled(word, style), ..frame(state, PanelId::Stop) };
    (&panel).render(area, buf);
    let Some(session) = &state.session else { return };
    let mut inner = frame::inner(area);
    if let Some(reason) = session.stopped() {
        let used = draw_reason(state, session, reason, inner, buf);
        inner = Rect { y: inner.y + used, height: inner.height - used, ..inner };
    }
    draw_conditions(state, session, inner, buf);
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
    draw_row(area, 0, &Line::styled(headline, state.theme.stop_reason()), buf);
    let detail = reason.detail(session.vocabulary());
    let detail = Shown::inline(&detail);
    let lines: Vec<Line> = wrap_words(detail.as_str(), area.width.into())
        .into_iter()
        .map(|line| Line::styled(line, state.theme.text()))
        .collect();
    let below = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
    draw_rows(below, &lines, buf);
    (1 + lines.len() as u16).min(area.height)
}

/// A condition: how near it is, in words and, where it is measured in amounts, as a part of its limit.
struct Condition {
    label: &'static str,
    text: String,
    style: Style,
    part: Option<f64>,
}

fn draw_conditions(state: &State, session: &Session, area: Rect, buf: &mut Buffer) {
    let rows = usize::from(area.height);
    let mut told = conditions(state, session, area.width.into(), rows);
    let (mut columns, mut width) = (1, area.width);
    if told.len() > rows && area.width >= LEAST_FOR_COLUMNS {
        (columns, width) = (2, (area.width - GAP) / 2);
        told = conditions(state, session, width.into(), rows);
    }
    for (index, condition) in told.iter().take(rows * columns).enumerate() {
        let (column, row) = ((index / rows) as u16, (index % rows) as u16);
        let place = Rect { x: area.x + column * (width + GAP), y: area.y + row, width, height: 1 };
        draw_condition(state, condition, place, buf);
    }
}

fn draw_condition(state: &State, condition: &Condition, place: Rect, buf: &mut Buffer) {
    let head = Span::styled(format!("{:LABEL$}", condition.label), state.theme.dim());
    draw_row(place, 0, &Line::from(vec![head, Span::styled(condition.text.as_str(), condition.style)]), buf);
    let from = (LABEL + VALUE.max(condition.text.width() + 1)) as u16;
    if let (Some(fraction), true) = (condition.part, place.width > from + 3) {
        let bar = Rect { x: place.x + from, width: (place.width - from).min(24), ..place };
        // The track tells how long a full bar would be.
        let track = "░".repeat(bar.width.into());
        buf.set_stringn(bar.x, bar.y, track, bar.width.into(), state.theme.kv_free());
        (&Bar { fraction, style: state.theme.bar_raw() }).render(bar, buf);
    }
}

/// The conditions, told in rows of `width` cells, in `rows` of them if that can be.
fn conditions(state: &State, session: &Session, width: usize, rows: usize) -> Vec<Condition> {
    let plain = |label, text, part| Condition { label, text, style: state.theme.text(), part };
    let (rules, path) = (session.rules(), session.path());
    let others = 2 + usize::from(rules.max_time.is_some()) + rules.stop_strings.len();
    let mut conditions = end_token(state, session, width.saturating_sub(LABEL), others + 2 <= rows);
    conditions.push(match rules.max_tokens {
        Some(limit) => {
            let text = format!("{} of {}", thousands(path.generated()), thousands(limit));
            plain("tokens", text, Some(part(path.generated() as f64, limit as f64)))
        }
        None => plain("tokens", format!("{}, no limit", thousands(path.generated())), None),
    });
    let (used, context) = (path.tokens().len(), session.context());
    let text = format!("{} of {}", thousands(used), thousands(context));
    conditions.push(plain("context", text, Some(part(used as f64, context as f64))));
    if let Some(limit) = rules.max_time {
        let text = format!("{} of {}", seconds(session.spent()), seconds(limit));
        let fraction = part(session.spent().as_secs_f64(), limit.as_secs_f64());
        conditions.push(plain("time", text, Some(fraction)));
    }
    conditions.extend(stop_texts(state, session, width.saturating_sub(LABEL)));
    conditions
}

fn part(used: f64, limit: f64) -> f64 {
    if limit > 0.0 { used / limit } else { 1.0 }
}

/// The likeliest end token: how far it is from being chosen. On a row of its own where the name
/// leaves too little room, if rows are to be had.
fn end_token(state: &State, session: &Session, room: usize, spare_row: bool) -> Vec<Condition> {
    let theme = &state.theme;
    let said =
        |text: &str, style| vec![Condition { label: "end token", text: text.to_owned(), style, part: None }];
    if session.vocabulary().eog().is_empty() {
        return said("this model has none", theme.text());
    }
    if state.sampling.ignore_eos {
        return said("banned: it cannot be drawn", theme.warning());
    }
    let Some((token, rank, p)) = state.view.eog else { return said("not known here", theme.dim()) };
    let name = Shown::bytes(session.vocabulary().piece(token)).as_str().to_owned();
    let near = format!("rank {}  p {}", thousands(rank), probability(p));
    let wordings = [format!("{name}  {near}"), format!("{name} {}", near.replace("  ", " "))];
    let fits = |text: &String| text.width() <= room;
    if !wordings.iter().any(fits) && spare_row {
        let mut rows = said(&name, theme.text());
        rows.push(Condition { label: "", text: near, style: theme.text(), part: None });
        return rows;
    }
    let [roomy, tight] = wordings;
    said(fitting(&[roomy, tight, near], room), theme.text())
}

/// The stop texts, the one that is matched furthest first.
fn stop_texts(state: &State, session: &Session, room: usize) -> Vec<Condition> {
    let rules = session.rules();
    let withheld = rules.withheld(session.path().text()).filter(|_| session.stopped().is_none());
    let matched = |stop: &String| withheld.filter(|(_, text)| text == stop).map_or(0, |(bytes, _)| bytes);
    let mut stops: Vec<(&String, usize)> =
        rules.stop_strings.iter().map(|stop| (stop, matched(stop))).collect();
    stops.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    stops
        .into_iter()
        .map(|(stop, bytes)| {
            let quoted = format!("{stop:?}");
            let quoted = Shown::inline(&quoted).as_str().to_owned();
            let wordings = [
                format!("{quoted}  matched {bytes} of {}", stop.len()),
                format!("{quoted} {bytes} of {}", stop.len()),
                format!("{bytes}/{} {quoted}", stop.len()),
            ];
            let style = if bytes > 0 { state.theme.warning() } else { state.theme.text() };
            Condition { label: "stop text", text: fitting(&wordings, room).to_owned(), style, part: None }
        })
        .collect()
}
