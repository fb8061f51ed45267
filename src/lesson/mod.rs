//! Lessons: TOML files that set up the screens, ask, and say why. Pure: what a lesson is and whether it is one, how an answer
//! is read and judged, and how an expression over the live state is worked out. Nothing here knows the screens; who plays a
//! lesson hands in the values that its expressions name.
//!
//! A right answer is never stored, it is an expression, so that a lesson holds on any model.

mod built_in;
mod error;
mod expression;
mod file;
mod language;
mod parts;
mod progress;
mod question;
mod reader;
mod set_up;
mod shelf;
#[cfg(test)]
mod tests;

pub use built_in::built_in;
pub use error::{LessonError, LessonFault};
pub use expression::{Expression, Mistake, NAMES, Part, Prose, Scope};
pub use language::Language;
pub use parts::{Ask, Kind, LessonStep, ModelWanted, SetUp, Wait};
pub use progress::{Place, Progress};
pub use question::{Answer, Verdict};
pub use set_up::{PANELS, SCREENS};
pub use shelf::{Shelf, user_files};

/// The chapters, the first is number 1.
pub const CHAPTERS: [&str; 5] =
    ["The loop", "From logits to a choice", "Paths", "Stopping and using", "What it costs"];

/// The names of the questions that lessons answer, as `answers` lists them.
pub const QUESTIONS: [&str; 31] = [
    "loop-why",
    "pipeline",
    "rest-mass",
    "tokens",
    "training",
    "logits-and-probabilities",
    "raw-score",
    "softmax",
    "shift",
    "deterministic",
    "greedy-limits",
    "greedy-or-sampling",
    "temperature-changes",
    "higher-temperature",
    "temperature-quality",
    "u-lands",
    "cuts",
    "order",
    "shares",
    "early-tokens",
    "beam-or-sampling",
    "open-closed",
    "stopping",
    "grammar",
    "streaming-latency",
    "long-answers-slow",
    "caching",
    "prefill-decode",
    "projection",
    "speculative-distribution",
    "diffusion-differs",
];

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// What errors call its file.
    pub file: String,
    /// Its name: the file's, without its ending and its language.
    pub name: String,
    /// The title.
    pub title: String,
    /// The language, a short code like `en`.
    pub lang: Language,
    /// The chapter, from 1 to the number of [`CHAPTERS`].
    pub chapter: usize,
    /// Minutes that it takes about.
    pub minutes: u32,
    /// What one will be able to do, in a sentence.
    pub able: String,
    /// The questions that it answers, each one of [`QUESTIONS`].
    pub answers: Vec<String>,
    /// Notes for the teacher.
    pub teacher: Option<String>,
    /// Which prompts show on which model what it is about.
    pub shows: Option<String>,
    /// The steps; at least one.
    pub steps: Vec<LessonStep>,
}

impl Lesson {
    /// How many steps ask something.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.steps.iter().filter(|step| step.ask.is_some()).count()
    }

    /// A mistake that shows only when it is played, at one of its lines.
    #[must_use]
    pub fn fault(&self, line: usize, what: impl Into<String>) -> LessonFault {
        LessonFault { file: self.file.clone(), line, what: what.into() }
    }
}
