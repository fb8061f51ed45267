//! What a person does on the beam screen, on the scripted evaluator.

use super::*;
use crate::{
    app::{Effect, Message, Screen, Setup, fixture::Fixture, update},
    decode::beam::{EarlyStop, Fate},
    engine::{
        EngineId, EvaluateError,
        scripted::Scripted,
        worker::{Command, Event},
    },
    keymap::parse_key,
};

/// Greedy takes " go" (0.5) and finds only poor ends: go x . = 0.5 · 0.4 · 0.6 = 0.12. The best text begins with " make"
/// (0.4): make y . = 0.4 · 0.9 · 1 = 0.36.
fn short_sighted() -> Scripted {
    Scripted::new(&["?", " go", " make", " x", " y", "."], &["."], 32)
        .rule("?", &[(" go", 0.5), (" make", 0.4), (" x", 0.1)])
        .rule(" go", &[(" x", 0.4), (" y", 0.35), (" make", 0.25)])
        .rule(" make", &[(" y", 0.9), (" x", 0.1)])
        .rule(" x", &[(".", 0.6), (" y", 0.4)])
        .rule(" y", &[(".", 1.0)])
}

/// The beam screen before the first round.
fn with(change: impl FnOnce(&mut Setup)) -> Fixture {
    let mut f = Fixture::scripted(short_sighted(), "?", change);
    f.keys(&["6"]);
    f
}

fn fixture() -> Fixture {
    with(|_| {})
}

fn text(text: &BeamText) -> String {
    text.tokens.iter().map(|token| token.text.as_str()).collect()
}

/// The beams with the numbers of those they go on from, the beams before, and what stands beside each other.
fn seen(f: &Fixture) -> [Vec<String>; 3] {
    let beams = texts_of_beams(f).into_iter().map(|(text, from)| format!("{from:?} {text}"));
    let others = beside(f).into_iter().map(|(_, text, _)| text);
    [beams.collect(), texts_before(f), others.collect()]
}

/// Name, text and joint probability of what stands beside each other.
fn beside(f: &Fixture) -> Vec<(&'static str, String, f64)> {
    let rows = &f.state.rooms.beam.view().beside;
    rows.iter().map(|row| (row.name, text(&row.text), row.log_probability.exp())).collect()
}

/// Presses a key whose effects nobody has answered yet.
fn press(f: &mut Fixture, key: &str) -> Vec<Effect> {
    let key = parse_key(key).expect("a key");
    update(&mut f.state, Message::Key(key.into()))
}

#[track_caller]
fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-5, "{a} is not {b}");
}

#[test]
fn a_step_is_a_round_and_tells_who_survives() {
    let mut f = fixture();
    let view = f.state.rooms.beam.view();
    assert_eq!((view.round, view.beams.len(), view.candidates.len()), (0, 1, 0), "the prompt alone");
    // Two beams with four candidates each; nothing else is said so far.
    f.keys(&["[", "[", "n", "n"]);
    let view = f.state.rooms.beam.view();
    assert_eq!((view.round, view.rounds), (2, 2));
    assert_eq!(texts_before(&f), ["␣go", "␣make"]);
    // make y 0.36, go x 0.2; both survive, each from another beam.
    assert_eq!(texts_of_beams(&f), [("␣make␣y".to_owned(), Some(1)), ("␣go␣x".to_owned(), Some(0))]);
    let view = f.state.rooms.beam.view();
    close(view.beams[0].log_probability, 0.36_f64.ln());
    // ln 0.36 ÷ ((5 + 2) ÷ 6)^0.6.
    close(view.beams[0].score, 0.36_f64.ln() / (7.0_f64 / 6.0).powf(0.6));
    // Those of a beam stand together: go x, go y, go make; then make y, make x.
    let rows: Vec<_> = view.candidates.iter().map(|row| (row.candidate.beam, row.token.as_str())).collect();
    assert_eq!(rows[..3], [(0, "␣x"), (0, "␣y"), (0, "␣make")]);
    let fates: Vec<_> = view.candidates.iter().map(|row| row.candidate.fate).collect();
    assert_eq!(fates[..3], [Fate::Kept(1), Fate::Pruned, Fate::Pruned]);
    let make_y = rows.iter().position(|row| *row == (1, "␣y")).expect("listed");
    assert_eq!(fates[make_y], Fate::Kept(0));
    f.keys(&["o"]);
    let ranks: Vec<_> = f.state.rooms.beam.view().candidates.iter().map(|row| row.rank).collect();
    assert!(ranks.is_sorted(), "the best first: {ranks:?}");
}

fn texts_of_beams(f: &Fixture) -> Vec<(String, Option<usize>)> {
    f.state.rooms.beam.view().beams.iter().map(|row| (text(&row.text), row.from)).collect()
}

fn texts_before(f: &Fixture) -> Vec<String> {
    f.state.rooms.beam.view().before.iter().map(text).collect()
}

#[test]
fn the_best_text_is_found_where_greedy_is_short_sighted() {
    let mut f = fixture();
    f.keys(&["n"; 8]);
    assert!(f.state.rooms.beam.is_over());
    let best = &f.state.rooms.beam.view().finished[0];
    // That it ended with the end token is told beside it.
    assert_eq!((text(&best.text), best.tokens), ("␣make␣y".to_owned(), 3));
    let shown = beside(&f);
    assert_eq!((shown[0].0, shown[0].1.as_str()), ("best", "␣make␣y."));
    close(shown[0].2, 0.36);
    assert_eq!((shown[1].0, shown[1].1.as_str()), ("greedy", "␣go␣x."));
    close(shown[1].2, 0.5 * 0.4 * 0.6);
    let greedy = &f.state.rooms.beam.view().beside[1];
    assert_eq!(
        greedy.sentence.as_deref(),
        Some("greedy took `␣go` with .50; the best text began with `␣make`, .40")
    );
    let (index, p) = greedy.parts.expect("they part");
    assert_eq!(index, 0);
    close(p, 0.5);
    let (_, p) = f.state.rooms.beam.view().beside[0].parts.expect("they part");
    close(p, 0.4);
    // A step more says that it is over; nothing moves.
    let rounds = f.state.rooms.beam.view().rounds;
    f.keys(&["n"]);
    assert_eq!(f.state.rooms.beam.view().rounds, rounds);
    assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("The search is over")));
}

#[test]
fn playing_ends_with_the_search() {
    let mut f = fixture();
    f.keys(&["+"; 9]);
    f.keys(&["space"]);
    for _ in 0..20 {
        f.send(Message::Tick(std::time::Instant::now()));
    }
    assert!(f.state.rooms.beam.is_over() && !f.state.desk.play.playing());
    f.keys(&["space"]);
    assert!(!f.state.desk.play.playing(), "there is nothing to play");
    assert_eq!(beside(&f).len(), 3);
}

#[test]
fn greedy_and_the_sample_need_no_more_than_the_newest_logits() {
    // Room for no logits but the newest: what waits for them is moved before others come.
    let mut f = with(|setup| setup.settings.model.logits_budget_mib = 0);
    f.keys(&["n"; 8]);
    assert!(f.state.rooms.beam.is_over());
    assert_eq!(beside(&f)[1].1, "␣go␣x.");
    assert_eq!(beside(&f)[0].1, "␣make␣y.");
}

#[test]
fn a_round_back_costs_nothing_and_meets_the_same_beams() {
    let mut f = fixture();
    f.keys(&["n", "n"]);
    let second = seen(&f);
    f.keys(&["n"]);
    let evaluations = f.evaluations();
    f.keys(&["left"]);
    assert_eq!(seen(&f), second);
    f.keys(&["left", "left", "n", "n"]);
    assert_eq!(seen(&f), second);
    assert_eq!(f.evaluations(), evaluations, "all of it was known");
    f.keys(&["R"]);
    assert_eq!((f.state.rooms.beam.view().round, beside(&f)[1].1.as_str()), (0, ""));
    f.keys(&["left"]);
    assert!(
        f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("No round has been done yet"))
    );
}

#[test]
fn earlier_rounds_can_be_looked_at() {
    let mut f = fixture();
    f.keys(&["n"]);
    let first = texts_of_beams(&f);
    f.keys(&["n"]);
    let second = texts_of_beams(&f);
    f.keys(&["shift-left"]);
    assert_eq!((texts_of_beams(&f), f.state.rooms.beam.view().round), (first, 1));
    f.keys(&["shift-left", "shift-left"]);
    assert_eq!(f.state.rooms.beam.view().round, 1, "the first is the first");
    f.keys(&["shift-right"]);
    assert_eq!((texts_of_beams(&f), f.state.rooms.beam.view().round), (second, 2));
    f.keys(&["shift-left", "esc"]);
    assert_eq!(f.state.rooms.beam.view().round, 2);
    f.keys(&["shift-left", "n"]);
    assert_eq!(f.state.rooms.beam.view().round, 3, "a step goes on from the newest");
}

#[test]
fn a_narrow_search_can_miss_what_a_sample_finds() {
    let lucky = |seed: u32| {
        let mut f = with(|setup| {
            setup.given.seed = Some(Some(seed));
            setup.given.temperature = Some(1.0);
        });
        f.keys(&["["; 3]);
        f.keys(&["n"; 6]);
        assert!(f.state.rooms.beam.is_over());
        (beside(&f)[2].1 == "␣make␣y.").then_some(f)
    };
    let f = (1..50).find_map(lucky).expect("one in three draws it");
    let rows = &f.state.rooms.beam.view().beside;
    let sentence = rows[2].sentence.as_deref().unwrap_or_default();
    assert!(sentence.starts_with("a sample took `␣make`"), "{sentence}");
    assert!(sentence.ends_with("; its score is better, but the search had pruned it"), "{sentence}");
    assert_eq!(rows[1].sentence.as_deref(), Some("greedy found the best text too"));
}

#[test]
fn what_is_set_does_the_search_again() {
    let mut f = fixture();
    f.keys(&["n", "]"]);
    assert_eq!((f.state.rooms.beam.settings().width, f.state.rooms.beam.settings().candidates), (5, 10));
    assert_eq!(f.state.rooms.beam.view().round, 1, "as far as before");
    assert_eq!(f.state.desk.notice.as_deref(), Some("5 beams, 10 candidates each: the search started over."));
    f.keys(&["["; 9]);
    assert_eq!(f.state.rooms.beam.settings().width, 1);
    assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.contains("that is the limit")));
    // One beam is greedy decoding.
    f.keys(&["n"; 6]);
    assert_eq!(beside(&f)[0].1, beside(&f)[1].1);
    let greedy = &f.state.rooms.beam.view().beside[1];
    assert_eq!(greedy.sentence.as_deref(), Some("greedy found the best text too"));
    f.keys(&["]"; 20]);
    assert_eq!(f.state.rooms.beam.settings().width, 16);
    f.keys(&["a"]);
    close(f.state.rooms.beam.settings().length_penalty, 0.7);
    f.keys(&["A"; 9]);
    close(f.state.rooms.beam.settings().length_penalty, 0.0);
    f.keys(&["x"]);
    assert_eq!(f.state.rooms.beam.settings().early_stop, EarlyStop::First);
    f.keys(&["x", "x"]);
    assert_eq!(f.state.rooms.beam.settings().early_stop, EarlyStop::Certain);
    assert_eq!(f.state.rooms.beam.settings().width, 16, "the others stay");
}

#[test]
fn another_prompt_has_another_search_with_the_same_settings() {
    let mut f = fixture();
    f.keys(&["]", "n"]);
    f.keys(&["e", "x", "enter"]);
    assert_eq!(f.state.desk.screen, Screen::Beam);
    assert_eq!((f.state.rooms.beam.view().round, f.state.rooms.beam.settings().width), (0, 5));
    f.keys(&["n"]);
    assert_eq!(f.state.rooms.beam.view().round, 1);
}

#[test]
fn enter_goes_to_a_beam_on_the_step_screen() {
    let mut f = fixture();
    f.keys(&["n", "n"]);
    let node = f.state.rooms.beam.view().beams[1].node;
    f.keys(&["down", "enter"]);
    assert_eq!(f.state.desk.screen, Screen::Step);
    let path = f.state.desk.walk.session.as_ref().expect("a session").path();
    assert_eq!((path.head(), path.generated()), (Some(node), 2));
    // What was pruned is no node.
    f.keys(&["6", "tab", "end", "enter"]);
    assert_eq!(f.state.desk.screen, Screen::Beam);
    assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("This was pruned")));
    // Greedy decoding's text is one.
    f.keys(&["tab", "tab", "down", "enter"]);
    assert_eq!(f.state.desk.screen, Screen::Step);
    let tokens = f.state.desk.walk.session.as_ref().expect("a session").path().generated_tokens();
    assert_eq!(tokens.len(), 2);
}

#[test]
fn what_the_search_stands_on_is_not_pruned() {
    let mut f = fixture();
    f.keys(&["n", "n", "4", "home", "down", "d"]);
    assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("This branch is in use")));
    f.keys(&["6", "n", "n", "n"]);
    assert!(f.state.rooms.beam.is_over());
}

#[test]
fn rounds_whose_branches_were_pruned_can_still_be_looked_at() {
    let mut f = fixture();
    f.keys(&["n"; 8]);
    f.keys(&["4"]);
    // Every row, from the last up: what is not in use goes.
    for _ in 0..12 {
        f.keys(&["end", "d"]);
        f.keys(&["up", "d"]);
    }
    f.keys(&["6"]);
    f.keys(&["shift-left"; 9]);
    assert_eq!(f.state.rooms.beam.view().round, 1);
    f.keys(&["tab", "enter"]);
    f.keys(&["6", "R", "n", "n", "n", "n", "n"]);
    assert!(f.state.rooms.beam.is_over(), "it is evaluated again");
}

#[test]
fn a_screen_that_is_left_and_come_back_to_goes_on() {
    let mut f = fixture();
    f.keys(&["n"]);
    // A round is asked for, the answer comes on another screen.
    let effects = update(&mut f.state, key("n"));
    let _ = update(&mut f.state, key("1"));
    f.answer(effects);
    assert_eq!(f.state.desk.screen, Screen::Step);
    f.keys(&["6"]);
    assert_eq!(f.state.rooms.beam.view().rounds, 1, "what was asked for is forgotten");
    f.keys(&["n"]);
    assert_eq!((f.state.rooms.beam.view().rounds, f.state.rooms.beam.view().beside[1].tokens), (2, 2));
}

fn key(name: &str) -> Message {
    Message::Key(crate::keymap::parse_key(name).expect("a key").into())
}

#[test]
fn a_failed_round_can_be_done_again_and_nobody_is_ahead() {
    let mut f = fixture();
    f.keys(&["n"]);
    let effects = update(&mut f.state, key("n"));
    let Some(Effect::Engine(_, ticket, Command::Evaluate(_))) = effects.first() else {
        panic!("{effects:?}")
    };
    f.send(Message::Engine(EngineId::MAIN, Event::EvaluateFailed(*ticket, EvaluateError::Cancelled)));
    assert_eq!(f.state.rooms.beam.view().rounds, 1);
    f.keys(&["n"]);
    let view = f.state.rooms.beam.view();
    assert_eq!((view.rounds, view.beside[1].tokens, view.beside[2].tokens), (2, 2, 2));
}

#[test]
fn a_full_tree_is_told_and_the_round_is_done_when_there_is_room() {
    let mut f = fixture();
    f.keys(&["n"]);
    let tree = f.state.desk.walk.session.as_mut().expect("a session").tree_mut();
    tree.set_limit(tree.len());
    f.keys(&["n"]);
    assert!(
        f.state.desk.notice.as_deref().is_some_and(|notice| notice.contains("the tree has")),
        "{:?}",
        f.state.desk.notice
    );
    assert_eq!(f.state.rooms.beam.view().rounds, 1);
    f.state.desk.walk.session.as_mut().expect("a session").tree_mut().set_limit(1000);
    f.keys(&["n"; 4]);
    assert!(f.state.rooms.beam.is_over());
    let finished = f.state.rooms.beam.view().finished.len();
    assert!(finished <= f.state.rooms.beam.settings().width, "{finished}");
}

#[test]
fn numbers_that_are_none_end_the_search() {
    let script = Scripted::new(&["?", " a", " b", "."], &["."], 32)
        .rule("?", &[(" a", 0.5), (" b", 0.5)])
        .rule(" a", &[(" b", f32::NAN)]);
    let mut f = Fixture::scripted(script, "?", |_| {});
    f.keys(&["6", "n", "n"]);
    assert!(!f.state.desk.overlays.is_empty() && !f.state.desk.play.playing());
    f.keys(&["esc", "left", "n"]);
    assert_eq!(f.state.rooms.beam.view().rounds, 1);
}

#[test]
fn the_sample_follows_the_settings_of_the_step_screen() {
    let mut f = fixture();
    f.keys(&["n", "n", "1", "f4"]);
    // As certain as it gets: the sample is greedy decoding then.
    f.keys(&["home"]);
    f.keys(&["H"; 40]);
    f.keys(&["6", "n"]);
    let shown = beside(&f);
    assert_eq!((shown[2].0, &shown[2].1), ("sample", &shown[1].1));
}

#[test]
fn without_a_prompt_there_is_nothing_to_do() {
    let (mut f, _) = Fixture::loading(|_| {});
    f.keys(&[
        "6",
        "n",
        "space",
        "left",
        "R",
        "]",
        "[",
        "a",
        "A",
        "x",
        "o",
        "tab",
        "enter",
        "down",
        "end",
        "shift-left",
    ]);
    assert_eq!(f.state.rooms.beam.view().rounds, 0);
    assert!(f.state.rooms.beam.search().is_none());
}

#[test]
fn keys_that_come_faster_than_rounds_lose_none_of_them() {
    let mut f = fixture();
    f.keys(&["n", "n", "n"]);
    let effects: Vec<_> = ["]", "]", "]"].into_iter().flat_map(|key| press(&mut f, key)).collect();
    f.answer(effects);
    assert_eq!((f.state.rooms.beam.settings().width, f.state.rooms.beam.view().round), (7, 3));
    let effects: Vec<_> = ["left", "left"].into_iter().flat_map(|key| press(&mut f, key)).collect();
    f.answer(effects);
    assert_eq!(f.state.rooms.beam.view().round, 1);
}

#[test]
fn rounds_that_are_done_again_come_though_the_screen_was_left() {
    let mut f = fixture();
    f.keys(&["n", "n", "n"]);
    let effects: Vec<_> = ["]", "1", "6"].into_iter().flat_map(|key| press(&mut f, key)).collect();
    f.answer(effects);
    assert_eq!((f.state.rooms.beam.settings().width, f.state.rooms.beam.view().round), (5, 3));
}

#[test]
fn a_step_back_from_a_search_that_ended_long_ago_takes_something_back() {
    let mut f = fixture();
    f.keys(&["n"; 12]);
    assert!(f.state.rooms.beam.is_over());
    // It ends with the first finished text, and earlier than before.
    f.keys(&["x"]);
    let reached = |f: &Fixture| {
        let rows = &f.state.rooms.beam.view().beside;
        rows[1..].iter().map(|row| row.tokens).fold(f.state.rooms.beam.view().rounds, usize::max)
    };
    let before = reached(&f);
    f.keys(&["left"]);
    assert_eq!(reached(&f), before - 1);
}

#[test]
fn greedy_is_greedy_whatever_the_settings_are() {
    let greedy = |change: fn(&mut Setup)| {
        let mut f = with(change);
        f.keys(&["n"; 8]);
        beside(&f)[1].clone()
    };
    let plain = greedy(|_| {});
    assert_eq!(plain.1, "␣go␣x.");
    for seed in 1..9 {
        let mut f = with(|setup| {
            setup.given.seed = Some(Some(seed));
            setup.given.dynatemp_range = Some(2.0);
            setup.given.muted = Some(vec![crate::sampling::SamplerKind::Temperature.into()]);
        });
        f.keys(&["n"; 8]);
        assert_eq!(beside(&f)[1], plain);
    }
}

#[test]
fn a_ban_of_end_tokens_is_the_samples_alone_and_the_notice_says_so() {
    let mut f = fixture();
    f.keys(&["E"]);
    let notice = f.state.desk.notice.clone().expect("a notice");
    assert!(notice.starts_with("End tokens are banned in the sample; beams and greedy decoding"), "{notice}");
    assert!(f.state.desk.hand.sampling.ignore_eos);
    f.keys(&["E"]);
    assert!(!f.state.desk.hand.sampling.ignore_eos);
}
