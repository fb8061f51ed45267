//! The X-ray screen's keys, on the scripted evaluator.

use super::*;
use crate::{
    app::{Hit, Message, MouseMove, Overlay, Screen, fixture::Fixture},
    sampling::SamplerKind,
};

/// The X-ray of the first step, of `Once upon a time`: "," .93, " there" .05, "." .01, and a long tail. All stages stand in
/// their places.
fn xrayed() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.keys(&["2", "end", "enter", "home"]);
    fixture
}

fn row_of(fixture: &Fixture, kind: SamplerKind) -> usize {
    let xray = fixture.state.rooms.xray.xray.as_ref().expect("there is an X-ray");
    1 + xray.stages.iter().position(|stage| stage.kind == kind.into()).expect("it is listed")
}

/// Goes down to a stage.
fn select(fixture: &mut Fixture, kind: SamplerKind) {
    fixture.keys(&["home"]);
    for _ in 0..row_of(fixture, kind) {
        fixture.keys(&["down"]);
    }
}

fn selected(fixture: &Fixture) -> &'static str {
    fixture.state.rooms.xray.selected().map_or("model", StageXray::label)
}

fn piece(fixture: &Fixture, token: Token) -> String {
    let session = fixture.state.desk.walk.session.as_ref().expect("loaded");
    String::from_utf8_lossy(session.vocabulary().piece(token)).into_owned()
}

#[test]
fn it_is_taken_only_where_it_is_looked_at() {
    let mut fixture = Fixture::new();
    assert!(fixture.state.rooms.xray.xray.is_none());
    fixture.keys(&["2"]);
    assert_eq!(fixture.state.desk.screen, Screen::Xray);
    assert_eq!(fixture.state.rooms.xray.rows(), fixture.state.rooms.xray.pictures.len());
    assert_eq!(fixture.state.rooms.xray.token, fixture.state.desk.walk.frame.drawn);
    fixture.keys(&["n"]);
    assert_eq!(fixture.state.rooms.xray.token, fixture.state.desk.walk.frame.drawn, "the next step's token");
    fixture.keys(&["1", "right"]);
    assert!(fixture.state.rooms.xray.xray.is_none(), "nothing is kept on other screens");
}

#[test]
fn the_x_ray_agrees_with_the_step_screen() {
    let fixture = xrayed();
    let (view, xray) = (&fixture.state.desk.walk.frame, fixture.state.rooms.xray.xray.as_ref().unwrap());
    assert_eq!(Some(xray.outcome.chosen), view.drawn);
    assert_eq!(xray.last().kept(), view.survivor_count);
    for row in view.candidates.ranked().iter().take(50) {
        let cut = xray.cut(row.token).map(|(index, _)| xray.stages[index].label());
        assert_eq!(cut, fixture.state.desk.walk.frame.fate(row.token).1);
    }
}

#[test]
fn a_stage_is_muted_and_acts_again() {
    let mut fixture = xrayed();
    select(&mut fixture, SamplerKind::TopP);
    assert_eq!((selected(&fixture), fixture.state.rooms.xray.kept.len()), ("top-p", 2));
    let cut = fixture.state.rooms.xray.cut.len();
    assert_eq!(cut, 38);
    fixture.keys(&["M"]);
    assert_eq!(fixture.state.rooms.xray.selected().unwrap().off, Some(crate::sampling::Off::Muted));
    assert_eq!((fixture.state.rooms.xray.kept.len(), fixture.state.rooms.xray.cut.len()), (40, 0));
    assert!(fixture.state.desk.notice.as_ref().unwrap().starts_with("top-p is skipped"));
    fixture.keys(&["M"]);
    assert_eq!(fixture.state.rooms.xray.cut.len(), cut);
}

#[test]
fn a_stage_acts_alone() {
    let mut fixture = xrayed();
    select(&mut fixture, SamplerKind::TopK);
    fixture.keys(&["A"]);
    let acts = |fixture: &Fixture| {
        let stages = &fixture.state.rooms.xray.xray.as_ref().unwrap().stages;
        stages.iter().filter(|stage| stage.off.is_none()).map(StageXray::label).collect::<Vec<_>>()
    };
    assert_eq!(acts(&fixture), ["top-k"]);
    fixture.keys(&["A"]);
    assert_eq!(acts(&fixture), ["top-k", "top-p", "min-p", "temperature"]);
}

#[test]
fn the_selection_follows_a_stage_that_is_moved() {
    let mut fixture = xrayed();
    select(&mut fixture, SamplerKind::Temperature);
    let before = fixture.state.rooms.xray.stage;
    fixture.keys(&["K"]);
    assert_eq!((selected(&fixture), fixture.state.rooms.xray.stage), ("temperature", before - 1));
    fixture.keys(&["J", "J"]);
    assert_eq!(fixture.state.rooms.xray.stage, before);
    assert!(
        fixture.state.desk.notice.as_ref().unwrap().contains("is already the last"),
        "{:?}",
        fixture.state.desk.notice
    );
    fixture.keys(&["o"]);
    assert!(fixture.state.desk.hand.sampling.is_temperature_first());
    assert_eq!(selected(&fixture), "temperature");
    fixture.keys(&["o"]);
    assert_eq!(fixture.state.desk.hand.sampling.samplers, SamplerKind::ALL);
}

#[test]
fn a_chain_without_temperature_stays_without_it() {
    let mut fixture = xrayed();
    let samplers = vec![SamplerKind::TopK, SamplerKind::TopP];
    fixture.state.desk.hand.sampling.samplers.clone_from(&samplers);
    fixture.keys(&["o"]);
    assert_eq!(fixture.state.desk.hand.sampling.samplers, samplers);
    assert!(fixture.state.desk.notice.as_ref().unwrap().starts_with("Temperature is not in the chain"));
}

#[test]
fn stages_that_are_off_are_folded_into_one_row_that_unfolds_them() {
    let mut fixture = Fixture::new();
    fixture.keys(&["2"]);
    let xray = |fixture: &Fixture| {
        let xray = &fixture.state.rooms.xray;
        (xray.visible().len(), xray.foldable().len(), xray.rows())
    };
    let (visible, off, rows) = xray(&fixture);
    assert!(off > 5, "most are off by default");
    assert_eq!(visible, rows - off + 1);
    fixture.keys(&["end"]);
    assert!(fixture.state.rooms.xray.is_selected(rows));
    fixture.keys(&["enter"]);
    assert_eq!(xray(&fixture).0, rows + 1, "all, and the row that folds them");
    assert!(fixture.state.desk.overlays.is_empty());
    fixture.keys(&["enter"]);
    assert_eq!(xray(&fixture).0, visible);
    // What was selected and is switched off by its slider goes into the fold.
    fixture.keys(&["home"]);
    while selected(&fixture) != "min-p" {
        fixture.keys(&["down"]);
    }
    fixture.state.desk.hand.sampling.min_p = 0.0;
    let settings = fixture.state.desk.hand.sampling.clone();
    fixture.state.set_sampling(settings);
    fixture.keys(&["1", "2"]);
    assert_eq!(xray(&fixture).1, off + 1);
    assert!(fixture.state.rooms.xray.is_selected(rows));
    // One that is muted stays where it is.
    fixture.keys(&["home", "down", "M"]);
    assert_eq!(xray(&fixture).1, off + 1);
}

#[test]
fn what_cannot_be_changed_says_so() {
    let mut fixture = xrayed();
    for key in ["M", "A", "J"] {
        fixture.keys(&["home", key]);
        assert!(fixture.state.desk.notice.as_ref().unwrap().starts_with("This row is the model itself"));
    }
    while selected(&fixture) != "logit-bias" {
        fixture.keys(&["down"]);
    }
    fixture.keys(&["K"]);
    assert!(fixture.state.desk.notice.as_ref().unwrap().starts_with("logit-bias is not one of the samplers"));
    assert_eq!(fixture.state.desk.hand.sampling.samplers, SamplerKind::ALL);
}

#[test]
fn a_token_from_the_list_is_traced_through_all_stages() {
    let mut fixture = xrayed();
    select(&mut fixture, SamplerKind::TopP);
    fixture.keys(&["tab", "end", "home", "down", "down"]);
    let token = fixture.state.rooms.xray.token.unwrap();
    assert_eq!(piece(&fixture, token), ".");
    let told: Vec<String> = fixture.state.rooms.xray.walk.iter().map(|step| step.fate.to_string()).collect();
    let cut = told.iter().find(|fate| fate.starts_with("cut: ")).expect("it is cut");
    // .93 and .05 of what top-k left; the tail's mass lies beyond it.
    assert!(cut.starts_with("cut: mass before it 0.98"), "{cut}");
    fixture.keys(&["n"]);
    assert_eq!(fixture.state.rooms.xray.token, Some(token), "it stays chosen");
    fixture.keys(&["esc"]);
    assert_eq!(fixture.state.rooms.xray.token, fixture.state.desk.walk.frame.drawn);
}

#[test]
fn any_token_of_the_vocabulary_is_found_and_traced() {
    let mut fixture = xrayed();
    fixture.keys(&["/", "w", "4", "1", "7"]);
    assert_eq!(piece(&fixture, fixture.state.rooms.xray.token.unwrap()), " w417");
    assert_eq!(fixture.state.rooms.xray.panel, XrayPanel::Candidates);
    assert!(fixture.state.rooms.xray.walk.last().unwrap().logit.is_none());
    fixture.keys(&["enter", "esc"]);
    assert!(fixture.state.desk.walk.frame.candidates.query().is_empty());
    assert_eq!(piece(&fixture, fixture.state.rooms.xray.token.unwrap()), " w417", "still traced");
}

#[test]
fn steps_and_play_go_on_here() {
    let mut fixture = xrayed();
    fixture.keys(&["right", "right", "left"]);
    assert_eq!(fixture.state.desk.walk.session.as_ref().unwrap().path().generated(), 1);
    fixture.keys(&["space"]);
    assert!(fixture.state.desk.play.playing());
}

#[test]
fn the_panels_that_share_a_place_take_turns() {
    use XrayPanel::{Candidates, Draw, Stages, Way};
    let mut fixture = xrayed();
    let panels = |fixture: &mut Fixture| {
        let mut seen = Vec::new();
        for _ in 0..4 {
            fixture.keys(&["tab"]);
            seen.push(fixture.state.rooms.xray.panel);
        }
        seen
    };
    assert_eq!(panels(&mut fixture), [Candidates, Stages, Candidates, Stages]);
    fixture.send(Message::Resize(80, 24));
    assert_eq!(panels(&mut fixture), [Candidates, Way, Stages, Candidates]);
    fixture.send(Message::Resize(40, 12));
    assert_eq!(panels(&mut fixture), [Way, Draw, Stages, Candidates]);
}

#[test]
fn stages_sliders_and_panels_are_explained_with_their_formulas() {
    let mut fixture = xrayed();
    select(&mut fixture, SamplerKind::MinP);
    fixture.keys(&["enter"]);
    let Some(Overlay::Formula { explanation, .. }) = fixture.state.desk.overlays.pop() else {
        panic!("no overlay")
    };
    assert_eq!((explanation.title, explanation.setting.as_str()), ("min-p", "0.05"));
    assert_eq!(explanation.formula, "keep p ≥ min-p · max p");
    fixture.keys(&["i"]);
    let Some(Overlay::Formula { explanation, .. }) = fixture.state.desk.overlays.pop() else {
        panic!("no overlay")
    };
    assert_eq!(explanation.title, "Stages");
    fixture.keys(&["1", "f4", "end", "f"]);
    let Some(Overlay::Formula { explanation, .. }) = fixture.state.desk.overlays.pop() else {
        panic!("no overlay")
    };
    assert_eq!((explanation.title, explanation.setting.as_str()), ("seed", "42"));
}

#[test]
fn the_mouse_selects_stages_and_tokens() {
    let mut fixture = xrayed();
    let press = |fixture: &mut Fixture, hit| fixture.send(Message::Mouse(MouseMove::Press, Some(hit)));
    let row = row_of(&fixture, SamplerKind::TopK);
    press(&mut fixture, Hit::Stage(row));
    assert_eq!(selected(&fixture), "top-k");
    press(&mut fixture, Hit::Stage(row));
    assert!(
        matches!(fixture.state.desk.overlays.pop(), Some(Overlay::Formula { .. })),
        "a second time explains it"
    );
    press(&mut fixture, Hit::Trace(Token(3)));
    assert_eq!((fixture.state.rooms.xray.token, fixture.state.rooms.xray.pinned), (Some(Token(3)), true));
    fixture.send(Message::Mouse(MouseMove::WheelDown, Some(Hit::Stage(1))));
    assert_eq!(fixture.state.rooms.xray.stage, row + 1);
    press(&mut fixture, Hit::ExplainXray(XrayPanel::Draw));
    assert_eq!(fixture.state.desk.overlays.len(), 1);
}

#[test]
fn an_x_ray_of_a_prompt_or_of_nothing_is_no_failure() {
    let mut fixture = Fixture::new();
    fixture.keys(&["f2", "home", "2", "down", "M", "tab", "down", "J"]);
    assert!(fixture.state.rooms.xray.xray.is_none());
    fixture.keys(&["1", "f2", "L", "L", "2"]);
    let xray = fixture.state.rooms.xray.xray.as_ref().expect("a token of the prompt");
    assert!(fixture.state.desk.walk.frame.drawn.is_none() && xray.raw.kept() > 0);
    let (mut loading, _) = Fixture::loading(|_| {});
    loading.keys(&["2", "down", "M", "tab", "down", "/", "x", "esc", "enter"]);
    assert!(loading.state.xray().xray.is_none());
}

#[test]
fn a_stage_that_is_not_in_the_chain_is_not_muted_in_secret() {
    let mut fixture = Fixture::with(|setup| setup.given.samplers = Some(vec![SamplerKind::TopK]));
    fixture.keys(&["2", "end", "enter"]);
    select(&mut fixture, SamplerKind::TypicalP);
    for key in ["M", "A"] {
        fixture.state.desk.notice = None;
        fixture.keys(&[key]);
        let notice = fixture.state.desk.notice.as_ref().expect("it says so");
        assert!(notice.starts_with("typical is not in the chain, so there is nothing to "), "{notice}");
        assert!(
            fixture.state.desk.hand.sampling.muted.is_empty()
                && fixture.state.desk.hand.sampling.soloed.is_empty()
        );
    }
}

#[test]
fn the_tokens_that_a_bias_moved_are_listed_first() {
    let bias = |id, bias| crate::sampling::LogitBias { token: Token(id), bias };
    let biases = vec![bias(400, 1.0), bias(300, -1.0), bias(4, -9.0)];
    let mut fixture = Fixture::with(|setup| setup.given.logit_bias = Some(biases));
    fixture.keys(&["2"]);
    while selected(&fixture) != "logit-bias" {
        fixture.keys(&["down"]);
    }
    let xray = &fixture.state.rooms.xray;
    let mut listed: Vec<_> = xray.listed().map(|row| row.before.token.0).collect();
    // The comma had .93.
    assert_eq!(listed[0], 4);
    assert_eq!((xray.moved[0].was, xray.moved.len()), (Some(1), 3));
    assert!(listed[..3].contains(&400) && listed[..3].contains(&300));
    listed.sort_unstable();
    listed.dedup();
    assert_eq!(listed.len(), xray.listed().count(), "each is listed once");
    fixture.keys(&["tab", "home"]);
    assert_eq!(fixture.state.rooms.xray.token, Some(Token(4)));
    fixture.keys(&["down", "down", "down", "up"]);
    assert_eq!(fixture.state.rooms.xray.traced(), Some(2));
}

#[test]
fn where_no_token_is_left_nothing_is_drawn() {
    let ban = |id| crate::sampling::LogitBias { token: Token(id), bias: f32::NEG_INFINITY };
    let all = (0..crate::app::fixture::VOCABULARY as u32).map(ban).collect();
    let mut fixture = Fixture::with(|setup| setup.given.logit_bias = Some(all));
    fixture.keys(&["2"]);
    let (view, xray) = (&fixture.state.desk.walk.frame, &fixture.state.rooms.xray);
    assert_eq!((view.drawn, view.u, view.survivor_count), (None, None, 0));
    assert_eq!(xray.token, Some(Token(4)), "the model's favourite, and what cut it");
    assert!(xray.walk.last().is_some_and(|step| step.logit.is_none()));
}

#[test]
fn escape_stops_what_goes_on_before_it_lets_the_token_go() {
    let mut fixture = Fixture::new();
    fixture.keys(&["n", "2"]);
    fixture.state.rooms.xray.pinned = true;
    fixture.hold();
    fixture.keys(&["n"; 20]);
    assert!(fixture.state.queued() > 0);
    fixture.keys(&["esc"]);
    assert_eq!((fixture.state.queued(), fixture.state.rooms.xray.pinned), (0, true));
    fixture.keys(&["esc"]);
    assert!(!fixture.state.rooms.xray.pinned);
}
