//! Neighbours that opened in one step: what they were drawn from, against what opening one first would have given.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr as _;

use super::{columns, draw_words, say, waiting};
use crate::{
    app::{Hit, JointRow, PanelId, State},
    ui::{
        frame,
        numbers::{probability, thousands},
        rows::{draw_row, page, wrap_words},
        widgets::{Panel, Shorter, elide},
    },
};

/// Columns after the text, with their cells.
const COLUMNS: [(&str, usize); 4] = [("step", 6), ("at once", 8), ("in order", 9), ("ratio", 7)];
/// Below this ratio two tokens do not go together.
const APART: f64 = 0.5;
/// Cells of all of them.
const CELLS: usize = 30;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() || waiting(state).is_some() {
        return;
    }
    let rows = state.diffuse().joints();
    if rows.is_empty() {
        say(state, &nothing(state), inner, buf);
        return;
    }
    let parts = Parts::of(state, inner);
    let theme = state.theme();
    if let Some(head) = parts.head {
        let columns = columns(&COLUMNS);
        let text = usize::from(head.width).saturating_sub(CELLS);
        let line = Line::styled(format!("{:text$}{columns}", elide("tokens", text)), theme.dim());
        draw_row(head, 0, &line, buf);
    }
    for (index, place) in page(rows.len(), state.diffuse().pair(), parts.list) {
        draw_row(place, 0, &line(state, &rows[index], place.width.into()), buf);
        if state.focus() == PanelId::Neighbours && index == state.diffuse().pair() {
            buf.set_style(place, theme.selected_row());
        }
    }
    draw_words(&parts.sentence, theme.text(), parts.below, buf);
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let parts = Parts::of(state, frame::inner(area));
    let rows = state.diffuse().joints().len();
    let found = page(rows, state.diffuse().pair(), parts.list).find(|(_, place)| place.contains(at));
    found.map_or_else(
        || frame::hit(&panel(state), PanelId::Neighbours, area, at),
        |(row, _)| Hit::Row(PanelId::Neighbours, row),
    )
}

/// What stands where.
struct Parts {
    head: Option<Rect>,
    list: Rect,
    below: Rect,
    sentence: String,
}

impl Parts {
    fn of(state: &State, inner: Rect) -> Self {
        let row = state.diffuse().joints().get(state.diffuse().pair());
        let sentence = row.map(sentence).unwrap_or_default();
        let head = (inner.height >= 3).then_some(Rect { height: 1, ..inner });
        let top = u16::from(head.is_some());
        let lines = (wrap_words(&sentence, inner.width.into()).len() as u16).min((inner.height - top) / 2);
        let list = Rect { y: inner.y + top, height: inner.height - top - lines, ..inner };
        Self { head, list, below: Rect { y: list.bottom(), height: lines, ..inner }, sentence }
    }
}

fn line<'a>(state: &State, row: &JointRow, width: usize) -> Line<'a> {
    let theme = state.theme();
    let room = width.saturating_sub(CELLS);
    let text = elide(&format!("{}{}", row.tokens[0].as_str(), row.tokens[1].as_str()), room);
    let pad = " ".repeat(room.saturating_sub(text.width()));
    let bad = row.ratio() < APART;
    let joint = &row.joint;
    vec![
        Span::styled(format!("{text}{pad}"), if bad { theme.warning() } else { theme.text() }),
        Span::styled(format!("{:>6}", joint.step + 1), theme.dim()),
        Span::styled(format!("{:>8}", probability(joint.independent())), theme.text()),
        Span::styled(format!("{:>9}", probability(joint.sequential())), theme.text()),
        Span::styled(
            format!("{:>7}", times(row.ratio())),
            if bad { theme.warning() } else { theme.strong() },
        ),
    ]
    .into()
}

/// A ratio in five cells.
fn times(ratio: f64) -> String {
    match ratio {
        ratio if ratio >= 1000.0 => format!("{ratio:.0e}"),
        ratio if ratio >= 10.0 => format!("{ratio:.0}"),
        ratio if ratio >= 0.095 => format!("{ratio:.1}"),
        ratio => format!("{ratio:.0e}"),
    }
}

/// The selected pair in a sentence.
fn sentence(row: &JointRow) -> String {
    let [first, second] = [row.tokens[0].as_str(), row.tokens[1].as_str()];
    let joint = &row.joint;
    let told = format!(
        "Drawn at once, {second} had {}; with {first} written before it, it has {}.",
        probability(joint.second.p),
        probability(joint.p_given)
    );
    match &row.instead {
        Some((token, p)) if token.as_str() != second => {
            format!("{told} Likeliest then: {} with {}.", token.as_str(), probability(*p))
        }
        _ => told,
    }
}

/// What is said where there is no pair.
fn nothing(state: &State) -> String {
    match state.diffuse().canvas() {
        Some(canvas) if canvas.at() > 0 && !state.play().playing() => {
            "No neighbours have opened in this step. With fewer steps more positions open at once, and neighbours among them."
                .to_owned()
        }
        _ => "Neighbours that open in one step are measured here, by one more pass, when it is paused.".to_owned(),
    }
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let rows = state.diffuse().joints();
    let apart = rows.iter().filter(|row| row.ratio() < APART).count();
    let told = if rows.is_empty() {
        Vec::new()
    } else {
        vec![
            format!("{} of {} do not go together", thousands(apart), thousands(rows.len())),
            format!("{} of {}", thousands(apart), thousands(rows.len())),
        ]
    };
    let line = |text: &String| Line::styled(text.clone(), theme.key_label());
    Panel {
        top_right: told.first().map(line).unwrap_or_default(),
        shorter: Shorter {
            title: vec![Line::styled("Neighbours", theme.title(state.focus() == PanelId::Neighbours))],
            top_right: told.iter().skip(1).map(line).collect(),
            ..Shorter::default()
        },
        ..frame::frame(state, PanelId::Neighbours)
    }
}
