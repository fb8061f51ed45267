//! What the selected lesson is about, and how it went.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line};

use crate::{
    app::{PanelId, State},
    lesson::{CHAPTERS, Lesson},
    text::Shown,
    ui::{
        frame,
        rows::{draw_rows, wrap_words},
        widgets::Panel,
    },
};

pub(super) fn panel(state: &State) -> Panel<'static> {
    frame::frame(state, PanelId::Lesson)
}

pub(super) fn draw(state: &State, inside: Rect, buf: &mut Buffer) {
    let learn = state.learn();
    let width = usize::from(inside.width);
    let lines = match learn.lessons().get(learn.selected()) {
        Some(lesson) => of_lesson(state, lesson, width),
        None => told("There are no lessons here.", state.theme().dim(), width),
    };
    draw_rows(inside, &lines, buf);
}

fn told(text: &str, style: Style, width: usize) -> Vec<Line<'static>> {
    let clean = Shown::inline(text).as_str().to_owned();
    wrap_words(&clean, width).into_iter().map(|line| Line::styled(line.to_owned(), style)).collect()
}

fn of_lesson(state: &State, lesson: &Lesson, width: usize) -> Vec<Line<'static>> {
    let (theme, learn) = (state.theme(), state.learn());
    let place = learn.place(&lesson.name);
    let mut lines = told(&lesson.title, theme.strong(), width);
    lines.extend(told(&lesson.able, theme.text(), width));
    lines.push(Line::default());
    let (steps, questions) = (lesson.steps.len(), lesson.questions());
    let count = |n: usize, word: &str| if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") };
    let chapter = CHAPTERS.get(lesson.chapter - 1).copied().unwrap_or_default();
    let size = format!(
        "Chapter {}, {chapter}: {}, {}, about {} minutes.",
        lesson.chapter,
        count(steps, "step"),
        count(questions, "question"),
        lesson.minutes
    );
    lines.extend(told(&size, theme.dim(), width));
    let progress = match place {
        place if place.step > 0 => format!("You are at step {} of {steps}.", place.step.min(steps - 1) + 1),
        place if place.done => {
            format!("Done: {} of {} predictions were right the last time.", place.right, place.asked)
        }
        _ => "Not begun yet.".to_owned(),
    };
    lines.extend(told(&progress, if place.done { theme.good() } else { theme.text() }, width));
    if let Some(shows) = &lesson.shows {
        lines.push(Line::default());
        lines.extend(told(shows, theme.dim(), width));
    }
    if let Some(notes) = lesson.teacher.as_ref().filter(|_| learn.for_teacher()) {
        lines.push(Line::default());
        lines.extend(told(&format!("For the teacher: {notes}"), theme.text(), width));
    }
    for fault in learn.faults() {
        lines.push(Line::default());
        lines.extend(told(&fault.to_string(), theme.warning(), width));
    }
    lines
}
