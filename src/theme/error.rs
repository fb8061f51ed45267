//! What can be wrong with a theme.

use std::path::PathBuf;

use crate::toml_source::TomlSyntaxError;

/// Why a theme could not be loaded: which file and line, which key, and what was expected.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// The file cannot be read.
    #[error("theme {path} cannot be read: {source}")]
    Unreadable {
        /// The theme's file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error(transparent)]
    Syntax(#[from] TomlSyntaxError),
    /// A key that themes do not have.
    #[error("{file}, line {line}: a theme has no key `{key}`; {expected}")]
    UnknownKey {
        /// The theme's file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The key as written, with its table.
        key: String,
        /// The nearest key, or all keys.
        expected: String,
    },
    /// A value that is not what its key needs.
    #[error("{file}, line {line}: `{key}` must be {expected}, not {found}")]
    WrongValue {
        /// The theme's file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The key, with its table.
        key: String,
        /// What the key needs.
        expected: &'static str,
        /// The value, or its kind.
        found: String,
    },
    /// A colour is set neither here nor in the themes this one inherits from.
    #[error("{file}: the colour `palette.{key}` is missing; set it, or add `inherits = \"dark\"`")]
    MissingColour {
        /// The theme's file.
        file: String,
        /// The role without a colour.
        key: &'static str,
    },
    /// There is no theme of that name.
    #[error("{wanted_by}: there is no theme `{name}`; the themes are {known}")]
    UnknownTheme {
        /// Who asked: a file and line, or the setting.
        wanted_by: String,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Themes that inherit from each other in a circle.
    #[error("{file}, line {line}: themes inherit in a circle: {chain}; remove one `inherits`")]
    Circle {
        /// The file that closes the circle.
        file: String,
        /// Line of its `inherits`, from 1.
        line: usize,
        /// The names, joined by arrows.
        chain: String,
    },
}
