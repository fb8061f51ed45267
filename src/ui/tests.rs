//! The whole step screen at several sizes, on the scripted evaluator: nothing in it depends on time or machine.

use ratatui::layout::Rect;

use super::{draw, drawn};
use crate::app::{Message, fixture::Fixture};

/// The screen of this size after six steps, line by line.
fn screen(width: u16, height: u16) -> String {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["right"; 6]);
    let area = Rect::new(0, 0, width, height);
    drawn::lines(area, |buf| draw(&fixture.state, area, buf)).join("\n")
}

#[test]
fn the_step_screen_at_80x24() {
    insta::assert_snapshot!(screen(80, 24));
}

#[test]
fn the_step_screen_at_120x36() {
    insta::assert_snapshot!(screen(120, 36));
}

#[test]
fn the_step_screen_at_200x60() {
    insta::assert_snapshot!(screen(200, 60));
}
