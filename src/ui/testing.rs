//! Looking at what was drawn, for the panels' tests.

use std::ops::Range;

use proptest::{
    prop_assert, prop_assert_eq,
    test_runner::{Config, TestRunner},
};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::{Position, Rect},
};
use unicode_width::UnicodeWidthStr as _;

use crate::{
    app::{Hit, Message, State, fixture::Fixture},
    engine::{EngineId, Progress, worker::Event},
};

/// What `draw` makes of an empty area of this size.
pub(super) fn drawn(width: u16, height: u16, draw: impl FnOnce(Rect, &mut Buffer)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(buffer.area, &mut buffer);
    buffer
}

/// The rows as text, without spaces at their ends.
pub(super) fn rows(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(width).map(|row| text(row).trim_end().to_owned()).collect()
}

/// The symbols of cells; what a wide one covers is left out.
fn text(cells: &[Cell]) -> String {
    let mut text = String::new();
    let mut covered = 0;
    for cell in cells {
        if covered == 0 {
            text.push_str(cell.symbol());
            covered = cell.symbol().width();
        }
        covered = covered.saturating_sub(1);
    }
    text
}

/// Draws every kind of state at sizes of these ranges, and asks what lies at each cell.
pub(super) fn never_panics(
    widths: Range<u16>,
    heights: Range<u16>,
    draw: fn(&State, Rect, &mut Buffer),
    hit: fn(&State, Rect, Position) -> Option<Hit>,
) {
    let states = all_kinds();
    let config = Config { failure_persistence: None, cases: 64, ..Config::default() };
    let look = |(width, height)| {
        for (_, state) in &states {
            let area = Rect::new(2, 1, width, height);
            let mut buffer = Buffer::empty(Rect::new(0, 0, width + 3, height + 2));
            draw(state, area, &mut buffer);
            for at in buffer.area.positions() {
                prop_assert_eq!(hit(state, area, at).is_some(), area.contains(at));
                prop_assert!(area.contains(at) || buffer[at].symbol() == " ", "drawn outside, at {at}");
            }
        }
        Ok(())
    };
    TestRunner::new(config).run(&(widths, heights), look).unwrap();
}

/// The whole screen of a fixture, row by row.
pub(super) fn screen(fixture: &Fixture) -> Vec<String> {
    let (width, height) = fixture.state.size();
    super::drawn::lines(Rect::new(0, 0, width, height), |buf| super::draw(&fixture.state, buf.area, buf))
}

/// The body of a screen fits into any area, whatever the state: see [`fits`](super::drawn::fits).
pub(super) fn fits_everywhere(
    draw: fn(&State, Rect, &mut Buffer),
    hit: fn(&State, Rect, Position) -> Option<Hit>,
) {
    let states = all_kinds();
    let config = Config { failure_persistence: None, cases: 24, ..Config::default() };
    let look = |(body, x, y)| super::drawn::fits(&states, body, Position::new(x, y), draw, hit);
    TestRunner::new(config).run(&(super::drawn::areas(), 0_u16..220, 0_u16..80), look).unwrap();
}

/// States that differ in what their panels show, each with its name.
pub(super) fn all_kinds() -> Vec<(&'static str, State)> {
    let loading = ("loading", Fixture::loading(|_| {}).0.state);
    let reached = kinds().into_iter().map(|(name, change)| {
        let mut fixture = Fixture::new();
        change(&mut fixture);
        (name, fixture.state)
    });
    std::iter::once(loading).chain(reached).collect()
}

/// A kind of state: its name, and how it comes of a model that is loaded and a prompt that is read.
pub(super) type Kind = (&'static str, fn(&mut Fixture));

/// The kinds of states with a loaded model.
#[expect(clippy::too_many_lines, reason = "a line or a few for each kind")]
pub(super) fn kinds() -> Vec<Kind> {
    vec![
        ("missing", |f| {
            let why = "no such file".to_owned();
            f.send(Message::Engine(EngineId::MAIN, Event::LoadFailed { why, kept: false }));
            f.state.overlays_mut().clear();
        }),
        ("prompt read", |_| {}),
        ("generated", |f| f.keys(&["n"; 12])),
        ("lessons", |f| f.keys(&["0"])),
        ("lesson waits", |f| f.keys(&["0", "down", "enter"])),
        ("lesson waits, its keys", |f| f.keys(&["0", "down", "enter", "f6"])),
        ("lesson waited", |f| f.keys(&["0", "down", "enter", "f8"])),
        ("lesson asks", |f| f.keys(&["0", "end", "enter"])),
        ("lesson tells", |f| f.keys(&["0", "end", "enter", "x", "enter"])),
        ("lesson asks a number", |f| f.keys(&["0", "end", "enter", "x", "enter", "enter"])),
        ("lesson ends", |f| f.keys(&["0", "home", "enter", "enter"])),
        ("lesson beside", |f| f.keys(&["0", "end", "enter", "f6", "2"])),
        ("first token of the prompt", |f| f.keys(&["f2", "home"])),
        ("inside the prompt", |f| f.keys(&["f2", "home", "L", "L"])),
        ("earlier step", |f| f.keys(&["n", "n", "n", "f2", "H", "H"])),
        ("by hand", |f| f.keys(&["n", "down", "down", "enter"])),
        ("rolled again", |f| f.keys(&["n", "n", "r", "r"])),
        ("far down", |f| f.keys(&["end"])),
        ("search", |f| f.keys(&["/", "e"])),
        ("search without a match", |f| f.keys(&["/", "z", "z", "z"])),
        ("reading", |f| {
            *f.state.progress_mut() = Some(Progress { done: 512, total: 2000 });
        }),
        ("large", |f| f.keys(&["n", "f5"])),
        ("large, a guess", |f| f.keys(&["n", "f5", "g", "a"])),
        ("large, three values", |f| f.keys(&["n", "f5", "v", "tab"])),
        ("x-ray", |f| f.keys(&["n", "n", "2", "down", "down"])),
        ("lanes", |f| f.keys(&["3", "n", "n", "n", "n", "n", "n", "n", "n", "tab"])),
        ("many lanes", |f| {
            f.keys(&["3", "S", "end", "right", "right", "enter", "n", "n", "n", ".", "tab", "n"]);
        }),
        ("a lane asked", |f| {
            f.keys(&["3", "n", "n", "n", "n", "n", "n", "n", "n", "tab", "f4", "L", "L", "L", "L"]);
        }),
        ("a lane with a prompt of its own", |f| {
            f.keys(&[
                "3",
                "tab",
                "O",
                "backspace",
                "backspace",
                "backspace",
                "backspace",
                "backspace",
                "enter",
            ]);
            f.keys(&["W", "right", "right", "esc", "n", "n", "n"]);
        }),
        ("tree", |f| {
            f.keys(&["n", "n", "n", "R", "n", "r", "n", "3", "n", "n", "n", "n", "n", "n", "4", "x"]);
        }),
        ("tree, searched", |f| f.keys(&["n", "n", "n", "4", "X", "enter", "/", "t", "h"])),
        ("seeds", |f| f.keys(&["5", "n", "n", "n", "n", "n", "n", "down", "tab", "down"])),
        ("seeds, ended", |f| {
            f.keys(&["5", "x", "+", "+", "+", "+", "+", "+", "space", "w", "w", "end", "f4"]);
        }),
        ("beams", |f| f.keys(&["6", "n", "n", "n", "n", "tab"])),
        ("beams, the best first, looked back at", |f| {
            f.keys(&["6", "n", "n", "n", "n", "o", "shift-left", "tab", "tab"]);
        }),
        ("sixteen beams", |f| {
            f.keys(&["6"]);
            f.keys(&["]"; 12]);
            f.keys(&["n", "n", "n", "n", "n", "tab", "end"]);
        }),
        ("beams to their end", |f| {
            f.keys(&["6", "x"]);
            f.keys(&["n"; 60]);
            f.keys(&["tab", "tab", "tab"]);
        }),
        ("a round", |f| f.keys(&["8", ".", ".", "n"])),
        ("a refused place of a draft", |f| {
            f.keys(&["8", "v"]);
            f.keys(&["."; 9]);
            f.keys(&["tab", "tab"]);
        }),
        ("drafts copied from the text", |f| {
            f.keys(&["8", "o"]);
            f.keys(&["."; 40]);
            f.keys(&["tab", "tab", "tab"]);
        }),
        ("a sweep over drafts", |f| f.keys(&["8", ".", "z"])),
        ("seeds of drafts", |f| f.keys(&["8", "v", ".", "b"])),
        ("settings of drafts", |f| f.keys(&["8", ".", "backtab", "down"])),
        ("canvas", |f| f.keys(&["7"])),
        ("canvas, some steps", |f| f.keys(&["7", "n", "n", "n", "tab", "down"])),
        ("canvas, opened position", |f| f.keys(&["7", "n", "n", "n", "n", "L", "L", "L", "c"])),
        ("canvas, written", |f| f.keys(&["7", "f4", "H", "space", "tab", "tab"])),
        ("canvas, by hand", |f| {
            f.keys(&["7", "n", "n", "tab", "down", "enter", "n", "L", "d", "c", "c", "tab"]);
        }),
        ("canvas, gaps", |f| {
            f.keys(&[
                "7", "e", "ctrl-u", "O", "n", "c", "e", "space", "ctrl-g", "space", "a", "_", "_", "_", "_",
                "enter",
            ]);
            f.keys(&["n", "tab", "tab", "tab"]);
        }),
        ("canvas, sweep", |f| f.keys(&["7", "S", "down", "down", "enter"])),
        ("canvas, a value typed", |f| f.keys(&["7", "f4", "down", "enter", "3"])),
        ("canvas, too short", |f| f.keys(&["7", "f4", "end", "up", "up", "up", "enter", "2", "enter"])),
        ("cost, computed", |f| f.keys(&["9", "tab", "tab"])),
        ("cost, half measured", |f| {
            f.keys(&["9"]);
            f.hold();
            f.keys(&["space"]);
            for _ in 0..700 {
                f.answer_next();
            }
            f.release();
        }),
        ("cost, measured", |f| f.keys(&["9", "space"])),
        ("cost, measured, memory", |f| f.keys(&["9", "space", "tab", "tab", "tab", "down"])),
        ("narrow", |f| f.send(Message::Resize(40, 12))),
    ]
}
