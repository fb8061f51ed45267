//! Why generation stopped, or how near each condition is.
//!
//! ```text
//! ╭ Stop conditions ──────────────────── running ╮
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
pub(in crate::ui) use conditions::{LABEL, conditions, hindsight, trained_on_less};

use crate::{
    app::{Hit, PanelId, State},
    decode::{Session, StopReason},
    keymap::Action,
    text::Shown,
    theme::Marks,
    ui::{
        frame::{self, frame},
        rows::{draw_row, draw_rows, wrap_words},
        widgets::{Bar, Panel, Shorter},
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
    let frame =
        Panel { top_right: Line::styled(word, style), ..super::frame_with_draw(state, PanelId::Stop) };
    let Some(session) = state.session() else {
        (&frame).render(area, buf);
        return;
    };
    let mut inner = frame::inner(area);
    let reason = session.stopped().map(|reason| reason_lines(state, session, reason, inner.width.into()));
    let above = reason.as_ref().map_or(0, Vec::len).min(inner.height.into()) as u16;
    let below = Rect { y: inner.y + above, height: inner.height - above, ..inner };
    let shown = Conditions::of(state, session, below);
    let more: Vec<Line> =
        more(state, shown.left_out()).into_iter().map(|text| Line::styled(text, theme.key_label())).collect();
    let mut more = more.into_iter();
    let panel = Panel {
        bottom_right: more.next().unwrap_or_default(),
        shorter: Shorter { bottom_right: more.collect(), ..frame.shorter },
        ..frame
    };
    (&panel).render(area, buf);
    inner.height = above;
    draw_rows(inner, &reason.unwrap_or_default(), buf);
    shown.draw(state, buf);
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    frame::hit(&frame(state, PanelId::Stop), PanelId::Stop, area, at)
}

/// Why it stopped, in a headline and a sentence.
fn reason_lines<'a>(state: &State, session: &Session, reason: &StopReason, width: usize) -> Vec<Line<'a>> {
    let headline = match reason {
        StopReason::Interrupted => format!("{} {}", Marks::STOPPED, reason.headline()),
        reason => format!("{} stopped: {}", Marks::STOPPED, reason.headline()),
    };
    let mut lines = vec![Line::styled(headline, state.theme().stop_reason())];
    let detail = reason.detail(session.vocabulary());
    let detail = Shown::inline(&detail);
    let text = state.theme().text();
    lines.extend(
        wrap_words(detail.as_str(), width).into_iter().map(|line| Line::styled(line.to_owned(), text)),
    );
    lines
}

/// The conditions as they lie in an area, in two columns where one has too few rows.
struct Conditions {
    told: Vec<Condition>,
    area: Rect,
    columns: usize,
    width: u16,
}

impl Conditions {
    fn of(state: &State, session: &Session, area: Rect) -> Self {
        let rows = usize::from(area.height);
        let mut told = conditions(state, session, area.width.into(), rows);
        let (mut columns, mut width) = (1, area.width);
        if told.len() > rows && area.width >= LEAST_FOR_COLUMNS {
            (columns, width) = (2, (area.width - GAP) / 2);
            told = conditions(state, session, width.into(), rows);
        }
        Self { told, area, columns, width }
    }

    fn room(&self) -> usize {
        usize::from(self.area.height) * self.columns
    }

    /// How many have no row.
    fn left_out(&self) -> usize {
        self.told.len().saturating_sub(self.room())
    }

    fn draw(&self, state: &State, buf: &mut Buffer) {
        let rows = usize::from(self.area.height);
        for (index, condition) in self.told.iter().take(self.room()).enumerate() {
            let (column, row) = ((index / rows) as u16, (index % rows) as u16);
            let place = Rect {
                x: self.area.x + column * (self.width + GAP),
                y: self.area.y + row,
                width: self.width,
                height: 1,
            };
            draw_condition(state, condition, place, buf);
        }
    }
}

/// `… 3 more: W`, with the key that lists all of them; nothing if all have a row.
fn more(state: &State, count: usize) -> Vec<String> {
    if count == 0 {
        return Vec::new();
    }
    let key = state.keymap().hints(state.context(), &[Action::ShowStops]).pop();
    let key = key.map_or_else(String::new, |hint| format!(": {}", hint.key));
    vec![format!("… {count} more{key}"), format!("… {count}")]
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
