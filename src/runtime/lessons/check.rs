//! `logitscope learn check`: every lesson is played through by machine.

use std::{
    io::{self, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use super::machine::Machine;
use crate::{
    app::{ByMachine, Phase, State},
    keymap::Action,
    lesson::{Answer, Kind, Lesson, LessonFault, Shelf},
    text::Shown,
};

/// The longest that a step may take, on the machine of whoever writes it.
const STEP: Duration = Duration::from_secs(120);

/// A lesson that was played.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Steps played.
    pub steps: usize,
    /// The right answers, in words.
    pub answers: Vec<String>,
    /// How long it took.
    pub time: Duration,
}

/// Plays a lesson through: everything is set up, what is to be done is done and reached, every question is answered, revealed
/// and judged, every text is worked out. The first that cannot be is the error.
pub fn check(lesson: &Arc<Lesson>) -> Result<Checked, LessonFault> {
    let began = Instant::now();
    let mut machine = Machine::start();
    let first = lesson.steps[0].line;
    if !machine.until(STEP, |state| state.is_ready_for_lessons()) {
        return Err(lesson.fault(first, "the model could not be loaded"));
    }
    machine.play(ByMachine::Begin(Arc::clone(lesson)));
    let mut answers = Vec::new();
    for (at, step) in lesson.steps.iter().enumerate() {
        let line = step.line;
        rests(&mut machine, lesson, line)?;
        if let Some(wait) = &step.wait {
            if phase(&machine.state) == Some(Phase::Waiting(false)) {
                machine.play(ByMachine::Act(Action::LessonDo));
                rests(&mut machine, lesson, wait.line)?;
            }
            if phase(&machine.state) != Some(Phase::Waiting(true)) {
                return Err(lesson.fault(wait.until.line(), "`until` is not reached"));
            }
            let own = machine.state.player().is_some_and(crate::app::Player::has_keys);
            let goes_on = if own { Action::LessonNext } else { Action::LessonFocus };
            machine.play(ByMachine::Act(goes_on));
            rests(&mut machine, lesson, line)?;
        }
        if step.hint.is_some() {
            machine.play(ByMachine::Act(Action::LessonHint));
            rests(&mut machine, lesson, line)?;
        }
        if let Some(ask) = &step.ask {
            let answer = some_answer(&machine.state, ask.kind);
            machine.play(ByMachine::Answer(answer));
            rests(&mut machine, lesson, ask.line)?;
            let verdict = machine.state.player().and_then(|player| player.verdict());
            match verdict {
                Some(verdict) => answers.push(verdict.truth.clone()),
                None => return Err(lesson.fault(ask.line, "the answer was not revealed")),
            }
        }
        if phase(&machine.state) != Some(Phase::Told) {
            return Err(lesson.fault(line, format!("step {} does not come to its end", at + 1)));
        }
        machine.play(ByMachine::Act(Action::LessonNext));
    }
    match phase(&machine.state) {
        Some(Phase::Finished) => Ok(Checked { steps: lesson.steps.len(), answers, time: began.elapsed() }),
        _ => Err(lesson.fault(first, "the lesson does not come to its end")),
    }
}

fn phase(state: &State) -> Option<Phase> {
    state.player().map(crate::app::Player::phase)
}

/// Waits until the lesson has done what it does by itself; its trouble is the error.
fn rests(machine: &mut Machine, lesson: &Lesson, line: usize) -> Result<(), LessonFault> {
    let done = |state: &State| {
        state
            .player()
            .is_some_and(|player| player.trouble().is_some() || player.rests() && state.is_settled())
    };
    let rested = machine.until(STEP, done);
    match machine.state.player().and_then(|player| player.trouble()) {
        Some(fault) => Err(fault.clone()),
        None if rested => Ok(()),
        None => Err(lesson.fault(line, format!("nothing came of it within {} s", STEP.as_secs()))),
    }
}

/// An answer of a kind, right or wrong.
fn some_answer(state: &State, kind: Kind) -> Answer {
    let options = state.player().map_or(0, |player| player.said().options.len());
    match kind {
        Kind::Choice => Answer::Choice(0),
        Kind::Number => Answer::Number(0.0),
        Kind::Token => {
            let first = state.player().and_then(|player| player.said().options.first().cloned());
            Answer::Token(first.unwrap_or_else(|| "word".to_owned()))
        }
        Kind::Place => Answer::Place(0.5),
        Kind::Order => Answer::Order((0..options).collect()),
    }
}

/// Plays every lesson, or the one of a name, and tells of each; whether something is wrong.
pub fn check_all(shelf: &Shelf, name: Option<&str>, out: &mut dyn Write) -> io::Result<bool> {
    let mut wrong = false;
    if name.is_none() {
        for fault in shelf.faults() {
            wrong = true;
            writeln!(out, "{}", Shown::inline(&fault.to_string()))?;
        }
    }
    let named = |lesson: &&Lesson| name.is_none_or(|name| lesson.name == name);
    let mut played = 0;
    for lesson in shelf.lessons().iter().filter(named) {
        played += 1;
        match check(&Arc::new(lesson.clone())) {
            Ok(checked) => {
                let (name, seconds) = (Shown::inline(&lesson.name), checked.time.as_secs_f64());
                let steps = if checked.steps == 1 { "step" } else { "steps" };
                let answers = checked.answers.join("; ");
                let told = format!("{} {steps}, {seconds:.1} s: {answers}", checked.steps);
                writeln!(out, "{name}: {}", Shown::inline(&told))?;
            }
            Err(fault) => {
                wrong = true;
                writeln!(out, "{}", Shown::inline(&fault.to_string()))?;
            }
        }
        out.flush()?;
    }
    if played == 0 && !wrong {
        writeln!(out, "There is no lesson to check.")?;
        return Ok(true);
    }
    Ok(wrong)
}
