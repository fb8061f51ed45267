//! What can be wrong with a keymap.

use std::fmt;
use std::path::PathBuf;

use super::Context;
use crate::toml_source::TomlSyntaxError;

/// Why a keymap was refused: which file and line, and what was expected.
#[derive(Debug, thiserror::Error)]
pub enum KeymapError {
    /// The file cannot be read.
    #[error("the keymap {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error(transparent)]
    Syntax(#[from] TomlSyntaxError),
    /// A section that is no context.
    #[error("{file}, line {line}: there is no context `{name}`; {expected}")]
    UnknownContext {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The name as written.
        name: String,
        /// The nearest name, or all of them.
        expected: String,
    },
    /// A value that is not what its place needs.
    #[error("{file}, line {line}: `{name}` must be {expected}")]
    WrongValue {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The key or section.
        name: String,
        /// What it needs.
        expected: &'static str,
    },
    /// A key that does not exist.
    #[error("{file}, line {line}: `{key}` is not a key; {expected}")]
    UnknownKey {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The key as written.
        key: String,
        /// The nearest key, or how keys are written.
        expected: String,
    },
    /// An action that does not exist.
    #[error("{file}, line {line}: there is no action `{action}` for the key `{key}`; {expected}")]
    UnknownAction {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The key as written.
        key: String,
        /// The action as written.
        action: String,
        /// The nearest action, or where they are listed.
        expected: String,
    },
    /// One key bound twice in one context.
    #[error("{file}: [{context}] binds one key twice: {first} and {second}; keep one")]
    Duplicate {
        /// The file.
        file: String,
        /// The context.
        context: Context,
        /// The binding that comes first in the file.
        first: Box<BoundKey>,
        /// The binding that comes second.
        second: Box<BoundKey>,
    },
}

/// A binding as it is written in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundKey {
    /// The key.
    pub key: String,
    /// The action.
    pub action: String,
    /// Line, from 1.
    pub line: usize,
}

impl fmt::Display for BoundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` to {} on line {}", self.key, self.action, self.line)
    }
}
