use super::*;
use crate::{
    app::{Message, MouseMove, fixture::Fixture},
    ui::{
        one_step::panel,
        testing::{fits_everywhere, screen},
    },
};

/// The diffuse screen of this size after keys.
fn fixture(width: u16, height: u16, keys: &[&str]) -> Fixture {
    let mut fixture = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["7"]);
    fixture.keys(keys);
    fixture
}

fn shows(fixture: &Fixture, text: &str) -> bool {
    screen(fixture).iter().any(|row| row.contains(text))
}

#[test]
fn the_diffuse_screen_at_120x36() {
    insta::assert_snapshot!(screen(&fixture(120, 36, &["n"; 5])).join("\n"));
}

#[test]
fn the_diffuse_screen_at_80x24() {
    let fixture = fixture(80, 24, &["n", "n", "n", "L", "L", "L", "L", "L"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn the_diffuse_screen_at_200x60() {
    let fixture = fixture(200, 60, &["f4", "H", "f2", "space", "S", "down", "down"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn the_diffuse_screen_at_40x12() {
    insta::assert_snapshot!(screen(&fixture(40, 12, &["n", "n"])).join("\n"));
}

#[test]
fn on_small_screens_the_other_panels_are_a_key_away() {
    let mut fixture = fixture(80, 24, &["n", "n"]);
    let titles = ["Position", "Position", "Settings", "Against left", "Neighbours", "Sweep of steps"];
    for title in titles {
        let rows = screen(&fixture);
        assert!(panel(&rows, title).is_some(), "{title}: {rows:#?}");
        assert!(panel(&rows, "Canvas").is_some() && panel(&rows, "Scores").is_some());
        fixture.keys(&["w"]);
    }
}

/// The step that a panel names in its frame or in its text.
fn step_of(rows: &[String], title: &str, before: &str) -> Option<usize> {
    let text = panel(rows, title)?.join(" ");
    let rest = text.split(before).nth(1)?;
    rest.split(|symbol: char| !symbol.is_ascii_digit()).next()?.parse().ok()
}

#[test]
fn while_it_plays_every_panel_of_every_frame_is_of_the_step_just_taken() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut fixture = fixture(width, height, &[]);
        // A position that is written last stays masked throughout.
        fixture.hold();
        fixture.keys(&["space"]);
        let mut frames = 0;
        while fixture.state.play().playing() {
            assert!(fixture.answer_next());
            let rows = screen(&fixture);
            let taken = fixture.state.diffuse().canvas().expect("a canvas").at();
            if fixture.state.diffuse().is_over() {
                break;
            }
            assert_eq!(step_of(&rows, "Canvas", "after step "), Some(taken), "{rows:#?}");
            assert_eq!(step_of(&rows, "Scores", "step "), Some(taken), "{rows:#?}");
            let masked = matches!(kind_of_selected(&fixture), crate::app::CellKind::Masked { .. });
            if masked {
                assert_eq!(step_of(&rows, "Position", "step "), Some(taken), "{rows:#?}");
                assert_eq!(step_of(&rows, "Position", "Step "), Some(taken), "{rows:#?}");
            }
            frames += 1;
        }
        assert!(frames > 5, "{frames}");
    }
}

fn kind_of_selected(fixture: &Fixture) -> crate::app::CellKind {
    let diffuse = fixture.state.diffuse();
    diffuse.view().cells[diffuse.position()].kind
}

#[test]
fn paused_every_panel_is_of_the_step_that_comes_next() {
    let mut fixture = fixture(120, 36, &["n", "n", "n"]);
    while !matches!(kind_of_selected(&fixture), crate::app::CellKind::Masked { .. }) {
        fixture.keys(&["L"]);
    }
    let rows = screen(&fixture);
    assert!(shows(&fixture, "after step 3 of 16"));
    assert_eq!(step_of(&rows, "Scores", "step "), Some(4));
    assert_eq!(step_of(&rows, "Position", "step "), Some(4));
    assert_eq!(step_of(&rows, "Position", "Step "), Some(4));
}

#[test]
fn masks_guesses_and_what_opens_next_are_told_apart_without_colour() {
    let fixture = fixture(120, 36, &["n", "n"]);
    let rows = screen(&fixture).join("\n");
    let pass = fixture.state.diffuse().pass_on_view().expect("a pass");
    let opens = pass.looks.iter().filter(|look| look.fate.opens()).count();
    assert_eq!(rows.matches('▓').count(), opens, "{rows}");
    assert!(rows.matches('░').count() > opens && rows.contains("Once␣upon␣a␣time"), "{rows}");
}

#[test]
fn a_click_selects_the_position_under_it() {
    let mut fixture = fixture(120, 36, &["n"]);
    let body = Rect::new(0, 1, 120, 34);
    let wanted = Hit::Row(PanelId::Canvas, 7);
    let at = body.positions().find(|&at| hit(&fixture.state, body, at) == Some(wanted)).expect("position 8");
    let found = hit(&fixture.state, body, at);
    fixture.send(Message::Mouse(MouseMove::Press, found));
    assert!(shows(&fixture, "╭ Position 8"));
    // Its bar leads there, too.
    let wanted = Hit::Row(PanelId::Scores, 9);
    let at = body.positions().find(|&at| hit(&fixture.state, body, at) == Some(wanted)).expect("its column");
    let found = hit(&fixture.state, body, at);
    fixture.send(Message::Mouse(MouseMove::Press, found));
    assert!(shows(&fixture, "╭ Position 10"));
}

#[test]
fn a_slider_follows_the_mouse_beyond_its_row() {
    let mut fixture = fixture(120, 36, &[]);
    let screen_area = Rect::new(0, 0, 120, 36);
    let body = Rect::new(0, 1, 120, 34);
    let on_track = |at: &Position| matches!(hit(&fixture.state, body, *at), Some(Hit::Slider(0, Some(_))));
    let at = body.positions().find(on_track).expect("the slider of steps");
    let found = hit(&fixture.state, body, at);
    fixture.send(Message::Mouse(MouseMove::Press, found));
    assert_eq!(fixture.state.diffuse().dragged(), Some(crate::app::CanvasKnob::Steps));
    let below = Position::new(at.x, at.y + 3);
    let held = crate::ui::hit_while_dragging(&fixture.state, screen_area, below);
    assert_eq!(held, Some(Hit::BesideSlider(0, at.x)));
}

#[test]
fn every_panel_explains_itself() {
    let fixture = fixture(200, 60, &["n", "n"]);
    let body = Rect::new(0, 1, 200, 58);
    let rows = screen(&fixture);
    let tops = (1..59).filter(|&y| rows[usize::from(y)].contains('╭'));
    let places: Vec<Position> = tops.flat_map(|y| (0..200).map(move |x| Position::new(x, y))).collect();
    for &panel in fixture.state.panels() {
        let found = places.iter().any(|&at| hit(&fixture.state, body, at) == Some(Hit::Explain(panel)));
        assert!(found, "{panel:?}");
    }
}

#[test]
fn any_size_can_be_drawn_and_hit() {
    fits_everywhere(draw, hit);
}
