//! What the cost screen shows at its sizes.

use insta::assert_snapshot;
use ratatui::layout::{Position, Rect};

use super::{draw, hit};
use crate::{
    app::{Hit, Message, MouseMove, PanelId, fixture::Fixture},
    ui::testing::{fits_everywhere, screen},
};

/// The cost screen at a size, everything measured on the script.
fn measured(width: u16, height: u16) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["9", "space"]);
    fixture
}

fn text(fixture: &Fixture) -> String {
    screen(fixture).join("\n")
}

#[test]
fn three_sizes() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        assert_snapshot!(format!("measured {width}x{height}"), text(&measured(width, height)));
    }
}

#[test]
fn before_anything_is_measured_what_can_be_computed_is_there() {
    let mut fixture = Fixture::new();
    fixture.keys(&["9"]);
    assert_snapshot!(text(&fixture));
}

#[test]
fn one_panel_after_the_other_where_there_is_room_for_one() {
    let mut fixture = measured(80, 24);
    for title in
        ["KV cache on and off", "Prefill and decode", "Vocabulary", "Memory", "Cache types", "One token"]
    {
        assert!(screen(&fixture)[1].contains(title), "{title}: {}", text(&fixture));
        fixture.keys(&["tab"]);
    }
}

#[test]
fn a_panel_scrolls_to_its_end_and_back() {
    let mut fixture = measured(120, 36);
    fixture.keys(&["tab", "tab", "tab"]);
    let before = text(&fixture);
    assert!(before.contains("rows 1 to"), "{before}");
    fixture.keys(&["end"]);
    assert!(text(&fixture).contains("Parameters: Llama-3-8B"), "{}", text(&fixture));
    fixture.keys(&["down", "up", "home"]);
    assert_eq!(text(&fixture), before);
    fixture.send(Message::Mouse(MouseMove::WheelDown, Some(Hit::Panel(PanelId::Memory))));
    assert_ne!(text(&fixture), before);
}

#[test]
fn a_click_gives_a_panel_the_focus_and_one_on_its_title_explains_it() {
    let mut fixture = measured(120, 36);
    let body = Rect::new(0, 1, 120, 34);
    let memory = hit(&fixture.state, body, Position::new(90, 16));
    assert_eq!(memory, Some(Hit::Panel(PanelId::Memory)));
    fixture.send(Message::Mouse(MouseMove::Press, memory));
    assert_eq!(fixture.state.focus(), PanelId::Memory);
    for &panel in fixture.state.panels() {
        let found = body.positions().any(|at| hit(&fixture.state, body, at) == Some(Hit::Explain(panel)));
        assert!(found, "{panel:?}");
    }
}

#[test]
fn rows_on_the_screen_are_those_of_the_formula() {
    let fixture = measured(120, 36);
    // A prompt of 4 tokens and 48 after it: 4 + 48 − 1, and 48 · 4 + 48 · 47 / 2.
    let shown = text(&fixture);
    assert!(shown.contains("51 rows = P + N − 1"), "{shown}");
    assert!(shown.contains("1,320 rows = N·P + N(N − 1)/2"), "{shown}");
}

#[test]
fn any_size_can_be_drawn_and_hit() {
    fits_everywhere(draw, hit);
}
