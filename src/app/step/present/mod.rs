//! Present: one step, large enough for the last row of a class. Few numbers, wide bars on a fixed scale, a wheel that is
//! spun for the token, and a guess before anything is seen.

mod guess;
#[cfg(test)]
mod tests;
mod wheel;

pub use guess::{Guessing, Tally, Verdict};
pub use wheel::Spin;

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};

use crate::{
    app::{
        Desk, Flow, Hit, Knob, OnView,
        input::{LineKey, line_key},
        keys::after,
    },
    keymap::Action,
    sampling::{SamplingSettings, Trace},
    token::Token,
};

/// Candidates with a bar of their own, at most.
pub const SHOWN: usize = 8;

/// Sliders that can be the wide one, one at a time.
pub const KNOBS: [Knob; 4] = [Knob::Temperature, Knob::TopP, Knob::TopK, Knob::MinP];

/// What the bars show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picture {
    /// The step under the present settings.
    #[default]
    Bars,
    /// The same step under three values of the slider, one below the other.
    Three,
}

/// One of three values of the slider, and what the chain makes of the step there.
#[derive(Clone, Debug, PartialEq)]
pub struct AtValue {
    /// The slider's value.
    pub value: f64,
    /// Final probabilities of the shown candidates, in their order, 0 to 1.
    pub shares: Vec<f64>,
    /// Candidates that are left in all.
    pub left: usize,
}

/// What Present shows beside the step on view.
#[derive(Debug)]
pub struct Present {
    picture: Picture,
    knob: Knob,
    three: Vec<AtValue>,
    guessing: Guessing,
    /// What the class says so far.
    guess: String,
    /// The step that a guess was made for, in tokens before it, and what came of it.
    verdict: Option<(usize, Verdict)>,
    tally: Tally,
    spin: Option<Spin>,
    animated: bool,
}

impl Present {
    /// Bars of the present step and nothing to guess; the wheel turns where `animated`, else it is where it stops at once.
    #[must_use]
    pub fn new(animated: bool) -> Self {
        Self {
            picture: Picture::Bars,
            knob: Knob::Temperature,
            three: Vec::new(),
            guessing: Guessing::Off,
            guess: String::new(),
            verdict: None,
            tally: Tally::default(),
            spin: None,
            animated,
        }
    }

    /// What the bars show.
    #[must_use]
    pub fn picture(&self) -> Picture {
        self.picture
    }

    /// The slider that is shown.
    #[must_use]
    pub fn knob(&self) -> Knob {
        self.knob
    }

    /// The step at three values of the slider; empty where it is not at hand or not shown.
    #[must_use]
    pub fn three(&self) -> &[AtValue] {
        &self.three
    }

    /// What is guessed.
    #[must_use]
    pub fn guessing(&self) -> Guessing {
        self.guessing
    }

    /// What the class says so far.
    #[must_use]
    pub fn guess(&self) -> &str {
        &self.guess
    }

    /// How the guesses went.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// What came of the guess for the step after `length` tokens.
    #[must_use]
    pub fn verdict(&self, length: usize) -> Option<&Verdict> {
        self.verdict.as_ref().filter(|(at, _)| *at == length).map(|(_, verdict)| verdict)
    }

    /// The wheel while it turns.
    #[must_use]
    pub fn spin(&self) -> Option<&Spin> {
        self.spin.as_ref()
    }

    /// Whether a guess is waited for at the step on view.
    #[must_use]
    pub fn awaits_guess(&self, desk: &Desk) -> bool {
        let next = matches!(desk.frame().at(), OnView::Next(_)) && desk.frame().drawn.is_some();
        let seen = self.spin.is_some() || self.verdict(desk.frame().length).is_some();
        self.guessing != Guessing::Off && next && !seen
    }

    /// When the wheel turns on; None while it stands.
    pub(super) fn due(&self) -> Option<Instant> {
        self.spin.as_ref().map(Spin::due)
    }

    /// Turns the wheel on; where it stops, the token joins the text, or is told of where it was guessed.
    pub(super) fn tick(&mut self, now: Instant, desk: &mut Desk) {
        let Some(spin) = &mut self.spin else { return };
        spin.turn(now);
        if spin.is_over() {
            self.land(desk);
        }
    }

    /// What an action means while Present is shown.
    pub(super) fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        match action {
            Action::Spin => self.spin_or_land(desk),
            Action::NextKnob => {
                self.knob = after(&KNOBS, self.knob, 1);
                desk.stale = true;
            }
            Action::ThreeValues => {
                self.picture = if self.picture == Picture::Bars { Picture::Three } else { Picture::Bars };
                desk.stale = true;
            }
            Action::Guess => self.next_guessing(desk),
            Action::Reveal => self.reveal(desk),
            Action::Animate => {
                self.animated = !self.animated;
                desk.say(if self.animated { "The wheel turns." } else { "The wheel does not turn." });
            }
            Action::Increase | Action::Decrease | Action::IncreaseCoarse | Action::DecreaseCoarse => {
                let coarse = matches!(action, Action::IncreaseCoarse | Action::DecreaseCoarse);
                let up = matches!(action, Action::Increase | Action::IncreaseCoarse);
                let mut settings = desk.hand.sampling.clone();
                let value = self.knob.moved(self.knob.value(&settings), if up { 1 } else { -1 }, coarse);
                self.knob.set(&mut settings, value);
                desk.set_sampling(settings);
            }
            // Any other step ends what the wheel was about to do.
            Action::Step | Action::Back | Action::Restart | Action::Reroll | Action::SameSeed => {
                self.spin = None;
                return Flow::Pass;
            }
            Action::PlayPause => {
                self.spin = None;
                self.guessing = Guessing::Off;
                return Flow::Pass;
            }
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    /// Takes a key for the guess that is waited for.
    pub(super) fn typed(&mut self, key: KeyEvent, desk: &mut Desk) -> Flow {
        if !self.awaits_guess(desk) || self.spin.is_some() {
            return Flow::Pass;
        }
        match (line_key(key), key.code) {
            (LineKey::Type(c), _) => self.guess.push(c),
            (LineKey::Delete, _) => drop(self.guess.pop()),
            (LineKey::Clear, _) => self.guess.clear(),
            (LineKey::Accept, _) => self.reveal(desk),
            (LineKey::GiveUp, _) => self.set_guessing(Guessing::Off, desk),
            (LineKey::Other, KeyCode::Up) => self.pick(-1, desk),
            (LineKey::Other, KeyCode::Down) => self.pick(1, desk),
            (LineKey::Other, _) => return Flow::Pass,
        }
        Flow::Done
    }

    /// What a click means: a listed candidate is what the class says.
    pub(super) fn press(&mut self, hit: Hit, desk: &Desk) -> Flow {
        match hit {
            Hit::Candidate(row) if self.awaits_guess(desk) && self.guessing != Guessing::Probability => {
                let tokens = self.choices(desk);
                let Some(&token) = tokens.get(row) else { return Flow::Done };
                self.guess = word(desk, token);
            }
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    /// Brings the three values in line with the step on view and the settings.
    pub(super) fn prepare(&mut self, desk: &mut Desk) {
        self.three.clear();
        if self.spin.is_some() && !matches!(desk.frame().at(), OnView::Next(_)) {
            self.spin = None;
        }
        if self.picture == Picture::Three {
            self.three = values(self.knob).iter().filter_map(|&value| self.at(value, desk)).collect();
        }
    }

    fn at(&self, value: f64, desk: &mut Desk) -> Option<AtValue> {
        let mut settings: SamplingSettings = desk.hand.sampling.clone();
        self.knob.set(&mut settings, value);
        let tokens: Vec<Token> =
            desk.frame().candidates.ranked().iter().take(SHOWN).map(|row| row.token).collect();
        let length = desk.frame().length;
        let mut trace = Trace::default();
        desk.walk.session.as_mut()?.look_with(length, &settings, &mut trace)?;
        let unnamed = trace.unnamed().map_or(0, |unnamed| unnamed.count);
        let left = trace.stages().last().map_or(0, |stage| stage.kept) + unnamed;
        Some(AtValue { value, shares: tokens.iter().map(|&token| trace.p_final(token)).collect(), left })
    }

    /// The tokens that can be picked for a guess: where the bars are hidden in the order of their letters, which tells
    /// nothing of how likely they are.
    #[must_use]
    pub fn choices(&self, desk: &Desk) -> Vec<Token> {
        let ranked = desk.frame().candidates.ranked().iter().take(SHOWN).map(|row| row.token);
        let mut tokens: Vec<Token> = ranked.collect();
        if self.guessing == Guessing::Token {
            tokens.sort_by_cached_key(|&token| (word(desk, token).to_lowercase(), token));
        }
        tokens
    }

    fn pick(&mut self, by: isize, desk: &Desk) {
        if self.guessing == Guessing::Probability {
            return;
        }
        let words: Vec<String> = self.choices(desk).into_iter().map(|token| word(desk, token)).collect();
        let present = words.iter().position(|word| *word == self.guess);
        let last = words.len().saturating_sub(1);
        let at = match present {
            Some(at) => at.saturating_add_signed(by).min(last),
            None if by < 0 => last,
            None => 0,
        };
        if let Some(word) = words.get(at) {
            self.guess.clone_from(word);
        }
    }

    fn next_guessing(&mut self, desk: &mut Desk) {
        self.set_guessing(after(&Guessing::ALL, self.guessing, 1), desk);
    }

    fn set_guessing(&mut self, guessing: Guessing, desk: &mut Desk) {
        (self.guessing, self.spin, self.verdict) = (guessing, None, None);
        self.guess.clear();
        match self.tally.in_words().filter(|_| guessing == Guessing::Off) {
            Some(told) => desk.say(told),
            None => desk.say(guessing.about()),
        }
        if guessing == Guessing::Off {
            self.tally = Tally::default();
        }
    }

    /// Shows what was hidden: the wheel turns for the token, a probability stands there at once.
    fn reveal(&mut self, desk: &mut Desk) {
        if !self.awaits_guess(desk) {
            return desk.say("There is nothing to reveal: a guess comes first.");
        }
        if self.guess.trim().is_empty() {
            return desk.say("Type a guess first, or pick one.");
        }
        if self.guessing == Guessing::Probability {
            return match self.judge(desk) {
                Ok(()) => {}
                Err(why) => desk.say(why),
            };
        }
        self.start(desk);
    }

    /// Spins the wheel for the next token, ends it at once where it turns, and has a token that was guessed join the text.
    fn spin_or_land(&mut self, desk: &mut Desk) {
        if self.spin.is_some() {
            return self.land(desk);
        }
        if self.awaits_guess(desk) {
            return self.reveal(desk);
        }
        let known = matches!(desk.frame().at(), OnView::Next(_)) && desk.frame().u.is_some();
        if !known || self.verdict(desk.frame().length).is_some_and(Verdict::is_drawn) {
            self.guess.clear();
            return desk.step();
        }
        self.start(desk);
    }

    fn start(&mut self, desk: &mut Desk) {
        match desk.frame().u.filter(|_| self.animated) {
            Some(u) => self.spin = Some(Spin::to(u, Instant::now())),
            None => self.land(desk),
        }
    }

    fn land(&mut self, desk: &mut Desk) {
        self.spin = None;
        if self.awaits_guess(desk) {
            if let Err(why) = self.judge(desk) {
                desk.say(why);
            }
            return;
        }
        self.guess.clear();
        desk.step();
    }

    fn judge(&mut self, desk: &Desk) -> Result<(), String> {
        let frame = desk.frame();
        let Some(favourite) = frame.candidates.ranked().first() else { return Ok(()) };
        let Some(drawn) = frame.drawn else { return Ok(()) };
        let verdict = match self.guessing {
            Guessing::Off => return Ok(()),
            Guessing::Probability => Verdict::of_probability(&self.guess, frame.fate(favourite.token).0)?,
            Guessing::Token | Guessing::Place => {
                let (said, drawn) = (self.guess.as_str(), word(desk, drawn));
                Verdict::of_token(said, &drawn, &word(desk, favourite.token))
            }
        };
        self.tally.count(&verdict);
        self.verdict = Some((frame.length, verdict));
        Ok(())
    }
}

/// Three values of a slider that show what it does.
fn values(knob: Knob) -> [f64; 3] {
    match knob {
        Knob::TopP => [0.5, 0.9, 1.0],
        Knob::TopK => [1.0, 5.0, 0.0],
        Knob::MinP => [0.0, 0.05, 0.3],
        _ => [0.2, 1.0, 2.0],
    }
}

/// A token as a class says it.
fn word(desk: &Desk, token: Token) -> String {
    let Some(session) = desk.session() else { return String::new() };
    let shown = desk.walk.transcript.peek(desk.frame().length, token, session.vocabulary());
    said(shown.as_str()).to_owned()
}

/// What of a token as it is shown a class would say: not the space before a word.
#[must_use]
pub fn said(shown: &str) -> &str {
    let word = shown.trim_start_matches('␣');
    if word.is_empty() { shown } else { word }
}
