//! Stepping, the queue of steps that wait, and the text cursor.

use crate::{
    app::{Hit, Message, MouseMove, fixture::Fixture, update},
    decode::Session,
};

fn session(fixture: &Fixture) -> &Session {
    fixture.state.session().expect("there is a session")
}

#[test]
fn steps_that_are_asked_for_faster_than_the_model_are_all_taken() {
    let mut f = Fixture::with(|setup| setup.given.ignore_eos = Some(true));
    f.hold();
    f.keys(&["n"; 20]);
    // The first was known already; the others wait.
    assert_eq!((session(&f).path().generated(), f.state.queued()), (1, 19));
    for taken in 2..=7 {
        assert!(f.answer_next());
        assert_eq!((session(&f).path().generated(), f.state.queued()), (taken, 20 - taken));
    }
    // Escape drops what is still to come, and what was taken stays.
    f.keys(&["esc"]);
    assert_eq!(f.state.queued(), 0);
    while f.answer_next() {}
    assert_eq!(session(&f).path().generated(), 7);
    f.keys(&["n"; 20]);
    while f.answer_next() {}
    assert_eq!(session(&f).path().generated(), 27);
}

#[test]
fn the_arrow_steps_wherever_it_moves_no_slider() {
    let mut f = Fixture::new();
    f.keys(&["right"; 3]);
    let generated = |f: &Fixture| session(f).path().generated();
    // After a click on a token and going on there, after a drag, after a search.
    f.send(Message::Mouse(MouseMove::Press, Some(Hit::TextToken(5))));
    f.keys(&["enter", "right"]);
    assert_eq!(generated(&f), 3);
    f.send(Message::Mouse(MouseMove::Press, Some(Hit::Slider(0, Some(0.4)))));
    f.send(Message::Mouse(MouseMove::Release, None));
    f.keys(&["right"]);
    assert_eq!(generated(&f), 4);
    f.keys(&["/", "t", "enter", "right"]);
    assert_eq!(generated(&f), 5);
    f.keys(&["f2", "right"]);
    assert_eq!(generated(&f), 6);
    // A slider that was gone to with a key has it.
    f.keys(&["f4", "right"]);
    assert_eq!(generated(&f), 6);
}

#[test]
fn steps_asked_for_while_the_model_works_are_done_afterwards() {
    let (mut f, effects) = Fixture::loading(|_| {});
    f.answer(effects);
    let effects = update(&mut f.state, Message::Key(crate::keymap::parse_key("right").unwrap().into()));
    // The model is at work on the first; two more are asked for.
    for _ in 0..2 {
        let more = update(&mut f.state, Message::Key(crate::keymap::parse_key("right").unwrap().into()));
        assert!(more.is_empty());
    }
    f.answer(effects);
    assert_eq!(session(&f).path().generated(), 3);
}

#[test]
fn steps_that_wait_are_forgotten_with_their_screen() {
    let mut f = Fixture::new();
    // Two keys before the model has answered; only the first step can be taken.
    let key = |code| Message::Key(crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(code)));
    let effects = update(&mut f.state, key('n'));
    drop(update(&mut f.state, key('n')));
    f.keys(&["5", "1"]);
    f.answer(effects);
    assert_eq!(f.state.desk.walk.session.as_ref().map(|session| session.path().generated()), Some(1));
}

#[test]
fn the_text_cursor_shows_an_earlier_step_and_enter_goes_on_there() {
    let mut f = Fixture::new();
    f.keys(&["right"; 5]);
    let prompt = session(&f).path().prompt_len();
    f.keys(&["f2", "H", "H"]);
    assert_eq!(f.state.desk.walk.cursor, Some(prompt + 3));
    assert_eq!(f.state.desk.walk.frame.length, prompt + 3);
    let taken = session(&f).path().tokens()[prompt + 3];
    assert_eq!(f.state.desk.walk.frame.taken, Some(taken));
    f.keys(&["enter"]);
    assert_eq!(session(&f).path().generated(), 4);
    assert_eq!(f.state.desk.walk.cursor, None);
}

#[test]
fn a_prompt_token_is_evaluated_when_it_is_looked_at() {
    let mut f = Fixture::new();
    f.keys(&["f2", "home"]);
    assert_eq!((f.state.desk.walk.frame.length, f.state.desk.walk.frame.node), (0, None));
    f.keys(&["L"]);
    assert_eq!(f.state.desk.walk.frame.length, 1);
    assert!(!f.state.desk.walk.frame.candidates.is_empty());
    assert!(f.state.desk.walk.frame.drawn.is_none(), "nothing is drawn inside the prompt");
}

#[test]
fn the_step_under_the_cursor_is_the_one_that_is_drawn_again() {
    let mut f = Fixture::new();
    f.keys(&["right"; 6]);
    let written = session(&f).path().generated_tokens().to_vec();
    f.keys(&["f2", "H", "H", "H", "r"]);
    assert_eq!((session(&f).path().generated(), session(&f).rolled(3)), (4, 1));
    assert_eq!(session(&f).path().generated_tokens()[..3], written[..3]);
    assert!(f.state.desk.notice.as_deref().is_some_and(|told| told.contains(" drawn again: u ")));
    // The prompt was not drawn, and stays.
    f.keys(&["f2", "home", "r"]);
    assert_eq!(
        (session(&f).path().generated(), f.state.desk.notice.as_deref()),
        (4, Some("Prompt tokens are not drawn."))
    );
}
