//! The bottom row: a notice, else the keys that matter now.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
};

use super::{hints, rows::draw_row};
use crate::{
    app::{Hit, State},
    text::Shown,
    theme::Marks,
};

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    let Some(notice) = &state.notice else {
        hints::draw(&hints::hints(state), inside(area), &state.theme, buf);
        return;
    };
    // A notice may quote what a person typed or pasted.
    let text = Shown::inline(notice);
    let spans = vec![
        Span::styled(Marks::WARNING, state.theme.warning()),
        Span::raw(" "),
        Span::styled(text.as_str(), state.theme.warning()),
    ];
    draw_row(inside(area), 0, &Line::from(spans), buf);
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    if state.notice.is_some() || !area.contains(at) {
        return None;
    }
    hints::hit(&hints::hints(state), inside(area), at).map(Hit::Hint)
}

/// The row less a cell of margin.
fn inside(area: Rect) -> Rect {
    let margin = area.width.min(1);
    Rect { x: area.x + margin, width: area.width - margin, ..area }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::{app::fixture::Fixture, keymap::Action, ui::drawn};

    fn line(state: &State, width: u16) -> String {
        let area = Rect::new(0, 0, width, 1);
        drawn::lines(area, |buf| draw(state, area, buf)).pop().unwrap_or_default()
    }

    #[test]
    fn keys_follow_the_focus() {
        let mut fixture = Fixture::new();
        assert!(line(&fixture.state, 80).starts_with(" space play  → step  ← back  ↵ take this token"));
        fixture.keys(&["f4"]);
        assert!(line(&fixture.state, 80).contains("↵ type value"));
        fixture.keys(&["f2"]);
        assert!(line(&fixture.state, 80).contains("↵ go on here"));
        fixture.state.play.start();
        assert!(line(&fixture.state, 80).contains("space pause"));
    }

    #[test]
    fn inputs_show_their_own_keys() {
        let mut fixture = Fixture::new();
        fixture.keys(&["e"]);
        assert!(line(&fixture.state, 80).starts_with(" ↵ start   alt-↵ new line"));
        fixture.keys(&["esc", "/"]);
        assert!(line(&fixture.state, 80).contains("esc show all"));
    }

    #[test]
    fn a_notice_takes_the_row() {
        let mut fixture = Fixture::new();
        fixture.keys(&["left"]);
        assert!(line(&fixture.state, 80).starts_with(" ! This is the prompt's end"));
        assert_eq!(hit(&fixture.state, Rect::new(0, 0, 80, 1), Position::new(2, 0)), None);
    }

    #[test]
    fn a_click_on_a_key_or_its_words_is_its_action() {
        let fixture = Fixture::new();
        let area = Rect::new(3, 5, 80, 1);
        let at = |x: u16| hit(&fixture.state, area, Position::new(3 + x, 5));
        assert_eq!(
            [at(0), at(1), at(10)],
            [None, Some(Hit::Hint(Action::PlayPause)), Some(Hit::Hint(Action::PlayPause))]
        );
        assert_eq!([at(11), at(13)], [None, Some(Hit::Hint(Action::Step))]);
    }

    proptest! {
        #[test]
        fn hints_are_whole_at_any_width(width in 0_u16..200) {
            let fixture = Fixture::new();
            let drawn = line(&fixture.state, width);
            prop_assert!(drawn.width() <= usize::from(width));
            let whole = line(&fixture.state, 400);
            let last = drawn.split("  ").last().unwrap_or("").trim();
            prop_assert!(whole.split("  ").any(|hint| hint.trim() == last) || last.is_empty(), "{last}");
        }
    }
}
