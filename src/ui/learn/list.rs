//! The list of lessons, by chapter.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use crate::{
    app::{PanelId, State},
    lesson::{CHAPTERS, Lesson},
    text::Shown,
    theme::Marks,
    ui::{
        frame,
        rows::{draw_row, elide_words, page},
        widgets::Panel,
    },
};

/// A row of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// A chapter, from 1.
    Chapter(usize),
    /// A lesson, an index.
    Lesson(usize),
    /// How many files are no lessons.
    Faults(usize),
}

pub(super) fn panel(state: &State) -> Panel<'static> {
    let learn = state.learn();
    let done = learn.lessons().iter().filter(|lesson| learn.place(&lesson.name).done).count();
    let mut panel = frame::frame(state, PanelId::Lessons);
    let all = learn.lessons().len();
    panel.bottom_right = Line::styled(format!("{done} of {all} done"), state.theme().dim());
    panel.shorter.bottom_right = vec![Line::styled(format!("{done} of {all}"), state.theme().dim())];
    panel
}

fn entries(state: &State) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (index, lesson) in state.learn().lessons().iter().enumerate() {
        let heading = Entry::Chapter(lesson.chapter);
        if !entries.contains(&heading) {
            entries.push(heading);
        }
        entries.push(Entry::Lesson(index));
    }
    let faults = state.learn().faults().len();
    if faults > 0 {
        entries.push(Entry::Faults(faults));
    }
    entries
}

/// The rows that have room, with their places.
fn rows(state: &State, inside: Rect) -> Vec<(Entry, Rect)> {
    let entries = entries(state);
    let selected = Entry::Lesson(state.learn().selected());
    let at = entries.iter().position(|entry| *entry == selected).unwrap_or(0);
    page(entries.len(), at, inside).map(|(row, place)| (entries[row], place)).collect()
}

pub(super) fn draw(state: &State, inside: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    for (entry, place) in rows(state, inside) {
        let line = match entry {
            Entry::Chapter(chapter) => {
                let name = CHAPTERS.get(chapter - 1).copied().unwrap_or_default();
                Line::styled(format!("{chapter} {name}"), theme.title(false))
            }
            Entry::Lesson(index) => {
                let selected = index == state.learn().selected();
                if selected {
                    buf.set_style(place, theme.selected_row());
                }
                row(state, &state.learn().lessons()[index], selected, place.width.into())
            }
            Entry::Faults(faults) => {
                let text = format!("{faults} mistakes in lesson files: logitscope learn check");
                Line::from(vec![Span::raw(Marks::WARNING), Span::raw(" "), Span::raw(text)])
                    .style(theme.warning())
            }
        };
        draw_row(place, 0, &line, buf);
    }
}

/// A lesson: whether it is done, its title, how far it is, its minutes.
fn row(state: &State, lesson: &Lesson, selected: bool, width: usize) -> Line<'static> {
    let (theme, place) = (state.theme(), state.learn().place(&lesson.name));
    let base = if selected { theme.selected_row() } else { Style::default() };
    let on = state.player().is_some_and(|player| player.lesson().name == lesson.name);
    let mark = match place {
        _ if on => "▸",
        place if place.done => "✓",
        place if place.step > 0 => "…",
        _ => " ",
    };
    let minutes = format!("{:>3} min", lesson.minutes);
    let room = width.saturating_sub(4 + minutes.width() + 1);
    let title = elide_words(&Line::from(Shown::inline(&lesson.title).as_str().to_owned()), room);
    let title: String = title.spans.iter().map(|span| span.content.as_ref()).collect();
    let gap = " ".repeat(room.saturating_sub(title.width()) + 1);
    let style = if place.done { theme.good() } else { theme.key() };
    Line::from(vec![
        Span::raw("  "),
        Span::styled(mark, base.patch(style)),
        Span::raw(" "),
        Span::styled(title, if selected { base } else { theme.text() }),
        Span::raw(gap),
        Span::styled(minutes, if selected { base } else { theme.dim() }),
    ])
}

/// The lesson in the row at a place.
pub(super) fn row_at(state: &State, inside: Rect, at: Position) -> Option<usize> {
    rows(state, inside).into_iter().find_map(|(entry, place)| match entry {
        Entry::Lesson(index) if place.contains(at) => Some(index),
        _ => None,
    })
}
