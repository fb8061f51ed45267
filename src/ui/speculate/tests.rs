use super::*;
use crate::{
    app::{Message, fixture::Fixture},
    ui::testing::{fits_everywhere, screen},
};

/// The speculate screen of this size after keys.
fn fixture(width: u16, height: u16, keys: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["8"]);
    fixture.keys(keys);
    fixture
}

fn shows(fixture: &Fixture, text: &str) -> bool {
    screen(fixture).iter().any(|row| row.contains(text))
}

#[test]
fn the_speculate_screen_at_120x36() {
    insta::assert_snapshot!(screen(&fixture(120, 36, &[".", ".", "n", "n"])).join("\n"));
}

#[test]
fn the_speculate_screen_at_80x24() {
    insta::assert_snapshot!(screen(&fixture(80, 24, &[".", ".", "."])).join("\n"));
}

#[test]
fn the_speculate_screen_at_200x60() {
    let mut fixture = fixture(200, 60, &["v", ".", ".", ".", ".", "z"]);
    fixture.keys(&["b"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn a_refusal_shows_the_residual_it_was_redrawn_from() {
    let mut fixture = fixture(120, 36, &["v"]);
    for _ in 0..40 {
        fixture.keys(&["."]);
        if shows(&fixture, "✗ refused") {
            break;
        }
    }
    assert!(shows(&fixture, "✗ refused") && shows(&fixture, "rolled back"));
    assert!(shows(&fixture, "residual"), "{:#?}", screen(&fixture));
}

#[test]
fn the_round_is_stepped_through_token_by_token() {
    let mut fixture = fixture(120, 36, &["n"]);
    assert!(shows(&fixture, "1 token in 1 round"));
    let decided = |fixture: &Fixture| screen(fixture).iter().filter(|row| row.contains("accepted ")).count();
    let first = decided(&fixture);
    fixture.keys(&["n"]);
    assert!(decided(&fixture) >= first && shows(&fixture, "2 tokens in 1 round"));
    fixture.keys(&["left"]);
    assert!(shows(&fixture, "1 token in 1 round"));
}

#[test]
fn the_text_is_that_of_plain_decoding() {
    let fixture = fixture(120, 36, &["."; 12]);
    assert!(shows(&fixture, "as plain decoding"));
    assert!(shows(&fixture, "× plain"));
}

#[test]
fn every_panel_explains_itself() {
    for (width, height) in [(200, 60), (120, 36)] {
        let mut fixture = fixture(width, height, &["."]);
        let body = Rect::new(0, 1, width, height - 2);
        for _ in 0..fixture.state.panels().len() {
            let panel = fixture.state.focus();
            let found = body.positions().any(|at| hit(&fixture.state, body, at) == Some(Hit::Explain(panel)));
            assert!(found, "{panel:?}");
            fixture.keys(&["tab"]);
        }
    }
}

#[test]
fn any_size_can_be_drawn_and_hit() {
    fits_everywhere(draw, hit);
}
