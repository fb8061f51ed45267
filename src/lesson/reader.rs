//! Reading a table of a lesson file: every mistake is noted with its line, and reading goes on.

use std::cell::RefCell;

use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue},
};

use super::{Expression, LessonFault, Mistake, Prose};
use crate::{
    keymap::Action,
    toml_source::{TomlSource, closest},
};

/// Actions that end or leave what a lesson stands in.
const NOT_PRESSED: [Action; 2] = [Action::Quit, Action::Suspend];
/// How often an action can be pressed in a row.
const MOST_PRESSES: usize = 512;

/// A file that is read, and what was found to be wrong with it.
pub(super) struct Reader<'s, 'i> {
    pub source: &'s TomlSource<'i>,
    pub faults: RefCell<Vec<LessonFault>>,
}

/// A value, and the line of its key.
pub(super) struct Found<'t, 'i> {
    pub key: &'t str,
    pub line: usize,
    pub value: &'t Spanned<DeValue<'i>>,
}

/// A table whose keys are taken one by one.
pub(super) struct Table<'r, 't, 's, 'i> {
    pub reader: &'r Reader<'s, 'i>,
    /// What it is called in errors.
    pub name: &'static str,
    /// The line on which it begins.
    pub line: usize,
    entries: &'t DeTable<'i>,
}

impl<'s, 'i> Reader<'s, 'i> {
    pub fn fault(&self, line: usize, what: impl Into<String>) {
        let fault = LessonFault { file: self.source.file.to_owned(), line, what: what.into() };
        self.faults.borrow_mut().push(fault);
    }

    /// A table with these keys; others are mistakes.
    pub fn table<'r, 't>(
        &'r self,
        name: &'static str,
        line: usize,
        table: &'t DeTable<'i>,
        keys: &[&str],
    ) -> Table<'r, 't, 's, 'i> {
        for (key, line, _) in self.source.entries(table) {
            if !keys.contains(&key) {
                let expected = match closest(key, keys.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its keys are {}", keys.join(", ")),
                };
                self.fault(line, format!("{name} has no `{key}`; {expected}"));
            }
        }
        Table { reader: self, name, line, entries: table }
    }

    pub fn prose(&self, text: &str, line: usize, after_answer: bool) -> Option<Prose> {
        self.noted(line, Prose::parse(text, line, after_answer))
    }

    fn noted<T>(&self, line: usize, result: Result<T, Mistake>) -> Option<T> {
        result.map_err(|mistake| self.fault(line, mistake.to_string())).ok()
    }
}

impl<'t, 'i> Table<'_, 't, '_, 'i> {
    pub fn get(&self, key: &str) -> Option<Found<'t, 'i>> {
        let (key, value) = self.entries.get_key_value(key)?;
        let line = self.reader.source.line(&key.span());
        Some(Found { key: key.get_ref().as_ref(), line, value })
    }

    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    fn wrong(&self, found: &Found<'_, '_>, expected: &str) {
        let kind = found.value.get_ref().type_str();
        self.reader.fault(found.line, format!("`{}` is a {kind}, expected {expected}", found.key));
    }

    pub fn text(&self, key: &str) -> Option<(String, usize)> {
        let found = self.get(key)?;
        let Some(text) = found.value.get_ref().as_str() else {
            self.wrong(&found, "a text in quotes");
            return None;
        };
        if text.trim().is_empty() && key != "prompt" {
            self.reader.fault(found.line, format!("`{key}` is empty"));
            return None;
        }
        Some((text.to_owned(), found.line))
    }

    /// A text that has to be there.
    pub fn needed(&self, key: &str) -> Option<(String, usize)> {
        if !self.has(key) {
            self.reader.fault(self.line, format!("{} lacks `{key}`", self.name));
        }
        self.text(key)
    }

    pub fn prose(&self, key: &str, after_answer: bool) -> Option<Prose> {
        let (text, line) = self.text(key)?;
        self.reader.prose(&text, line, after_answer)
    }

    pub fn needed_prose(&self, key: &str) -> Option<Prose> {
        let (text, line) = self.needed(key)?;
        self.reader.prose(&text, line, false)
    }

    pub fn needed_expression(&self, key: &str) -> Option<Expression> {
        let (text, line) = self.needed(key)?;
        self.reader.noted(line, Expression::parse(&text, line))
    }

    pub fn whole(&self, key: &str, allowed: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let found = self.get(key)?;
        let number = found.value.get_ref().as_integer().and_then(whole);
        let number = number.and_then(|number| u32::try_from(number).ok()).filter(|n| allowed.contains(n));
        if number.is_none() {
            let (least, most) = (allowed.start(), allowed.end());
            self.wrong_value(&found, &format!("a whole number from {least} to {most}"));
        }
        number
    }

    pub fn positive(&self, key: &str) -> Option<f64> {
        let found = self.get(key)?;
        let value = found.value.get_ref();
        let number = match value {
            DeValue::Integer(number) => whole(number).map(|number| number as f64),
            DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        let number = number.filter(|number: &f64| number.is_finite() && *number >= 0.0);
        if number.is_none() {
            self.wrong_value(&found, "a number, 0 or more");
        }
        number
    }

    fn wrong_value(&self, found: &Found<'_, '_>, expected: &str) {
        let text = &self.reader.source.text[found.value.span()];
        self.reader.fault(found.line, format!("`{}` is {text}, expected {expected}", found.key));
    }

    pub fn flag(&self, key: &str) -> bool {
        let Some(found) = self.get(key) else { return false };
        let flag = found.value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(&found, "true or false");
        }
        flag.unwrap_or(false)
    }

    pub fn sub(&self, key: &str) -> Option<(&'t DeTable<'i>, usize)> {
        let found = self.get(key)?;
        let table = found.value.get_ref().as_table();
        if table.is_none() {
            self.wrong(&found, "a table");
        }
        table.map(|table| (table, found.line))
    }

    pub fn list(&self, key: &str) -> Option<(&'t DeArray<'i>, usize)> {
        let found = self.get(key)?;
        let list = found.value.get_ref().as_array();
        if list.is_none() {
            self.wrong(&found, "a list in [ ]");
        }
        list.map(|list| (list, found.line))
    }

    /// A list of texts, each with its line.
    pub fn texts(&self, key: &str) -> Vec<(String, usize)> {
        let Some((list, _)) = self.list(key) else { return Vec::new() };
        let mut texts = Vec::new();
        for value in list {
            let line = self.reader.source.line(&value.span());
            if let Some(text) = value.get_ref().as_str() {
                texts.push((text.to_owned(), line));
            } else {
                let kind = value.get_ref().type_str();
                self.reader.fault(line, format!("`{key}` holds a {kind}, expected texts in quotes"));
            }
        }
        texts
    }

    /// A list of actions by their names in keymap.toml; `step*12` is twelve presses.
    pub fn actions(&self, key: &str) -> Vec<Action> {
        let mut actions = Vec::new();
        for (name, line) in self.texts(key) {
            let (name, times) = match name.split_once('*') {
                Some((name, times)) => (name.to_owned(), times.parse().ok()),
                None => (name, Some(1)),
            };
            let Some(times) = times.filter(|times| (1..=MOST_PRESSES).contains(times)) else {
                self.reader
                    .fault(line, format!("`{key}`: behind {name}* stands how often, 1 to {MOST_PRESSES}"));
                continue;
            };
            let Some(action) = Action::from_name(&name).filter(|action| !NOT_PRESSED.contains(action)) else {
                let names: Vec<String> = Action::ALL.into_iter().map(Action::name).collect();
                let expected = match closest(&name, names.iter().map(String::as_str)) {
                    Some(near) if near != name => format!("did you mean `{near}`?"),
                    Some(_) => "a lesson cannot press it".to_owned(),
                    None => "the actions are those of keymap.toml".to_owned(),
                };
                self.reader.fault(line, format!("`{key}`: there is no action `{name}`; {expected}"));
                continue;
            };
            actions.extend(std::iter::repeat_n(action, times));
        }
        actions
    }

    /// One of several names.
    pub fn one_of<T: Copy>(&self, key: &str, all: &[(&'static str, T)]) -> Option<(&'static str, T)> {
        let (text, line) = self.text(key)?;
        let found = all.iter().find(|(name, _)| *name == text).copied();
        if found.is_none() {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            let expected = match closest(&text, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("expected {}", names.join(", ")),
            };
            self.reader.fault(line, format!("there is no {key} `{text}`; {expected}"));
        }
        found
    }
}

/// A whole number as TOML writes it.
fn whole(number: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}

/// A value without its place in the file.
pub(super) fn plain(value: &DeValue<'_>) -> Option<toml::Value> {
    Some(match value {
        DeValue::String(text) => toml::Value::String(text.to_string()),
        DeValue::Integer(number) => toml::Value::Integer(whole(number)?),
        DeValue::Float(number) => toml::Value::Float(number.as_str().replace('_', "").parse().ok()?),
        DeValue::Boolean(flag) => toml::Value::Boolean(*flag),
        DeValue::Datetime(time) => toml::Value::Datetime(*time),
        DeValue::Array(list) => {
            toml::Value::Array(list.iter().map(|value| plain(value.get_ref())).collect::<Option<_>>()?)
        }
        DeValue::Table(table) => {
            let entries =
                table.iter().map(|(key, value)| Some((key.get_ref().to_string(), plain(value.get_ref())?)));
            toml::Value::Table(entries.collect::<Option<_>>()?)
        }
    })
}
