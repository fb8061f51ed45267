//! What keys and the mouse do in a lesson.

use crossterm::event::{KeyCode, KeyEvent};

use super::{
    super::{
        ByMachine, Flow, Hit, State,
        input::{LineKey, line_key},
    },
    player::{Phase, Player},
};
use crate::{
    keymap::{Action, Context},
    lesson::Kind,
};

/// How far a key moves the mark on the ruler.
const NUDGE: f64 = 0.01;
/// Characters that an answer may have.
const LONGEST: usize = 64;

impl State {
    /// Whether the keys are the lesson's: it waits for an answer or to go on, and nothing lies over the screen.
    #[must_use]
    pub fn lesson_has_keys(&self) -> bool {
        self.desk.overlays.is_empty() && self.player.as_ref().is_some_and(Player::has_keys)
    }

    /// The key of an action in a lesson, as it is shown.
    pub(super) fn key_for(&self, action: Action) -> String {
        let hint = self.desk.chrome.keymap.hints(Context::Lesson, &[action]).pop();
        hint.map_or_else(|| "a click on it".to_owned(), |hint| hint.key)
    }

    /// Does what a machine does that plays a lesson.
    pub(in crate::app) fn play_by_machine(&mut self, by: ByMachine) {
        match by {
            ByMachine::Begin(lesson) => self.begin_lesson(lesson, 0, false),
            ByMachine::Act(action) => self.act(action),
            ByMachine::Answer(answer) => {
                if let Some(player) = self.player.as_mut().filter(|player| player.phase == Phase::Asking) {
                    let typed = player.ask().map(|ask| ask.typed(&answer)).unwrap_or_default();
                    player.typed = typed;
                    self.answer();
                }
            }
        }
    }

    /// Whether a lesson can begin: the model is there, and the prompt is read.
    #[must_use]
    pub fn is_ready_for_lessons(&self) -> bool {
        self.ready().is_some() && !self.desk.prompt.awaits_tokens()
    }

    /// Whether nothing is under way on the screen that is shown.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.is_at_rest()
    }

    /// Takes a key for an answer that is typed.
    pub(in crate::app) fn type_answer(&mut self, key: KeyEvent) -> Flow {
        if !self.lesson_has_keys() {
            return Flow::Pass;
        }
        let Some(player) = self.player.as_mut().filter(|player| player.phase == Phase::Asking) else {
            return Flow::Pass;
        };
        let Some(kind) = player.ask().map(|ask| ask.kind) else { return Flow::Pass };
        match (line_key(key), key.code) {
            (LineKey::Type(c), _) if is_of(kind, c) && player.typed.chars().count() < LONGEST => match kind {
                Kind::Choice => player.typed = c.to_string(),
                _ => player.typed.push(c),
            },
            (LineKey::Delete, _) if kind != Kind::Choice => drop(player.typed.pop()),
            (LineKey::Clear, _) if kind != Kind::Choice => player.typed.clear(),
            (LineKey::Other, KeyCode::Up) => player.pick(-1),
            (LineKey::Other, KeyCode::Down) => player.pick(1),
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    /// What an action means while a lesson is on.
    pub(in crate::app) fn lesson_action(&mut self, action: Action) -> Flow {
        let Some(player) = &mut self.player else { return Flow::Pass };
        match action {
            Action::LessonFocus => match player.phase {
                Phase::Waiting(true) if !player.has_keys => self.lesson_next(),
                _ => player.has_keys = !player.has_keys,
            },
            Action::LessonNext if player.has_keys => self.lesson_next(),
            Action::LessonBack => {
                let before = player.step.checked_sub(1);
                match before {
                    Some(step) => self.go_to_step(step),
                    None => self.desk.say("This is the first step."),
                }
            }
            Action::LessonAgain if self.desk.screen != super::super::Screen::Learn => {
                let step = player.step;
                self.go_to_step(step);
                self.player.iter_mut().for_each(|player| player.again = true);
            }
            Action::LessonHint => self.show_lesson_hint(),
            Action::LessonDo if player.can_do() => self.do_it_for_me(),
            Action::LessonDo => self.desk.say("There is nothing to be done here."),
            Action::LessonLeave => self.leave_lesson(),
            // What the lesson presses itself is for the screen.
            Action::Up | Action::Down if player.has_keys && player.rests() => {
                player.pick(if action == Action::Up { -1 } else { 1 });
            }
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    /// What a click on the lesson means.
    pub(in crate::app) fn press_lesson(&mut self, hit: Hit) -> Flow {
        let Some(player) = &mut self.player else { return Flow::Pass };
        let asking = player.phase == Phase::Asking;
        match hit {
            Hit::LessonOption(index) if asking => {
                player.has_keys = true;
                player.take_option(index);
            }
            Hit::LessonRuler(place) if asking => {
                player.has_keys = true;
                player.typed = format!("{:.2}", place.clamp(0.0, 1.0));
            }
            Hit::Lesson | Hit::LessonOption(_) | Hit::LessonRuler(_) => player.has_keys = true,
            _ => return Flow::Pass,
        }
        Flow::Done
    }
}

/// Whether a character can be part of an answer of a kind; others are keys.
fn is_of(kind: Kind, c: char) -> bool {
    match kind {
        Kind::Token => true,
        Kind::Choice => c.is_ascii_digit(),
        Kind::Order => c.is_ascii_digit() || matches!(c, ' ' | ','),
        Kind::Number | Kind::Place => c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '%'),
    }
}

impl Player {
    /// Picks the next option, or moves the mark.
    fn pick(&mut self, by: isize) {
        if self.phase != Phase::Asking {
            return;
        }
        let Some(kind) = self.ask().map(|ask| ask.kind) else { return };
        match kind {
            Kind::Choice | Kind::Token => {
                let last = self.said.options.len().saturating_sub(1);
                let at = match self.picked() {
                    Some(at) => at.saturating_add_signed(by).min(last),
                    None if by < 0 => last,
                    None => 0,
                };
                self.take_option(at);
            }
            Kind::Place => {
                let place = self.marked().unwrap_or(0.5) - NUDGE * by as f64;
                self.typed = format!("{:.2}", place.clamp(0.0, 1.0));
            }
            Kind::Number | Kind::Order => {}
        }
    }

    /// Picks an option; in an order it comes next.
    fn take_option(&mut self, index: usize) {
        let Some(kind) = self.ask().map(|ask| ask.kind) else { return };
        if index >= self.said.options.len() {
            return;
        }
        let digit = (index + 1).to_string();
        match kind {
            Kind::Choice => self.typed = digit,
            Kind::Token => self.typed.clone_from(&self.said.options[index]),
            Kind::Order if self.typed.contains(&digit) => self.typed = digit,
            Kind::Order => {
                if !self.typed.is_empty() {
                    self.typed.push(' ');
                }
                self.typed.push_str(&digit);
            }
            Kind::Number | Kind::Place => {}
        }
    }
}
