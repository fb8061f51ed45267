//! What is known of the lesson that is on.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use super::{super::PanelId, task::Task};
use crate::{
    engine::PromptText,
    lesson::{Answer, Ask, Kind, Lesson, LessonFault, LessonStep, Verdict},
    sampling::SamplingSettings,
    settings::{ModelSettings, StopSettings},
};

/// Where a step of the lesson stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The screens are being set up.
    SettingUp,
    /// Something is to be done; whether it is.
    Waiting(bool),
    /// An answer is waited for.
    Asking,
    /// The answer is being revealed.
    Revealing,
    /// All was said: the next step can begin.
    Told,
    /// The last step is over.
    Finished,
}

/// The texts of a step, their expressions worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// What is on the screen.
    pub say: String,
    /// What is to be done.
    pub task: Option<String>,
    /// The question.
    pub question: Option<String>,
    /// What there is to choose from.
    pub options: Vec<String>,
    /// The hint, once it was asked for.
    pub hint: Option<String>,
    /// What came of the answer.
    pub compare: Option<String>,
    /// Why it is so.
    pub why: Option<String>,
    /// Notes for the teacher.
    pub teacher: Option<String>,
    /// The right answer, where a teacher may see it before it is revealed.
    pub answer: Option<String>,
}

/// What a person had before the lesson, and has again after it.
#[derive(Clone, Debug)]
pub(super) struct Before {
    pub prompt: PromptText,
    pub scored: bool,
    pub sampling: SamplingSettings,
    pub changed: bool,
    pub stop: StopSettings,
    pub model: ModelSettings,
}

/// The lesson that is on.
#[derive(Debug)]
pub struct Player {
    pub(super) lesson: Arc<Lesson>,
    pub(super) teacher: bool,
    pub(super) step: usize,
    pub(super) phase: Phase,
    /// What is still to be done, one thing whenever all is at rest.
    pub(super) tasks: VecDeque<Task>,
    pub(super) said: Said,
    /// What is typed or picked.
    pub(super) typed: String,
    pub(super) verdict: Option<Verdict>,
    /// Whether the answers were right, by the step.
    pub(super) answered: BTreeMap<usize, bool>,
    /// What cannot be worked out or set up.
    pub(super) trouble: Option<LessonFault>,
    /// Whether a person has asked for the step to be set up again.
    pub(super) again: bool,
    /// The panel in the light.
    pub(super) lit: Option<PanelId>,
    /// Whether the keys are the lesson's, not the screen's.
    pub(super) has_keys: bool,
    pub(super) before: Option<Before>,
    /// The speed of playing before it was set up.
    pub(super) speed: Option<super::super::Play>,
}

impl Player {
    pub(super) fn new(lesson: Arc<Lesson>, teacher: bool) -> Self {
        Self {
            lesson,
            teacher,
            step: 0,
            phase: Phase::SettingUp,
            tasks: VecDeque::new(),
            said: Said::default(),
            typed: String::new(),
            verdict: None,
            answered: BTreeMap::new(),
            trouble: None,
            again: false,
            lit: None,
            has_keys: true,
            before: None,
            speed: None,
        }
    }

    /// The lesson.
    #[must_use]
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// Whether notes and answers for the teacher are shown.
    #[must_use]
    pub fn for_teacher(&self) -> bool {
        self.teacher
    }

    /// The step, from 0.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Its texts.
    #[must_use]
    pub fn said(&self) -> &Said {
        &self.said
    }

    /// What is typed or picked so far.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// What came of the answer to this step.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    /// Whether the keys are the lesson's, not the screen's.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        self.has_keys
    }

    /// What cannot be worked out or set up.
    #[must_use]
    pub fn trouble(&self) -> Option<&LessonFault> {
        self.trouble.as_ref()
    }

    /// Right answers, and answers given.
    #[must_use]
    pub fn tally(&self) -> (usize, usize) {
        (self.answered.values().filter(|right| **right).count(), self.answered.len())
    }

    /// The step as it is written.
    #[must_use]
    pub fn written(&self) -> &LessonStep {
        &self.lesson.steps[self.step.min(self.lesson.steps.len() - 1)]
    }

    /// The question that is waited on, or was answered.
    #[must_use]
    pub fn ask(&self) -> Option<&Ask> {
        self.written().ask.as_ref()
    }

    /// Whether nothing of it is to be done any more before a person goes on.
    #[must_use]
    pub fn rests(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The option that is picked, an index.
    #[must_use]
    pub fn picked(&self) -> Option<usize> {
        match self.ask()?.kind {
            Kind::Choice => self.typed.parse::<usize>().ok()?.checked_sub(1),
            Kind::Token => self.said.options.iter().position(|option| *option == self.typed),
            _ => None,
        }
    }

    /// The place on the ruler that is typed or marked; None where what is typed is none.
    #[must_use]
    pub fn marked(&self) -> Option<f64> {
        let ask = self.ask().filter(|ask| ask.kind == Kind::Place)?;
        match ask.read(&self.typed) {
            Ok(Answer::Place(place)) => Some(place),
            _ => None,
        }
    }

    /// Whether what will happen is not to be seen yet: a prediction is waited for, and not by a teacher.
    #[must_use]
    pub fn hides(&self) -> bool {
        !self.teacher && matches!(self.phase, Phase::SettingUp | Phase::Asking)
    }

    /// The panel in the light.
    #[must_use]
    pub fn lit(&self) -> Option<PanelId> {
        self.lit
    }

    /// The keys are the screen's: somebody does something there.
    pub(in crate::app) fn leave_keys(&mut self) {
        self.has_keys = false;
    }

    /// Whether there is a hint that was not asked for.
    #[must_use]
    pub fn has_hint(&self) -> bool {
        self.written().hint.is_some() && self.said.hint.is_none() && self.phase != Phase::Finished
    }

    /// Whether a key could do what is to be done.
    #[must_use]
    pub fn can_do(&self) -> bool {
        self.phase == Phase::Waiting(false)
    }
}
