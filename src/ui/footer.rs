//! The bottom row: a notice, else the keys that matter now. A long notice takes rows above as well, as it is gone with the
//! next key.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Clear, Widget},
};

use super::{
    hints,
    rows::{draw_row, wrap_words},
};
use crate::{
    app::{Hit, State},
    text::Shown,
    theme::Marks,
};

/// Cells of the mark before a notice, and of the space after it.
const MARK: usize = 2;
/// Rows that a notice takes at most.
const MOST_ROWS: usize = 4;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    let Some(notice) = state.notice() else {
        hints::draw(&hints::hints(state), inside(area), state.theme(), buf);
        return;
    };
    // A notice may quote what a person typed or pasted.
    let text = Shown::inline(notice);
    let style = state.theme().warning();
    let area = inside(area);
    let lines = wrap_words(text.as_str(), usize::from(area.width).saturating_sub(MARK));
    // The last one of those that have room takes what is left, and is cut.
    let rows = lines.len().min(MOST_ROWS).min(usize::from(area.y) + 1);
    for (row, line) in lines.iter().take(rows).enumerate() {
        let place = Rect { y: area.y + 1 - (rows - row) as u16, height: 1, ..area };
        let mark = if row == 0 { Marks::WARNING } else { " " };
        let rest = if row + 1 == rows && rows < lines.len() { "…" } else { "" };
        if rows > 1 {
            Clear.render(Rect { x: 0, width: area.right(), ..place }.intersection(buf.area), buf);
        }
        let spans = [Span::raw(mark), Span::raw(" "), Span::raw(*line), Span::raw(rest)];
        draw_row(place, 0, &Line::from(spans.map(|span| span.style(style)).to_vec()), buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    if state.notice().is_some() || !area.contains(at) {
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
        assert!(line(&fixture.state, 80).contains("↵ continue"));
        fixture.state.start_playing();
        assert!(line(&fixture.state, 80).contains("space pause"));
    }

    #[test]
    fn inputs_show_their_own_keys() {
        let mut fixture = Fixture::new();
        fixture.keys(&["e"]);
        let shown = line(&fixture.state, 80);
        assert!(shown.starts_with(" ↵ start  ") && shown.contains(" alt-↵ new line  "), "{shown}");
        fixture.keys(&["esc", "/"]);
        assert!(line(&fixture.state, 80).contains("esc show all"));
    }

    #[test]
    fn a_notice_takes_the_row() {
        let mut fixture = Fixture::new();
        fixture.keys(&["left"]);
        assert!(line(&fixture.state, 80).starts_with(" ! Nothing has been generated yet"));
        assert_eq!(hit(&fixture.state, Rect::new(0, 0, 80, 1), Position::new(2, 0)), None);
    }

    #[test]
    fn a_long_notice_takes_rows_above_and_is_read_to_its_end() {
        let mut fixture = Fixture::new();
        *fixture.state.notice_mut() =
            Some(format!("First words, {}and the last.", "many more words, ".repeat(7)));
        let lines = |height: u16| {
            let place = Rect::new(0, height - 1, 60, 1);
            drawn::lines(Rect::new(0, 0, 60, height), |buf| draw(&fixture.state, place, buf))
        };
        let drawn = lines(6);
        assert!(drawn[3].starts_with(" ! First words, many more words"), "{drawn:#?}");
        assert!(drawn[4].starts_with("   ") && drawn[5].ends_with("and the last."), "{drawn:#?}");
        assert!(drawn[2].is_empty());
        assert!(lines(2)[1].ends_with('…'), "what has no room is cut: {:#?}", lines(2));
    }

    #[test]
    fn what_has_ended_is_not_offered_to_go_on() {
        let mut fixture = Fixture::with(|setup| setup.settings.stop.predict = 1);
        for keys in [&["right"][..], &["f2"], &["2"], &["3", "n"]] {
            fixture.keys(keys);
            *fixture.state.notice_mut() = None;
            let line = line(&fixture.state, 80);
            assert!(line.contains(" back  R restart") && !line.contains("play"), "{keys:?}: {line}");
        }
    }

    #[test]
    fn a_search_that_is_kept_says_how_it_ends() {
        let mut fixture = Fixture::new();
        fixture.keys(&["/", "l", "enter"]);
        assert!(line(&fixture.state, 80).starts_with(" esc show all"), "{}", line(&fixture.state, 80));
        fixture.keys(&["esc"]);
        assert!(!line(&fixture.state, 80).contains("show all"));
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
