//! The diffuse screen's keys, on the scripted canvas.

use std::path::Path;

use super::*;
use crate::{
    app::{
        Effect, Message, MouseMove, Overlay, Screen,
        fixture::{Fixture, canvas_file},
    },
    decode::diffusion::Pace,
    engine::{EngineId, worker::Event},
    keymap::Action,
};

/// The screen with "Once upon a time" read and nothing written.
fn canvas() -> Fixture {
    let mut f = Fixture::new();
    f.keys(&["7"]);
    f
}

/// The same with so many steps in all.
fn in_steps(steps: &str) -> Fixture {
    let mut f = canvas();
    f.keys(&["f4", "enter"]);
    steps.chars().for_each(|digit| f.keys(&[&digit.to_string()]));
    f.keys(&["enter", "f2"]);
    f
}

fn diffuse(f: &Fixture) -> &Diffuse {
    &f.state.rooms.diffuse
}

fn of(f: &Fixture) -> &Diffusion {
    diffuse(f).canvas().expect("a canvas")
}

fn text(f: &Fixture) -> String {
    of(f).text(of(f).vocabulary(), false)
}

fn token(f: &Fixture, word: &str) -> Token {
    of(f).vocabulary().tokenize(word)[0]
}

fn notice(f: &Fixture) -> &str {
    f.state.notice().unwrap_or_default()
}

#[test]
fn it_is_loaded_when_it_is_shown_and_reads_before_anything_opens() {
    let mut f = Fixture::new();
    assert!(matches!(diffuse(&f).model(), CanvasModel::Unasked), "no memory for who does not look");
    f.keys(&["7"]);
    assert_eq!(f.state.desk.screen, Screen::Diffuse);
    let canvas = of(&f);
    assert_eq!((canvas.at(), canvas.template().prompt_len(), canvas.template().gaps()), (0, 4, 24));
    assert_eq!(text(&f), "Once upon a time");
    assert_eq!(diffuse(&f).view().on, OnCanvas::Next(0));
    // The first position: "," .93.
    assert_eq!(diffuse(&f).position(), 4);
    assert!((diffuse(&f).view().candidates()[0].p - 0.93).abs() < 1e-3);
    assert_eq!(f.state.session().expect("a session").path().generated(), 0, "the path is none of this");
}

#[test]
fn steps_are_kept_back_and_forth_and_a_restart_meets_the_same() {
    let mut f = canvas();
    let mut seen = vec![of(&f).canvas().to_vec()];
    for _ in 0..5 {
        f.keys(&["n"]);
        seen.push(of(&f).canvas().to_vec());
    }
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
    for at in (0..5).rev() {
        f.keys(&["left"]);
        assert_eq!((of(&f).at(), of(&f).canvas()), (at, &seen[at][..]));
    }
    f.keys(&["left"]);
    assert!(notice(&f).starts_with("No step has been taken yet"), "{}", notice(&f));
    f.keys(&["n", "n", "n", "R"]);
    assert_eq!(of(&f).canvas(), &seen[0][..]);
    f.keys(&["n", "n", "n"]);
    assert_eq!(of(&f).canvas(), &seen[3][..]);
}

#[test]
fn it_plays_to_the_end_and_says_so() {
    let mut f = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
    f.keys(&["7", "space"]);
    assert!(diffuse(&f).is_over() && f.state.has_ended() && !f.state.play().playing());
    assert!(of(&f).at() <= 16 && of(&f).masked().next().is_none());
    f.keys(&["space"]);
    assert!(notice(&f).starts_with("Everything is written"), "{}", notice(&f));
    f.keys(&["left", "left"]);
    assert!(!diffuse(&f).is_over());
    assert_eq!(diffuse(&f).view().on, OnCanvas::Next(of(&f).at()));
}

#[test]
fn while_it_plays_the_step_just_taken_is_shown() {
    let mut f = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
    f.keys(&["7"]);
    f.hold();
    f.keys(&["space"]);
    for _ in 0..4 {
        assert!(f.answer_next());
        let taken = of(&f).at() - 1;
        assert_eq!(diffuse(&f).view().on, OnCanvas::Taken(taken));
    }
    f.keys(&["space"]);
    while f.answer_next() {}
    assert_eq!(diffuse(&f).view().on, OnCanvas::Next(of(&f).at()));
}

#[test]
fn a_token_is_opened_by_hand_and_masked_again_and_what_is_given_stays() {
    let mut f = canvas();
    // The fifth position behind the prompt: " little", " big", " red".
    f.keys(&["L", "L", "L", "L"]);
    assert_eq!(diffuse(&f).position(), 8);
    f.keys(&["tab", "down", "enter"]);
    assert_eq!(of(&f).canvas()[8], token(&f, " big"));
    assert!(matches!(diffuse(&f).view().cells[8].kind, CellKind::Open { read: None, .. }));
    // The model goes on from that: a big dog.
    f.keys(&["esc", "L"]);
    assert_eq!(diffuse(&f).view().candidates()[0].token, token(&f, " dog"));
    f.keys(&["H", "d"]);
    assert_eq!(of(&f).canvas()[8], of(&f).mask());
    f.keys(&["d"]);
    assert_eq!(notice(&f), "Position 9 is masked already.");
    f.keys(&["home", "d"]);
    assert_eq!(notice(&f), "Position 1 is given and stays as it is.");
    f.keys(&["enter"]);
    assert!(notice(&f).starts_with("Nothing was read at this position"), "{}", notice(&f));
    assert_eq!(text(&f), "Once upon a time");
}

#[test]
fn an_answer_to_what_stood_there_before_is_left_aside() {
    let mut f = canvas();
    f.keys(&["n", "n"]);
    f.hold();
    f.keys(&["n"]);
    let position = (4..28).find(|&position| of(&f).canvas()[position] == of(&f).mask()).expect("a mask");
    let (lily, rows) = (token(&f, " Lily"), of(&f).steps().len());
    f.state.rooms.diffuse.position = position;
    f.state.rooms.diffuse.open_position(lily, &mut f.state.desk);
    let steps = of(&f).steps().len();
    assert!(steps <= rows + 2);
    while f.answer_next() {}
    assert_eq!(of(&f).canvas()[position], lily);
    let next = of(&f).next().and_then(|step| step.pass()).expect("the next pass");
    assert!(next.look(position).is_none(), "it was read with the word in it");
}

fn write(f: &mut Fixture, text: &str) {
    f.keys(&["e", "ctrl-u"]);
    f.send(Message::Paste(text.into()));
    f.keys(&["enter"]);
}

#[test]
fn a_text_with_gaps_is_filled_and_given_words_stay() {
    let mut f = canvas();
    f.keys(&["n", "n"]);
    write(&mut f, "Once ___ a ____.");
    assert!(diffuse(&f).is_infill());
    let given: Vec<bool> = (0..of(&f).canvas().len()).map(|at| of(&f).template().is_given(at)).collect();
    assert_eq!(given, [true, false, true, false, false, true]);
    assert_eq!(diffuse(&f).position(), 1, "the first gap");
    f.keys(&["n"; 6]);
    assert!(diffuse(&f).is_over());
    let (before, after) = (of(&f).template().tokens().to_vec(), of(&f).canvas().to_vec());
    for position in (0..6).filter(|&at| given[at]) {
        assert_eq!(before[position], after[position]);
    }
    assert_eq!(f.state.prompt().text, "Once upon a time", "other screens go on from their prompt");
    assert!(diffuse(&f).beside().own().is_none(), "there is nothing to fill from left to right");
    assert!(diffuse(&f).beside().canvas().and_then(|text| text.perplexity).is_some());
    // An example is a prompt again, and so is a text without gaps, for all screens.
    f.keys(&["p", "enter"]);
    assert!(!diffuse(&f).is_infill() && of(&f).template().is_prompt_only());
    write(&mut f, "Once ___ a");
    assert!(diffuse(&f).is_infill());
    write(&mut f, "Once");
    assert!(!diffuse(&f).is_infill());
    assert_eq!((f.state.prompt().text.as_str(), of(&f).template().prompt_len()), ("Once", 1));
}

#[test]
fn what_is_pasted_goes_where_something_is_typed_and_else_becomes_a_text() {
    let mut f = canvas();
    f.keys(&["f4", "enter"]);
    f.send(Message::Paste("5".into()));
    f.keys(&["enter"]);
    assert_eq!(diffuse(&f).setup().diffusion.pace, Pace::Steps { steps: 5, eps: 1e-3 });
    f.send(Message::Paste("Once ___ a".into()));
    f.keys(&["enter"]);
    assert!(diffuse(&f).is_infill());
}

#[test]
fn a_key_in_the_editor_writes_a_gap_here_alone() {
    let mut f = canvas();
    f.keys(&["e", "ctrl-u", "O", "n", "c", "e", "ctrl-g", "enter"]);
    assert_eq!(of(&f).template().gaps(), 1);
    f.keys(&["1", "e", "ctrl-u", "O", "n", "c", "e", "ctrl-g", "enter"]);
    assert_eq!(f.state.prompt().text, "Once");
}

#[test]
fn another_prompt_begins_another_canvas_and_the_same_one_stays() {
    let mut f = canvas();
    f.keys(&["n", "n"]);
    let written = of(&f).canvas().to_vec();
    f.keys(&["1", "n", "3", "7"]);
    assert_eq!(of(&f).canvas(), &written[..], "it is still there");
    f.keys(&["1"]);
    write(&mut f, "Once upon");
    f.keys(&["7"]);
    assert_eq!((of(&f).at(), of(&f).template().prompt_len()), (0, 2));
}

#[test]
fn fewer_steps_open_more_at_once_and_what_was_written_is_written_again() {
    let mut f = in_steps("2");
    assert_eq!(diffuse(&f).setup().diffusion.pace, Pace::Steps { steps: 2, eps: 1e-3 });
    f.keys(&["n", "n"]);
    assert!(diffuse(&f).is_over());
    assert_eq!(of(&f).spent().0, 2);
    // One step less: the canvas was written, and is again, in one.
    f.keys(&["f4", "left"]);
    assert!(diffuse(&f).is_over());
    assert_eq!((of(&f).spent().0, of(&f).at()), (1, 1));
    // A number of tokens takes the place of a number of steps.
    f.keys(&["down", "enter", "5", "enter"]);
    assert_eq!(diffuse(&f).setup().diffusion.pace, Pace::Tokens(5));
    assert_eq!(of(&f).order().opened.iter().filter(|&&(_, step)| step == 0).count(), 5);
    f.keys(&["D"]);
    assert_eq!(diffuse(&f).setup().diffusion.pace, CanvasSetup::default().diffusion.pace);
}

#[test]
fn a_temperature_counts_from_here_on() {
    let mut f = canvas();
    f.keys(&["n", "n", "n"]);
    let written = of(&f).canvas().to_vec();
    f.keys(&["f4", "down", "down", "down", "left"]);
    assert_eq!(of(&f).canvas(), &written[..]);
    assert!((of(&f).sampling().temperature - 0.75).abs() < 1e-6);
    assert!((f.state.sampling().temperature - 0.8).abs() < 1e-6, "the step screen has its own");
    f.keys(&["enter", "w", "a", "r", "m", "enter"]);
    assert!(notice(&f).contains("temperature cannot be \"warm\""), "{}", notice(&f));
    f.keys(&["esc"]);
    assert_eq!(diffuse(&f).typing(), None);
}

#[test]
fn a_length_that_leaves_no_room_is_refused_with_a_sentence() {
    let mut f = canvas();
    f.keys(&["f4", "end", "up", "up", "up", "enter", "2", "enter"]);
    assert_eq!(notice(&f), "The prompt alone has 4 tokens: a canvas needs a position more.");
    f.keys(&["enter", "9", "9", "enter"]);
    assert_eq!(notice(&f), "This model takes canvases of up to 28 positions.");
    f.keys(&["enter", "1", "0", "enter"]);
    assert_eq!(of(&f).canvas().len(), 10);
}

#[test]
fn seeds_reproduce_and_another_one_writes_another_text() {
    let text_of = |keys: &[&str]| {
        let mut f = in_steps("24");
        f.keys(keys);
        f.keys(&["n"; 24]);
        (text(&f), of(&f).sampling().seed)
    };
    assert_eq!(text_of(&[]), text_of(&[]));
    let others: Vec<_> = (1..6).map(|rolls| text_of(&vec!["r"; rolls])).collect();
    assert!(others.iter().any(|other| other.0 != text_of(&[]).0), "{others:?}");
    assert_eq!(others[2].1, Some(45));
}

#[test]
fn neighbours_that_opened_together_are_measured_by_one_more_pass() {
    // Everything in one step: "with" and "the" cannot know of each other.
    let mut f = in_steps("1");
    f.keys(&["n"]);
    let rows = diffuse(&f).joints();
    assert_eq!(rows.len(), of(&f).neighbours(0).len());
    assert!(rows.windows(2).all(|pair| pair[0].ratio() <= pair[1].ratio()), "the most harm first");
    for row in rows {
        let joint = &row.joint;
        assert!((joint.independent() - joint.first.p * joint.second.p).abs() < 1e-12);
        assert!((row.ratio() - joint.p_given / joint.second.p).abs() < 1e-12);
    }
    // Going back forgets nothing, and a change forgets what came after it.
    let all = rows.len();
    f.keys(&["left"]);
    assert!(diffuse(&f).joints().is_empty());
    f.keys(&["n"]);
    assert_eq!(diffuse(&f).joints().len(), all);
}

#[test]
fn what_one_step_would_have_given_is_by_hand() {
    let mut f = in_steps("1");
    f.keys(&["tab", "tab", "tab", "tab"]);
    // " with" .26 and " the" .66 were drawn at once; with " with" written, " the" has .02.
    for seed in 0..400 {
        f.state.rooms.diffuse.setup.sampling.seed = Some(seed);
        f.state.rooms.diffuse.begin_and_go_on(&mut f.state.desk);
        let effects = f.state.desk.take_effects();
        f.answer(effects);
        f.keys(&["R", "n"]);
        let (with, the) = (token(&f, " with"), token(&f, " the"));
        let row = diffuse(&f).joints().iter().find(|row| {
            (row.joint.first.token, row.joint.second.token) == (with, the) && row.joint.position == 17
        });
        if let Some(row) = row {
            assert!((row.joint.independent() - 0.26 * 0.66).abs() < 3e-3, "{row:?}");
            assert!((row.joint.sequential() - 0.26 * 0.02).abs() < 1e-3, "{row:?}");
            return;
        }
    }
    panic!("no seed has drawn them");
}

#[test]
fn the_other_model_writes_after_the_same_prompt_and_judges_both_texts() {
    let mut f = in_steps("4");
    assert!(diffuse(&f).beside().canvas().is_none());
    f.keys(&["n", "n", "n", "n"]);
    let (mine, (own, over)) = (
        diffuse(&f).beside().canvas().expect("it is written").clone(),
        diffuse(&f).beside().own().map(|(text, over)| (text.clone(), over)).expect("it was asked"),
    );
    assert!(over);
    assert_eq!((mine.passes, mine.tokens), (4, of(&f).order().opened.len()));
    assert!(own.passes >= own.tokens && own.passes <= own.tokens + 1, "{own:?}");
    assert!(mine.perplexity.is_some_and(|p| p > 1.0) && own.perplexity.is_some_and(|p| p > 1.0));
    // The path of the other screens is as it was.
    let session = f.state.session().expect("a session");
    assert_eq!(session.path().generated(), 0);
    // Another text is judged anew; its own stays while settings do.
    f.keys(&["left"]);
    f.keys(&["n"]);
    assert_eq!(diffuse(&f).beside().canvas(), Some(&mine));
    f.keys(&["r"]);
    assert_ne!(diffuse(&f).beside().canvas(), Some(&mine));
}

#[test]
fn a_sweep_writes_the_canvas_in_one_two_four_steps() {
    let mut f = canvas();
    f.keys(&["S"]);
    let rows = diffuse(&f).sweep().expect("a sweep").rows().to_vec();
    let steps: Vec<usize> = rows.iter().map(|row| row.steps).collect();
    assert_eq!(steps, [1, 2, 4, 8, 16, 24]);
    for row in &rows {
        assert!(row.is_over && row.passes <= row.steps && row.passes > 0, "{row:?}");
        assert!(row.perplexity.is_some(), "{row:?}");
    }
    assert_eq!(rows[0].passes, 1);
    assert_eq!(of(&f).at(), 0, "the canvas itself is left alone");
    // A row is written on the canvas, and the others stay to be compared.
    f.keys(&["down", "down", "enter"]);
    assert!(diffuse(&f).is_over());
    assert_eq!((of(&f).spent().0, diffuse(&f).sweep().expect("it stays").rows().len()), (rows[2].passes, 6));
    assert_eq!(sweep::written(of(&f)), rows[2].text);
}

#[test]
fn a_sweep_is_stopped_and_what_is_written_of_it_stays() {
    let mut f = canvas();
    f.hold();
    f.keys(&["S"]);
    for _ in 0..6 {
        f.answer_next();
    }
    f.keys(&["esc"]);
    assert_eq!(notice(&f), "The sweep was stopped.");
    let rows = diffuse(&f).sweep().expect("a sweep").rows();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.is_over), "{rows:?}");
}

#[test]
fn a_diffusion_model_on_another_screen_is_refused_and_offered_here() {
    let mut f = Fixture::new();
    let file = canvas_file();
    f.state.desk.engines.main_mut().loading.path = Some(file.into());
    let event = Event::Diffusion { why: "x.gguf is a diffusion model (llada)".into(), kept: true };
    f.send(Message::Engine(EngineId::MAIN, event));
    let Some(Overlay::Error { title, text, .. }) = f.state.overlays().last() else { panic!("it is said") };
    assert_eq!(title, "A diffusion model");
    assert!(text.contains("no next token") && text.contains("press 7 (Diffuse)"), "{text}");
    f.keys(&["esc", "7"]);
    assert_eq!(diffuse(&f).engine.file.as_deref(), Some(Path::new(file)));
    assert!(diffuse(&f).canvas().is_some());
    // It was taken up once: later the screen keeps what it has.
    assert_eq!(f.state.desk.offered, None);
    f.keys(&["1", "n"]);
    assert_eq!(f.state.session().expect("the model before").path().generated(), 1);
}

#[test]
fn started_with_a_diffusion_model_the_built_in_one_takes_its_place_on_other_screens() {
    let (mut f, _) = Fixture::loading(|setup| setup.settings.model.path = Some(canvas_file().into()));
    let event = Event::Diffusion { why: "it is one".into(), kept: false };
    f.send(Message::Engine(EngineId::MAIN, event));
    assert!(f.state.ready().is_some_and(|ready| ready.info.path.is_none()));
    f.keys(&["esc", "7", "n"]);
    assert_eq!(diffuse(&f).engine.file.as_deref(), Some(Path::new(canvas_file())));
    assert_eq!(of(&f).at(), 1);
}

#[test]
fn a_model_that_goes_from_left_to_right_is_refused_here() {
    let mut f = canvas();
    f.keys(&["n", "n"]);
    let causal = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");
    f.state.load_path(Some(causal.into()));
    let effects = f.state.desk.take_effects();
    f.answer(effects);
    let Some(Overlay::Error { text, .. }) = f.state.overlays().last() else { panic!("it is said") };
    assert!(text.contains("is no diffusion model") && text.contains("on the other screens"), "{text}");
    assert_eq!(of(&f).at(), 2, "the model before and its canvas stay");
    f.keys(&["esc", "n"]);
    assert_eq!(of(&f).at(), 3);
}

#[test]
fn when_llama_cpp_fails_another_thread_takes_its_place() {
    let mut f = canvas();
    f.send(Message::Canvas(crate::engine::canvas_thread::CanvasEvent::Aborted("it asserted".into())));
    assert!(f.other.contains(&Effect::RestartCanvas));
    assert!(matches!(diffuse(&f).model(), CanvasModel::Missing(_)));
    f.keys(&["esc", "n"]);
    assert_eq!(notice(&f), "There is no diffusion model: load one first.");
    f.state.load_path(None);
    let effects = f.state.desk.take_effects();
    f.answer(effects);
    assert!(diffuse(&f).canvas().is_some());
}

#[test]
fn what_a_canvas_cannot_do_is_said() {
    let mut f = canvas();
    for action in
        [Action::Search, Action::SameSeed, Action::ShowStops, Action::ToggleIgnoreEos, Action::Softmax]
    {
        f.state.desk.notice = None;
        f.act(action);
        assert!(notice(&f).contains("means nothing on this screen"), "{action:?}: {}", notice(&f));
        assert!(f.state.overlays().is_empty());
    }
}

#[test]
fn the_mouse_selects_positions_and_moves_sliders() {
    let mut f = canvas();
    f.send(Message::Mouse(MouseMove::Press, Some(Hit::Row(PanelId::Canvas, 9))));
    assert_eq!(diffuse(&f).position(), 9);
    f.send(Message::Mouse(MouseMove::Press, Some(Hit::Row(PanelId::Position, 1))));
    f.send(Message::Mouse(MouseMove::Press, Some(Hit::Row(PanelId::Position, 1))));
    assert_eq!(of(&f).canvas()[9], token(&f, " boy"), "a second click opens it");
    f.send(Message::Mouse(MouseMove::Press, Some(Hit::Slider(0, Some(1.0)))));
    assert_eq!(diffuse(&f).setup().diffusion.pace, Pace::Steps { steps: 24, eps: 1e-3 });
    f.send(Message::Mouse(MouseMove::Drag, Some(Hit::Slider(0, Some(0.0)))));
    assert_eq!(diffuse(&f).setup().diffusion.pace, Pace::Steps { steps: 1, eps: 1e-3 });
    f.send(Message::Mouse(MouseMove::Release, None));
    f.send(Message::Mouse(MouseMove::Drag, Some(Hit::Slider(0, Some(1.0)))));
    assert_eq!(diffuse(&f).setup().diffusion.pace, Pace::Steps { steps: 1, eps: 1e-3 });
    f.send(Message::Mouse(MouseMove::WheelUp, Some(Hit::Slider(0, None))));
    assert_eq!(diffuse(&f).setup().diffusion.pace, Pace::Steps { steps: 2, eps: 1e-3 });
    f.send(Message::Mouse(MouseMove::WheelDown, Some(Hit::Row(PanelId::Canvas, 9))));
    assert_eq!(diffuse(&f).position(), 10);
}
