//! A test of whole screens: all panels of a frame tell of one and the same step, read from what was drawn, while a model
//! that is slower than the screen writes.

use super::testing::screen;
use crate::app::{Message, OnView, State, fixture::Fixture};

/// A panel's rows with its frame, by how its title begins; None if it is not on the screen.
pub(super) fn panel(rows: &[String], title: &str) -> Option<Vec<String>> {
    let rows: Vec<Vec<char>> = rows.iter().map(|row| row.chars().collect()).collect();
    let starts = |row: &[char], x: usize| {
        ['╭', '┏'].contains(&row[x])
            && row[x + 1..].iter().collect::<String>().starts_with(&format!(" {title}"))
    };
    let find = |row: &[char]| (0..row.len()).find(|&x| starts(row, x));
    let (top, left) = rows.iter().enumerate().find_map(|(y, row)| Some((y, find(row)?)))?;
    let right = left + rows[top][left..].iter().position(|symbol| ['╮', '┓'].contains(symbol))?;
    let bottom =
        top + rows[top..].iter().position(|row| ['╰', '┗'].contains(row.get(left).unwrap_or(&' ')))?;
    Some(
        rows[top..=bottom].iter().map(|row| row.iter().skip(left).take(right + 1 - left).collect()).collect(),
    )
}

/// The step that a panel names: `token 43`; `next token` where it names none.
fn named(panel: &[String]) -> String {
    let text = panel.join(" ").replace("Token", "token").replace("end token", "").replace("a token", "");
    let numbers: Vec<u64> = text
        .split("token ")
        .skip(1)
        .filter_map(|rest| rest.split(|symbol: char| !symbol.is_ascii_digit()).next()?.parse().ok())
        .collect();
    assert!(numbers.windows(2).all(|pair| pair[0] == pair[1]), "two steps in one panel: {panel:#?}");
    numbers.first().map_or_else(|| "next token".to_owned(), |number| format!("token {number}"))
}

/// The step that all panels of the screen name. The cache's figures are of the path, and it names no step.
pub(super) fn step_of(rows: &[String]) -> String {
    let titles = ["Next token", "Token", "Sampling", "Draw", "Stop conditions"];
    let panels: Vec<_> = titles.into_iter().filter_map(|title| panel(rows, title)).collect();
    assert!(panels.len() >= 2, "{rows:#?}");
    let names: Vec<String> = panels.iter().map(|panel| named(panel)).collect();
    assert!(names.iter().all(|name| *name == names[0]), "{names:?}: {rows:#?}");
    names[0].clone()
}

/// The token in the text's frame: `token 43` and its text.
fn caption(rows: &[String]) -> (String, String) {
    let text = panel(rows, "Text").expect("the text");
    let bottom = text.last().expect("a frame").trim_start_matches(['╰', '┗', ' ']);
    let mut parts = bottom.split(" · ");
    (parts.next().unwrap_or_default().to_owned(), parts.next().unwrap_or_default().to_owned())
}

/// The tokens in the rows that are marked as chosen.
fn chosen(rows: &[String]) -> Vec<String> {
    let list = panel(rows, "Next token").or_else(|| panel(rows, "Token")).expect("the candidates");
    let marked = list[1..list.len() - 1].iter().filter(|row| row.chars().nth(1) == Some('▸'));
    marked.filter_map(|row| row.split_whitespace().nth(2).map(str::to_owned)).collect()
}

fn assert_of_the_newest_token(state: &State, rows: &[String]) {
    let step = step_of(rows);
    let (number, token) = caption(rows);
    let path = state.session().expect("a session").path();
    assert_eq!(number, format!("token {}", path.tokens().len()));
    assert_eq!(step, number, "{rows:#?}");
    assert_eq!(chosen(rows), std::slice::from_ref(&token), "{rows:#?}");
    let landed = rows.iter().any(|row| row.contains(&format!("landed in {token}")));
    assert!(landed || panel(rows, "KV cache").is_some(), "{rows:#?}");
}

#[test]
fn while_it_plays_every_panel_of_every_frame_is_of_the_token_just_written() {
    for size in [(80, 24), (120, 36), (200, 60)] {
        let mut fixture = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
        fixture.send(Message::Resize(size.0, size.1));
        fixture.hold();
        fixture.keys(&["space"]);
        let mut frames = 0;
        while fixture.state.play().playing() && frames < 12 {
            for _ in 0..if size.0 < 100 { 3 } else { 1 } {
                assert_of_the_newest_token(&fixture.state, &screen(&fixture));
                // On a small screen each of the panels that share a place.
                fixture.keys(&["w"]);
            }
            assert!(fixture.answer_next(), "the model is asked for the next token");
            frames += 1;
        }
        assert!(frames >= 8, "the text goes on for a while");
    }
}

#[test]
fn paused_it_shows_the_next_token_once_the_model_has_answered() {
    let mut fixture = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
    fixture.hold();
    fixture.keys(&["space"]);
    (0..3).for_each(|_| assert!(fixture.answer_next()));
    fixture.keys(&["space"]);
    assert_of_the_newest_token(&fixture.state, &screen(&fixture));
    while fixture.answer_next() {}
    assert!(matches!(fixture.state.frame().at(), OnView::Next(_)));
    assert_eq!(step_of(&screen(&fixture)), "next token");
}

#[test]
fn a_step_without_a_distribution_has_words_in_place_of_numbers_in_every_panel() {
    for size in [(80, 24), (120, 36), (200, 60)] {
        let mut fixture = Fixture::new();
        fixture.send(Message::Resize(size.0, size.1));
        fixture.hold();
        // A token of the prompt, whose distribution nobody asked for before.
        fixture.keys(&["n", "f2", "home", "L", "L"]);
        assert_eq!(fixture.state.frame().at(), OnView::Waiting(2));
        let rows = screen(&fixture);
        assert_eq!(step_of(&rows), "token 3");
        for title in ["Token 3", "Sampling", "Draw", "Stop conditions"] {
            let Some(panel) = panel(&rows, title) else { continue };
            let text = panel.join(" ").to_lowercase();
            assert!(text.contains("waiting"), "{title}: {panel:#?}");
            for number in ["entropy", "u 0.", "rank ", "left", " p "] {
                assert!(!text.contains(number), "{title}, {number}: {panel:#?}");
            }
        }
    }
}
