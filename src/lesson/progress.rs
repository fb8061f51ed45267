//! How far lessons have come, as it is kept between runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How far one lesson has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The step that is next, from 0.
    pub step: usize,
    /// Whether it was played to its end once.
    pub done: bool,
    /// Questions answered in the last round.
    pub asked: usize,
    /// Of these, right ones.
    pub right: usize,
}

/// How far every lesson has come, by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Progress(BTreeMap<String, Place>);

impl Progress {
    /// Reads what was kept.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// As it is kept: JSON.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// How far a lesson has come; its beginning where it was never played.
    #[must_use]
    pub fn of(&self, lesson: &str) -> Place {
        self.0.get(lesson).copied().unwrap_or_default()
    }

    /// Notes how far a lesson has come.
    pub fn set(&mut self, lesson: &str, place: Place) {
        self.0.insert(lesson.to_owned(), place);
    }
}
