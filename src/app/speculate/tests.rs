use crate::{
    app::{PanelId, Screen, Speculate, fixture::Fixture},
    decode::speculative::{Arrival, Rule, Sources, Verdict},
    engine::EngineId,
};

fn fixture(keys: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.keys(&["8"]);
    fixture.keys(keys);
    fixture
}

fn room(fixture: &Fixture) -> &Speculate {
    fixture.state.speculate()
}

fn written(fixture: &Fixture) -> Vec<u32> {
    let walk = room(fixture).walk().expect("a walk");
    walk.cursor().path().generated_tokens()[..room(fixture).shown()].iter().map(|token| token.0).collect()
}

/// What the step screen writes.
fn plain(tokens: usize) -> Vec<u32> {
    let mut fixture = Fixture::new();
    fixture.keys(&vec!["n"; tokens]);
    let path = fixture.state.session().expect("a session").path();
    path.generated_tokens().iter().map(|token| token.0).collect()
}

#[test]
fn a_match_writes_what_the_step_screen_writes() {
    let fixture = fixture(&["n"; 20]);
    assert_eq!(room(&fixture).rule(), Rule::Match);
    assert_eq!(written(&fixture), plain(20));
    let walk = room(&fixture).walk().expect("a walk");
    assert!(walk.arrivals().contains(&Arrival::Drafted) && walk.arrivals().contains(&Arrival::Corrected));
    let beside = room(&fixture).plain().expect("plain decoding");
    assert_eq!((beside.same(), beside.difference()), (walk.arrivals().len(), None));
    // What was verified is on the tree.
    let session = fixture.state.session().expect("a session");
    let path = walk.cursor().path();
    let nodes = &path.nodes()[path.prompt_len() - 1..path.tokens().len() - 1];
    assert!(nodes.iter().all(|&node| session.summary(node).is_some()));
}

#[test]
fn going_back_and_on_writes_the_same_and_rolling_something_else_may() {
    let mut fixture = fixture(&[".", ".", "."]);
    let before = written(&fixture);
    for _ in 0..before.len() {
        fixture.keys(&["left"]);
    }
    assert_eq!(room(&fixture).shown(), 0);
    fixture.keys(&["left"]);
    assert!(fixture.state.notice().is_some_and(|notice| notice.contains("end of the prompt")));
    fixture.keys(&[".", ".", "."]);
    assert_eq!(written(&fixture), before);
    fixture.keys(&["r"]);
    assert_eq!(written(&fixture).len(), before.len());
    assert_eq!(room(&fixture).walk().expect("a walk").arrivals().last(), Some(&Arrival::Plain));
}

#[test]
fn a_token_of_a_place_is_taken_by_hand() {
    let mut fixture = fixture(&[".", "up", "tab", "tab", "down", "enter"]);
    let taken = room(&fixture).walk().expect("a walk").arrivals().last().copied();
    assert_eq!(taken, Some(Arrival::Hand), "{:?}", fixture.state.notice());
    fixture.keys(&["."]);
    assert!(room(&fixture).shown() > 1);
}

#[test]
fn rounds_are_looked_back_at_and_gone_on_from_on_the_step_screen() {
    let mut fixture = fixture(&[".", ".", "."]);
    fixture.keys(&["shift-left"]);
    assert_eq!(room(&fixture).round().map(|round| (round.number, round.of)), Some((2, 3)));
    fixture.keys(&["shift-right", "tab", "enter"]);
    assert_eq!(fixture.state.screen(), Screen::Step);
    assert!(fixture.state.session().expect("a session").path().generated() > 0);
}

#[test]
fn settings_act_from_the_next_round_on() {
    let mut fixture = fixture(&["]", "]", "."]);
    assert_eq!(room(&fixture).settings().n_max, 5);
    assert_eq!(room(&fixture).round().expect("a round").rows.len(), 5);
    fixture.keys(&["[", "[", "[", "[", "[", "[", "."]);
    let round = room(&fixture).round().expect("a round");
    assert_eq!((room(&fixture).settings().n_max, round.rows.len()), (0, 0));
    fixture.keys(&["["]);
    assert!(fixture.state.notice().is_some_and(|notice| notice.contains("stays at 0")));
    // The sliders: γ, then p-min.
    fixture.keys(&["backtab", "right", "down", "right"]);
    assert_eq!(fixture.state.focus(), PanelId::DraftSettings);
    assert!((room(&fixture).settings().p_min - 0.05).abs() < 1e-9);
    assert_eq!(room(&fixture).settings().n_max, 1);
    fixture.keys(&["delete"]);
    assert!(room(&fixture).settings().p_min.abs() < 1e-9);
}

#[test]
fn the_other_rule_and_other_sources() {
    let mut fixture = fixture(&[".", "v"]);
    assert_eq!((room(&fixture).rule(), room(&fixture).shown()), (Rule::Probabilistic, 0));
    let mut refused = false;
    for _ in 0..30 {
        fixture.keys(&["."]);
        let Some(round) = room(&fixture).round() else { continue };
        refused |= round
            .rows
            .iter()
            .any(|row| row.drafted.verdict == Verdict::Refused && row.drafted.residual.is_some());
    }
    assert!(refused);
    fixture.keys(&["o"]);
    assert_eq!(room(&fixture).settings().sources, Sources { model: false, lookup: true });
    fixture.keys(&["v", ".", "."]);
    assert!(room(&fixture).shown() > 0);
}

#[test]
fn a_sweep_and_many_seeds_are_measured_on_the_side() {
    let mut fixture = fixture(&["."]);
    let before = written(&fixture);
    fixture.keys(&["z"]);
    let swept = room(&fixture).swept().expect("a sweep");
    assert_eq!((swept.points.len(), swept.of, room(&fixture).runs()), (8, 8, false));
    assert!(swept.points.iter().all(|point| point.speed.is_some()), "{swept:?}");
    fixture.keys(&["v", "b"]);
    let tried = room(&fixture).tried().expect("seeds");
    assert_eq!((tried.seeds, tried.of, tried.tokens), (256, 256, 2));
    assert_eq!(tried.shares.iter().map(|(_, seeds, _)| seeds).sum::<usize>(), 256);
    let (chi_square, freedom) = tried.chi_square.expect("groups");
    assert!(chi_square < 4.0 * freedom as f64 + 12.0, "{chi_square} {freedom}");
    fixture.keys(&["v", "."]);
    assert_eq!(written(&fixture), before, "the text is as it was");
}

#[test]
fn the_text_ends_where_it_ends() {
    let mut fixture = Fixture::with(|setup| setup.settings.stop.predict = 5);
    fixture.keys(&["8", ".", ".", ".", ".", ".", "."]);
    assert!(room(&fixture).is_over() && room(&fixture).shown() == 5);
    assert!(fixture.state.notice().is_some_and(|notice| notice.contains("has ended")));
    assert_eq!(written(&fixture), plain(5));
}

#[test]
fn models_beside_are_loaded_once() {
    let fixture = fixture(&["1", "8", "1", "8", "."]);
    for engine in [EngineId::DRAFT, EngineId::PLAIN] {
        assert!(fixture.state.desk.engines.slot(engine).is_some_and(|slot| slot.ready().is_some()));
    }
    assert!(room(&fixture).shown() > 0);
}
