//! `logitscope learn check`: every lesson is played through by machine.

use std::{
    io::{self, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    machine::Machine,
    play::{Moment, play},
};
use crate::{
    lesson::{Lesson, LessonFault, Shelf},
    text::Shown,
};

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

/// Plays a lesson through; the first that is wrong with it is the error.
pub fn check(lesson: &Arc<Lesson>) -> Result<Checked, LessonFault> {
    let began = Instant::now();
    let mut answers = Vec::new();
    play(lesson, &mut Machine::start(), &mut |moment, _, player| {
        let verdict = player.verdict().filter(|_| moment == Moment::Told);
        answers.extend(verdict.map(|verdict| verdict.truth.clone()));
    })?;
    Ok(Checked { steps: lesson.steps.len(), answers, time: began.elapsed() })
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
