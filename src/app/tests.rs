//! What a person does and what the state then shows, on the scripted evaluator.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{fixture::Fixture, *};
use crate::{
    decode::{Session, StopReason},
    engine::{
        EngineId,
        llama::CacheLayout,
        worker::{Command, Event},
    },
    keymap::Context,
    settings::EndChart,
    token::Token,
    tree::Origin,
};

fn session(fixture: &Fixture) -> &Session {
    fixture.state.desk.walk.session.as_ref().expect("there is a session")
}

fn text(fixture: &Fixture) -> String {
    String::from_utf8_lossy(session(fixture).path().text().bytes()).into_owned()
}

/// Takes the candidate with this text, wherever it ranks.
fn take(fixture: &mut Fixture, word: &str) {
    fixture.keys(&["/"]);
    for c in word.chars() {
        fixture.send(Message::Paste(c.to_string()));
    }
    fixture.keys(&["enter", "enter"]);
}

#[test]
fn steps_give_tokens_and_the_view_follows() {
    let mut f = Fixture::new();
    assert_eq!(f.state.desk.walk.frame.length, session(&f).path().prompt_len());
    let drawn = f.state.desk.walk.frame.drawn.expect("the draw is shown before it is taken");
    f.keys(&["right"]);
    assert_eq!(session(&f).path().tokens().last(), Some(&drawn), "what was shown is what is drawn");
    assert_eq!(session(&f).path().generated(), 1);
    assert!(f.state.desk.walk.frame.taken.is_none());
    f.keys(&["right", "right", "left"]);
    assert_eq!(session(&f).path().generated(), 2);
}

#[test]
fn back_and_forth_meets_the_same_tokens() {
    let mut f = Fixture::new();
    f.keys(&["right"; 8]);
    let before = text(&f);
    f.keys(&["left"; 8]);
    assert_eq!(text(&f), "");
    f.keys(&["right"; 8]);
    assert_eq!(text(&f), before);
}

#[test]
fn a_slider_moves_the_bars_and_not_the_text() {
    let mut f = Fixture::new();
    f.keys(&["right"; 6]);
    let before = text(&f);
    let nodes = session(&f).tree().len();
    let left = f.state.desk.walk.frame.survivor_count;
    f.keys(&["f4", "delete"]);
    f.state.desk.hand.knob = Knob::TopK;
    f.keys(&["enter", "1", "enter"]);
    assert_eq!(f.state.desk.hand.sampling.top_k, 1);
    assert_eq!(f.state.desk.walk.frame.survivor_count, 1, "it was {left}");
    assert_eq!((text(&f), session(&f).tree().len()), (before, nodes));
}

#[test]
fn a_value_that_is_not_allowed_is_explained_and_can_be_mended() {
    let mut f = Fixture::new();
    f.keys(&["f4", "enter", "x", "enter"]);
    assert!(f.state.desk.notice.as_deref().is_some_and(|n| n.contains("temperature") && n.contains('x')));
    f.keys(&["backspace", "1", ".", "5", "enter"]);
    assert!((f.state.desk.hand.sampling.temperature - 1.5).abs() < 1e-6);
    assert!(f.state.desk.hand.typing.is_none());
}

#[test]
fn a_token_taken_by_hand_branches_and_the_old_path_stays() {
    let mut f = Fixture::new();
    f.keys(&["right"; 3]);
    let nodes = session(&f).tree().len();
    f.keys(&["left", "left", "left"]);
    take(&mut f, "w100");
    let path = session(&f).path();
    assert_eq!(path.generated(), 1);
    let head = session(&f).tree().node(path.head().unwrap());
    assert_eq!(head.origin, Origin::Hand);
    assert!(head.step.is_some_and(|step| step.p_final == 0.0 && step.u.is_none()), "it had been cut");
    assert_eq!(session(&f).tree().len(), nodes + 1);
}

#[test]
fn rolling_again_takes_another_number_and_the_same_seed_goes_back() {
    let mut f = Fixture::new();
    f.keys(&["right"; 6]);
    let index = session(&f).path().generated() - 1;
    let u = |f: &Fixture| {
        let s = session(f);
        s.tree().node(s.path().head().unwrap()).step.and_then(|step| step.u)
    };
    let (first, before) = (u(&f), text(&f));
    f.keys(&["r"]);
    assert_ne!(u(&f), first);
    assert_eq!((session(&f).rolled(index), session(&f).path().generated()), (1, index + 1));
    f.keys(&["s"]);
    assert_eq!((u(&f), text(&f)), (first, before));
    let told = f.state.desk.notice.as_deref().unwrap_or_default();
    assert!(told.contains(&format!(" drawn again: u {:.4} lands on ", first.unwrap())), "{told}");
}

#[test]
fn playing_steps_when_it_is_due_and_stops_at_the_end() {
    let mut f = Fixture::with(|setup| {
        setup.settings.stop.predict = 4;
        setup.settings.ui.speed = 10.0;
    });
    f.keys(&["space"]);
    assert_eq!(session(&f).path().generated(), 1, "the first token comes at once");
    let start = Instant::now();
    for tenth in 1..=20 {
        f.send(Message::Tick(start + Duration::from_millis(100 * tenth)));
    }
    assert_eq!(session(&f).path().generated(), 4);
    assert_eq!(session(&f).stopped(), Some(&StopReason::MaxTokens { limit: 4 }));
    assert!(!f.state.desk.play.playing());
    f.keys(&["right"]);
    assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.contains("-n 4")));
    f.keys(&["left", "right"]);
    assert_eq!(session(&f).path().generated(), 4, "going back takes the end back");
}

#[test]
fn full_speed_goes_on_without_ticks() {
    let mut f = Fixture::with(|setup| {
        setup.settings.stop.predict = 50;
        setup.settings.ui.speed = 0.0;
        setup.given.ignore_eos = Some(true);
    });
    f.keys(&["space"]);
    assert_eq!(session(&f).path().generated(), 50);
}

#[test]
fn ignoring_the_end_bans_it_and_says_so() {
    let mut f = Fixture::new();
    f.keys(&["right"; 8]);
    f.keys(&["E"]);
    assert!(f.state.desk.hand.sampling.ignore_eos);
    let end = session(&f).vocabulary().eog()[0];
    assert_eq!(f.state.desk.walk.frame.fate(end).1, Some("logit-bias"));
}

#[test]
fn presets_change_what_they_say_and_keep_the_seed() {
    let mut f = Fixture::new();
    let seed = f.state.desk.hand.sampling.seed;
    f.keys(&["]"]);
    assert_eq!(f.state.preset().name, "greedy");
    assert!(f.state.desk.hand.sampling.temperature.abs() < f32::EPSILON);
    assert_eq!(f.state.desk.hand.sampling.seed, seed);
    f.keys(&["["]);
    assert!((f.state.desk.hand.sampling.temperature - 0.8).abs() < 1e-6);
}

#[test]
fn a_line_of_a_prompt_is_cleared_as_in_a_shell() {
    let mut f = Fixture::new();
    f.keys(&["e", "ctrl-u", "O", "n", "c", "e", "enter"]);
    assert_eq!(f.state.desk.prompt.text.text, "Once");
}

#[test]
fn a_new_prompt_is_written_remembered_and_run() {
    let mut f = Fixture::new();
    f.keys(&["right", "e"]);
    f.keys(&["ctrl-a", "ctrl-k"]);
    f.send(Message::Paste("Once upon a time ,".into()));
    f.keys(&["enter"]);
    assert_eq!(session(&f).path().generated(), 0);
    assert!(f.other.contains(&Effect::RememberPrompt("Once upon a time ,".into())));
    f.keys(&["e", "up", "up"]);
    let Some(Overlay::Prompt(editor)) = f.state.desk.overlays.last() else { panic!("the editor is open") };
    assert_eq!(editor.prompt().text, "Once upon a time ,");
    f.keys(&["esc"]);
    assert!(f.state.desk.overlays.is_empty());
}

#[test]
fn a_failed_load_keeps_the_model_that_is_there() {
    let mut f = Fixture::new();
    f.keys(&["right", "m"]);
    assert!(f.other.contains(&Effect::FindModels { loaded: None, folder: None, own: vec![] }));
    f.keys(&["esc"]);
    f.send(Message::Engine(EngineId::MAIN, Event::LoadFailed { why: "bad magic".into(), kept: true }));
    assert!(
        matches!(f.state.desk.overlays.last(), Some(Overlay::Error { text, .. }) if text.contains("bad magic"))
    );
    f.keys(&["esc", "right"]);
    assert_eq!(session(&f).path().generated(), 2);
}

#[test]
fn when_llama_cpp_fails_the_program_lives_and_gets_a_new_engine() {
    let mut f = Fixture::new();
    f.keys(&["right"]);
    f.send(Message::Engine(EngineId::MAIN, Event::Aborted("GGML_ASSERT(false) failed".into())));
    assert!(f.other.contains(&Effect::RestartEngine(EngineId::MAIN)));
    assert!(matches!(f.state.desk.engines.main().model, ModelState::Missing(_)));
    f.keys(&["esc", "right", "space", "r", "left", "enter"]);
    assert!(f.state.desk.walk.session.is_none());
}

#[test]
fn the_welcome_goes_away_once_and_for_all() {
    let mut f = Fixture::with(|setup| setup.first_start = true);
    assert!(matches!(f.state.desk.overlays.last(), Some(Overlay::Welcome)));
    assert_eq!(f.state.context(), Context::Overlay);
    f.keys(&["enter"]);
    assert!(f.state.desk.overlays.is_empty());
    assert_eq!(f.other, [Effect::WelcomeSeen]);
}

#[test]
fn a_tick_that_brings_no_token_needs_no_frame() {
    let mut f = Fixture::new();
    let before = f.state.revision();
    f.send(Message::Tick(Instant::now()));
    assert_eq!(f.state.revision(), before);
    assert_eq!(f.state.next_tick(), None, "idle waits for nothing");
}

fn any_message() -> impl Strategy<Value = Message> {
    let keys = prop::sample::select(vec![
        "right",
        "left",
        "space",
        "R",
        "r",
        "s",
        "enter",
        "esc",
        "tab",
        "up",
        "down",
        "pageup",
        "pagedown",
        "home",
        "end",
        "f2",
        "f3",
        "f4",
        "0",
        "D",
        "]",
        "[",
        "c",
        "/",
        "i",
        "?",
        "t",
        "e",
        "p",
        "m",
        "E",
        "+",
        "-",
        "w",
        "1",
        "3",
        "3",
        "4",
        "X",
        "N",
        "o",
        ".",
        "a",
        "d",
        "o",
        "u",
        "S",
        "A",
        ".",
        "x",
        "backspace",
        "shift-right",
        "ctrl-t",
    ]);
    let hit = prop_oneof![
        (0_usize..40).prop_map(Hit::TextToken),
        (0_usize..600).prop_map(Hit::Candidate),
        (0_u32..512).prop_map(|id| Hit::RulerToken(Token(id))),
        (0_usize..8, prop::option::of(-1.0_f64..2.0)).prop_map(|(i, at)| Hit::Slider(i, at)),
        (0_usize..9, prop::option::of(0_usize..40)).prop_map(|(lane, at)| Hit::Lane(lane, at)),
        (0_usize..12).prop_map(Hit::TreeRow),
        (0_usize..12).prop_map(Hit::OverlayRow),
        Just(Hit::Overlay),
    ];
    let moves = prop::sample::select(vec![
        MouseMove::Press,
        MouseMove::Drag,
        MouseMove::Release,
        MouseMove::WheelUp,
        MouseMove::WheelDown,
    ]);
    prop_oneof![
        6 => keys.prop_map(|key| Message::Key(crate::keymap::parse_key(key).unwrap().into())),
        2 => (moves, prop::option::of(hit)).prop_map(|(action, hit)| Message::Mouse(action, hit)),
        1 => ".{0,6}".prop_map(Message::Paste),
        1 => (1_u16..200, 1_u16..60).prop_map(|(w, h)| Message::Resize(w, h)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Whatever a person does, the state holds together and can be drawn at its size.
    #[test]
    fn anything_can_be_done_in_any_order(messages in prop::collection::vec(any_message(), 1..60)) {
        let mut f = Fixture::new();
        for message in messages {
            f.send(message);
            let (width, height) = f.state.desk.chrome.size;
            let screen = ratatui::layout::Rect::new(0, 0, width, height);
            let mut buffer = ratatui::buffer::Buffer::empty(screen);
            crate::ui::draw(&f.state, screen, &mut buffer);
            if let Some(session) = &f.state.desk.walk.session {
                prop_assert!(session.path().tokens().len() >= session.path().prompt_len());
                prop_assert!(f.state.desk.hand.sampling.validate().is_ok());
            }
        }
    }
}

#[test]
fn a_given_text_is_scored_and_its_most_surprising_token_can_be_gone_to() {
    let mut f = Fixture::new();
    assert!(!session(&f).path().is_scored());
    f.keys(&["S", "enter"]);
    let path = session(&f).path();
    assert!(path.is_scored() && path.step_at(0).is_none(), "nothing is said about the first token");
    let steps: Vec<_> = path.all_steps().map(|(position, step)| (position, step.surprisal_bits)).collect();
    assert_eq!(steps.iter().map(|(position, _)| *position).collect::<Vec<_>>(), [1, 2, 3]);
    let worst = steps.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("three").0;
    f.keys(&["u", "enter"]);
    assert_eq!((f.state.desk.walk.cursor, f.state.desk.focus), (Some(worst), PanelId::Text));
    assert_eq!(f.state.desk.walk.frame.length, worst, "what the model would have said there");
    // Three tokens of 5, 2 and 5 bytes.
    let bits: f64 = steps.iter().map(|(_, bits)| bits).sum();
    let per_byte = session(&f).prompt_bits_per_byte().expect("scored");
    assert!((per_byte - bits / " upon a time".len() as f64).abs() < 1e-9, "{per_byte}");
    // Another prompt is not scored unless it is asked for.
    f.keys(&["e", "enter"]);
    assert!(!session(&f).path().is_scored());
}

#[test]
fn a_text_longer_than_the_context_is_sent_to_the_command_that_scores_it() {
    let mut f = Fixture::new();
    f.keys(&["S"]);
    f.send(Message::Paste(" the".repeat(300)));
    f.keys(&["enter"]);
    let Some(Overlay::Error { text, .. }) = f.state.desk.overlays.last() else { panic!("no error") };
    assert!(text.contains("logitscope score -f FILE"), "{text}");
}

#[test]
fn the_end_chart_goes_through_its_choices() {
    let mut f = Fixture::new();
    let seen: Vec<_> = (0..4)
        .map(|_| {
            f.keys(&["x"]);
            f.state.desk.chrome.end_chart
        })
        .collect();
    assert_eq!(seen, [EndChart::On, EndChart::Rank, EndChart::Off, EndChart::Auto]);
}

#[test]
fn a_distribution_beyond_a_limit_ends_play_before_a_token_is_drawn_from_it() {
    // After "," there is one likely token; after " a little girl" it is open again.
    let mut f = Fixture::with(|setup| {
        setup.given.temperature = Some(0.0);
        setup.settings.stop.top_prob_below = 0.5;
    });
    f.keys(&["right"; 6]);
    assert_eq!(text(&f), ", there was a", "the little girl has .47 at most");
    assert_eq!(session(&f).stopped().map(StopReason::name), Some("top-prob-below"));
    f.keys(&["left", "right"]);
    assert_eq!(text(&f), ", there was a");
}

#[test]
fn scoring_that_was_given_up_is_not_begun_again() {
    let mut f = Fixture::new();
    f.keys(&["S"]);
    let confirmed =
        update(&mut f.state, Message::Key(crate::keymap::parse_key("enter").expect("a key").into()));
    let asks = |effect: &&Effect| matches!(effect, Effect::Engine(_, _, Command::Tokenize(_)));
    let Some(Effect::Engine(_, ticket, Command::Tokenize(prompt))) = confirmed.iter().find(asks) else {
        panic!("a prompt is to be read: {confirmed:?}");
    };
    let tokens = session(&f).vocabulary().tokenize(&prompt.text);
    let asked = update(&mut f.state, Message::Engine(EngineId::MAIN, Event::Prompt(*ticket, Ok(tokens))));
    let [Effect::Engine(_, ticket, Command::Evaluate(_))] = asked[..] else {
        panic!("it is to be scored: {asked:?}")
    };
    let failed = Event::EvaluateFailed(ticket, crate::engine::EvaluateError::Cancelled);
    assert_eq!(update(&mut f.state, Message::Engine(EngineId::MAIN, failed)), []);
    let before = f.evaluated.len();
    f.keys(&["right"]);
    assert!(!session(&f).path().is_scored());
    assert_eq!(session(&f).path().generated(), 1, "it goes on without");
    assert_eq!(f.evaluated[before].0, 0, "and what it has read is read on from");
}

#[test]
fn where_paths_share_a_cache_it_is_said_once_and_where_many_are_compared() {
    let (mut f, effects) = Fixture::loading(|_| {});
    f.layout = CacheLayout::Shared;
    f.answer(effects);
    f.keys(&["esc", "4", "1"]);
    assert_eq!(f.state.desk.notice, None);
    f.keys(&["3"]);
    assert!(
        f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("Paths share a KV cache"))
    );
    f.keys(&["5"]);
    assert_eq!(f.state.desk.notice, None);
    let mut apart = Fixture::new();
    apart.keys(&["esc", "3"]);
    assert_eq!(apart.state.notice(), None);
}

#[test]
fn a_typed_path_is_completed_cleared_and_a_folder_is_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| format!("{}/{name}", folder.path().display());
    for name in ["gemma-1.gguf", "gemma-2.gguf"] {
        std::fs::write(path(name), "x").expect("written");
    }
    let mut f = Fixture::new();
    f.keys(&["m", "/"]);
    f.send(Message::Paste(path("ge")));
    f.keys(&["tab"]);
    let list = |f: &Fixture| match f.state.desk.overlays.last() {
        Some(Overlay::Models(list)) => (list.path.clone(), list.names.clone(), list.folder.clone()),
        other => panic!("{other:?}"),
    };
    let (typed, names, _) = list(&f);
    assert_eq!((typed, names.len()), (Some(path("gemma-")), 2));
    f.keys(&["ctrl-u"]);
    assert_eq!(list(&f).0.as_deref(), Some(""));
    f.send(Message::Paste(folder.path().display().to_string()));
    f.keys(&["enter"]);
    assert_eq!((list(&f).0, list(&f).2), (None, Some(folder.path().to_owned())));
    let asked = Effect::FindModels { loaded: None, folder: Some(folder.path().to_owned()), own: vec![] };
    assert!(f.other.contains(&asked), "{:?}", f.other);
}

#[test]
fn before_the_first_step_drawing_again_is_another_seed() {
    let mut f = Fixture::new();
    let seed = |f: &Fixture| f.state.desk.hand.sampling.seed;
    let before = seed(&f).expect("a seed");
    f.keys(&["r"]);
    assert_eq!(seed(&f), Some(before + 1));
    let notice = f.state.desk.notice.clone().unwrap_or_default();
    assert!(notice.ends_with(&format!("token 5 will be drawn with seed {}.", before + 1)), "{notice}");
    f.keys(&["n", "n", "r"]);
    let notice = f.state.desk.notice.clone().unwrap_or_default();
    assert!(notice.starts_with("Token 6 drawn again: u "), "the prompt has four: {notice}");
}
