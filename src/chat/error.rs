//! What can be wrong with a chat template, and where.

use minijinja::{Error, ErrorKind};

use super::environment::RAISED;

/// The most of a template's line that is shown, in characters.
const MAX_LINE: usize = 100;

/// A chat template that cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
    /// The template refuses these messages (`raise_exception`).
    #[error("{template} refuses this conversation: {said}{ANOTHER}")]
    Refused {
        /// Which template.
        template: String,
        /// What it says.
        said: String,
    },
    /// It takes too many steps, or writes too much.
    #[error("{template} does too much{place}; it was stopped{ANOTHER}")]
    TooMuch {
        /// Which template.
        template: String,
        /// Where.
        place: Place,
    },
    /// It is wrong, or uses something not known here.
    #[error("{template} does not work: {what}{place}{ANOTHER}")]
    Broken {
        /// Which template.
        template: String,
        /// What is wrong.
        what: String,
        /// Where.
        place: Place,
    },
    /// A server writes conversations, and did not; why, in a sentence.
    #[error("{0}")]
    Server(String),
    /// llama.cpp's built-in template of this name cannot be applied.
    #[error("llama.cpp cannot apply its built-in chat template {name}: {what}")]
    BuiltIn {
        /// Its name.
        name: String,
        /// Why not.
        what: String,
    },
}

/// What can be done about it.
const ANOTHER: &str = ". Another template can be given with --chat-template-file FILE";

/// A line of a template, if known. Shown as ` in line 3: {{ x }}`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line's number, 1 and up.
    pub number: Option<usize>,
    /// What stands there, cut short.
    pub line: String,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.number {
            None => Ok(()),
            Some(number) if self.line.is_empty() => write!(f, " in line {number}"),
            Some(number) => write!(f, " in line {number}: {}", self.line),
        }
    }
}

impl Place {
    /// Where minijinja found an error in a template of this text, which begins at line `first` of the original.
    fn of(error: &Error, text: &str, first: usize) -> Self {
        let Some(number) = error.line().filter(|line| *line > 0) else { return Self::default() };
        let line = text.lines().nth(number - 1).unwrap_or_default();
        // Templates are often one long line: show it from a little before the place.
        let starts = text.lines().take(number - 1).map(|line| line.len() + 1).sum::<usize>();
        let at = error.range().map_or(0, |range| range.start.saturating_sub(starts)).min(line.len());
        let before = line.get(..at).unwrap_or_default().chars().count();
        let skipped = if line.chars().count() > MAX_LINE { before.saturating_sub(MAX_LINE / 4) } else { 0 };
        let mut shown: String = line.chars().skip(skipped).take(MAX_LINE).collect();
        if skipped > 0 {
            shown.insert(0, '…');
        }
        if line.chars().count() > skipped + MAX_LINE {
            shown.push('…');
        }
        Self { number: Some(number + first - 1), line: shown.trim().to_owned() }
    }
}

/// minijinja's error about a template of this `name` and `text` in our words.
pub(super) fn broken(error: &Error, name: &str, text: &str, first: usize) -> ChatError {
    let template = name.to_owned();
    let place = Place::of(error, text, first);
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    match (error.kind(), detail.strip_prefix(RAISED)) {
        (_, Some(said)) => ChatError::Refused { template, said: said.to_owned() },
        (ErrorKind::OutOfFuel | ErrorKind::WriteFailure, _) => ChatError::TooMuch { template, place },
        _ => ChatError::Broken { template, what: detail, place },
    }
}
