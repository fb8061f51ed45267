//! What is wrong with a config file.

use std::path::PathBuf;

/// A config file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("the config file {} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{}, line {line}, column {column}: {}{what}", path.display(), key.as_deref().map(|key| format!("{key}: ")).unwrap_or_default())]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The character within the line, from 1.
        column: usize,
        /// The key, with its section; `None` if the file is not even TOML there.
        key: Option<String>,
        /// What was found and what was expected.
        what: String,
    },
    /// The folder that settings belong in is not known.
    #[error(
        "there is no home folder to look for settings in: set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME"
    )]
    NoHome,
}
