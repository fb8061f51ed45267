//! Completing the path of a model that is being typed.

use std::{fs, path::Path};

/// Entries of a folder that are looked at.
const ENTRIES: usize = 10_000;

/// What a typed path can go on as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The path as far as it is certain: what is typed, and what all the names that fit go on with.
    pub text: String,
    /// The names that fit, folders with a `/` at their end, in order; none where the path is complete or nothing fits.
    pub names: Vec<String>,
}

/// Completes the last name of a typed path: folders, and GGUF files. `~/` is the folder `home`; a relative path begins in the
/// current folder. What cannot be read has no names. Names that begin with a dot are left out unless one is typed. Blocks
/// while it reads one folder.
#[must_use]
pub fn complete(typed: &str, home: Option<&Path>) -> Completion {
    let (folder, start) = typed.rfind('/').map_or(("", typed), |at| typed.split_at(at + 1));
    let place = match (folder.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ if folder.is_empty() => Path::new(".").to_owned(),
        _ => folder.into(),
    };
    let entries = fs::read_dir(place).into_iter().flatten().take(ENTRIES).flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| name(&entry, start)).collect();
    names.sort();
    let Some(common) = common(&names) else { return Completion { text: typed.to_owned(), names } };
    let text = format!("{folder}{common}");
    if names.len() == 1 {
        names.clear();
    }
    Completion { text, names }
}

/// An entry's name, if it fits what is typed of it and can be loaded or gone into.
fn name(entry: &fs::DirEntry, start: &str) -> Option<String> {
    // A name that is no text cannot be typed.
    let name = entry.file_name().into_string().ok()?;
    let hidden = name.starts_with('.') && !start.starts_with('.');
    if hidden || !name.starts_with(start) {
        return None;
    }
    let found = fs::metadata(entry.path()).ok()?;
    let model = name.to_ascii_lowercase().ends_with(".gguf");
    if found.is_dir() { Some(name + "/") } else { model.then_some(name) }
}

/// What all names begin with; None without names.
fn common(names: &[String]) -> Option<&str> {
    let first = names.first()?;
    let shared = |name: &String| first.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    let mut length = names.iter().map(shared).min()?;
    while !first.is_char_boundary(length) {
        length -= 1;
    }
    Some(&first[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["gemma-3-270m.gguf", "gemma-3-1b.GGUF", "notes.txt", ".hidden.gguf", "größe-1.gguf"] {
            fs::write(folder.path().join(name), "x").expect("written");
        }
        fs::create_dir(folder.path().join("qwen")).expect("made");
        folder
    }

    #[test]
    fn what_all_names_share_is_filled_in_and_they_are_listed() {
        let folder = folder();
        let path = |name: &str| format!("{}/{name}", folder.path().display());
        let done = complete(&path("ge"), None);
        assert_eq!(done.text, path("gemma-3-"));
        assert_eq!(done.names, ["gemma-3-1b.GGUF", "gemma-3-270m.gguf"]);
        assert_eq!(
            complete(&path("gemma-3-2"), None),
            Completion { text: path("gemma-3-270m.gguf"), names: vec![] }
        );
        assert_eq!(complete(&path("q"), None).text, path("qwen/"), "a folder can be gone into");
        assert_eq!(complete(&path("n"), None), Completion { text: path("n"), names: vec![] }, "no model");
        assert_eq!(complete(&path(".h"), None).text, path(".hidden.gguf"));
        let all = complete(&path(""), None);
        assert_eq!((all.text, all.names.len()), (path(""), 4), "hidden ones are left out");
    }

    #[test]
    fn home_is_meant_by_a_tilde_and_stays_one() {
        let folder = folder();
        assert_eq!(complete("~/q", Some(folder.path())).text, "~/qwen/");
        assert_eq!(complete("~/q", None).text, "~/q");
        assert_eq!(
            complete("no/such/folder/x", None),
            Completion { text: "no/such/folder/x".into(), names: vec![] }
        );
    }

    #[test]
    fn names_are_never_cut_inside_a_letter() {
        let names = ["größe".to_owned(), "grün".to_owned()];
        assert_eq!(common(&names), Some("gr"));
        assert_eq!(common(&["aü".to_owned(), "aö".to_owned()]), Some("a"));
        assert_eq!(common(&[]), None);
    }
}
