//! What is wrong with a lesson file.

use std::path::PathBuf;

/// A mistake in a lesson file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {what}")]
pub struct LessonFault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what was expected.
    pub what: String,
}

/// A lesson that cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum LessonError {
    /// The file or the folder cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// What could not be read.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error(transparent)]
    Fault(#[from] LessonFault),
}
