//! What the text panel says while there is no text, or while a long one is being read.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::{Paragraph, Widget, Wrap},
};

use crate::{
    app::{ModelState, State},
    engine::Progress,
    keymap::{Action, Context},
    text::Shown,
    ui::{numbers::thousands, rows::fitting_line, widgets::Bar},
};

/// The widest bar of progress, in cells.
const WIDEST_BAR: u16 = 40;

/// What is going on without a session.
pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    match state.model() {
        ModelState::Loading(part) => loading(state, f64::from(*part), area, buf),
        ModelState::Missing(why) => missing(state, why, area, buf),
        ModelState::Ready(_) => {
            let line =
                said(state, "Nothing to go on from yet.", &[Action::EditPrompt, Action::ExamplePrompts]);
            paragraph(vec![line], area, buf);
        }
    }
}

/// `reading the prompt ███▌       512 of 2,000 tokens  esc stops it`
pub(super) fn draw_reading(state: &State, row: Rect, buf: &mut Buffer) {
    let Some(Progress { done, total }) = state.progress() else { return };
    let what = if state.prefill().is_none() { "reading the prompt" } else { "reading the text again" };
    let count = format!("{} of {} tokens", thousands(done), thousands(total));
    let part = if total == 0 { 0.0 } else { done as f64 / total as f64 };
    progress(state, what, part, &count, row, buf);
}

fn loading(state: &State, part: f64, area: Rect, buf: &mut Buffer) {
    let percent = format!("{:.0} %", 100.0 * part.clamp(0.0, 1.0));
    let row = Rect { y: area.y + area.height / 2, height: 1, ..area };
    progress(state, "loading the model", part, &percent, row, buf);
}

/// What is done, a bar of how far it is, the same in numbers, and the key that ends it. Where room is short the
/// bar goes first.
fn progress(state: &State, what: &str, part: f64, count: &str, row: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    let count = Span::styled(count.to_owned(), theme.text());
    let mut after = vec![count.clone()];
    if let Some(key) = key(state, Action::Cancel) {
        after.push(Span::styled(format!("  {key}"), theme.key()));
        after.push(Span::styled(" stops it", theme.key_label()));
    }
    let (before, after) = (Span::styled(format!("{what} "), theme.dim()), Line::from(after));
    let words = before.width() + after.width() + 1;
    let bar = usize::from(row.width).saturating_sub(words).min(usize::from(WIDEST_BAR)) as u16;
    let x = row.x + before.width() as u16;
    let mut line = Line::from(before);
    if bar >= 4 {
        line.push_span(Span::styled("░".repeat(usize::from(bar)), theme.slider_track()));
        line.push_span(" ");
    }
    line.spans.extend(after.spans);
    let line = fitting_line(vec![line, Line::from(count)], row.width.into());
    buf.set_line(row.x, row.y, &line, row.width);
    if bar >= 4 {
        let filled = (f64::from(bar) * part.clamp(0.0, 1.0)).round() as u16;
        let done = Rect { x, width: filled, ..row };
        (&Bar { fraction: 1.0, style: theme.sparkline() }).render(done, buf);
    }
}

fn missing(state: &State, why: &str, area: Rect, buf: &mut Buffer) {
    let mut lines = vec![said(state, "There is no model.", &[Action::LoadModel])];
    lines.extend(Shown::lines(why).map(|line| Line::styled(line.to_string(), state.theme().dim())));
    paragraph(lines, area, buf);
}

/// A sentence and the keys that help.
fn said<'a>(state: &State, sentence: &'a str, actions: &[Action]) -> Line<'a> {
    let theme = state.theme();
    let mut spans = vec![Span::styled(sentence, theme.text())];
    for hint in state.keymap().hints(Context::Global, actions) {
        spans.push(Span::styled(format!("  {}", hint.key), theme.key()));
        spans.push(Span::styled(format!(" {}", hint.label), theme.key_label()));
    }
    Line::from(spans)
}

fn key(state: &State, action: Action) -> Option<String> {
    Some(state.keymap().hints(Context::Global, &[action]).into_iter().next()?.key)
}

fn paragraph(lines: Vec<Line>, area: Rect, buf: &mut Buffer) {
    Paragraph::new(lines).wrap(Wrap { trim: true }).render(area, buf);
}
