//! `logitscope learn --list`.

use std::io::{self, Write};

use crate::{
    lesson::{CHAPTERS, Lesson, Progress, Shelf},
    text::Shown,
};

/// Writes every lesson with its name, by chapter; what is wrong with files that are none comes last.
pub fn list(shelf: &Shelf, progress: &Progress, teacher: bool, out: &mut dyn Write) -> io::Result<()> {
    for (chapter, title) in (1..).zip(CHAPTERS) {
        let lessons = || shelf.lessons().iter().filter(move |lesson| lesson.chapter == chapter);
        if lessons().next().is_none() {
            continue;
        }
        writeln!(out, "{chapter} {title}")?;
        let widest = lessons().map(|lesson| lesson.name.chars().count()).max().unwrap_or(0);
        for lesson in lessons() {
            one(lesson, progress, widest, out)?;
            let notes = lesson.teacher.iter().filter(|_| teacher);
            for notes in notes.chain(lesson.shows.iter().filter(|_| teacher)) {
                writeln!(out, "  {:widest$}          {}", "", Shown::inline(notes))?;
            }
        }
    }
    for fault in shelf.faults() {
        writeln!(out, "! {}", Shown::inline(&fault.to_string()))?;
    }
    Ok(())
}

fn one(lesson: &Lesson, progress: &Progress, widest: usize, out: &mut dyn Write) -> io::Result<()> {
    let place = progress.of(&lesson.name);
    let so_far = match place {
        place if place.step > 0 => format!(" (at step {} of {})", place.step + 1, lesson.steps.len()),
        place if place.done => " (done)".to_owned(),
        _ => String::new(),
    };
    let (name, title) = (Shown::inline(&lesson.name), Shown::inline(&lesson.title));
    let minutes = lesson.minutes;
    writeln!(out, "  {:widest$}  {minutes:>3} min  {title}{so_far}", name.as_str())?;
    writeln!(out, "  {:widest$}           {}", "", Shown::inline(&lesson.able))
}
