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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        app::{Message, fixture::Fixture},
        engine::{Progress, worker::Event},
        ui::drawn,
    };

    fn line(state: &State, width: u16) -> String {
        let area = Rect::new(0, 0, width, 1);
        drawn::lines(area, |buf| draw(state, area, buf)).pop().unwrap_or_default()
    }

    #[test]
    fn model_device_and_state_are_told() {
        let mut fixture = Fixture::new();
        let paused = line(&fixture.state, 80);
        assert!(paused.starts_with(" logitscope  storyteller 4.5M Q8_0 · CPU, 2 threads"), "{paused}");
        assert!(paused.ends_with("paused   ? help"), "{paused}");
        fixture.state.play.start();
        assert!(line(&fixture.state, 80).contains("▶ playing 10 tok/s"));
    }

    #[test]
    fn loading_and_reading_say_how_far_they_are() {
        let (mut fixture, _) = Fixture::loading(|_| {});
        fixture.send(Message::Engine(Event::Loading(0.43)));
        assert!(line(&fixture.state, 80).contains("loading 43 %"));
        let mut fixture = Fixture::new();
        fixture.state.progress = Some(Progress { done: 512, total: 2048 });
        assert!(line(&fixture.state, 80).contains("reading the prompt, 512 of 2,048"));
    }

    #[test]
    fn what_is_going_on_stays_when_the_screen_is_narrow() {
        let fixture = Fixture::new();
        let narrow = line(&fixture.state, 40);
        assert!(
            narrow.contains("paused") && narrow.contains("? help") && narrow.contains("story"),
            "{narrow}"
        );
    }

    #[test]
    fn a_click_on_help_is_help() {
        let fixture = Fixture::new();
        let area = Rect::new(0, 0, 80, 1);
        let at = line(&fixture.state, 80).chars().position(|symbol| symbol == '?').expect("the key") as u16;
        assert_eq!(hit(&fixture.state, area, Position::new(at, 0)), Some(Hit::Hint(Action::Help)));
        assert_eq!(hit(&fixture.state, area, Position::new(at - 1, 0)), None);
        assert_eq!(hit(&fixture.state, area, Position::new(79, 0)), None);
    }

    proptest! {
        #[test]
        fn any_width_can_be_drawn(area in drawn::areas()) {
            let fixture = Fixture::new();
            drawn::lines(area, |buf| draw(&fixture.state, area, buf));
            hit(&fixture.state, area, Position::new(area.x, area.y));
        }
    }
}
