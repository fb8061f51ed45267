//! The Learn screen: chapters and their lessons, how far each has come, and what one will be able to do. A lesson itself goes
//! on over the other screens.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Desk, Flow, Hit, PanelId, Room, keys::PAGE};
use crate::{
    keymap::{Action, Context},
    lesson::{Lesson, LessonFault, Place, Progress, Shelf},
    tree::NodeId,
};

const PANELS: [PanelId; 2] = [PanelId::Lessons, PanelId::Lesson];

/// What the Learn screen starts with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearnSetup {
    /// The lessons.
    pub shelf: Shelf,
    /// How far they have come.
    pub progress: Progress,
    /// What is to be said at start: that what was kept could not be read.
    pub notice: Option<String>,
    /// Whether the Learn screen is shown at start.
    pub shown: bool,
    /// The lesson to begin with, by its name.
    pub lesson: Option<String>,
    /// Whether notes and answers for the teacher are shown.
    pub teacher: bool,
}

/// The lessons, and the one that is selected.
#[derive(Debug, Default)]
pub struct Learn {
    lessons: Vec<Arc<Lesson>>,
    faults: Vec<LessonFault>,
    progress: Progress,
    selected: usize,
    teacher: bool,
}

impl Learn {
    /// With these lessons.
    pub(super) fn new(setup: &LearnSetup) -> Self {
        let lessons = setup.shelf.lessons().iter().cloned().map(Arc::new).collect();
        let progress = setup.progress.clone();
        let faults = setup.shelf.faults().to_vec();
        let mut learn = Self { lessons, faults, progress, selected: 0, teacher: setup.teacher };
        // The first that was not played to its end.
        learn.selected = learn.lessons.iter().position(|lesson| !learn.place(&lesson.name).done).unwrap_or(0);
        learn
    }

    /// The lessons, by chapter.
    #[must_use]
    pub fn lessons(&self) -> &[Arc<Lesson>] {
        &self.lessons
    }

    /// What is wrong with files that are no lessons for that.
    #[must_use]
    pub fn faults(&self) -> &[LessonFault] {
        &self.faults
    }

    /// The selected lesson, an index.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.selected.min(self.lessons.len().saturating_sub(1))
    }

    /// How far a lesson has come.
    #[must_use]
    pub fn place(&self, lesson: &str) -> Place {
        self.progress.of(lesson)
    }

    /// Whether notes and answers for the teacher are shown.
    #[must_use]
    pub fn for_teacher(&self) -> bool {
        self.teacher
    }

    /// The lesson of this name.
    pub(super) fn find(&self, name: &str) -> Option<Arc<Lesson>> {
        let named = |lesson: &&Arc<Lesson>| lesson.name == name || lesson.title.eq_ignore_ascii_case(name);
        self.lessons.iter().find(named).cloned()
    }

    /// Notes how far a lesson has come; what is to be kept of it, if that is news.
    pub(super) fn note(&mut self, lesson: &str, place: Place) -> Option<String> {
        if self.progress.of(lesson) == place {
            return None;
        }
        self.progress.set(lesson, place);
        Some(self.progress.text())
    }

    fn select(&mut self, index: usize) {
        self.selected = index.min(self.lessons.len().saturating_sub(1));
    }

    /// Begins the selected lesson, where it was left or anew.
    fn begin(&self, anew: bool, desk: &mut Desk) {
        let Some(lesson) = self.lessons.get(self.selected()) else {
            return desk.say("There are no lessons here.");
        };
        let step = if anew { 0 } else { self.place(&lesson.name).step };
        desk.begin_lesson(Arc::clone(lesson), step, self.teacher);
    }
}

impl Room for Learn {
    fn panels(&self) -> &'static [PanelId] {
        &PANELS
    }

    fn focusable(&self) -> &'static [PanelId] {
        &PANELS[..1]
    }

    fn context(&self, _desk: &Desk) -> Context {
        Context::Learn
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        let selected = self.selected();
        match action {
            Action::Up => self.select(selected.saturating_sub(1)),
            Action::Down => self.select(selected + 1),
            Action::PageUp => self.select(selected.saturating_add_signed(-PAGE)),
            Action::PageDown => self.select(selected.saturating_add_signed(PAGE)),
            Action::First => self.select(0),
            Action::Last => self.select(usize::MAX),
            Action::LessonNext => self.begin(false, desk),
            Action::LessonAgain => self.begin(true, desk),
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    fn press(&mut self, hit: Hit, again: bool, desk: &mut Desk) -> Flow {
        match hit {
            Hit::Row(PanelId::Lessons, row) => {
                if again && row == self.selected() {
                    self.begin(false, desk);
                } else {
                    self.select(row);
                }
                Flow::Done
            }
            _ => Flow::Pass,
        }
    }

    fn wheel(&mut self, hit: Hit, rows: isize, _desk: &mut Desk) -> Flow {
        match hit {
            Hit::Row(PanelId::Lessons, _) | Hit::Panel(PanelId::Lessons) => {
                self.select(self.selected().saturating_add_signed(rows));
                Flow::Done
            }
            _ => Flow::Pass,
        }
    }

    fn wants(&mut self, desk: &mut Desk, _limit: usize) -> Vec<NodeId> {
        desk.wanted_by_path().into_iter().collect()
    }

    fn stands_alone(&self) -> bool {
        true
    }

    fn prepare(&mut self, _desk: &mut Desk) {}

    fn has_ended(&self, _desk: &Desk) -> bool {
        false
    }

    fn ignores(&self, action: Action) -> bool {
        use Action as A;
        matches!(
            action,
            A::Step
                | A::Back
                | A::PlayPause
                | A::Faster
                | A::Slower
                | A::Restart
                | A::Reroll
                | A::SameSeed
                | A::TakeCandidate
                | A::FocusText
                | A::FocusCandidates
                | A::FocusSampling
                | A::NextPanel
                | A::PreviousPanel
                | A::ShowPanel
                | A::Search
                | A::NextPreset
                | A::PreviousPreset
                | A::ToggleIgnoreEos
                | A::ColourBy
                | A::EndChart
                | A::Formula
                | A::SavePreset
        )
    }
}
