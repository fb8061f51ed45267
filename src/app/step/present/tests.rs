//! Present on a scripted model: what keys do there.

use std::time::{Duration, Instant};

use crate::{
    app::{Guessing, Knob, Message, PanelId, Picture, fixture::Fixture},
    keymap::Context,
};

fn still() -> Fixture {
    let mut fixture = Fixture::with(|setup| setup.settings.ui.animation = false);
    fixture.keys(&["f5"]);
    fixture
}

fn generated(f: &Fixture) -> usize {
    f.state.session().expect("a session").path().generated()
}

fn drawn(f: &Fixture) -> String {
    let frame = f.state.frame();
    super::word(&f.state.desk, frame.drawn.expect("something is drawn"))
}

#[test]
fn a_key_shows_the_step_large_and_leaves_it_again() {
    let mut f = Fixture::new();
    f.keys(&["2", "f5"]);
    assert_eq!((f.state.screen().title(), f.state.context()), ("Step", Context::Present));
    assert_eq!(f.state.focus(), PanelId::Present);
    f.keys(&["f5"]);
    assert!(f.state.present().is_none() && f.state.context() == Context::Candidates);
    f.keys(&["f5", "esc"]);
    assert!(f.state.present().is_none());
    f.keys(&["f5", "f4"]);
    assert_eq!(f.state.focus(), PanelId::Sampling, "the other panels are a key away");
    let at_start = Fixture::with(|setup| setup.settings.ui.present = true);
    assert!(at_start.state.present().is_some());
}

#[test]
fn the_wheel_turns_and_then_the_token_joins_the_text() {
    let mut f = Fixture::new();
    f.keys(&["f5", "space"]);
    assert!(f.state.present().is_some_and(|large| large.spin().is_some()));
    assert_eq!(generated(&f), 0);
    let due = f.state.next_tick().expect("it turns on");
    f.send(Message::Tick(due));
    assert_eq!(generated(&f), 0, "it has just begun");
    f.send(Message::Tick(Instant::now() + Duration::from_secs(3)));
    assert_eq!(generated(&f), 1);
    assert_eq!(f.state.next_tick(), None, "it stands");
    f.keys(&["space", "space"]);
    assert_eq!(generated(&f), 2, "pressed again it ends at once");
    // Leaving, or another step, ends it too.
    f.keys(&["space", "n"]);
    assert_eq!(generated(&f), 3);
    assert!(f.state.present().is_some_and(|large| large.spin().is_none()));
}

#[test]
fn the_slider_changes_the_same_settings_as_everywhere() {
    let mut f = still();
    let before = f.state.sampling().temperature;
    f.keys(&["up"]);
    assert!(f.state.sampling().temperature > before);
    f.keys(&["down", "down"]);
    assert!(f.state.sampling().temperature < before);
    f.keys(&["tab", "tab"]);
    assert_eq!(f.state.present().map(super::Present::knob), Some(Knob::TopK));
    let before = f.state.sampling().top_k;
    f.keys(&["down"]);
    assert_eq!(f.state.sampling().top_k, before - 1);
}

#[test]
fn a_guessed_token_is_hidden_then_judged_and_joins_the_text_last() {
    let mut f = still();
    f.keys(&["g"]);
    assert!(f.state.awaits_guess());
    let token = drawn(&f);
    f.keys(&["enter"]);
    assert!(f.state.awaits_guess(), "nothing was guessed yet");
    token.chars().for_each(|c| f.keys(&[&c.to_string()]));
    f.keys(&["enter"]);
    let large = f.state.present().expect("it is large");
    assert!(large.verdict(f.state.frame().length).is_some_and(super::Verdict::is_right));
    assert_eq!((large.tally().guesses, large.tally().right, generated(&f)), (1, 1, 0));
    f.keys(&["space"]);
    assert_eq!(generated(&f), 1);
    assert!(f.state.awaits_guess(), "the next one");
    // Keys that mean something elsewhere are letters of a guess.
    f.keys(&["q", "v", "backspace"]);
    assert_eq!(f.state.present().map(super::Present::guess), Some("q"));
    f.keys(&["down", "enter"]);
    assert_eq!(f.state.present().map(|large| large.tally().guesses), Some(2), "picked from the list");
    f.keys(&["space", "esc"]);
    assert_eq!(f.state.present().map(super::Present::guessing), Some(Guessing::Off));
    assert!(f.state.notice().is_some_and(|told| told.starts_with("You: ")), "the score at the end");
}

#[test]
fn the_choices_tell_nothing_of_how_likely_they_are() {
    let mut f = still();
    f.keys(&["g"]);
    let words: Vec<String> =
        f.state.choices().into_iter().map(|token| super::word(&f.state.desk, token).to_lowercase()).collect();
    assert!(words.len() > 1 && words.is_sorted(), "{words:?}");
}

#[test]
fn a_guessed_percentage_is_judged_at_once() {
    let mut f = still();
    f.keys(&["g", "g"]);
    let large = f.state.present().expect("it is large");
    assert_eq!((large.guessing(), large.guess()), (Guessing::Token, "g"), "g is a letter here");
    let mut f = still();
    f.act(crate::keymap::Action::Guess);
    f.act(crate::keymap::Action::Guess);
    f.keys(&["m", "enter"]);
    assert!(f.state.notice().is_some_and(|told| told.contains("0 to 100")));
    f.keys(&["backspace", "5", "0", "enter"]);
    let likeliest = f.state.frame().candidates.ranked()[0].token;
    let percent = 100.0 * f.state.frame().fate(likeliest).0;
    let large = f.state.present().expect("it is large");
    assert_eq!(
        large.verdict(f.state.frame().length),
        Some(&super::Verdict::Probability { said: 50.0, percent })
    );
}

#[test]
fn three_values_are_those_of_the_slider_on_the_same_step() {
    let mut f = still();
    f.keys(&["v"]);
    let large = f.state.present().expect("it is large");
    assert_eq!(large.picture(), Picture::Three);
    let values: Vec<f64> = large.three().iter().map(|at| at.value).collect();
    assert_eq!(values, [0.2, 1.0, 2.0]);
    let first: Vec<f64> = large.three().iter().map(|at| at.shares[0]).collect();
    assert!(first[0] > first[1] && first[1] > first[2], "cooler is sharper: {first:?}");
    f.keys(&["tab", "tab"]);
    let large = f.state.present().expect("it is large");
    let left: Vec<usize> = large.three().iter().map(|at| at.left).collect();
    assert!(left[0] == 1 && left[1] <= 5 && left[1] <= left[2], "top-k 1, 5 and none: {left:?}");
    // At the settings in hand it is what the step itself says.
    f.keys(&["tab", "tab"]);
    let mut settings = f.state.sampling().clone();
    settings.temperature = 1.0;
    f.state.desk.set_sampling(settings);
    f.send(Message::Resize(100, 30));
    let at_1 = f.state.present().expect("it is large").three()[1].shares.clone();
    let own: Vec<f64> = f
        .state
        .frame()
        .candidates
        .ranked()
        .iter()
        .take(super::SHOWN)
        .map(|row| f.state.frame().fate(row.token).0)
        .collect();
    assert_eq!(at_1, own);
}
