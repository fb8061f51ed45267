//! Screens of a model of which a server names some candidates only.

use ratatui::layout::Rect;

use super::{draw, drawn};
use crate::app::{Message, State, fixture::Fixture};

fn lines(state: &State) -> Vec<String> {
    let area = Rect::new(0, 0, state.size().0, state.size().1);
    drawn::lines(area, |buf| draw(state, area, buf))
}

/// A screen of this size after these keys, where 4 candidates are named and the chain needs more.
fn screen(width: u16, height: u16, keys: &[&str]) -> Vec<String> {
    let mut fixture = Fixture::naming(4, 4, |setup| setup.given.top_p = Some(0.995));
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["right", "right", "right"]);
    fixture.keys(keys);
    lines(&fixture.state)
}

#[test]
fn the_step_screen_at_120x36() {
    insta::assert_snapshot!(screen(120, 36, &[]).join("\n"));
}

#[test]
fn the_step_screen_at_80x24() {
    insta::assert_snapshot!(screen(80, 24, &[]).join("\n"));
}

#[test]
fn the_step_screen_at_200x60() {
    insta::assert_snapshot!(screen(200, 60, &[]).join("\n"));
}

#[test]
fn the_x_ray_at_120x36() {
    insta::assert_snapshot!(screen(120, 36, &["2", "down"]).join("\n"));
}

#[test]
fn the_x_ray_at_80x24() {
    insta::assert_snapshot!(screen(80, 24, &["2", "down"]).join("\n"));
}

#[test]
fn the_x_ray_at_200x60() {
    insta::assert_snapshot!(screen(200, 60, &["2", "down", "down"]).join("\n"));
}

/// The rows that hold a text.
fn with<'r>(rows: &'r [String], text: &str) -> Vec<&'r String> {
    rows.iter().filter(|row| row.contains(text)).collect()
}

#[test]
fn what_is_not_known_is_said_to_be() {
    let rows = screen(160, 45, &[]);
    assert_eq!(with(&rows, "… 508 more unnamed tokens").len(), 1, "{}", rows.join("\n"));
    assert!(rows.iter().any(|row| row.contains("entropy 0.") && row.contains(" to ")), "{}", rows.join("\n"));
    assert_eq!(with(&rows, "rank beyond 4").len(), 2, "{}", rows.join("\n"));
    let rows = screen(160, 45, &["/", "w", "4"]);
    assert_eq!(with(&rows, "named match; 508 unnamed not searched").len(), 1, "{}", rows.join("\n"));
    let rows = screen(200, 60, &["2", "down"]);
    assert!(!with(&rows, "not exact: it keeps 40, but only 4").is_empty(), "{}", rows.join("\n"));
}

#[test]
fn with_enough_candidates_every_stage_is_exact_and_nothing_else_is_said() {
    // Top-k would cut between words that are equally likely here.
    let mut fixture = Fixture::naming(60, 60, |setup| setup.given.top_k = Some(0));
    fixture.send(Message::Resize(160, 45));
    fixture.keys(&["right", "right", "2", "down"]);
    let rows = lines(&fixture.state);
    assert!(!with(&rows, "exact: the same with every token named").is_empty(), "{}", rows.join("\n"));
    assert!(with(&rows, "not exact").is_empty() && with(&rows, "≈").is_empty(), "{}", rows.join("\n"));
    let whole = {
        let mut fixture = Fixture::with(|setup| setup.given.top_k = Some(0));
        fixture.keys(&["right", "right"]);
        fixture.state.session().expect("a path").path().tokens().to_vec()
    };
    assert_eq!(fixture.state.session().expect("a path").path().tokens(), whole, "the same text is drawn");
}

/// Every candidate is drawn from as the model says, and two are named at first.
fn by_chance(most: usize) -> Fixture {
    let mut fixture = Fixture::naming(2, most, |setup| {
        setup.given.samplers = Some(Vec::new());
        setup.given.seed = Some(Some(7));
    });
    fixture.send(Message::Resize(120, 36));
    fixture
}

#[test]
fn a_draw_beyond_the_named_candidates_has_more_of_them_named() {
    let mut fixture = by_chance(usize::MAX);
    (0..40).for_each(|_| fixture.keys(&["right"]));
    let session = fixture.state.session().expect("a path");
    let more =
        session.path().nodes().iter().filter(|&&node| session.tree().candidates_wanted(node).is_some());
    assert!(more.count() > 0, "40 draws land in 7 % at least once");
    assert!(session.stopped().is_none_or(|reason| reason.name() == "eog"), "{:?}", session.stopped());
    assert!(session.path().generated() == 40 || session.stopped().is_some(), "each key is a step");
}

#[test]
fn where_no_more_are_named_the_draw_is_given_up_and_other_settings_go_on() {
    let mut fixture = by_chance(2);
    (0..60).for_each(|_| fixture.keys(&["right"]));
    let reason = fixture.state.session().and_then(|session| session.stopped().cloned()).expect("it stops");
    assert_eq!(reason.name(), "unnamed");
    let rows = lines(&fixture.state);
    assert!(!with(&rows, "not named").is_empty(), "{}", rows.join("\n"));
    assert!(!with(&rows, "no token can be told").is_empty(), "{}", rows.join("\n"));
    // A candidate that was named can still be taken by hand.
    let generated = |fixture: &Fixture| fixture.state.session().expect("a path").path().generated();
    let before = generated(&fixture);
    fixture.keys(&["down", "enter"]);
    assert_eq!(generated(&fixture), before + 1);
}

#[test]
fn a_token_that_is_traced_and_not_named_at_the_next_step_has_no_way() {
    let mut fixture = Fixture::naming(3, 3, |_| {});
    fixture.send(Message::Resize(160, 45));
    // The likeliest word of the first step is pinned, and two steps on it is no longer among those named.
    fixture.keys(&["2", "tab", "down", "right", "right"]);
    let rows = lines(&fixture.state);
    assert!(!with(&rows, "This token was not named at this step").is_empty(), "{}", rows.join("\n"));
    assert!(with(&rows, "cannot be drawn").is_empty(), "{}", rows.join("\n"));
}

#[test]
fn no_screen_has_a_number_that_is_none() {
    for keys in
        [&["3", "n", "n"][..], &["4"], &["5", "x", "n"], &["6", "n", "n"], &["X"], &["u"], &["W"], &["f5"]]
    {
        let mut fixture = Fixture::naming(3, 3, |_| {});
        fixture.keys(&["right", "right"]);
        fixture.keys(keys);
        let rows = lines(&fixture.state);
        assert!(
            with(&rows, "NaN").is_empty() && with(&rows, "inf").is_empty(),
            "{keys:?}:\n{}",
            rows.join("\n")
        );
    }
}
