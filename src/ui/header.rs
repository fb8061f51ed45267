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

use super::{
    diffuse,
    numbers::thousands,
    rows::{draw_row, fitting},
};
use crate::{
    app::{Hit, ModelState, Screen, State},
    engine::Progress,
    keymap::{Action, Context},
    text::Shown,
    theme::Marks,
};

/// What the program is called here.
const NAME: &str = " logitscope ";

/// How the row is divided. It depends on the screen's width and the number of screens alone, so that nothing moves while
/// something is counted.
#[derive(Clone, Copy)]
struct Form {
    /// Whether every tab has its name, or only the present one.
    named: bool,
    /// Columns between two tabs.
    gap: u16,
    /// Columns for the model before the tabs, and for the status after them.
    model: u16,
    status: u16,
}

/// The forms, the roomiest first: the model's name is whole before tabs have names, but for rows that have room for all of
/// these and some of it.
const FORMS: [Form; 7] = [
    Form { named: true, gap: 2, model: 50, status: 20 },
    Form { named: true, gap: 1, model: 22, status: 20 },
    Form { named: true, gap: 1, model: 22, status: 12 },
    Form { named: true, gap: 1, model: 10, status: 12 },
    Form { named: false, gap: 1, model: 22, status: 12 },
    Form { named: false, gap: 1, model: 10, status: 10 },
    Form { named: false, gap: 0, model: 10, status: 10 },
];

/// Columns of a model's name as it usually is, and from how many on tabs have their names though it is cut.
const WHOLE_NAME: u16 = 22;
const ROOM_FOR_NAMES: u16 = 112;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let theme = state.theme();
    let help = help_area(state, area);
    let (wordings, style) = status(state);
    let place = |x: u16, end: u16| Rect { x, width: end.saturating_sub(x), height: 1, ..area };
    let end = status_x(state, area);
    let tabs_x = draw_tabs(state, area, buf).unwrap_or(end);
    // The program's name gives way first: what is going on and the model matter more.
    let name_end = area.x + (NAME.len() as u16).min(area.width);
    let room = tabs_x.saturating_sub(area.x + 2);
    let titled = NAME.len() as u16 + 1 + model_line(state, 0).width() as u16 <= room;
    let left = if titled { name_end + 1 } else { area.x + 1 };
    if titled {
        draw_row(place(area.x, name_end), 0, &Line::styled(NAME, theme.title(true)), buf);
    }
    let model = place(left, tabs_x.saturating_sub(1));
    draw_row(model, 0, &model_line(state, model.width), buf);
    let room = place(end, help.x.saturating_sub(2).max(area.x));
    let status = fitting(&wordings, room.width.into());
    let at = room.right().saturating_sub(status.width() as u16).max(room.x);
    draw_row(place(at, room.right()), 0, &Line::styled(status, style), buf);
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
    let tab = tabs(state, area).into_iter().find(|tab| tab.area.contains(at))?;
    Some(Hit::Hint(tab.screen.action()))
}

/// A screen's name in the header.
struct Tab {
    screen: Screen,
    area: Rect,
    text: String,
}

/// The keys and names of the screens.
fn names(state: &State) -> Vec<(String, &'static str)> {
    let key =
        |screen: Screen| state.keymap().hints(Context::Global, &[screen.action()]).pop().map(|hint| hint.key);
    Screen::ALL.iter().copied().map(|screen| (key(screen).unwrap_or_default(), screen.title())).collect()
}

/// The texts of the tabs in a form; a screen without a key keeps its name.
fn texts(names: &[(String, &'static str)], form: Form, present: usize) -> Vec<String> {
    let text = |(index, (key, name)): (usize, &(String, &'static str))| {
        let name = if form.named || index == present || key.is_empty() { name } else { "" };
        format!("{key} {name}").trim().to_owned()
    };
    names.iter().enumerate().map(text).collect()
}

/// Columns that the tabs take in a form, whichever of them is the present one.
fn tabs_width(names: &[(String, &'static str)], form: Form) -> u16 {
    let width =
        |present| texts(names, form, present).iter().map(|text| text.width() as u16 + form.gap).sum::<u16>();
    (0..names.len()).map(width).max().unwrap_or(0).saturating_sub(form.gap)
}

/// The form that a row of `width` columns before the help has room for; None where there is none for tabs.
fn form(names: &[(String, &'static str)], width: u16) -> Option<Form> {
    let fits = |form: Form| !form.named || form.model >= WHOLE_NAME || width >= ROOM_FOR_NAMES;
    FORMS
        .into_iter()
        .filter(|&form| fits(form))
        .find(|&form| 1 + form.model + 2 + tabs_width(names, form) + 2 + form.status + 2 <= width)
}

/// The tabs, as far to the right as the status lets them.
fn tabs(state: &State, area: Rect) -> Vec<Tab> {
    let names = names(state);
    let Some(form) = form(&names, room(state, area)) else { return Vec::new() };
    let present = Screen::ALL.iter().position(|screen| *screen == state.screen()).unwrap_or(0);
    let mut x = status_x(state, area).saturating_sub(2 + tabs_width(&names, form));
    let place = |(screen, text): (Screen, String)| {
        let width = text.width() as u16;
        x += width + form.gap;
        Tab {
            screen,
            area: Rect { x: x - width - form.gap, width, height: area.height.min(1), ..area },
            text,
        }
    };
    Screen::ALL.iter().copied().zip(texts(&names, form, present)).map(place).collect()
}

/// Draws the tabs and returns where they begin.
fn draw_tabs(state: &State, area: Rect, buf: &mut Buffer) -> Option<u16> {
    let tabs = tabs(state, area);
    for tab in &tabs {
        let style = state.theme().tab(tab.screen == state.screen());
        draw_row(tab.area, 0, &Line::styled(tab.text.as_str(), style), buf);
    }
    tabs.first().map(|tab| tab.area.x)
}

/// Columns before the help.
fn room(state: &State, area: Rect) -> u16 {
    help_area(state, area).x.saturating_sub(area.x)
}

/// Where the status may begin.
fn status_x(state: &State, area: Rect) -> u16 {
    let room = room(state, area);
    let status = form(&names(state), room).map_or(room / 2, |form| form.status);
    area.x + room.saturating_sub(status + 2)
}

/// The model and where it runs, the latter in as many words as fit into `width` cells. The model's name may be cut.
fn model_line(state: &State, width: u16) -> Line<'_> {
    let theme = state.theme();
    let Some((title, device)) = model_on_view(state) else { return Line::default() };
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

/// The model of the screen that is shown, and where it runs.
fn model_on_view(state: &State) -> Option<(String, String)> {
    let info = state.model_info()?;
    let shown = |text: &str| Shown::inline(text).as_str().to_owned();
    Some((shown(&info.title), shown(&info.device)))
}

/// What the program is doing, with a sign that says the same, from the longest wording to the shortest.
fn status(state: &State) -> (Vec<String>, Style) {
    if state.screen() == Screen::Diffuse {
        return diffuse::status::status(state);
    }
    let theme = state.theme();
    let said = |texts: &[&str], style| (texts.iter().map(|text| (*text).to_owned()).collect(), style);
    let stopped = state.has_ended();
    match state.model() {
        ModelState::Loading(part) => {
            let percent = format!("{:.0} %", part * 100.0);
            (vec![format!("⋯ loading {percent}"), format!("⋯ {percent}")], theme.text())
        }
        ModelState::Missing(_) => (vec![format!("{} no model", Marks::ERROR)], theme.warning()),
        ModelState::Ready(_) if state.cost().is_running() => {
            let percent = format!("{:.0} %", state.cost().progress() * 100.0);
            (vec![format!("⋯ measuring {percent}"), format!("⋯ {percent}")], theme.text())
        }
        ModelState::Ready(_) if state.screen() == Screen::Cost && state.cost().costs().is_some() => {
            let done = state.cost().costs().is_some_and(crate::cost::Costs::is_done);
            let words = if done {
                ["✓ all measured", "✓ measured"]
            } else {
                ["❚❚ not measuring", "❚❚ idle"]
            };
            said(&words, theme.text())
        }
        ModelState::Ready(_) => match state.progress() {
            // What many paths need is short work: while they play, it is not told piece by piece.
            Some(progress)
                if progress.total > 1 && (state.screen().follows_path() || !state.play().playing()) =>
            {
                (told(progress, state.screen().follows_path()), theme.text())
            }
            _ if state.lacks_prompt() => (vec![format!("{} no prompt", Marks::ERROR)], theme.warning()),
            _ if state.gave_up_reading() => {
                let mark = Marks::ERROR;
                (vec![format!("{mark} prompt not read"), format!("{mark} not read")], theme.warning())
            }
            _ if state.session().is_none() || state.prefill().is_none() => {
                said(&["⋯ reading the prompt", "⋯ reading"], theme.text())
            }
            _ if state.queued() > 0 => {
                let count = thousands(state.queued());
                (vec![format!("▶ {count} to come"), format!("▶ {count}")], theme.good())
            }
            _ if state.play().playing() => {
                let speed = state.play().speed_text();
                (
                    vec![format!("▶ playing {speed}"), format!("▶ {speed}"), "▶ playing".to_owned()],
                    theme.good(),
                )
            }
            _ if stopped => said(&["■ stopped"], theme.stop_reason()),
            _ => said(&["❚❚ paused"], theme.text()),
        },
    }
}

/// How far an evaluation has come.
fn told(progress: Progress, reading: bool) -> Vec<String> {
    let (done, total) = (thousands(progress.done), thousands(progress.total));
    let percent = 100 * progress.done / progress.total.max(1);
    let what = if reading { "reading" } else { "evaluating" };
    vec![
        format!("⋯ {what} {done} of {total}"),
        format!("⋯ {done} of {total}"),
        format!("⋯ {what} {percent} %"),
        format!("⋯ {percent} %"),
    ]
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
        engine::{EngineId, worker::Event},
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
        // All names of screens have room, and the beginning of the model's.
        assert!(paused.starts_with(" storyteller…"), "{paused}");
        let tabs = |gap: &str| {
            let names = names(&fixture.state).into_iter();
            names.map(|(key, name)| format!("{key} {name}")).collect::<Vec<_>>().join(gap)
        };
        assert!(paused.contains(&tabs(" ")) && paused.ends_with("   ❚❚ paused  ? help"), "{paused}");
        let wide = line(&fixture.state, 200);
        assert!(wide.starts_with(" logitscope  storyteller 4.5M Q8_0 · CPU, 2 threads  "), "{wide}");
        assert!(wide.contains(&tabs("  ")), "{wide}");
        fixture.state.start_playing();
        assert!(line(&fixture.state, 80).contains("▶ 8 tok/s"), "{}", line(&fixture.state, 80));
    }

    #[test]
    fn loading_and_reading_say_how_far_they_are() {
        let (mut fixture, _) = Fixture::loading(|_| {});
        fixture.send(Message::Engine(EngineId::MAIN, Event::Loading(0.43)));
        assert!(line(&fixture.state, 160).contains("loading 43 %"));
        assert!(line(&fixture.state, 120).contains("⋯ 43 %"));
        assert!(line(&fixture.state, 80).contains("⋯ 43 %"));
    }

    #[test]
    fn nothing_moves_while_it_counts() {
        let mut fixture = Fixture::new();
        for width in 60..=200 {
            *fixture.state.progress_mut() = None;
            let tabs = |state: &State| -> Vec<_> {
                tabs(state, Rect::new(0, 0, width, 1)).into_iter().map(|tab| (tab.area, tab.text)).collect()
            };
            let before = tabs(&fixture.state);
            assert_eq!(before.len(), Screen::ALL.len(), "{width}");
            for done in [0, 512, 123_456] {
                *fixture.state.progress_mut() = Some(Progress { done, total: 130_048 });
                assert_eq!(tabs(&fixture.state), before, "{width}");
                assert!(
                    line(&fixture.state, width).contains('⋯'),
                    "{width}: {}",
                    line(&fixture.state, width)
                );
            }
        }
    }

    #[test]
    fn there_is_room_for_ten_screens() {
        let titles =
            ["Step", "X-ray", "Compare", "Tree", "Seeds", "Beam", "Speculate", "Diffuse", "Cost", "Learn"];
        let names: Vec<_> = ('1'..='9').chain(['0']).map(String::from).zip(titles).collect();
        let form = |width: u16| form(&names, width - 7).expect("a form");
        let wide = form(120);
        assert!(wide.named, "all names at 120 columns");
        assert_eq!(
            texts(&names, wide, 0).join(" "),
            "1 Step 2 X-ray 3 Compare 4 Tree 5 Seeds 6 Beam 7 Speculate 8 Diffuse 9 Cost 0 Learn"
        );
        let narrow = form(80);
        assert!(!narrow.named && narrow.model >= 22, "the model's name beside the keys at 80 columns");
        assert_eq!(texts(&names, narrow, 6).join(" "), "1 2 3 4 5 6 7 Speculate 8 9 0");
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
        for width in [60, 80, 100, 110, 120, 130, 160] {
            let shown = line(&fixture.state, width);
            let whole = shown.contains("storyteller 4.5M Q8_0 ");
            // At 120 columns the names of all screens come first, for it is there that they are wanted.
            let all_screens = shown.contains("9 Cost 0 Learn") && shown.contains("storyteller");
            let narrow = width < 80 && !shown.contains("logitscope");
            assert!(whole || all_screens || narrow, "{width}: {shown}");
        }
    }

    #[test]
    fn a_click_on_a_tab_shows_its_screen_however_narrow() {
        for width in [60, 80, 120, 200] {
            let mut fixture = Fixture::new();
            let area = Rect::new(0, 0, width, 1);
            for (&screen, (key, _)) in Screen::ALL.iter().zip(names(&fixture.state)) {
                let key = key.chars().next().expect("a digit");
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
