//! The Learn screen: lessons by chapter, and the selected one.

mod details;
mod list;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Position, Rect},
    widgets::Widget,
};

use super::{face::Face, frame};
use crate::{
    app::{Hit, PanelId, State},
    keymap::Action,
};

/// From so many columns on the panels lie side by side.
const SIDE_BY_SIDE: u16 = 72;

pub(super) struct LearnFace;

impl Face for LearnFace {
    fn draw(&self, state: &State, places: &super::Places, buf: &mut Buffer) {
        draw(state, places.body, buf);
    }

    fn hit(&self, state: &State, places: &super::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at)
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        use Action as A;
        let learn = state.learn();
        let mut actions = Vec::new();
        if let Some(lesson) = learn.lessons().get(learn.selected()) {
            actions.push(A::LessonNext);
            if learn.place(&lesson.name).step > 0 {
                actions.push(A::LessonAgain);
            }
        }
        if learn.lessons().len() > 1 {
            actions.extend([A::Down, A::Up]);
        }
        actions.extend([A::ExplainPanel, A::LoadModel, A::NextTheme, A::Help, A::Quit]);
        actions
    }

    fn label(&self, state: &State, action: Action) -> Option<&'static str> {
        let learn = state.learn();
        let lesson = learn.lessons().get(learn.selected())?;
        match action {
            Action::LessonNext if learn.place(&lesson.name).step > 0 => Some("take up again"),
            Action::LessonNext => Some("begin"),
            Action::LessonAgain => Some("begin anew"),
            _ => None,
        }
    }
}

fn places(body: Rect) -> [Rect; 2] {
    if body.width >= SIDE_BY_SIDE {
        Layout::horizontal([Constraint::Percentage(54), Constraint::Min(0)]).areas(body)
    } else {
        Layout::vertical([Constraint::Min(4), Constraint::Length((body.height / 2).min(9))]).areas(body)
    }
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    let [lessons, lesson] = places(body);
    if !lessons.is_empty() {
        list::panel(state).render(lessons, buf);
        list::draw(state, frame::inner(lessons), buf);
    }
    if !lesson.is_empty() {
        details::panel(state).render(lesson, buf);
        details::draw(state, frame::inner(lesson), buf);
    }
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let [lessons, lesson] = places(body);
    if lessons.contains(at) {
        let row = list::row_at(state, frame::inner(lessons), at);
        let elsewhere = || frame::hit(&list::panel(state), PanelId::Lessons, lessons, at);
        return Some(row.map_or_else(elsewhere, |row| Hit::Row(PanelId::Lessons, row)));
    }
    lesson.contains(at).then(|| frame::hit(&details::panel(state), PanelId::Lesson, lesson, at))
}
