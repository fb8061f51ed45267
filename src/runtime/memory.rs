//! What is remembered from one start to the next: earlier prompts, and that there was a first start.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{
    config::Paths,
    lesson::Progress,
    sampling::{Preset, SamplingSettings},
};

/// Prompts kept.
const PROMPTS: usize = 200;

/// The files of the state folder. What cannot be written is logged and otherwise let go: nothing
/// that a user does depends on it.
#[derive(Clone, Debug)]
pub struct Memory {
    history: PathBuf,
    started: PathBuf,
    presets: PathBuf,
    models: PathBuf,
    lessons: PathBuf,
}

impl Memory {
    /// The memory in these folders.
    #[must_use]
    pub fn new(paths: &Paths) -> Self {
        Self {
            history: paths.prompt_history_file(),
            started: paths.started_marker(),
            presets: paths.presets_folder(),
            models: paths.recent_models_file(),
            lessons: paths.lesson_progress_file(),
        }
    }

    /// Whether the program was never started before.
    #[must_use]
    pub fn is_first_start(&self) -> bool {
        !self.started.exists()
    }

    /// Earlier prompts, newest last: one JSON string a line; other lines are skipped.
    #[must_use]
    pub fn prompts(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.history).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Adds a prompt as the newest.
    pub fn remember_prompt(&self, prompt: &str) {
        let mut prompts = self.prompts();
        prompts.retain(|earlier| earlier != prompt);
        prompts.push(prompt.to_owned());
        let skip = prompts.len().saturating_sub(PROMPTS);
        let lines: String = prompts[skip..]
            .iter()
            .map(|prompt| serde_json::Value::from(prompt.as_str()).to_string() + "\n")
            .collect();
        note(&self.history, write_whole(&self.history, lines.as_bytes()));
    }

    /// The models that were loaded lately, the last one first.
    #[must_use]
    pub fn models(&self) -> Vec<PathBuf> {
        crate::models::recent(&self.models)
    }

    /// Notes that this model was loaded last.
    pub fn remember_model(&self, model: &Path) {
        if let Some(lines) = crate::models::with_recent(&self.models, model) {
            note(&self.models, write_whole(&self.models, lines.as_bytes()));
        }
    }

    /// Saves sampling settings as a preset: it and its file, or why it could not be saved, in a sentence.
    pub fn save_preset(
        &self,
        name: &str,
        settings: &SamplingSettings,
    ) -> Result<(Box<Preset>, PathBuf), String> {
        crate::config::save_preset(&self.presets, name, settings)
            .map(|(preset, path)| (Box::new(preset), path))
            .map_err(|error| error.to_string())
    }

    /// How far lessons have come, and what is to be said where that could not be read: then they begin anew.
    #[must_use]
    pub fn progress(&self) -> (Progress, Option<String>) {
        let unreadable = |why: &dyn std::fmt::Display| {
            tracing::warn!("{} cannot be read: {why}", self.lessons.display());
            let file = crate::text::Shown::path(&self.lessons);
            Some(format!("How far the lessons had come could not be read from {file}: they begin anew."))
        };
        match fs::read_to_string(&self.lessons) {
            Ok(text) => match Progress::read(&text) {
                Ok(progress) => (progress, None),
                Err(error) => (Progress::default(), unreadable(&error)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => (Progress::default(), None),
            Err(error) => (Progress::default(), unreadable(&error)),
        }
    }

    /// Keeps how far lessons have come.
    pub fn keep_progress(&self, text: &str) {
        note(&self.lessons, write_whole(&self.lessons, text.as_bytes()));
    }

    /// Notes that there was a first start.
    pub fn mark_started(&self) {
        note(&self.started, write_whole(&self.started, b""));
    }
}

fn note(path: &Path, result: io::Result<()>) {
    if let Err(error) = result {
        tracing::warn!("{} could not be written: {error}", path.display());
    }
}

/// Writes a file whole or not at all: a temporary file in the same folder, synced, then renamed.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    temporary(path, bytes)?.persist(path)?;
    Ok(())
}

/// The same, but never over a file that is there: then it fails with [`io::ErrorKind::AlreadyExists`], whoever else has
/// written it in the meantime.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    temporary(path, bytes)?.persist_noclobber(path)?;
    Ok(())
}

/// A synced file with these bytes in the folder of another, which is made if it is not there.
fn temporary(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_come_back_newest_last_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(&Paths::under(&folder.path().join("c"), &folder.path().join("s")));
        assert!(memory.is_first_start());
        memory.mark_started();
        assert!(!memory.is_first_start());
        for prompt in ["one", "two\nlines \u{1b}[31m", "one"] {
            memory.remember_prompt(prompt);
        }
        assert_eq!(memory.prompts(), ["two\nlines \u{1b}[31m", "one"]);
    }

    #[test]
    fn a_damaged_history_gives_what_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(&Paths::under(folder.path(), folder.path()));
        memory.remember_prompt("kept");
        let mut text = fs::read_to_string(&memory.history).unwrap();
        text.push_str("not json\n");
        fs::write(&memory.history, text).unwrap();
        assert_eq!(memory.prompts(), ["kept"]);
    }

    #[test]
    fn progress_that_cannot_be_read_is_said_and_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(&Paths::under(folder.path(), folder.path()));
        assert_eq!(memory.progress(), (Progress::default(), None));
        let mut progress = Progress::default();
        progress.set("2-05-draw", crate::lesson::Place { step: 1, ..crate::lesson::Place::default() });
        memory.keep_progress(&progress.text());
        assert_eq!(memory.progress(), (progress, None));
        fs::write(&memory.lessons, "{ \"2-05-draw\": ").unwrap();
        let (begun, said) = memory.progress();
        assert_eq!(begun, Progress::default());
        assert!(
            said.is_some_and(|said| said.contains("lesson-progress") && said.ends_with("they begin anew."))
        );
    }
}
