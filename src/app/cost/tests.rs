//! The cost screen beside the others: it never changes the text.

use crate::{
    app::{Screen, fixture::Fixture},
    cost::Costs,
};

fn done(fixture: &Fixture) -> bool {
    fixture.state.cost().costs().is_some_and(Costs::is_done)
}

#[test]
fn everything_is_measured_and_the_text_stays_as_it_is() {
    let mut fixture = Fixture::new();
    fixture.keys(&["n", "n", "n"]);
    let tokens = fixture.state.session().unwrap().path().tokens().to_vec();
    let kv = fixture.state.kv();
    fixture.keys(&["9", "space"]);
    assert!(done(&fixture) && !fixture.state.cost().is_running());
    let costs = fixture.state.cost().costs().unwrap();
    assert_eq!(costs.plan().prompt.len(), 4);
    assert_eq!((costs.on_off().text.len(), costs.on_off().parted), (48, None));
    assert_eq!(fixture.state.session().unwrap().path().tokens(), tokens);
    assert_eq!(fixture.state.kv(), kv);
    fixture.keys(&["1", "n"]);
    assert_eq!(fixture.state.session().unwrap().path().tokens()[..tokens.len()], tokens);
}

#[test]
fn what_was_measured_stays_with_another_prompt_and_is_measured_again_by_r() {
    let mut fixture = Fixture::new();
    fixture.keys(&["9", "space"]);
    let prompt = fixture.state.cost().costs().unwrap().plan().prompt.clone();
    fixture.keys(&["1", "e", "backspace", "backspace", "backspace", "backspace", "backspace", "enter", "9"]);
    assert!(done(&fixture));
    assert_eq!(fixture.state.cost().costs().unwrap().plan().prompt, prompt);
    fixture.keys(&["R"]);
    assert_eq!(fixture.state.cost().costs().unwrap().plan().prompt.len(), 3);
    assert!(done(&fixture));
}

#[test]
fn it_goes_on_behind_other_screens_and_stops_by_esc() {
    let mut fixture = Fixture::new();
    fixture.keys(&["9"]);
    fixture.hold();
    fixture.keys(&["space"]);
    assert!(fixture.state.cost().is_running());
    for _ in 0..5 {
        assert!(fixture.answer_next());
    }
    let (before, _) = fixture.state.cost().costs().unwrap().rows();
    assert!(before > 0);
    fixture.keys(&["1", "n"]);
    assert_eq!(fixture.state.screen(), Screen::Step);
    for _ in 0..8 {
        fixture.answer_next();
    }
    // The step was taken in between.
    assert_eq!(fixture.state.session().unwrap().path().generated(), 1);
    let (behind, _) = fixture.state.cost().costs().unwrap().rows();
    assert!(behind > before);
    fixture.keys(&["9", "esc"]);
    assert!(!fixture.state.cost().is_running());
    let notice = fixture.state.notice().unwrap_or_default().to_owned();
    assert!(notice.starts_with("Stopped"), "{notice}");
    while fixture.answer_next() {}
    let (stopped, _) = fixture.state.cost().costs().unwrap().rows();
    assert_eq!(stopped, behind, "what was under way does not count");
    fixture.keys(&["space"]);
    while fixture.answer_next() {}
    assert!(done(&fixture));
}

#[test]
fn a_new_prompt_while_it_measures_costs_one_pass() {
    let mut fixture = Fixture::new();
    fixture.keys(&["9"]);
    fixture.hold();
    fixture.keys(&["space"]);
    fixture.answer_next();
    // It gives up everything that the engine was asked.
    fixture.keys(&["e", "enter"]);
    while fixture.answer_next() {}
    assert!(done(&fixture));
}

#[test]
fn the_text_and_the_depth_are_chosen_while_nothing_is_measured() {
    let mut fixture = Fixture::new();
    fixture.keys(&["9", "x", "x", "a", "space"]);
    let tokens = |fixture: &Fixture| fixture.state.cost().costs().unwrap().plan().tokens;
    assert_eq!(tokens(&fixture), 24);
    assert!(done(&fixture));
    fixture.keys(&["x", "x", "x", "x", "X"]);
    assert_eq!((tokens(&fixture), done(&fixture)), (6, false));
    assert!(fixture.state.notice().is_some_and(|notice| notice.contains("up to 256")));
    fixture.hold();
    fixture.keys(&["space", "a"]);
    assert_eq!(tokens(&fixture), 6, "not while it is measured");
    assert!(fixture.state.cost().is_running());
}
