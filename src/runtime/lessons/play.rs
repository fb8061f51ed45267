//! A lesson played through by machine, and what can be seen on the way.

use std::{sync::Arc, time::Duration};

use super::machine::Machine;
use crate::{
    app::{ByMachine, Phase, Player, State},
    keymap::Action,
    lesson::{Answer, Kind, Lesson, LessonFault},
};

/// The longest that a step may take, on the machine of whoever writes it.
const STEP: Duration = Duration::from_mins(2);

/// A moment of a lesson, in each step in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A step is set up.
    Opened,
    /// Something is asked.
    Asked,
    /// All of the step was told.
    Told,
}

/// Plays a lesson through: everything is set up, what is to be done is done and reached, every question is answered, revealed
/// and judged, every text is worked out; `see` looks at the state on the way. The first that cannot be is the error.
pub(super) fn play(
    lesson: &Arc<Lesson>,
    machine: &mut Machine,
    see: &mut dyn FnMut(Moment, &State, &Player),
) -> Result<(), LessonFault> {
    let first = lesson.steps[0].line;
    if !machine.until(STEP, State::is_ready_for_lessons) {
        return Err(lesson.fault(first, "the model could not be loaded"));
    }
    machine.play(ByMachine::Begin(Arc::clone(lesson)));
    for at in 0..lesson.steps.len() {
        step(lesson, at, machine, see)?;
    }
    match phase(&machine.state) {
        Some(Phase::Finished) => Ok(()),
        _ => Err(lesson.fault(first, "the lesson does not come to its end")),
    }
}

fn step(
    lesson: &Lesson,
    at: usize,
    machine: &mut Machine,
    see: &mut dyn FnMut(Moment, &State, &Player),
) -> Result<(), LessonFault> {
    let step = &lesson.steps[at];
    let line = step.line;
    let mut look = |moment, machine: &mut Machine| {
        machine.state.prepare_frame();
        if let Some(player) = machine.state.player() {
            see(moment, &machine.state, player);
        }
    };
    rests(machine, lesson, line)?;
    look(Moment::Opened, machine);
    if let Some(wait) = &step.wait {
        if phase(&machine.state) == Some(Phase::Waiting(false)) {
            machine.play(ByMachine::Act(Action::LessonDo));
            rests(machine, lesson, wait.line)?;
        }
        if phase(&machine.state) != Some(Phase::Waiting(true)) {
            return Err(lesson.fault(wait.until.line(), "`until` is not reached"));
        }
        let own = machine.state.player().is_some_and(Player::has_keys);
        machine.play(ByMachine::Act(if own { Action::LessonNext } else { Action::LessonFocus }));
        rests(machine, lesson, line)?;
    }
    if step.hint.is_some() {
        machine.play(ByMachine::Act(Action::LessonHint));
        rests(machine, lesson, line)?;
    }
    if let Some(ask) = &step.ask {
        look(Moment::Asked, machine);
        let answer = some_answer(&machine.state, ask.kind);
        machine.play(ByMachine::Answer(answer));
        rests(machine, lesson, ask.line)?;
        if machine.state.player().is_none_or(|player| player.verdict().is_none()) {
            return Err(lesson.fault(ask.line, "the answer was not revealed"));
        }
    }
    if phase(&machine.state) != Some(Phase::Told) {
        return Err(lesson.fault(line, format!("step {} does not come to its end", at + 1)));
    }
    look(Moment::Told, machine);
    machine.play(ByMachine::Act(Action::LessonNext));
    Ok(())
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
