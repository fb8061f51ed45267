//! Files that a user asks for, in the current folder.

use std::{fs, io::ErrorKind, path::Path};

use super::memory::write_new;
use crate::text::Shown;

/// Numbers that are tried before it is given up.
const NUMBERS: usize = 1000;

/// A file's extension and its text.
type Ending = (&'static str, String);

/// Writes files of one name, each with its extension, none over one that is there, also if another program writes into the
/// folder at the same time; the names they got, or why not.
pub(super) fn export(folder: &Path, name: &str, files: &[Ending]) -> Result<String, String> {
    // A look spares writing what would then have no place; who comes in between is met when it is put there.
    let free =
        |stem: &String| files.iter().all(|(ending, _)| !folder.join(format!("{stem}.{ending}")).exists());
    let stems = (1..NUMBERS).map(|n| if n == 1 { name.to_owned() } else { format!("{name}-{n}") });
    let written = stems.filter(free).find_map(|stem| write_as(folder, &stem, files).transpose());
    written.unwrap_or_else(|| {
        Err(format!("there are already {NUMBERS} files named {name} here; move some of them away"))
    })
}

/// Writes the files under this name: all of them, or, where a file has it already, none and None.
fn write_as(folder: &Path, stem: &str, files: &[Ending]) -> Result<Option<String>, String> {
    let mut written = Vec::new();
    for (ending, text) in files {
        let file = format!("{stem}.{ending}");
        match write_new(&folder.join(&file), text.as_bytes()) {
            Ok(()) => written.push(file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                for own in &written {
                    drop(fs::remove_file(folder.join(own)));
                }
                return Ok(None);
            }
            Err(error) => {
                let folder = Shown::path(folder);
                let others = if written.is_empty() {
                    String::new()
                } else {
                    format!("; {} is written", written.join(", "))
                };
                return Err(format!("{file} could not be written into {folder}: {error}{others}"));
            }
        }
    }
    Ok(Some(written.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [("md", "one".to_owned()), ("json", "{}".to_owned())];
        let written = export(folder.path(), "tree", &files);
        assert_eq!(written.as_deref(), Ok("tree.md, tree.json"));
        let again = export(folder.path(), "tree", &files);
        assert_eq!(again.as_deref(), Ok("tree-2.md, tree-2.json"));
        assert_eq!(std::fs::read_to_string(folder.path().join("tree-2.md")).ok().as_deref(), Some("one"));
        let missing = export(&folder.path().join("file\0"), "tree", &files).expect_err("no such folder");
        assert!(missing.starts_with("tree.md could not be written into "), "{missing}");
    }

    #[test]
    fn a_file_that_came_in_between_is_left_and_so_is_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [("md", "one".to_owned()), ("json", "{}".to_owned())];
        let other = folder.path().join("tree.json");
        std::fs::write(&other, "another's").expect("it is written");
        assert_eq!(write_as(folder.path(), "tree", &files), Ok(None));
        assert_eq!(std::fs::read_to_string(&other).ok().as_deref(), Some("another's"));
        assert_eq!(names(folder.path()), ["tree.json"], "nothing half written stays");
    }

    #[test]
    fn many_at_once_write_each_under_a_name_of_its_own() {
        const WRITERS: usize = 8;
        let folder = tempfile::tempdir().expect("a folder");
        let start = std::sync::Barrier::new(WRITERS);
        let write = |writer: usize| {
            let files = ["md", "dot", "json"].map(|ending| (ending, format!("{writer}")));
            start.wait();
            export(folder.path(), "tree", &files).map(|written| (writer, written))
        };
        let write = &write;
        let all: Vec<(usize, String)> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
            let written = writers.into_iter().map(|writer| writer.join().expect("no panic"));
            written.collect::<Result<_, _>>().expect("all were written")
        });
        for (writer, written) in all {
            for file in written.split(", ") {
                let text = std::fs::read_to_string(folder.path().join(file)).expect("it is there");
                assert_eq!(text, writer.to_string(), "{file}");
            }
        }
        assert_eq!(names(folder.path()).len(), 3 * WRITERS);
    }

    /// What is in a folder, in order.
    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().display().to_string()).collect();
        names.sort();
        names
    }
}
