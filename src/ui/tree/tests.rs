use super::*;
use crate::{
    app::{Message, MouseMove, fixture::Fixture},
    ui::testing::{drawn, fits_everywhere, screen},
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
    assert_eq!(fixture.state.screen(), crate::app::Screen::Step);
    let session = fixture.state.session().expect("a session");
    assert_eq!(session.path().generated(), 4, ", there was a");
}

#[test]
fn the_token_that_is_selected_in_a_row_is_marked_and_in_sight() {
    let mut fixture = fixture(40, 12);
    fixture.keys(&["1"]);
    fixture.keys(&["n"; 40]);
    fixture.keys(&["4"]);
    let marked = |fixture: &Fixture| {
        let buffer = drawn(40, 12, |area, buf| draw(&fixture.state, area, buf));
        let cursor = fixture.state.theme().cursor();
        let marked = buffer.content.iter().filter(|cell| cursor.bg.is_some_and(|bg| cell.bg == bg));
        marked.map(ratatui::buffer::Cell::symbol).collect::<String>()
    };
    for _ in 0..60 {
        fixture.keys(&["shift-left"]);
        let view = fixture.state.tree_view();
        let session = fixture.state.session().expect("a session");
        let token = session.tree().node(view.selected_token().expect("a token")).token.expect("no root");
        let piece = String::from_utf8_lossy(session.vocabulary().piece(token)).replace(' ', "␣");
        assert_eq!(marked(&fixture), piece);
    }
}

#[test]
fn what_the_tree_may_hold_is_told_on_small_screens_too() {
    for width in [80, 120] {
        let mut fixture = fixture(width, 24);
        let bottom = |fixture: &Fixture| screen(fixture)[22].clone();
        let told = bottom(&fixture);
        assert!(told.contains("1,048,576") && told.contains(" KV seq"), "{told}");
        let node = fixture.state.session().expect("a session").path().head().expect("a head");
        let tree = fixture.state.session_mut().expect("a session").tree_mut();
        let logits = tree.logits(node).expect("kept");
        for _ in 0..12 {
            let summary = tree.summary(node).expect("kept").clone();
            tree.store(
                node,
                crate::tree::Evaluation {
                    summary,
                    logits: Some(logits.clone()),
                    time: std::time::Duration::ZERO,
                },
            );
        }
        fixture.keys(&["home"]);
        let told = bottom(&fixture);
        assert!(told.contains("12") && told.contains("1,048,576") && told.contains(" KV seq"), "{told}");
    }
}

#[test]
fn any_size_can_be_drawn_and_hit() {
    fits_everywhere(draw, hit);
}
