//! Present as it is drawn.

use std::time::{Duration, Instant};

use ratatui::layout::{Position, Rect};

use crate::{
    app::{Hit, Message, fixture::Fixture},
    theme::Theme,
    ui::testing::screen,
};

fn large(size: (u16, u16), keys: &[&str]) -> Fixture {
    let mut fixture = Fixture::with(|setup| setup.settings.ui.animation = false);
    fixture.send(Message::Resize(size.0, size.1));
    fixture.keys(&["n", "n", "f5"]);
    fixture.keys(keys);
    fixture
}

#[test]
fn present_at_three_sizes() {
    for size in [(80, 24), (120, 36), (200, 60)] {
        let name = format!("present_{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, screen(&large(size, &[])).join("\n"));
    }
}

#[test]
fn a_guess_three_values_and_a_verdict() {
    insta::assert_snapshot!("present_guess", screen(&large((80, 24), &["g", "a"])).join("\n"));
    insta::assert_snapshot!("present_three", screen(&large((80, 24), &["v"])).join("\n"));
    insta::assert_snapshot!("present_verdict", screen(&large((80, 24), &["g", "down", "enter"])).join("\n"));
}

#[test]
fn while_it_is_guessed_nothing_shows_how_likely_anything_is() {
    for size in [(80, 24), (120, 36)] {
        let shown = screen(&large(size, &["g"])).join("\n");
        assert!(!shown.contains('%') && !shown.contains('█'), "{shown}");
    }
}

#[test]
fn the_wheel_turns_under_its_pointer() {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(80, 24));
    fixture.keys(&["f5", "space"]);
    let pointer = |fixture: &Fixture| {
        let rows = screen(fixture);
        rows.iter().find_map(|row| row.find('▲').map(|at| row[..at].chars().count()))
    };
    let first = pointer(&fixture).expect("a pointer");
    fixture.send(Message::Tick(Instant::now() + Duration::from_millis(200)));
    assert_ne!(pointer(&fixture), Some(first));
}

#[test]
fn without_colours_neighbours_differ_by_their_glyph() {
    let mut fixture = Fixture::with(|setup| {
        let sampling = &mut setup.settings.sampling;
        (sampling.temperature, sampling.top_k, sampling.top_p, sampling.min_p) = (3.0, 4, 1.0, 0.0);
    });
    fixture.send(Message::Resize(80, 24));
    fixture.keys(&["f5"]);
    fixture.state.draw_with(Theme::monochrome("mono"));
    let rows = screen(&fixture);
    let strip = rows.iter().find(|row| row.contains('▒')).expect("a strip");
    assert!(strip.contains('█'), "{strip}");
}

#[test]
fn a_drag_moves_the_slider_along_the_whole_track() {
    let mut fixture = large((80, 24), &[]);
    let area = Rect::new(0, 0, 80, 24);
    let row = (0..24)
        .find(|&y| {
            matches!(crate::ui::hit(&fixture.state, area, Position::new(40, y)), Some(Hit::Slider(..)))
        })
        .expect("the slider");
    let at = |fixture: &Fixture, x| crate::ui::hit(&fixture.state, area, Position::new(x, row));
    let press = at(&fixture, 40);
    fixture.send(Message::Mouse(crate::app::MouseMove::Press, press));
    let mut values = Vec::new();
    for x in 30..79 {
        let hit = crate::ui::hit_while_dragging(&fixture.state, area, Position::new(x, row));
        fixture.send(Message::Mouse(crate::app::MouseMove::Drag, hit));
        values.push(fixture.state.sampling().temperature);
    }
    assert!(values.is_sorted() && values[values.len() - 1] > values[0] + 0.5, "{values:?}");
    assert!(fixture.state.present().is_some(), "the keys are still those of the large picture");
}
