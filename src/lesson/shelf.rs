//! All lessons there are: those in the program and the user's own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Language, Lesson, LessonError, LessonFault, built_in};
use crate::toml_source::TomlSource;

/// The longest lesson file that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Lessons in the order of their chapters, one of each name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelf {
    lessons: Vec<Lesson>,
    faults: Vec<LessonFault>,
}

impl Shelf {
    /// The lessons in the program with those of a user, each read from (name of the file, text). Of lessons with one name that
    /// in the language wanted is taken, else the English one; of two in one language the user's.
    #[must_use]
    pub fn new(own: &[(String, String)], language: &Language) -> Self {
        let own = own.iter().map(|(file, text)| (file.as_str(), text.as_str()));
        let (mut all, faults) = read(own.chain(built_in().iter().copied()));
        // The user's stand first, and the order among equals stays.
        all.sort_by_key(|lesson| match lesson.lang.code() {
            code if code == language.code() => 0,
            "en" => 1,
            _ => 2,
        });
        let mut lessons: Vec<Lesson> = Vec::new();
        for lesson in all {
            if lessons.iter().all(|other| other.name != lesson.name) {
                lessons.push(lesson);
            }
        }
        Self::sorted(lessons, faults)
    }

    /// All lessons of these files, whatever their language, and no others.
    #[must_use]
    pub fn of(files: &[(String, String)]) -> Self {
        let (lessons, faults) = read(files.iter().map(|(file, text)| (file.as_str(), text.as_str())));
        Self::sorted(lessons, faults)
    }

    fn sorted(mut lessons: Vec<Lesson>, faults: Vec<LessonFault>) -> Self {
        lessons.sort_by(|a, b| (a.chapter, &a.name).cmp(&(b.chapter, &b.name)));
        Self { lessons, faults }
    }

    /// The lessons, by chapter.
    #[must_use]
    pub fn lessons(&self) -> &[Lesson] {
        &self.lessons
    }

    /// The lesson of this name, or with this title.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Lesson> {
        let by_name = self.lessons.iter().find(|lesson| lesson.name == name);
        by_name.or_else(|| self.lessons.iter().find(|lesson| lesson.title.eq_ignore_ascii_case(name)))
    }

    /// What is wrong with files that are no lessons for that.
    #[must_use]
    pub fn faults(&self) -> &[LessonFault] {
        &self.faults
    }
}

/// Reads files; what is wrong with one leaves the others.
fn read<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> (Vec<Lesson>, Vec<LessonFault>) {
    let (mut lessons, mut faults) = (Vec::new(), Vec::new());
    for (file, text) in files {
        match Lesson::parse(name_of(file), &TomlSource { file, text }) {
            Ok(lesson) => lessons.push(lesson),
            Err(wrong) => faults.extend(wrong),
        }
    }
    (lessons, faults)
}

/// A lesson's name: that of its file without the ending, and without a language before it.
fn name_of(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    match stem.rsplit_once('.') {
        Some((name, code)) if Language::of_code(code).is_some() => name,
        _ => stem,
    }
}

/// The lesson files of a folder, as (name, text), by name. A folder that is not there holds none.
pub fn user_files(folder: &Path) -> Result<Vec<(String, String)>, LessonError> {
    let cannot = |path: &Path, source| LessonError::Read { path: path.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(cannot(folder, error)),
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| cannot(folder, error))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let length = fs::metadata(&path).map_err(|error| cannot(&path, error))?.len();
            if length > LONGEST {
                let source = std::io::Error::other("it is too long for a lesson: over 1 MiB");
                return Err(cannot(&path, source));
            }
            let text = fs::read_to_string(&path).map_err(|error| cannot(&path, error))?;
            Ok((path.display().to_string(), text))
        })
        .collect()
}
