//! The step, large: for the last row of a class.
//!
//! ```text
//!  Once upon a time, there was a▏
//!
//!  little         ██████████████████████████████████                              34 %
//!                 ██████████████████████████████████
//!  big            ██████████████                                                  14 %
//!                 ██████████████
//!  everything else █████                                                            8 %
//!  ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▓▓▓▓▓▒▒▒▒
//!            ▲ u = 0.1734
//!   temperature 0.80 ━━━━━━━━━━●──────────────────── 2
//!  Below 1 the likely tokens become likelier still; the order stays.
//! ```

mod bars;
mod places;
mod ring;
mod strip;
#[cfg(test)]
mod tests;
mod words;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
};

use super::{rows::fitting_line, sampling, text};
use crate::{
    app::{Hit, Knob, PanelId, Picture, Present, State},
    keymap::Action,
    token::Token,
};
use places::Places;

pub(super) fn draw(state: &State, large: &Present, body: Rect, buf: &mut Buffer) {
    let places = Places::of(body, large.picture() == Picture::Bars);
    text::draw_plain(state, places.text, buf);
    // A class reads words; which tokens begin with a space is a matter of the other screens.
    for position in places.text.positions() {
        if buf[position].symbol() == "␣" {
            buf[position].set_symbol(" ");
        }
    }
    if state.frame().node.is_none() {
        return;
    }
    put(&fitting_line(words::status(state, large), places.status.width.into()), places.status, buf);
    match large.picture() {
        Picture::Bars => {
            bars::draw(state, large, places.bars, buf);
            if !hides(state, large) {
                ring::draw(state, large, places.ring, buf);
                strip::draw(state, large, places.strip, buf);
            }
        }
        Picture::Three => bars::draw_three(state, large, places.bars, buf),
    }
    sampling::draw_one(state, large.knob(), places.slider, buf);
    let told = words::of_slider(large.knob(), large.knob().value(state.settings_in_hand()));
    let told = told.into_iter().map(|text| Line::styled(text, state.theme().dim())).collect();
    put(&fitting_line(told, places.about.width.into()), places.about, buf);
}

pub(super) fn hit(state: &State, large: &Present, body: Rect, at: Position) -> Option<Hit> {
    if !body.contains(at) {
        return None;
    }
    let places = Places::of(body, large.picture() == Picture::Bars);
    if places.slider.contains(at) {
        return sampling::hit_one(state, large.knob(), places.slider, at);
    }
    if places.bars.contains(at)
        && large.picture() == Picture::Bars
        && let Some(row) = bars::row_under(state, places.bars, at)
    {
        return Some(Hit::Candidate(row));
    }
    Some(Hit::Panel(PanelId::Present))
}

/// Where the slider that the mouse holds is moved to.
pub(super) fn along(state: &State, large: &Present, body: Rect, knob: Knob, at: Position) -> Option<Hit> {
    let places = Places::of(body, large.picture() == Picture::Bars);
    if knob == large.knob() { sampling::along_one(state, knob, places.slider, at) } else { None }
}

/// The keys are few, and they are here.
pub(super) fn hints(state: &State, large: &Present) -> Vec<Action> {
    use Action as A;
    if state.awaits_guess() {
        return vec![A::Reveal, A::Cancel];
    }
    let mut actions = if large.spin().is_some() || state.has_ended() { vec![] } else { vec![A::Spin] };
    if large.spin().is_some() {
        actions.push(A::Spin);
    }
    actions.extend([
        A::Increase,
        A::Decrease,
        A::NextKnob,
        A::ThreeValues,
        A::Guess,
        A::Back,
        A::Animate,
        A::EditPrompt,
        A::Cancel,
        A::Help,
        A::Quit,
    ]);
    actions
}

/// Whether bars and wheel wait for a guess.
fn hides(state: &State, large: &Present) -> bool {
    large.guessing().hides() && state.awaits_guess()
}

/// The token that is marked: what was taken, or what the draw lands on, unless that is still to be seen.
fn marked(state: &State, large: &Present) -> Option<Token> {
    let frame = state.frame();
    if large.spin().is_some() || state.awaits_guess() {
        return None;
    }
    let landed = large.verdict(frame.length).is_some().then_some(()).and(frame.drawn);
    frame.taken.or(landed)
}

/// A token as a class reads it.
fn label(state: &State, token: Token) -> String {
    let Some(session) = state.session() else { return String::new() };
    let shown = state.transcript().peek(state.frame().length, token, session.vocabulary());
    crate::app::said(shown.as_str()).to_owned()
}

/// A probability as a class reads it: `34 %`, and what is not nothing is not called nothing.
fn percent(p: f64) -> String {
    match 100.0 * p {
        x if x > 0.0 && x < 0.5 => "<1 %".to_owned(),
        x if x > 99.5 && x < 100.0 => ">99 %".to_owned(),
        x => format!("{x:.0} %"),
    }
}

fn put(line: &Line, row: Rect, buf: &mut Buffer) {
    buf.set_line(row.x, row.y, line, row.width);
}

fn put_span(span: &Span, row: Rect, buf: &mut Buffer) {
    buf.set_span(row.x, row.y, span, row.width);
}
