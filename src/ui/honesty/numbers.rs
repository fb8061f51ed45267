//! The numbers of a frame are of one step, and where one stands there twice both say the same, on every screen, at many
//! sizes, with the smallest vocabulary and with a large one.

use std::collections::HashSet;

use regex::Regex;

use super::facts::{Facts, of_screen};
use crate::{
    app::{
        Message, OnView, Screen,
        fixture::{Fixture, TINY},
    },
    ui::{one_step::step_of, testing::screen},
};

/// Tokens of a large vocabulary.
const LARGE: usize = 150_000;

/// What is done before a screen is looked at, and what then stands there more than once at some size.
const STATES: [(&[&str], &[&str]); 15] = [
    (&[], &["u", "top-k", "top-p", "min-p", "temperature"]),
    (&["n", "n", "n"], &["u", "kept by top-p", "kept by top-k", "cells of the path", "generated"]),
    (
        &["n", "n", "f2", "H"],
        &["p of the chosen token", "final p of the chosen token", "entropy of the step"],
    ),
    (&["n", "f2", "home", "L", "L"], &["p of the end token", "entropy of the step"]),
    (&["n", "f4", "right", "right", "down", "left", "down", "left", "n"], &["temperature", "top-p", "top-k"]),
    (&["n", "down", "down", "enter", "n"], &["rank of the end token", "seed"]),
    (&["n", "n", "2", "down", "down"], &["u", "top-p", "entropy of the step", "vocabulary"]),
    (&["n", "n", "n", "f2", "H", "2", "down"], &["u", "top-k", "entropy of the step"]),
    (&["3", "n", "n", "n", "tab"], &["the lane in focus", "tokens of all lanes", "kept in the lane"]),
    (&["n", "n", "R", "n", "r", "4", "x"], &[]),
    (&["5", "x", "x", "n", "n"], &["seeds", "first seed"]),
    (&["6", "n", "n", "n"], &["round", "beams", "ln P of the best"]),
    (
        &["7", "n", "n", "n"],
        &["the step on view", "steps taken", "positions that open", "masked", "written", "passes"],
    ),
    (&["7", "n", "n", "f4", "right", "right"], &["steps planned", "seed", "passes"]),
    (&["7", "space", "left", "left", "S"], &["the step on view", "masked", "written"]),
];

/// Forty sizes, from the least to a large screen.
fn sizes() -> impl Iterator<Item = (u16, u16)> + Clone {
    let heights = [24, 30, 36, 45, 60];
    (0..40).map(move |at| (60 + at * 140 / 39, heights[usize::from(at) % heights.len()]))
}

/// Adds what the state says of the step on view and of the path.
fn with_state(fixture: &Fixture, facts: &mut Facts) {
    let state = &fixture.state;
    let frame = state.frame();
    if state.screen().follows_path() && frame.node.is_some() {
        if let Some(entropy) = frame.entropy_bits.exact() {
            facts.know("entropy of the step", entropy);
        }
        facts.know("vocabulary", frame.candidates.ranked_tokens() as f64);
        if let Some(u) = frame.u {
            facts.know("u", u);
        }
        if let Some((rank, p)) = frame.eog.and_then(|(_, rank, p)| rank.at().zip(p.exact())) {
            facts.know("rank of the end token", rank as f64);
            facts.know("p of the end token", p);
        }
    }
    if let Some(canvas) = state.diffuse().canvas().filter(|_| state.screen() == Screen::Diffuse) {
        let (masked, gaps) = (canvas.masked().count(), canvas.template().gaps());
        facts.know("masked", masked as f64);
        facts.know("written", (gaps - masked) as f64);
        facts.know("steps taken", canvas.at() as f64);
        facts.know("passes", canvas.spent().0 as f64);
        facts.know("seed", f64::from(canvas.sampling().seed.unwrap_or(0)));
        if let Some(pass) = canvas.next().and_then(crate::decode::diffusion::Step::pass) {
            facts.know("the step on view", (canvas.at() + 1) as f64);
            facts.know("positions that open", pass.open as f64);
        }
        return;
    }
    let Some(session) = state.session() else { return };
    facts.know("cells of the path", session.path().tokens().len() as f64);
    if state.screen() == Screen::Step {
        facts.know("generated", session.path().generated() as f64);
    }
}

/// The step on view, as panels name it; None on screens that show no single step.
fn step_on_view(fixture: &Fixture) -> Option<String> {
    let of_step = fixture.state.screen() == Screen::Step;
    match fixture.state.frame().at() {
        OnView::Taken(length) if of_step => Some(format!("token {}", length + 1)),
        OnView::Next(_) if of_step => Some("next token".to_owned()),
        _ => None,
    }
}

/// What stands on the screen, or why it cannot all be right.
fn looked_at(fixture: &Fixture) -> Result<Facts, String> {
    let rows = screen(fixture);
    let mut facts = of_screen(&fixture.state, &rows);
    with_state(fixture, &mut facts);
    let (width, height) = fixture.state.size();
    if step_on_view(fixture).is_some_and(|step| step != step_of(&rows)) {
        return Err(format!("{width}×{height}: another step is named\n{}", rows.join("\n")));
    }
    match facts.disagreement() {
        Some(why) => Err(format!("{width}×{height}: {why}\n{}", rows.join("\n"))),
        None => Ok(facts),
    }
}

/// Looks at a state at every size, as far as the numbers agree.
fn agrees(vocabulary: usize, keys: &[&str], expected: &[&str]) -> Result<(), String> {
    agrees_on(Fixture::of_vocabulary(vocabulary), keys, expected)
}

fn agrees_on(mut fixture: Fixture, keys: &[&str], expected: &[&str]) -> Result<(), String> {
    fixture.keys(keys);
    *fixture.state.notice_mut() = None;
    let mut compared = HashSet::new();
    for (width, height) in sizes() {
        fixture.send(Message::Resize(width, height));
        compared.extend(looked_at(&fixture)?.compared());
    }
    // What is not found on the screen would not be tested.
    let missed: Vec<_> = expected.iter().filter(|of| !compared.contains(**of)).collect();
    if missed.is_empty() { Ok(()) } else { Err(format!("{missed:?} not among {compared:?}")) }
}

fn assert_agrees_everywhere(vocabulary: usize) {
    let states = STATES.iter().map(|(keys, expected)| (keys, agrees(vocabulary, keys, expected)));
    let wrong: Vec<_> =
        states.filter_map(|(keys, agrees)| Some(format!("{keys:?}: {}", agrees.err()?))).collect();
    assert!(wrong.is_empty(), "{vocabulary} tokens, {} states:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn numbers_agree_at_every_size_with_the_smallest_vocabulary() {
    assert_agrees_everywhere(TINY);
}

#[test]
fn numbers_agree_at_every_size_with_a_large_vocabulary() {
    assert_agrees_everywhere(LARGE);
}

#[test]
fn numbers_agree_where_some_candidates_are_named_only() {
    for named in [4, 60] {
        for (keys, _) in STATES {
            let fixture = Fixture::naming(named, named, |_| {});
            agrees_on(fixture, keys, &[]).unwrap_or_else(|why| panic!("{named} named, {keys:?}: {why}"));
        }
    }
}

#[test]
fn numbers_agree_while_it_plays_slower_than_the_screen() {
    for keys in [&["space"][..], &["2", "space"]] {
        let mut fixture = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
        fixture.hold();
        fixture.keys(keys);
        let mut sizes = sizes().cycle();
        while fixture.state.play().playing()
            && fixture.state.session().is_some_and(|session| session.path().generated() < 8)
        {
            for (width, height) in sizes.by_ref().take(5) {
                fixture.send(Message::Resize(width, height));
                looked_at(&fixture).unwrap_or_else(|why| panic!("{why}"));
            }
            if fixture.state.session().is_some_and(|session| session.path().generated() > 0) {
                assert!(
                    matches!(fixture.state.frame().at(), OnView::Taken(_)),
                    "{:?}",
                    fixture.state.frame().at()
                );
            }
            assert!(fixture.answer_next());
        }
    }
}

#[test]
fn numbers_that_differ_are_found() {
    let mut facts = Facts::default();
    facts.read(&[("u", Regex::new(r"u (0\.\d+)").unwrap())], "u 0.4592 and u 0.46");
    assert_eq!(facts.disagreement(), None, "the same within what is printed");
    facts.read(&[("u", Regex::new(r"u (0\.\d+)").unwrap())], "u 0.47");
    assert!(facts.disagreement().is_some());
}
