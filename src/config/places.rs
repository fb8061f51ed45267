//! Where in a config file something is, so that an error can name the place.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use crate::settings::Invalid;
use crate::toml_source::closest;

/// A parsed config file with the place of every key and value.
pub(super) struct Places<'a> {
    text: &'a str,
    file: &'a Path,
    table: Spanned<DeTable<'a>>,
}

type Entry<'t, 'a> = (&'t Spanned<std::borrow::Cow<'a, str>>, &'t Spanned<DeValue<'a>>);

impl<'a> Places<'a> {
    /// Parses `text`; fails where it is not TOML.
    pub fn parse(text: &'a str, file: &'a Path) -> Result<Self, ConfigError> {
        match DeTable::parse(text) {
            Ok(table) => Ok(Self { text, file, table }),
            Err(error) => {
                let message = error.message().trim().replace('\n', ", ");
                Err(at(text, file, error.span(), None, format!("not valid TOML: {message}")))
            }
        }
    }

    /// Fails at the first key that is none of ours. `sections` are the sections with the keys they hold; the table
    /// `presets` holds tables with the keys of the section `sampling`.
    pub fn check_keys(&self, sections: &[(&str, &[&str])]) -> Result<(), ConfigError> {
        let mut names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
        names.push("presets");
        let keys_of =
            |section: &str| sections.iter().find(|(name, _)| *name == section).map(|(_, keys)| *keys);
        for (key, value) in self.table.get_ref() {
            let name = key.get_ref().as_ref();
            let Some(table) = value.get_ref().as_table() else {
                return Err(if names.contains(&name) {
                    self.error(value.span(), name.to_owned(), format!("expected a section, written [{name}]"))
                } else {
                    self.unknown(key, "", &names)
                });
            };
            match keys_of(name) {
                Some(keys) => self.check_table(table, name, keys)?,
                None if name == "presets" => {
                    for (preset, value) in table {
                        let path = format!("presets.{}", preset.get_ref());
                        let Some(table) = value.get_ref().as_table() else {
                            let what = format!("expected a section, written [{path}]");
                            return Err(self.error(value.span(), path, what));
                        };
                        self.check_table(table, &path, keys_of("sampling").unwrap_or_default())?;
                    }
                }
                None => return Err(self.unknown(key, "", &names)),
            }
        }
        Ok(())
    }

    fn check_table(&self, table: &DeTable<'a>, section: &str, keys: &[&str]) -> Result<(), ConfigError> {
        match table.iter().find(|(key, _)| !keys.contains(&key.get_ref().as_ref())) {
            Some((key, _)) => Err(self.unknown(key, section, keys)),
            None => Ok(()),
        }
    }

    fn unknown(
        &self,
        key: &Spanned<std::borrow::Cow<'a, str>>,
        section: &str,
        known: &[&str],
    ) -> ConfigError {
        let name = key.get_ref().as_ref();
        let path = if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") };
        let kind = if section.is_empty() { "section" } else { "key" };
        let what = match closest(name, known.iter().copied()) {
            Some(close) => format!("there is no such {kind}; did you mean {close}?"),
            None => format!("there is no such {kind}; the {kind}s are {}", known.join(", ")),
        };
        self.error(key.span(), path, what)
    }

    /// serde's error about a value, in our words.
    pub fn wrong_value(&self, error: &toml::de::Error) -> ConfigError {
        let span = error.span().unwrap_or_default();
        let mut path = Vec::new();
        descend(self.table.get_ref(), span.start, &mut path);
        self.error(span, path.join("."), plain(error.message()))
    }

    /// A value that has the right type but is not allowed; `key` is its path.
    pub fn not_allowed(&self, key: &str, invalid: &Invalid) -> ConfigError {
        let mut entries = self.table.get_ref();
        let mut span = 0..0;
        // A preset's name may hold dots, so it is matched whole.
        let mut rest = key;
        while let Some((name, value)) = find(entries, rest) {
            span = value.span();
            rest = rest[name.get_ref().len()..].trim_start_matches('.');
            match value.get_ref().as_table() {
                Some(table) => entries = table,
                None => break,
            }
        }
        let what = format!("found {}, expected {}", invalid.value, invalid.allowed);
        self.error(span, key.to_owned(), what)
    }

    fn error(&self, span: Range<usize>, key: String, what: String) -> ConfigError {
        at(self.text, self.file, Some(span), Some(key), what)
    }
}

/// The entry whose key begins the dotted `path`.
fn find<'t, 'a>(table: &'t DeTable<'a>, path: &str) -> Option<Entry<'t, 'a>> {
    table.iter().find(|(key, _)| {
        path.strip_prefix(key.get_ref().as_ref()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Adds the keys that lead to the value at `offset`.
fn descend(table: &DeTable<'_>, offset: usize, path: &mut Vec<String>) {
    for (key, value) in table {
        if let Some(inner) = value.get_ref().as_table() {
            let before = path.len();
            path.push(key.get_ref().to_string());
            descend(inner, offset, path);
            if path.len() > before + 1 {
                return;
            }
            path.truncate(before);
        }
        if value.span().contains(&offset) && !value.get_ref().is_table() {
            path.push(key.get_ref().to_string());
            return;
        }
    }
}

fn at(text: &str, file: &Path, span: Option<Range<usize>>, key: Option<String>, what: String) -> ConfigError {
    let start = span.map_or(0, |span| span.start).min(text.len());
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    ConfigError::Content {
        path: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        key,
        what,
    }
}

/// serde's "invalid type: string "x", expected f32" as "found the text "x", expected a number".
fn plain(message: &str) -> String {
    let message = message.trim();
    let Some((found, expected)) = message.split_once(", expected ") else {
        return message.to_owned();
    };
    let found = found
        .trim_start_matches("invalid type: ")
        .trim_start_matches("invalid value: ")
        .trim_start_matches("unknown variant ")
        .replace("string ", "the text ")
        .replace("floating point `", "the number `")
        .replace("integer `", "the number `")
        .replace("boolean `", "`")
        .replace('`', "");
    let expected = match expected {
        "f32" | "f64" => "a number",
        "u32" => "a whole number from 0 to 4294967295",
        "i32" => "a whole number from -2147483648 to 2147483647",
        "a boolean" => "true or false",
        "a string" | "path string" => "a text in quotes",
        "a sequence" => "a list in [ ]",
        other => other,
    };
    format!("found {found}, expected {}", expected.replace('`', ""))
}
