use super::*;
use crate::{
    app::{Message, MouseMove, fixture::Fixture},
    ui::testing::{fits_everywhere, screen},
};

/// The tree after eight tokens of the step screen and twelve of three lanes, on a screen of this size.
fn fixture(width: u16, height: u16) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["n"; 8]);
    fixture.keys(&["3"]);
    fixture.keys(&["n"; 12]);
    fixture.keys(&["4"]);
    fixture
}

#[test]
fn the_tree_screen_at_120x36() {
    let mut fixture = fixture(120, 36);
    fixture.keys(&["home", "down", "x", "N", "o", "p", "e", "n", "enter"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn the_tree_screen_at_80x24() {
    insta::assert_snapshot!(screen(&fixture(80, 24)).join("\n"));
}

#[test]
fn the_tree_screen_at_40x12() {
    let mut fixture = fixture(40, 12);
    fixture.keys(&["/", "t", "h"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn a_click_selects_a_row_and_a_second_goes_on_there() {
    let mut fixture = fixture(120, 36);
    let body = Rect::new(0, 1, 120, 34);
    let found = (1..34).find(|&y| hit(&fixture.state, body, Position::new(9, y)) == Some(Hit::TreeRow(1)));
    let at = Position::new(9, found.expect("a second row"));
    for _ in 0..2 {
        let found = hit(&fixture.state, body, at);
        fixture.send(Message::Mouse(MouseMove::Press, found));
    }
    assert_eq!(fixture.state.screen, crate::app::Screen::Step);
    let session = fixture.state.session.as_ref().expect("a session");
    assert_eq!(session.path().generated(), 4, ", there was a");
}

#[test]
fn any_size_can_be_drawn_and_hit() {
    fits_everywhere(draw, hit);
}
