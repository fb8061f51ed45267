//! What the sliders' panel shows, and that the mouse meets what is drawn.

use proptest::prelude::*;

use super::*;
use crate::{app::fixture::Fixture, ui::drawn};

const WIDE: Rect = Rect { x: 0, y: 0, width: 40, height: 18 };

fn lines(state: &State, area: Rect) -> Vec<String> {
    drawn::lines(area, |buf| draw(state, area, buf))
}

/// A row's text without the frame.
fn row(state: &State, area: Rect, row: usize) -> String {
    lines(state, area)[row].trim_matches(['│', ' ']).to_owned()
}

#[test]
fn every_slider_has_a_row_and_the_seed_no_track() {
    let fixture = Fixture::new();
    let rows = lines(&fixture.state, WIDE);
    for (knob, row) in Knob::ALL.iter().zip(&rows[1..]) {
        assert!(row.contains(knob.label()), "{row}");
        assert_eq!(row.contains('●'), knob.has_track(), "{row}");
    }
    assert!(rows[6].contains("42"), "the seed in use: {}", rows[6]);
    assert!(rows[0].contains("llama.cpp ╮"), "nothing differs: {}", rows[0]);
}

#[test]
fn a_slider_that_is_held_follows_the_mouse_beside_its_row_and_beyond_its_ends() {
    let fixture = Fixture::new();
    let at = |x, y| along(&fixture.state, WIDE, Knob::TopP, Position::new(x, y));
    for y in [0, 2, 9, 30] {
        assert_eq!(at(0, y), Some(Hit::Slider(1, Some(0.0))), "{y}");
        assert_eq!(at(200, y), Some(Hit::Slider(1, Some(1.0))), "{y}");
    }
    let row = Position::new(25, 2);
    assert_eq!(at(25, 9), hit(&fixture.state, WIDE, row), "as on its own row");
    assert_eq!(along(&fixture.state, WIDE, Knob::Seed, row), Some(Hit::Slider(5, None)));
}

#[test]
fn every_label_is_whole_in_a_narrow_panel() {
    let fixture = Fixture::new();
    let text = lines(&fixture.state, Rect { width: 24, ..WIDE }).join("\n");
    for label in ["temp ", "top-p ", "top-k ", "min-p ", "repeat ", "seed "] {
        assert!(text.contains(label), "{label}: {text}");
    }
}

#[test]
fn what_differs_from_the_preset_is_marked_and_counted() {
    let mut fixture = Fixture::new();
    fixture.keys(&["f4", "right", "down", "left"]);
    let rows = lines(&fixture.state, WIDE);
    assert!(rows[0].contains("llama.cpp *2"), "{}", rows[0]);
    assert!(rows[1].contains("0.85*") && rows[2].contains("0.94*"), "{rows:#?}");
    assert!(rows[2].contains('▸') && !rows[1].contains('▸'), "the focus is on top-p: {rows:#?}");
}

#[test]
fn settings_without_a_slider_are_named() {
    let fixture = Fixture::with(|setup| {
        setup.given.typical_p = Some(0.5);
        setup.given.ignore_eos = Some(true);
    });
    let text = lines(&fixture.state, WIDE).join("\n");
    assert!(text.contains("also   typical_p 0.5"), "{text}");
    assert!(text.contains("end    tokens banned (E)"), "{text}");
}

#[test]
fn the_chain_says_what_each_stage_kept() {
    let mut fixture = Fixture::new();
    fixture.keys(&["right"]);
    let stages = &fixture.state.frame().stages();
    assert!(stages.len() >= 4, "top-k, top-p, min-p, temperature: {stages:?}");
    let text = lines(&fixture.state, Rect { width: 80, ..WIDE }).join("\n");
    let expected = format!("top-k 40 → top-p {} → min-p {} → temperature", stages[1].kept, stages[2].kept);
    assert!(text.contains(&expected), "{expected}: {text}");
}

#[test]
fn a_value_being_typed_shows_with_its_caret_and_what_is_allowed() {
    let mut fixture = Fixture::new();
    fixture.keys(&["f4", "enter", "0", ".", "7"]);
    let text = lines(&fixture.state, WIDE).join("\n");
    assert!(text.contains("0.7▏") && text.contains("type   a number from 0 to 100"), "{text}");
    fixture.keys(&["1", "2", "3", "4"]);
    assert!(row(&fixture.state, WIDE, 1).contains("1234▏"), "the end of it stays in sight");
}

#[test]
fn a_narrow_panel_keeps_labels_and_values() {
    let fixture = Fixture::new();
    let rows = lines(&fixture.state, Rect { width: 18, ..WIDE });
    assert!(rows[1].contains("temp    0.80") && rows[5].contains("repeat  1.00"), "{rows:#?}");
    assert!(lines(&fixture.state, Rect { width: 32, ..WIDE })[1].contains('●'), "a track at 80 columns");
}

#[test]
fn a_low_panel_shows_the_selected_slider() {
    let mut fixture = Fixture::new();
    fixture.keys(&["f4", "end"]);
    let low = Rect { height: 4, ..WIDE };
    assert!(row(&fixture.state, low, 2).contains("seed"));
    let hit = hit(&fixture.state, low, Position::new(5, 2));
    assert_eq!(hit, Some(Hit::Slider(5, None)));
}

#[test]
fn a_click_on_the_track_gives_its_place_and_one_on_the_label_none() {
    let fixture = Fixture::new();
    let knob_column = |row: usize| {
        let line = lines(&fixture.state, WIDE)[row].clone();
        line.chars().position(|symbol| symbol == '●').expect("a track") as u16
    };
    let at = |x, y| hit(&fixture.state, WIDE, Position::new(x, y));
    // 0.8 of 2, as near as a cell of the track is.
    let Some(Hit::Slider(0, Some(fraction))) = at(knob_column(1), 1) else {
        panic!("{:?}", at(knob_column(1), 1))
    };
    assert!((fraction - 0.4).abs() < 0.05, "{fraction}");
    assert_eq!(at(4, 1), Some(Hit::Slider(0, None)));
    assert_eq!(at(30, 6), Some(Hit::Slider(5, None)), "the seed has no track");
    assert_eq!(at(4, 12), Some(Hit::Panel(PanelId::Sampling)));
    assert_eq!(at(11, 0), Some(Hit::Explain(PanelId::Sampling)));
}

proptest! {
    #[test]
    fn any_size_can_be_drawn_and_hit(area in drawn::areas(), typing: bool, x in 0_u16..220, y in 0_u16..80) {
        let mut fixture = Fixture::new();
        fixture.keys(&["f4", "down"]);
        if typing {
            fixture.keys(&["enter", "9"]);
        }
        lines(&fixture.state, area);
        let hit = hit(&fixture.state, area, Position::new(x, y));
        if let Some(Hit::Slider(index, _)) = hit {
            prop_assert!(index < Knob::ALL.len());
        }
    }
}
