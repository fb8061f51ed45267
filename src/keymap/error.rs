//! What can be wrong with a keymap.

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
    #[error(
        "{file}: [{context}] binds one key twice: `{first_key}` to {first_action} on line {first_line} and \
         `{second_key}` to {second_action} on line {second_line}; keep one"
    )]
    Duplicate {
        /// The file.
        file: String,
        /// The context.
        context: Context,
        /// The key as first written.
        first_key: String,
        /// What it was first bound to.
        first_action: String,
        /// Line of the first, from 1.
        first_line: usize,
        /// The key as written again.
        second_key: String,
        /// What it was then bound to.
        second_action: String,
        /// Line of the second, from 1.
        second_line: usize,
    },
}
