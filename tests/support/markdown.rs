//! Enough Markdown for the tests of the documentation.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A page of the documentation.
pub struct Page {
    /// Its path, from the top of the repository.
    pub path: PathBuf,
    /// What is written there.
    pub text: String,
}

/// The top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The page at this path from the top of the repository.
pub fn page(path: impl AsRef<Path>) -> Page {
    let path = path.as_ref();
    let text =
        fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Page { path: path.to_owned(), text }
}

/// The pages below docs/.
pub fn reference() -> Vec<Page> {
    let entries = fs::read_dir(root().join("docs")).expect("docs/ can be read");
    let names = entries.map(|entry| entry.expect("docs/ can be read").file_name());
    let mut pages: Vec<Page> = names.map(|name| page(Path::new("docs").join(name))).collect();
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    pages
}

impl Page {
    /// The lines of the fenced blocks of this language; lines that end with a backslash are joined with the next.
    pub fn code(&self, language: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut inside = None;
        for line in self.text.lines() {
            match (inside, line.strip_prefix("```")) {
                (None, Some(found)) => inside = Some(found == language),
                (Some(_), Some(_)) => inside = None,
                (Some(true), None) => lines.push(line.to_owned()),
                _ => {}
            }
        }
        lines.join("\n").replace("\\\n", " ").lines().map(str::to_owned).collect()
    }

    /// Where its links lead that are not web addresses, each as written.
    pub fn links(&self) -> Vec<&str> {
        let ends = self.text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        ends.map(|(target, _)| target).filter(|target| !target.contains("://")).collect()
    }

    /// The file that a link leads to, from the top of the repository, and the heading there, if it names one.
    pub fn target<'l>(&self, link: &'l str) -> (PathBuf, Option<&'l str>) {
        let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
        if file.is_empty() {
            return (self.path.clone(), anchor);
        }
        let mut path = self.path.parent().map(Path::to_owned).unwrap_or_default();
        for part in Path::new(file) {
            if part == ".." { assert!(path.pop(), "{link} leaves the repository") } else { path.push(part) }
        }
        (path, anchor)
    }

    /// The names by which links reach its headings.
    pub fn anchors(&self) -> Vec<String> {
        let heads = self.text.lines().filter(|line| line.starts_with('#'));
        heads.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
    }
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}
