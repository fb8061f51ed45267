//! What a person does on the seeds screen, on the scripted evaluator.

use std::time::{Duration, Instant};

use super::*;
use crate::{
    app::{Effect, Message, MouseMove, Overlay, PanelId, Screen, fixture::Fixture, update},
    decode::{Path, StopReason},
    engine::{
        EngineId, EvaluateError,
        worker::{Command, Event},
    },
    keymap::parse_key,
    sampling::SamplingOverrides,
};

/// The model's own probabilities, nothing cut.
fn plain(change: impl FnOnce(&mut crate::app::Setup)) -> Fixture {
    Fixture::with(|setup| {
        setup.given = SamplingOverrides {
            temperature: Some(1.0),
            samplers: Some(Vec::new()),
            seed: Some(Some(42)),
            ..SamplingOverrides::default()
        };
        change(setup);
    })
}

/// The seeds screen on "Once upon a time".
fn fixture() -> Fixture {
    let mut f = plain(|_| {});
    f.keys(&["5"]);
    f
}

fn forest(f: &Fixture) -> &Forest {
    f.state.rooms.seeds.forest().expect("it is planted")
}

fn lengths(f: &Fixture) -> Vec<usize> {
    (0..forest(f).len()).filter_map(|index| forest(f).path(index)).map(Path::generated).collect()
}

fn text(f: &Fixture, nodes: &[NodeId]) -> String {
    let session = f.state.desk.walk.session.as_ref().expect("a session");
    let tokens = nodes.iter().filter_map(|&node| session.tree().node(node).token);
    tokens.map(|token| String::from_utf8_lossy(session.vocabulary().piece(token)).into_owned()).collect()
}

/// Presses a key and leaves what it asks for undone.
fn press(f: &mut Fixture, key: &str) -> Vec<Effect> {
    update(&mut f.state, Message::Key(parse_key(key).expect("a key").into()))
}

#[test]
fn every_seed_writes_one_token_a_step() {
    let mut f = fixture();
    assert_eq!((forest(&f).len(), forest(&f).seed(0)), (32, Some(42)));
    f.keys(&["n", "n", "n"]);
    assert_eq!(lengths(&f), [3; 32]);
    assert_eq!(forest(&f).evaluated() + forest(&f).shared(), 3 * 32, "every step is paid or shared");
    // The prompt's end was evaluated for the step screen.
    let first = f.state.rooms.seeds.forks().iter().find(|fork| fork.index == 0);
    let ways = first.map_or(1, |fork| fork.branches.len());
    assert!(forest(&f).evaluated() >= ways && forest(&f).shared() >= 32);
    f.keys(&["R"]);
    assert_eq!(lengths(&f), [0; 32]);
    assert_eq!((f.state.rooms.seeds.rows().len(), forest(&f).evaluated()), (1, 0));
}

#[test]
fn a_seed_says_what_the_step_screen_says_with_it() {
    let mut f = fixture();
    f.keys(&["n"; 6]);
    let first = forest(&f).path(0).expect("a seed").generated_tokens().to_vec();
    f.keys(&["1"]);
    assert_eq!(
        f.state.desk.walk.session.as_ref().expect("a session").path().generated(),
        0,
        "it stayed where it was"
    );
    f.keys(&["n"; 6]);
    assert_eq!(f.state.desk.walk.session.as_ref().expect("a session").path().generated_tokens(), first);
}

#[test]
fn shares_stand_beside_the_probabilities_they_come_near_to() {
    let mut f = fixture();
    f.keys(&["a", "a", "a", "n", "n"]);
    assert_eq!(forest(&f).len(), 256);
    let rows = f.state.rooms.seeds.rows();
    assert_eq!((text(&f, &rows[0].nodes).as_str(), rows[0].seeds), ("Once upon a time", 256));
    // After "time" the script has "," with 0.93, after that " there" with 0.81.
    let comma = rows[1].branch.expect("generated");
    assert!(text(&f, &rows[1].nodes).starts_with(',') && rows[1].came == 256);
    assert!((comma.p_final - 0.93).abs() < 1e-6 && (comma.p_raw - 0.93).abs() < 1e-6);
    // Five standard deviations of 256 draws.
    assert!((comma.share - 0.93).abs() < 5.0 * (0.93_f64 * 0.07 / 256.0).sqrt(), "{}", comma.share);
    let there = rows.iter().find(|row| text(&f, &row.nodes) == " there" && row.came == rows[1].seeds);
    let there = there.and_then(|row| row.branch).expect("most went there");
    assert!((there.p_final - 0.81).abs() < 1e-6);
    for (above, row) in rows.iter().enumerate() {
        let below = rows[above + 1..].iter().take_while(|below| below.depth > row.depth);
        let next: usize = below.filter(|below| below.depth == row.depth + 1).map(|below| below.seeds).sum();
        assert!(row.ways == 0 || next == row.seeds, "all who came went on, since none has ended");
    }
    for fork in f.state.rooms.seeds.forks() {
        assert!((fork.branches.iter().map(|branch| branch.share).sum::<f64>() - 1.0).abs() < 1e-12);
    }
    let endings: usize = f.state.rooms.seeds.endings().iter().map(|ending| ending.seeds.len()).sum();
    assert_eq!(endings, 256);
}

#[test]
fn a_changed_setting_has_all_begin_again_and_walk_as_far() {
    let mut f = fixture();
    f.keys(&["n", "n", "n", "n", "f4"]);
    assert!(f.state.rooms.seeds.endings().len() > 1);
    f.keys(&["H", "H", "H", "H"]);
    assert!(forest(&f).settings().temperature.abs() < f32::EPSILON);
    assert_eq!(
        f.state.desk.notice.as_deref(),
        Some("All seeds started over from the prompt with the new settings.")
    );
    assert_eq!(lengths(&f), [4; 32]);
    // Greedy: the samplers had been none, so temperature has to be one of them.
    let mut f = Fixture::new();
    f.keys(&["5", "n", "n", "n", "n", "f4", "H", "H", "H", "H"]);
    assert_eq!((lengths(&f), f.state.rooms.seeds.endings().len()), (vec![4; 32], 1));
    assert!(f.state.rooms.seeds.forks().is_empty());
    assert_eq!(text(&f, &f.state.rooms.seeds.rows()[1].nodes), ", there was a");
    // Changed elsewhere, the seeds follow when they are looked at again.
    f.keys(&["1", "f4", "L", "L", "L", "L", "5"]);
    assert!((forest(&f).settings().temperature - 1.0).abs() < 1e-6);
    assert_eq!(lengths(&f), [4; 32]);
    assert!(f.state.rooms.seeds.endings().len() > 1);
}

#[test]
fn there_can_be_more_seeds_fewer_and_others() {
    let mut f = fixture();
    f.keys(&["n", "n", "x"]);
    assert_eq!((forest(&f).len(), forest(&f).seed(15)), (16, Some(57)));
    assert_eq!(lengths(&f), [2; 16]);
    f.keys(&["x", "x"]);
    assert_eq!(forest(&f).len(), 8);
    assert_eq!(f.state.desk.notice.as_deref(), Some("The number of seeds is 8 to 256."));
    f.keys(&["r"]);
    assert_eq!((forest(&f).seed(0), forest(&f).len(), lengths(&f)), (Some(50), 8, vec![2; 8]));
    assert_eq!(f.state.desk.hand.sampling.seed, Some(50));
    f.keys(&["a", "a", "a", "a", "a", "a"]);
    assert_eq!(forest(&f).len(), 256);
}

#[test]
fn playing_steps_all_when_it_is_due_and_ends_with_the_last_seed() {
    let mut f = plain(|setup| setup.settings.stop.predict = 5);
    let start = Instant::now();
    f.keys(&["5", "space"]);
    assert!(f.state.desk.play.playing());
    assert_eq!(lengths(&f), [1; 32]);
    for tick in 1..30 {
        f.send(Message::Tick(start + Duration::from_secs(tick)));
    }
    assert!(lengths(&f).iter().all(|&length| length <= 5) && f.state.rooms.seeds.all_ended());
    assert!(!f.state.desk.play.playing());
    f.keys(&["n"]);
    assert!(
        f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("Every seed has stopped"))
    );
    f.keys(&["space"]);
    assert!(!f.state.desk.play.playing());
    let stopped = f.state.rooms.seeds.endings().iter().filter_map(|ending| ending.stopped.as_ref());
    let known =
        |reason: &StopReason| matches!(reason, StopReason::MaxTokens { limit: 5 } | StopReason::Eog { .. });
    assert_eq!(stopped.filter(|reason| known(reason)).count(), f.state.rooms.seeds.endings().len());
}

#[test]
fn at_full_speed_paths_are_walked_to_their_ends_and_a_pause_stops_them() {
    let mut f = plain(|setup| {
        setup.settings.ui.speed = 0.0;
        setup.settings.stop.predict = 12;
    });
    f.keys(&["5"]);
    let mut effects = press(&mut f, "space");
    assert!(
        matches!(effects[..], [Effect::Engine(_, _, Command::Evaluate(_))]),
        "the prompt is known, so all stand one token on"
    );
    assert_eq!(lengths(&f), [1; 32]);
    // The pause comes before the first answer.
    effects.extend(press(&mut f, "space"));
    f.answer(effects);
    assert_eq!(lengths(&f), [1; 32]);
    f.keys(&["space"]);
    assert!(f.state.rooms.seeds.all_ended() && !f.state.desk.play.playing());
    assert!(lengths(&f).contains(&12));
}

#[test]
fn a_row_a_fork_and_an_ending_can_be_gone_to() {
    let mut f = fixture();
    f.keys(&["n", "n", "n", "n"]);
    f.keys(&["down"]);
    let row = *f.state.rooms.seeds.rows()[1].nodes.last().expect("a token");
    f.keys(&["enter"]);
    let head = |f: &Fixture| f.state.desk.walk.session.as_ref().expect("a session").path().head();
    assert_eq!((f.state.desk.screen, head(&f)), (Screen::Step, Some(row)));
    f.keys(&["5", "tab", "down"]);
    assert_eq!(f.state.desk.focus, PanelId::Forks);
    let fork = f.state.rooms.seeds.forks()[1].node;
    let selected = &f.state.rooms.seeds.rows()[f.state.rooms.seeds.selected()];
    assert_eq!(selected.nodes.last(), Some(&fork), "its row is selected, too");
    f.keys(&["enter"]);
    assert_eq!(head(&f), Some(fork));
    f.keys(&["5", "w", "end"]);
    assert_eq!(f.state.desk.focus, PanelId::Endings);
    let ending = f.state.rooms.seeds.endings().last().expect("some").node;
    f.keys(&["enter"]);
    assert_eq!(head(&f), Some(ending));
    // What a click selects, a second click goes to.
    f.keys(&["5"]);
    for _ in 0..2 {
        f.send(Message::Mouse(MouseMove::Press, Some(crate::app::Hit::Row(PanelId::Endings, 0))));
    }
    assert_eq!((f.state.desk.screen, head(&f)), (Screen::Step, Some(f.state.rooms.seeds.endings()[0].node)));
}

#[test]
fn what_is_below_a_folded_row_is_hidden_until_it_is_looked_for() {
    let mut f = fixture();
    f.keys(&["n", "n", "n", "n"]);
    let all = f.state.rooms.seeds.rows().len();
    f.keys(&["down", "left"]);
    let folded = f.state.rooms.seeds.rows().len();
    assert!(folded < all && f.state.rooms.seeds.rows()[1].folded);
    f.keys(&["left"]);
    assert_eq!(f.state.rooms.seeds.selected(), 0, "folded already: up to the row above");
    f.keys(&["left"]);
    assert_eq!(f.state.rooms.seeds.rows().len(), 1);
    // A text that is selected is unfolded.
    f.keys(&["w", "end"]);
    let ending = f.state.rooms.seeds.endings().last().expect("some").node;
    let selected = &f.state.rooms.seeds.rows()[f.state.rooms.seeds.selected()];
    assert_eq!(selected.nodes.last(), Some(&ending));
    f.keys(&["f2", "home", "right", "down", "right"]);
    assert_eq!(f.state.rooms.seeds.rows().len(), all);
}

#[test]
fn what_seeds_stand_on_is_not_pruned() {
    let mut f = fixture();
    f.keys(&["n", "n", "n", "4"]);
    let before = f.state.rooms.tree.usage().nodes;
    for row in 1..f.state.rooms.tree.rows().len() {
        f.send(Message::Mouse(MouseMove::Press, Some(crate::app::Hit::TreeRow(row))));
        f.keys(&["d"]);
        let notice = f.state.desk.notice.as_deref();
        assert!(notice.is_some_and(|notice| notice.starts_with("This branch is in use")), "{notice:?}");
    }
    assert_eq!(f.state.rooms.tree.usage().nodes, before);
    // A forest of fewer seeds stands on less of it.
    f.keys(&["5", "x", "x", "4", "end", "d"]);
    f.keys(&["5", "n"]);
    assert_eq!(lengths(&f), [4; 8]);
}

#[test]
fn what_comes_after_the_screen_was_left_is_kept() {
    let mut f = fixture();
    f.keys(&["n"]);
    let evaluated = forest(&f).evaluated();
    let mut effects = press(&mut f, "n");
    assert!(matches!(effects[..], [Effect::Engine(_, _, Command::Evaluate(_))]));
    effects.extend(press(&mut f, "1"));
    f.answer(effects);
    assert!(forest(&f).evaluated() > evaluated, "it was paid for the seeds");
    assert_eq!(lengths(&f), [1; 32], "the step was given up");
    f.keys(&["n", "5", "n"]);
    assert_eq!(lengths(&f), [2; 32]);
    assert_eq!(forest(&f).evaluated() + forest(&f).shared(), 2 * 32);
}

#[test]
fn settings_changed_under_way_leave_no_seed_behind() {
    let mut f = fixture();
    f.keys(&["n", "n", "f4"]);
    let mut effects = press(&mut f, "tab");
    effects.extend(press(&mut f, "n"));
    effects.extend(press(&mut f, "f4"));
    effects.extend(press(&mut f, "right"));
    effects.extend(press(&mut f, "right"));
    f.answer(effects);
    assert_eq!(lengths(&f), [3; 32]);
    assert!((forest(&f).settings().temperature - 1.1).abs() < 1e-6);
    assert_eq!(forest(&f).evaluated() + forest(&f).shared(), 3 * 32);
}

#[test]
fn another_prompt_has_a_forest_of_its_own() {
    let mut f = fixture();
    f.keys(&["x", "n", "n"]);
    let mut effects = press(&mut f, "n");
    for key in ["e", ",", "enter"] {
        effects.extend(press(&mut f, key));
    }
    f.answer(effects);
    assert_eq!((lengths(&f), forest(&f).len()), (vec![0; 16], 16));
    assert_eq!(text(&f, &f.state.rooms.seeds.rows()[0].nodes), "Once upon a time,");
    assert!(f.state.desk.engines.main().prefill.is_some(), "it is read at once");
    f.keys(&["n"]);
    assert_eq!(lengths(&f), [1; 16]);
}

#[test]
fn another_model_takes_the_forest_away() {
    let mut f = fixture();
    let effects = press(&mut f, "n");
    f.send(Message::Engine(EngineId::MAIN, Event::Loading(0.5)));
    f.answer(effects);
    assert!(f.state.rooms.seeds.forest().is_none() && f.state.rooms.seeds.rows().is_empty());
    f.keys(&["n", "space", "R", "r", "a", "left", "right", "enter", "tab", "end", "enter"]);
    assert!(f.state.rooms.seeds.forest().is_none());
}

#[test]
fn a_failed_evaluation_ends_the_step_and_the_next_goes_on() {
    let mut f = fixture();
    f.keys(&["n"]);
    let effects = press(&mut f, "n");
    let [Effect::Engine(_, ticket, Command::Evaluate(_))] = effects[..] else { panic!("{effects:?}") };
    f.send(Message::Engine(EngineId::MAIN, Event::EvaluateFailed(ticket, EvaluateError::Cancelled)));
    assert!(!forest(&f).is_due());
    f.keys(&["n"]);
    assert_eq!(lengths(&f), [2; 32]);
    let effects = press(&mut f, "n");
    let [Effect::Engine(_, ticket, Command::Evaluate(_))] = effects[..] else { panic!("{effects:?}") };
    f.send(Message::Engine(
        EngineId::MAIN,
        Event::EvaluateFailed(ticket, EvaluateError::Failed("no memory".into())),
    ));
    assert!(matches!(f.state.desk.overlays.last(), Some(Overlay::Error { .. })));
    f.keys(&["esc", "n"]);
    assert_eq!(lengths(&f), [3; 32]);
}

#[test]
fn escape_gives_up_what_was_asked_for() {
    let mut f = fixture();
    f.keys(&["tab"]);
    let mut effects = press(&mut f, "n");
    effects.extend(press(&mut f, "n"));
    effects.extend(press(&mut f, "esc"));
    f.answer(effects);
    assert_eq!((lengths(&f), f.state.desk.focus), (vec![1; 32], PanelId::Forks));
    f.keys(&["esc"]);
    assert_eq!(f.state.desk.focus, PanelId::Seeds);
}

#[test]
fn a_full_tree_is_told_and_what_is_there_stays() {
    let mut f = plain(|setup| {
        // As few as one path needs.
        setup.settings.model.tree_nodes = 1;
        setup.settings.ui.speed = 0.0;
    });
    f.keys(&["5", "a", "a", "a", "space"]);
    let Some(Overlay::Error { text, .. }) = f.state.desk.overlays.last() else { panic!("no word of it") };
    assert!(text.contains("reached its limit of"), "{text}");
    assert!(!f.state.desk.play.playing() && !forest(&f).is_due());
    f.keys(&["esc", "down", "1", "5", "R"]);
    assert_eq!(lengths(&f), [0; 256]);
}

#[test]
fn seeds_end_where_the_context_does() {
    let mut f = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
    f.keys(&["5", "x", "x", "E", "space"]);
    let full = |index| matches!(forest(&f).stopped(index), Some(StopReason::ContextFull { .. }));
    assert!((0..8).all(full));
}

#[test]
fn without_a_model_there_is_nothing_to_do() {
    let (mut f, _) = Fixture::loading(|_| {});
    f.keys(&[
        "5", "n", "space", "R", "r", "a", "x", "left", "right", "enter", "tab", "end", "w", "f4", "esc",
    ]);
    assert!(f.state.rooms.seeds.forest().is_none());
}

#[test]
fn who_writes_a_prompt_has_the_seeds_wait() {
    let mut f = Fixture::new();
    f.keys(&["5", "n"]);
    f.keys(&["+"; 9]);
    let playing = press(&mut f, "space");
    f.keys(&["e"]);
    f.answer(playing);
    let longest = (0..32).filter_map(|index| forest(&f).path(index)).map(Path::generated).max();
    assert!(longest.is_some_and(|longest| longest < 10), "{longest:?}");
    assert!(!forest(&f).is_due());
}

#[test]
fn the_text_that_is_selected_stays_selected_when_others_overtake_it() {
    let mut f = Fixture::new();
    f.keys(&["5", "n", "n", "n", "n", "n", "n"]);
    f.keys(&["tab", "tab", "down", "down", "down"]);
    assert_eq!(f.state.desk.focus, PanelId::Endings);
    let selected =
        |f: &Fixture| f.state.rooms.seeds.endings()[f.state.rooms.seeds.selected_ending()].seeds.clone();
    let seed = selected(&f)[0];
    for _ in 0..8 {
        f.keys(&["n"]);
        assert!(selected(&f).contains(&seed), "{seed} is in {:?}", selected(&f));
    }
}

#[test]
fn a_step_back_takes_the_newest_tokens_and_the_same_come_again() {
    let mut f = Fixture::new();
    f.keys(&["5"]);
    f.keys(&["n"; 3]);
    let rows = |f: &Fixture| f.state.rooms.seeds.rows().to_vec();
    let (three, evaluations) = (rows(&f), f.evaluations());
    f.keys(&["backspace"]);
    assert_eq!(f.state.rooms.seeds.forest().map(crate::decode::forest::Forest::length), Some(2));
    assert_ne!(rows(&f), three);
    f.keys(&["n"]);
    assert_eq!((rows(&f), f.evaluations()), (three, evaluations), "all of it is known");
    f.keys(&["backspace"; 4]);
    assert!(
        f.state.desk.notice.as_deref().is_some_and(|told| told.starts_with("Nothing has been generated yet"))
    );
}
