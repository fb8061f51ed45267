//! Where the program keeps its files.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::ConfigError;

/// The program's folder inside each of the XDG folders.
const FOLDER: &str = "logitscope";

/// Where the program keeps its files: the XDG folders, on macOS too, as terminal programs do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    state: PathBuf,
}

impl Paths {
    /// The folders that the environment names: `$XDG_CONFIG_HOME` or `~/.config`, `$XDG_STATE_HOME` or `~/.local/state`.
    pub fn from_environment() -> Result<Self, ConfigError> {
        let xdg = etcetera::base_strategy::Xdg::new().map_err(|_| ConfigError::NoHome)?;
        let state = xdg.state_dir().unwrap_or_else(|| xdg.home_dir().join(".local/state"));
        Ok(Self::under(&xdg.config_dir(), &state))
    }

    /// The program's folders under these two.
    #[must_use]
    pub fn under(config_home: &Path, state_home: &Path) -> Self {
        Self { config: config_home.join(FOLDER), state: state_home.join(FOLDER) }
    }

    /// The settings, TOML.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The key bindings, TOML.
    #[must_use]
    pub fn keymap_file(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }

    /// The user's own themes, TOML files.
    #[must_use]
    pub fn themes_folder(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// Presets saved from the screen, TOML files.
    #[must_use]
    pub fn presets_folder(&self) -> PathBuf {
        self.config.join("presets")
    }

    /// The user's own lessons, TOML files.
    #[must_use]
    pub fn lessons_folder(&self) -> PathBuf {
        self.config.join("lessons")
    }

    /// What the program remembers between runs.
    #[must_use]
    pub fn state_folder(&self) -> &Path {
        &self.state
    }

    /// The log, unless a flag names another file.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.state.join("logitscope.log")
    }

    /// Prompts written in the editor.
    #[must_use]
    pub fn prompt_history_file(&self) -> PathBuf {
        self.state.join("prompt-history")
    }

    /// The models that were loaded lately.
    #[must_use]
    pub fn recent_models_file(&self) -> PathBuf {
        self.state.join("recent-models")
    }

    /// How far lessons have come, JSON.
    #[must_use]
    pub fn lesson_progress_file(&self) -> PathBuf {
        self.state.join("lesson-progress")
    }

    /// Exists once the program has been started.
    #[must_use]
    pub fn started_marker(&self) -> PathBuf {
        self.state.join("started")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_in_their_folders() {
        let paths = Paths::under(Path::new("/c"), Path::new("/s"));
        assert_eq!(paths.config_file(), Path::new("/c/logitscope/config.toml"));
        assert_eq!(paths.keymap_file(), Path::new("/c/logitscope/keymap.toml"));
        assert_eq!(paths.themes_folder(), Path::new("/c/logitscope/themes"));
        assert_eq!(paths.presets_folder(), Path::new("/c/logitscope/presets"));
        assert_eq!(paths.log_file(), Path::new("/s/logitscope/logitscope.log"));
        assert_eq!(paths.prompt_history_file(), Path::new("/s/logitscope/prompt-history"));
        assert_eq!(paths.started_marker(), paths.state_folder().join("started"));
    }
}
