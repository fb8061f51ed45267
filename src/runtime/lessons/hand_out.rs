//! `logitscope handout`: the lessons of a chapter are played, and what is asked and answered becomes a page.

use std::sync::Arc;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    machine::Machine,
    play::{Moment, play},
};
use crate::{
    app::{ModelState, Player, State},
    handout::{Chapter, Played, Question, Space, Step, page},
    lesson::{Ask, CHAPTERS, Kind, Lesson, LessonFault, Shelf},
    picture::Look,
    theme::{ColourDepth, ThemeStore},
    ui,
};

/// The screens of a hand-out, in columns and rows: as many as can be read on a sheet.
const SCREEN: (u16, u16) = (92, 25);

/// Plays the lessons of a chapter (1 and up) and makes the page of them. The first lesson that cannot be played is the error.
pub fn hand_out(shelf: &Shelf, chapter: usize) -> Result<String, LessonFault> {
    let of_chapter = shelf.lessons().iter().filter(|lesson| lesson.chapter == chapter);
    let (mut lessons, mut lang, mut model, mut look) = (Vec::new(), None, String::new(), Look::PRINT);
    for lesson in of_chapter {
        lang.get_or_insert(lesson.lang.code());
        let mut machine = printing();
        look = Look::of(machine.state.theme());
        lessons.push(played(lesson, &mut machine)?);
        if let ModelState::Ready(ready) = machine.state.model() {
            model.clone_from(&ready.info.title);
        }
    }
    let title = CHAPTERS.get(chapter.saturating_sub(1)).copied().unwrap_or_default().to_owned();
    Ok(page(&Chapter { number: chapter, title, model, lessons }, lang.unwrap_or("en"), look))
}

/// A program whose screens are for paper.
fn printing() -> Machine {
    Machine::with(|setup| {
        setup.theme = ThemeStore::new(None).load("light", ColourDepth::True).expect("it is in the program");
        setup.size = SCREEN;
    })
}

fn played(lesson: &Lesson, machine: &mut Machine) -> Result<Played, LessonFault> {
    let mut steps: Vec<Step> = Vec::new();
    play(&Arc::new(lesson.clone()), machine, &mut |moment, state, player| match moment {
        Moment::Opened => steps.push(opened(state, player)),
        Moment::Asked => {
            if let Some(step) = steps.last_mut() {
                step.question = player.ask().map(|ask| question(ask, player));
            }
        }
        Moment::Told => {
            if let Some(step) = steps.last_mut() {
                step.why.clone_from(&player.said().why);
                if let (Some(question), Some(verdict)) = (&mut step.question, player.verdict()) {
                    question.right.clone_from(&verdict.truth);
                }
            }
        }
    })?;
    Ok(Played {
        name: lesson.name.clone(),
        title: lesson.title.clone(),
        able: lesson.able.clone(),
        minutes: lesson.minutes,
        shows: lesson.shows.clone(),
        steps,
    })
}

fn opened(state: &State, player: &Player) -> Step {
    // Where nothing is set up the screen is the one above, or what came of it.
    let screen = (player.written().set.line > 0).then(|| screen(state));
    Step { say: player.said().say.clone(), screen, task: player.said().task.clone(), ..Step::default() }
}

/// The screen without the lesson and without its keys, which paper has not.
fn screen(state: &State) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, SCREEN.0, SCREEN.1));
    ui::draw_alone(state, buffer.area, &mut buffer);
    buffer
}

fn question(ask: &Ask, player: &Player) -> Question {
    let said = player.said();
    let space = match ask.kind {
        Kind::Choice => Space::Tick(said.options.clone()),
        Kind::Order => Space::Order(said.options.clone()),
        Kind::Number => Space::Line(ask.unit.clone()),
        Kind::Token => Space::Line(None),
        Kind::Place => Space::Ruler,
    };
    Question { text: said.question.clone().unwrap_or_default(), space, right: String::new() }
}
