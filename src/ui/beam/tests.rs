use super::*;
use crate::{
    app::{Message, MouseMove, Screen, fixture::Fixture},
    engine::scripted::Scripted,
    ui::testing::{fits_everywhere, screen},
};

/// The beam screen of this size after keys.
fn fixture(width: u16, height: u16, keys: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["6"]);
    fixture.keys(keys);
    fixture
}

fn shows(fixture: &Fixture, text: &str) -> bool {
    screen(fixture).iter().any(|row| row.contains(text))
}

#[test]
fn the_beam_screen_at_120x36() {
    insta::assert_snapshot!(screen(&fixture(120, 36, &["n"; 11])).join("\n"));
}

#[test]
fn the_beam_screen_at_80x24() {
    insta::assert_snapshot!(screen(&fixture(80, 24, &["n", "n", "n", "n", "n", "n", "o", "tab"])).join("\n"));
}

#[test]
fn the_beam_screen_at_200x60() {
    let mut fixture = fixture(200, 60, &["n"; 30]);
    fixture.keys(&["shift-left", "tab"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn the_beam_screen_at_40x12() {
    insta::assert_snapshot!(screen(&fixture(40, 12, &["n", "n", "n", "n", "n", "n", "w"])).join("\n"));
}

#[test]
fn on_small_screens_the_other_parts_are_a_key_away() {
    let mut fixture = fixture(80, 24, &["n", "n", "n"]);
    assert!(shows(&fixture, "╭ Beams") && shows(&fixture, "╭ Round 3"));
    fixture.keys(&["w"]);
    assert!(shows(&fixture, "╭ Beams") && shows(&fixture, "╭ Round 3"));
    fixture.keys(&["w"]);
    assert!(shows(&fixture, "╭ Finished") && !shows(&fixture, "╭ Round 3"));
    fixture.keys(&["w"]);
    assert!(shows(&fixture, "╭ Best text and others") && !shows(&fixture, "╭ Finished"));
    fixture.keys(&["esc"]);
    assert!(shows(&fixture, "╭ Round 3"));
    // A focus that is none of this screen's hides nothing of it.
    fixture.state.focus_on(PanelId::Candidates);
    assert!(shows(&fixture, "╭ Beams") && shows(&fixture, "╭ Round 3"));
    fixture.state.focus_on(PanelId::Beam);
    fixture.send(Message::Resize(40, 12));
    assert!(shows(&fixture, "╭ Beams") && !shows(&fixture, "╭ Round 3"));
}

#[test]
fn of_more_candidates_than_rows_all_that_survive_are_shown_and_the_rest_is_counted() {
    let fixture = fixture(80, 24, &["n", "n", "n", "n", "n"]);
    let view = fixture.state.beam().view();
    let rows = screen(&fixture);
    for beam in 1..=view.beams.len() {
        assert!(rows.iter().any(|row| row.contains(&format!("━━▶ {beam}"))), "{beam}: {rows:#?}");
    }
    let more = |row: &String| row.split("… ").nth(1)?.split(" more").next()?.parse::<usize>().ok();
    let hidden: usize = rows.iter().filter_map(more).sum();
    let shown = rows.iter().filter(|row| row.contains("━━▶") || row.contains("· pruned")).count();
    let counts = rows.iter().filter_map(more).count();
    assert_eq!(hidden + shown - counts, view.candidates.len());
}

#[test]
fn when_no_beam_is_left_the_best_text_can_be_read_whole() {
    let mut fixture = Fixture::with(|setup| setup.settings.stop.predict = 3);
    fixture.keys(&["6", "n", "n", "n"]);
    assert!(fixture.state.beam().view().beams.is_empty());
    let whole = |fixture: &Fixture, number: usize| {
        let text = &fixture.state.beam().view().finished[number].text;
        text.tokens.iter().map(|token| token.text.as_str()).collect::<String>() + "■"
    };
    let rows = screen(&fixture);
    assert!(rows[2].contains("Every beam has ended. The best text:"), "{rows:#?}");
    assert!(rows[3].contains(&whole(&fixture, 0)), "{rows:#?}");
    // Another that is selected takes its place.
    fixture.keys(&["tab", "tab", "down"]);
    let rows = screen(&fixture);
    assert!(rows[2].contains(". Finished text ") && rows[3].contains(&whole(&fixture, 1)), "{rows:#?}");
}

#[test]
fn a_text_that_came_to_its_end_token_is_shown_as_ended() {
    let script =
        Scripted::new(&["?", " go", "."], &["."], 32).rule("?", &[(" go", 1.0)]).rule(" go", &[(".", 1.0)]);
    let mut fixture = Fixture::scripted(script, "?", |setup| setup.settings.stop.predict = 2);
    fixture.keys(&["6", "n", "n"]);
    let rows = screen(&fixture);
    assert!(rows[2].contains("The best text:") && rows[3].starts_with("│ ␣go■ "), "{rows:#?}");
}

#[test]
fn a_click_selects_a_row_and_a_second_goes_on_there() {
    let mut fixture = fixture(120, 36, &["n", "n"]);
    let body = Rect::new(0, 1, 120, 34);
    let second = Hit::Row(PanelId::Beam, 1);
    let y = (1..34).find(|&y| hit(&fixture.state, body, Position::new(9, y)) == Some(second));
    let at = Position::new(9, y.expect("a second beam"));
    for _ in 0..2 {
        let found = hit(&fixture.state, body, at);
        fixture.send(Message::Mouse(MouseMove::Press, found));
    }
    assert_eq!(fixture.state.screen(), Screen::Step);
    assert_eq!(fixture.state.session().expect("a session").path().generated(), 2);
}

#[test]
fn the_wheel_moves_the_selection_of_the_panel_under_it() {
    let mut fixture = fixture(120, 36, &["n", "n"]);
    fixture.send(Message::Mouse(MouseMove::WheelDown, Some(Hit::Row(PanelId::Round, 0))));
    assert_eq!(fixture.state.beam().selected(PanelId::Round), 1);
    assert_eq!((fixture.state.beam().selected(PanelId::Beam), fixture.state.focus()), (0, PanelId::Beam));
}

#[test]
fn every_panel_explains_itself() {
    let fixture = fixture(120, 36, &["n", "n"]);
    let body = Rect::new(0, 1, 120, 34);
    for &panel in fixture.state.panels() {
        let found = body.positions().any(|at| hit(&fixture.state, body, at) == Some(Hit::Explain(panel)));
        assert!(found, "{panel:?}");
    }
}

#[test]
fn the_best_text_can_be_read_whole_where_its_panel_is_explained() {
    let mut fixture = fixture(120, 36, &["n"; 60]);
    fixture.keys(&["tab", "tab", "tab", "i"]);
    let (_, whole) = selected_text(&fixture.state, PanelId::Winner).expect("a text");
    let row = &fixture.state.beam().view().beside[0];
    assert!(row.tokens > 20, "{}", row.tokens);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let mut seen = Vec::new();
    for _ in 0..60 {
        seen.extend(screen(&fixture).iter().map(|row| row.replace('│', " ")));
        fixture.keys(&["down"]);
    }
    let seen = words(&seen.join(" "));
    let whole = words(&whole);
    assert!(seen.windows(3).any(|words| words == &whole[..3]), "{seen:?}");
    assert!(seen.windows(3).any(|words| words == &whole[whole.len() - 3..]), "{seen:?}");
}

#[test]
fn what_became_of_a_continuation_is_told_whole_whatever_its_number() {
    let fixture = Fixture::new();
    for (width, number) in [(15, 9), (10, 9), (6, 9), (15, 122)] {
        let (text, _) = round::fate(&fixture.state, Fate::Finished(number), width);
        assert!(
            text.chars().count() <= width && text.ends_with(&(number + 1).to_string()),
            "{width}: {text}"
        );
    }
    let (text, _) = round::fate(&fixture.state, Fate::Finished(15), 15);
    assert_eq!(text, "  ■ finished 16");
}

#[test]
fn any_size_can_be_drawn_and_hit() {
    fits_everywhere(draw, hit);
}
