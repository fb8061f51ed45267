//! The models that were loaded lately: one path a line, as a JSON string, the last one last.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Models that are remembered.
const REMEMBERED: usize = 50;

/// The models of the file `list`, the last one first. Lines that are none are skipped.
#[must_use]
pub fn recent(list: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(list).unwrap_or_default();
    let paths = text.lines().rev().filter_map(|line| serde_json::from_str::<String>(line).ok());
    paths.take(REMEMBERED).map(PathBuf::from).collect()
}

/// What the file `list` holds once a model was loaded, the last one last. A path that is no text is not remembered.
#[must_use]
pub fn with_recent(list: &Path, model: &Path) -> Option<String> {
    // From whatever folder the program is started next time.
    let model = std::path::absolute(model).ok()?;
    let mut paths = recent(list);
    paths.retain(|path| *path != model);
    paths.insert(0, model.to_str()?.into());
    paths.truncate(REMEMBERED);
    let line = |path: &PathBuf| Some(serde_json::Value::from(path.to_str()?).to_string() + "\n");
    Some(paths.iter().rev().filter_map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_comes_first_and_each_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let list = folder.path().join("recent");
        assert_eq!(recent(&list), Vec::<PathBuf>::new());
        for model in ["/a", "/b\n\u{1b}", "/a"] {
            fs::write(&list, with_recent(&list, model.as_ref()).expect("text")).expect("written");
        }
        assert_eq!(recent(&list), [Path::new("/a"), Path::new("/b\n\u{1b}")]);
        fs::write(&list, "nonsense\n\"/c\"\n").expect("written");
        assert_eq!(recent(&list), [Path::new("/c")]);
        for n in 0..60 {
            fs::write(&list, with_recent(&list, format!("/{n}").as_ref()).expect("text")).expect("written");
        }
        assert_eq!((recent(&list).len(), recent(&list)[0].as_path()), (50, Path::new("/59")));
    }
}
