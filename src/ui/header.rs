//! The top row: the model, where it runs, and what the program is doing.
//!
//! ```text
//!  logitscope  Storyteller 4.5M Q8_0 · CPU   1 Step 2 X-ray 3 Compare 4 Tree 5 Seeds 6 Beam   ▶ playing 10 tok/s   ? help
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
    app::{Hit, ModelState, Screen, State},
    keymap::{Action, Context},
    text::Shown,
    theme::Marks,
};

/// What the program is called here.
const NAME: &str = " logitscope ";
/// Columns that the model keeps before the tabs are shortened.
const ROOM_FOR_MODEL: u16 = 30;
/// Columns that the model's name keeps beside the program's.
const LEAST_TITLE: u16 = 10;
/// From this width on the status has a place of its own size: `▶ playing 10 tok/s`.
const WIDE: u16 = 110;
/// Columns between the tabs and the status, less the gap after each tab.
const TAB_MARGIN: u16 = 2;
const LEAST_STATUS: u16 = 18;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let theme = state.theme();
    let help = help_area(state, area);
    let (status, style) = status(state);
    let status_x = status_x(state, area);
    let place = |x: u16, end: u16| Rect { x, width: end.saturating_sub(x), height: 1, ..area };

    let name_end = area.x + (NAME.len() as u16).min(area.width);
    let tabs_x = draw_tabs(state, area, status_x, buf);
    // The name gives way first: what is going on and the model matter more.
    let title = (model_line(state, 0).width() as u16).clamp(LEAST_TITLE, ROOM_FOR_MODEL);
    let tight = name_end + 2 + title > tabs_x;
    let left = if tight { area.x + 1 } else { name_end + 1 };
    if !tight {
        draw_row(place(area.x, name_end), 0, &Line::styled(NAME, theme.title(true)), buf);
    }
    let model = place(left, tabs_x.saturating_sub(1));
    draw_row(model, 0, &model_line(state, model.width), buf);
    let at = help.x.saturating_sub(status.width() as u16 + 3).max(area.x);
    draw_row(place(at, help.x), 0, &Line::styled(status, style), buf);
    if let Some(key) = help_key(state) {
        let spans = vec![Span::styled(key, theme.key()), Span::styled(" help", theme.key_label())];
        draw_row(help, 0, &Line::from(spans), buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    if !area.contains(at) {
        return None;
    }
    if help_area(state, area).contains(at) {
        return Some(Hit::Hint(Action::Help));
    }
    let tab = tabs(state, area, status_x(state, area)).into_iter().find(|tab| tab.area.contains(at))?;
    Some(Hit::Hint(tab.screen.action()))
}

/// A screen's name in the header.
struct Tab {
    screen: Screen,
    area: Rect,
    text: String,
}

/// The tabs, their right end a gap before `end`: with their names where there is room, the further apart the better,
/// else only the present one with its name, else none.
fn tabs(state: &State, area: Rect, end: u16) -> Vec<Tab> {
    let texts = |named: &dyn Fn(Screen) -> bool| -> Vec<String> {
        let text = |screen: Screen| {
            let key = state.keymap().hints(Context::Global, &[screen.action()]).pop().map(|hint| hint.key);
            let name = if named(screen) || key.is_none() { screen.title() } else { "" };
            format!("{} {name}", key.unwrap_or_default()).trim().to_owned()
        };
        Screen::ALL.iter().copied().map(text).collect()
    };
    let width = |texts: &[String], gap: u16| -> u16 {
        texts.iter().map(|text| text.width() as u16 + gap).sum::<u16>() + TAB_MARGIN
    };
    let room = end.saturating_sub(area.x);
    let all = texts(&|_| true);
    let present = texts(&|screen| screen == state.screen());
    let name = NAME.len() as u16 + 1;
    let whole = name + model_line(state, u16::MAX).width() as u16;
    let title = name + model_line(state, 0).width() as u16;
    let (texts, gap) = if width(&all, 2) + whole <= room {
        (all, 2)
    } else if width(&all, 1) + ROOM_FOR_MODEL <= room {
        (all, 1)
    } else if width(&present, 2) + title <= room {
        (present, 2)
    } else if width(&present, 1) + 14 <= room {
        (present, 1)
    } else {
        return Vec::new();
    };
    let mut x = end.saturating_sub(width(&texts, gap));
    let place = |(screen, text): (Screen, String)| {
        let width = text.width() as u16;
        x += width + gap;
        Tab { screen, area: Rect { x: x - width - gap, width, height: area.height.min(1), ..area }, text }
    };
    Screen::ALL.iter().copied().zip(texts).map(place).collect()
}

/// Draws the tabs before `end` and returns where they begin.
fn draw_tabs(state: &State, area: Rect, end: u16, buf: &mut Buffer) -> u16 {
    let tabs = tabs(state, area, end);
    for tab in &tabs {
        let style = state.theme().tab(tab.screen == state.screen());
        draw_row(tab.area, 0, &Line::styled(tab.text.as_str(), style), buf);
    }
    tabs.first().map_or(end, |tab| tab.area.x)
}

/// Where the status begins.
fn status_x(state: &State, area: Rect) -> u16 {
    let help = help_area(state, area);
    // On a wide screen the tabs stay where they are, whatever goes on.
    let least = if area.width >= WIDE { LEAST_STATUS } else { 0 };
    let width = (status(state).0.width() as u16).max(least).min(help.x.saturating_sub(area.x));
    help.x.saturating_sub(width + 3).max(area.x)
}

/// The model and where it runs, the latter in as many words as fit into `width` cells.
fn model_line(state: &State, width: u16) -> Line<'_> {
    let theme = state.theme();
    let Some(ready) = state.ready() else { return Line::default() };
    let title = Shown::inline(&ready.info.title).as_str().to_owned();
    let device = Shown::inline(&ready.info.device).as_str().to_owned();
    let room = usize::from(width).saturating_sub(title.width() + 3);
    let device = match device.split_once(',') {
        Some((first, _)) if device.width() > room => first.to_owned(),
        _ => device,
    };
    if device.width() > room {
        return Line::styled(title, theme.strong());
    }
    Line::from(vec![
        Span::styled(title, theme.strong()),
        Span::styled(" · ", theme.dim()),
        Span::styled(device, theme.key_label()),
    ])
}

/// What the program is doing, with a sign that says the same.
fn status(state: &State) -> (String, Style) {
    let theme = state.theme();
    let stopped = state.has_ended();
    match state.model() {
        ModelState::Loading(part) => (format!("⋯ loading {:.0} %", part * 100.0), theme.text()),
        ModelState::Missing(_) => (format!("{} no model", Marks::ERROR), theme.warning()),
        ModelState::Ready(_) => match state.progress() {
            // What many paths need is short work: while they play, it is not told piece by piece.
            Some(progress)
                if progress.total > 1 && (state.screen().follows_path() || !state.play().playing()) =>
            {
                let (done, total) = (thousands(progress.done), thousands(progress.total));
                let what = if state.screen().follows_path() { "reading the prompt" } else { "evaluating" };
                (format!("⋯ {what}, {done} of {total}"), theme.text())
            }
            _ if state.lacks_prompt() => (format!("{} no prompt", Marks::ERROR), theme.warning()),
            _ if state.gave_up_reading() => (format!("{} prompt not read", Marks::ERROR), theme.warning()),
            _ if state.session().is_none() || state.prefill().is_none() => {
                ("⋯ reading the prompt".to_owned(), theme.text())
            }
            _ if state.queued() > 0 => (format!("▶ {} to come", thousands(state.queued())), theme.good()),
            _ if state.play().playing() => (format!("▶ playing {}", state.play().speed_text()), theme.good()),
            _ if stopped => ("■ stopped".to_owned(), theme.stop_reason()),
            _ => ("❚❚ paused".to_owned(), theme.text()),
        },
    }
}

fn help_key(state: &State) -> Option<String> {
    let hint = state.keymap().hints(Context::Global, &[Action::Help]).pop()?;
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
        engine::{EngineId, Progress, worker::Event},
        ui::drawn,
    };

    fn line(state: &State, width: u16) -> String {
        let area = Rect::new(0, 0, width, 1);
        drawn::lines(area, |buf| draw(state, area, buf)).pop().unwrap_or_default()
    }

    #[test]
    fn model_device_and_state_are_told() {
        let mut fixture = Fixture::new();
        let paused = line(&fixture.state, 120);
        assert!(paused.starts_with(" logitscope  storyteller 4.5M Q8_0 · CPU  "), "{paused}");
        let end = "  1 Step 2 X-ray 3 Compare 4 Tree 5 Seeds 6 Beam            ❚❚ paused   ? help";
        assert!(paused.ends_with(end), "{paused}");
        let wide = line(&fixture.state, 160);
        assert!(wide.starts_with(" logitscope  storyteller 4.5M Q8_0 · CPU, 2 threads  "), "{wide}");
        assert!(wide.contains("  1 Step  2 X-ray  3 Compare  4 Tree  5 Seeds  6 Beam  "), "{wide}");
        fixture.state.desk.play.start();
        assert!(line(&fixture.state, 80).contains("▶ playing 8 tok/s"));
    }

    #[test]
    fn loading_and_reading_say_how_far_they_are() {
        let (mut fixture, _) = Fixture::loading(|_| {});
        fixture.send(Message::Engine(EngineId::MAIN, Event::Loading(0.43)));
        assert!(line(&fixture.state, 80).contains("loading 43 %"));
        let mut fixture = Fixture::new();
        fixture.state.desk.engines.main_mut().progress = Some(Progress { done: 512, total: 2048 });
        assert!(line(&fixture.state, 80).contains("reading the prompt, 512 of 2,048"));
    }

    #[test]
    fn without_a_prompt_that_can_be_used_it_says_so() {
        let mut fixture = Fixture::with(|setup| setup.prompt.text = "Once ".repeat(300));
        fixture.keys(&["esc"]);
        assert!(line(&fixture.state, 80).contains("no prompt"), "{}", line(&fixture.state, 80));
        for screen in ["1", "2", "4", "5"] {
            fixture.keys(&[screen, "n"]);
            let notice = fixture.state.notice();
            assert!(
                notice.is_some_and(|notice| notice.starts_with("There is no prompt")),
                "{screen}: {notice:?}"
            );
        }
        fixture.keys(&["1", "e", "ctrl-u", "O", "n", "c", "e", "enter"]);
        assert!(line(&fixture.state, 80).contains("paused"));
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
    fn the_models_name_is_whole_before_anything_else_is() {
        let fixture = Fixture::new();
        for width in [60, 80, 100, 110, 120, 160] {
            let shown = line(&fixture.state, width);
            let whole = shown.contains("storyteller 4.5M Q8_0 ");
            assert!(whole || (width < 80 && !shown.contains("logitscope")), "{width}: {shown}");
        }
    }

    #[test]
    fn a_click_on_a_tab_shows_its_screen_however_narrow() {
        for width in [60, 80, 120, 200] {
            let mut fixture = Fixture::new();
            let area = Rect::new(0, 0, width, 1);
            for (key, screen) in ('1'..).zip(Screen::ALL) {
                let shown = line(&fixture.state, width);
                let at = shown.chars().collect::<Vec<_>>().iter().rposition(|&symbol| symbol == key);
                let at = at.expect("its key") as u16;
                let expected = Some(Hit::Hint(screen.action()));
                assert_eq!(hit(&fixture.state, area, Position::new(at, 0)), expected, "{shown}");
                fixture.keys(&[&key.to_string()]);
                assert!(line(&fixture.state, width).contains(screen.title()), "{screen:?}");
            }
        }
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
