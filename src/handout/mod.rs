//! A hand-out for a class: the questions of a chapter's lessons with spaces to write, pictures of the program's own screens,
//! and the answers on the last page.
//!
//! One HTML file that prints well: no script, nothing loaded from elsewhere.

mod page;
mod style;
mod words;

pub use page::page;

use ratatui::buffer::Buffer;

/// A chapter whose lessons were played.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// 1 and up.
    pub number: usize,
    /// What it is about.
    pub title: String,
    /// The model that the answers are of.
    pub model: String,
    /// Its lessons, in order.
    pub lessons: Vec<Played>,
}

/// A lesson that was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// The name that `learn --lesson` takes.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What one will be able to do.
    pub able: String,
    /// How long it takes.
    pub minutes: u32,
    /// Which prompts show the effect on which model.
    pub shows: Option<String>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// A step of it: what was said and asked, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// What is on the screen and where to look.
    pub say: String,
    /// The screen, as it is while the question is asked.
    pub screen: Option<Buffer>,
    /// Something to be done, where the step waits for it.
    pub task: Option<String>,
    /// What is asked.
    pub question: Option<Question>,
    /// Why it is so, said after the reveal.
    pub why: Option<String>,
}

/// A question and its answer.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// How it is answered.
    pub space: Space,
    /// The right answer, in words.
    pub right: String,
}

/// What a person writes an answer into.
#[derive(Clone, Debug, PartialEq)]
pub enum Space {
    /// A box beside each option, of which one is ticked.
    Tick(Vec<String>),
    /// A box beside each option, for its place in the order.
    Order(Vec<String>),
    /// A line, and the unit behind it.
    Line(Option<String>),
    /// A ruler from 0 to 1.
    Ruler,
}
