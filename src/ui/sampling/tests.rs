//! What the sliders' panel shows, and that the mouse meets what is drawn.

use proptest::prelude::*;

use super::*;
use crate::{
    app::{Message, MouseMove, fixture::Fixture},
    ui::{Places, drawn},
};

const WIDE: Rect = Rect { x: 0, y: 0, width: 46, height: 18 };

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
fn a_slider_that_is_held_follows_the_mouse_on_its_row_and_counts_columns_beside_it() {
    let fixture = Fixture::new();
    let at = |x, y| along(&fixture.state, WIDE, Knob::TopP, Position::new(x, y));
    assert_eq!(at(0, 2), Some(Hit::Slider(1, Some(0.0))));
    assert_eq!(at(200, 2), Some(Hit::Slider(1, Some(1.0))), "beyond its ends");
    assert_eq!(at(25, 2), hit(&fixture.state, WIDE, Position::new(25, 2)));
    for y in [0, 1, 3, 30] {
        assert_eq!(at(25, y), Some(Hit::BesideSlider(1, 25)), "{y}");
    }
    let seed = along(&fixture.state, WIDE, Knob::Seed, Position::new(25, 6));
    assert_eq!(seed, Some(Hit::BesideSlider(5, 25)), "it has no track");
}

#[test]
fn a_drag_reaches_every_step_at_every_size() {
    for (width, height) in [(40, 12), (60, 24), (80, 24), (100, 30), (120, 36), (200, 60)] {
        let mut fixture = Fixture::new();
        fixture.send(Message::Resize(width, height));
        // A low panel shows the selected slider alone.
        fixture.keys(&["f4", "down", "down"]);
        let screen = Rect::new(0, 0, width, height);
        let mut reached = std::collections::BTreeSet::new();
        let area = Places::of(screen).sampling;
        let row = (area.top()..area.bottom())
            .find(|&y| {
                matches!(hit(&fixture.state, area, Position::new(area.x + 4, y)), Some(Hit::Slider(2, _)))
            })
            .expect("the row of top-k");
        let mut mouse = |action, x: u16, y: u16| {
            let at = Position::new(x, y);
            let under = match action {
                MouseMove::Drag => crate::ui::hit_while_dragging(&fixture.state, screen, at),
                _ => hit(&fixture.state, area, at),
            };
            fixture.send(Message::Mouse(action, under));
            fixture.state.sampling().top_k
        };
        // Pressed on the slider, then moved along the row above it, to the left or to the right.
        let all = |reached: &std::collections::BTreeSet<i32>| (0..=100).all(|step| reached.contains(&step));
        for begin in (area.x + 2..area.right() - 2).step_by(4) {
            if all(&reached) {
                break;
            }
            for left in [true, true, false, false, false, false] {
                mouse(MouseMove::Press, begin, row);
                for x in 0..width {
                    let x = if left { width - 1 - x } else { x };
                    reached.insert(mouse(MouseMove::Drag, x, row - 1));
                }
                mouse(MouseMove::Release, begin, row);
            }
        }
        let missing: Vec<_> = (0..=100).filter(|step| !reached.contains(step)).collect();
        assert!(missing.is_empty(), "{width}×{height}: {missing:?}");
    }
}

#[test]
fn a_track_has_sixteen_cells_at_80_columns() {
    for width in 80..=200 {
        let mut fixture = Fixture::new();
        let height = if width < 100 { 24 } else { 36 };
        fixture.send(Message::Resize(width, height));
        let area = Places::of(Rect::new(0, 0, width, height)).sampling;
        let row = lines(&fixture.state, Rect { x: 0, y: 0, ..area })[1].clone();
        let cells = row.chars().filter(|symbol| ['━', '●', '─', '┆'].contains(symbol)).count();
        assert!(cells >= 16, "{width}: {row}");
    }
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
    let (nucleus, last) = (stages[1].kept, stages[2].kept);
    let text = lines(&fixture.state, Rect { width: 120, ..WIDE }).join("\n");
    let cut = if last < nucleus { format!(" · {last} left") } else { String::new() };
    let expected =
        format!("top-k 40 · 40 left → top-p 0.95 · {nucleus} left → min-p 0.05{cut} → temperature 0.8");
    assert!(text.contains(&expected), "{expected}: {text}");
    assert!(text.contains("chain at the next token"), "{text}");
}

#[test]
fn a_stage_that_cuts_nothing_has_its_setting_alone_and_what_is_switched_off_is_named() {
    use crate::sampling::SamplerKind::{MinP, Temperature, TopK, TopP};
    let mut fixture = Fixture::with(|setup| {
        setup.given.samplers = Some(vec![Temperature, TopP, TopK, MinP]);
        setup.given.muted = Some(vec![TopK.into()]);
    });
    let text = |state: &State| lines(state, Rect { width: 120, ..WIDE }).join("\n");
    let first = text(&fixture.state);
    assert!(first.contains("top-p 0.95 · 1 left → min-p 0.05"), "{first}");
    assert!(first.contains("off    top-k"), "{first}");
    fixture.keys(&["2"]);
    while fixture.state.xray().selected().is_none_or(|stage| stage.label() != "top-p") {
        fixture.keys(&["down"]);
    }
    fixture.keys(&["A", "1"]);
    assert!(text(&fixture.state).contains("only   top-p"), "{}", text(&fixture.state));
}

#[test]
fn a_chain_without_room_is_told_in_fewer_words() {
    let fixture = Fixture::new();
    let text = |height| lines(&fixture.state, Rect { width: 36, height, ..WIDE }).join("\n");
    assert!(text(13).contains("temperature 0.8"), "{}", text(13));
    assert!(text(10).contains("top-p 0.95 ·") && !text(10).contains("temperature 0.8"), "{}", text(10));
    assert!(text(9).contains("chain  2 left"), "{}", text(9));
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
    assert_eq!(at(9, 0), Some(Hit::Explain(PanelId::Sampling)), "the end of its title");
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
