//! The top row: the model, where it runs, and what the program is doing.
//!
//! ```text
//!  logitscope  Storyteller 4.5M Q8_0 · CPU, 1 thread            ▶ playing 10 tok/s   ? help
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::{numbers::thousands, rows::draw_row};
use crate::{
    app::{Hit, ModelState, State},
    keymap::{Action, Context},
    text::Shown,
    theme::Marks,
};

/// What the program is called here.
const NAME: &str = " logitscope ";

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let theme = &state.theme;
    let help = help_area(state, area);
    let (status, style) = status(state);
    let status_width = (status.width() as u16).min(help.x.saturating_sub(area.x));
    let status_x = help.x.saturating_sub(status_width + 3).max(area.x);
    let place = |x: u16, end: u16| Rect { x, width: end.saturating_sub(x), height: 1, ..area };

    let name_end = area.x + (NAME.len() as u16).min(area.width);
    // The name gives way first: what is going on and the model matter more.
    let tight = name_end + 12 > status_x;
    let left = if tight { area.x + 1 } else { name_end + 1 };
    if !tight {
        draw_row(place(area.x, name_end), 0, &Line::styled(NAME, theme.title(true)), buf);
    }
    draw_row(place(left, status_x.saturating_sub(1)), 0, &model_line(state), buf);
    draw_row(place(status_x, help.x), 0, &Line::styled(status, style), buf);
    if let Some(key) = help_key(state) {
        let spans = vec![Span::styled(key, theme.key()), Span::styled(" help", theme.key_label())];
        draw_row(help, 0, &Line::from(spans), buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    (area.contains(at) && help_area(state, area).contains(at)).then_some(Hit::Hint(Action::Help))
}

fn model_line(state: &State) -> Line<'_> {
    let theme = &state.theme;
    let Some(ready) = state.ready() else { return Line::default() };
    let title = Shown::inline(&ready.info.title).as_str().to_owned();
    let device = Shown::inline(&ready.info.device).as_str().to_owned();
    Line::from(vec![
        Span::styled(title, theme.strong()),
        Span::styled(" · ", theme.dim()),
        Span::styled(device, theme.key_label()),
    ])
}

/// What the program is doing, with a sign that says the same.
fn status(state: &State) -> (String, Style) {
    let theme = &state.theme;
    let stopped = state.session.as_ref().is_some_and(|session| session.stopped().is_some());
    match &state.model {
        ModelState::Loading(part) => (format!("⋯ loading {:.0} %", part * 100.0), theme.text()),
        ModelState::Missing(_) => (format!("{} no model", Marks::ERROR), theme.warning()),
        ModelState::Ready(_) => match state.progress {
            Some(progress) if progress.total > 1 => {
                let (done, total) = (thousands(progress.done), thousands(progress.total));
                (format!("⋯ reading the prompt, {done} of {total}"), theme.text())
            }
            _ if state.session.is_none() || state.prefill.is_none() => {
                ("⋯ reading the prompt".to_owned(), theme.text())
            }
            _ if state.play.playing() => (format!("▶ playing {}", state.play.speed_text()), theme.good()),
            _ if stopped => ("■ stopped".to_owned(), theme.stop_reason()),
            _ => ("❚❚ paused".to_owned(), theme.text()),
        },
    }
}

fn help_key(state: &State) -> Option<String> {
    let hint = state.keymap.hints(Context::Global, &[Action::Help]).pop()?;
    Some(hint.key)
}

/// The cells of the help hint, at the right end with a cell of margin; empty when help has no key.
fn help_area(state: &State, area: Rect) -> Rect {
    let width = help_key(state).map_or(0, |key| key.width() as u16 + 5).min(area.width);
    Rect { x: area.right() - (width + 1).min(area.width), width, height: area.height.min(1), ..area }
}
