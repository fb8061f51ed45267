//! Files that a person asks for, in the current folder.

use std::path::Path;

use super::memory::write_whole;
use crate::text::Shown;

/// Numbers that are tried before it is given up.
const NUMBERS: usize = 1000;

/// Writes files of one name, each with its extension, none over one that is there; the names they got, or why not.
pub(super) fn export(folder: &Path, name: &str, files: &[(&'static str, String)]) -> Result<String, String> {
    let free =
        |stem: &String| files.iter().all(|(ending, _)| !folder.join(format!("{stem}.{ending}")).exists());
    let mut stems = (1..NUMBERS).map(|n| if n == 1 { name.to_owned() } else { format!("{name}-{n}") });
    let Some(stem) = stems.find(free) else {
        return Err(format!("there are {NUMBERS} files named {name} here already; move some of them away"));
    };
    let mut written = Vec::new();
    for (ending, text) in files {
        let file = format!("{stem}.{ending}");
        write_whole(&folder.join(&file), text.as_bytes())
            .map_err(|error| format!("{file} could not be written into {}: {error}", Shown::path(folder)))?;
        written.push(file);
    }
    Ok(written.join(", "))
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
}
