//! A TOML file together with its name, so that every complaint about it can say where.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A key of a table, or a value, with the bytes of the file it came from.
pub type Entry<'a, 'i> = (&'a str, usize, &'a Spanned<DeValue<'i>>);

/// The text of a TOML file and the name people know it by.
#[derive(Clone, Copy, Debug)]
pub struct TomlSource<'i> {
    /// What errors call the file: usually its path.
    pub file: &'i str,
    /// The whole text.
    pub text: &'i str,
}

/// The file is not TOML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: not valid TOML: {problem}")]
pub struct TomlSyntaxError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What the parser met and what it expected.
    pub problem: String,
}

impl<'i> TomlSource<'i> {
    /// Parses the file, keeping the place of every key and value.
    pub fn parse(&self) -> Result<DeTable<'i>, TomlSyntaxError> {
        DeTable::parse(self.text).map(Spanned::into_inner).map_err(|error| TomlSyntaxError {
            file: self.file.to_owned(),
            line: self.line(&error.span().unwrap_or_default()),
            problem: error.message().to_owned(),
        })
    }

    /// The line, from 1, on which a stretch of bytes starts.
    #[must_use]
    pub fn line(&self, span: &Range<usize>) -> usize {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        before.split(|byte| *byte == b'\n').count()
    }

    /// The entries of a table as (key, line of the key, value), in the order of the file.
    #[must_use]
    pub fn entries<'a>(&self, table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, value)| (key.get_ref().as_ref(), self.line(&key.span()), value))
            .collect()
    }
}

/// The known name nearest to a mistyped one, if one is near: at most a third of its letters (and never fewer
/// than two) may have to change.
#[must_use]
pub fn closest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (typed.chars().count() / 3).max(2);
    known
        .into_iter()
        .map(|name| (edit_distance(typed, name), name))
        .filter(|(distance, name)| *distance <= limit && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Levenshtein's distance: insertions, deletions and replacements that turn one word into the other.
pub(crate) fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distances_by_hand() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("step", "step"), 0);
        assert_eq!(edit_distance("stpe", "step"), 2);
    }

    #[test]
    fn only_a_near_name_is_suggested() {
        let known = ["step", "back", "play-pause"];
        assert_eq!(closest("stepp", known), Some("step"));
        assert_eq!(closest("play-pasue", known), Some("play-pause"));
        assert_eq!(closest("quit", known), None);
        assert_eq!(closest("a", ["b"]), None, "one letter resembles every other");
    }

    #[test]
    fn lines_count_from_one() {
        let source = TomlSource { file: "f", text: "a = 1\nb = 2\n\nc = 3\n" };
        let table = source.parse().expect("valid");
        let lines: Vec<_> = source.entries(&table).iter().map(|(key, line, _)| (*key, *line)).collect();
        assert_eq!(lines, [("a", 1), ("b", 2), ("c", 4)]);
        assert_eq!(source.line(&(10_000..10_001)), 5, "a place past the end is on the last line");
    }

    #[test]
    fn entries_keep_the_order_of_the_file() {
        let source = TomlSource { file: "f", text: "z = 1\na = 2\nm = 3\n" };
        let table = source.parse().expect("valid");
        let keys: Vec<_> = source.entries(&table).iter().map(|(key, ..)| *key).collect();
        assert_eq!(keys, ["z", "a", "m"]);
    }

    #[test]
    fn a_syntax_error_names_file_and_line() {
        let source = TomlSource { file: "my.toml", text: "a = 1\nb = = 2\n" };
        let error = source.parse().expect_err("invalid");
        assert_eq!((error.file.as_str(), error.line), ("my.toml", 2));
        assert!(error.to_string().starts_with("my.toml, line 2: not valid TOML: "), "{error}");
    }
}
