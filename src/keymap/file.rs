//! One keymap file, as written.

use crokey::KeyCombination;
use toml::Spanned;
use toml::de::DeValue;

use super::error::{BoundKey, KeymapError};
use super::key::parse_key;
use super::{Action, Context};
use crate::toml_source::{Entry, TomlSource, closest};

/// What unbinds a key.
const NONE: &str = "none";

/// Names a mistyped key is compared with.
const NAMED_KEYS: [&str; 16] = [
    "space",
    "enter",
    "esc",
    "tab",
    "backtab",
    "backspace",
    "delete",
    "insert",
    "home",
    "end",
    "pageup",
    "pagedown",
    "left",
    "right",
    "up",
    "down",
];

/// A key and what it does; `None`: nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Binding {
    pub context: Context,
    pub key: KeyCombination,
    pub action: Option<Action>,
}

/// A binding as it stands in the file.
struct Written<'a> {
    key: &'a str,
    action: &'a str,
    line: usize,
    binding: Binding,
}

/// Reads the bindings of a keymap in the order of the file.
pub(super) fn parse(source: &TomlSource) -> Result<Vec<Binding>, KeymapError> {
    let mut bindings = Vec::new();
    for (name, line, section) in source.entries(&parse_table(source)?) {
        let context = context(source, name, line)?;
        let table = section.get_ref().as_table().ok_or_else(|| KeymapError::WrongValue {
            file: source.file.to_owned(),
            line,
            name: name.to_owned(),
            expected: "a section, like [global]",
        })?;
        let mut written: Vec<Written> = Vec::new();
        for entry in source.entries(table) {
            let next = binding(source, context, entry)?;
            if let Some(first) = written.iter().find(|earlier| earlier.binding.key == next.binding.key) {
                return Err(duplicate(source, first, &next));
            }
            written.push(next);
        }
        bindings.extend(written.into_iter().map(|written| written.binding));
    }
    Ok(bindings)
}

/// TOML itself refuses a key written twice in the same way, without naming what the two were bound to.
fn parse_table<'i>(source: &TomlSource<'i>) -> Result<toml::de::DeTable<'i>, KeymapError> {
    source.parse().map_err(|mut error| {
        if error.problem == "duplicate key" {
            let lines: Vec<_> = source.text.lines().collect();
            let again = lines.get(error.line - 1).map_or("", |line| line.trim());
            let first = first_with_key_of(&lines[..error.line - 1], again);
            error.problem = match first {
                Some(line) => format!(
                    "this key is bound twice: `{}` on line {line}, here `{again}`; keep one",
                    lines[line - 1].trim()
                ),
                None => format!("`{again}` is there twice; keep one"),
            };
        }
        error.into()
    })
}

/// The last line before that starts with the same key, as a number from 1.
fn first_with_key_of(lines: &[&str], again: &str) -> Option<usize> {
    let key = |line: &str| line.rsplit_once('=').map(|(key, _)| key.trim().to_owned());
    let wanted = key(again)?;
    lines.iter().rposition(|line| key(line).as_ref() == Some(&wanted)).map(|index| index + 1)
}

fn context(source: &TomlSource, name: &str, line: usize) -> Result<Context, KeymapError> {
    Context::ALL.into_iter().find(|context| context.name() == name).ok_or_else(|| {
        let names = Context::ALL.map(Context::name);
        let expected = closest(name, names).map_or_else(
            || format!("the contexts are {}", names.join(", ")),
            |name| format!("did you mean `{name}`?"),
        );
        KeymapError::UnknownContext { file: source.file.to_owned(), line, name: name.to_owned(), expected }
    })
}

fn binding<'a>(
    source: &TomlSource,
    context: Context,
    (key, line, value): Entry<'a, '_>,
) -> Result<Written<'a>, KeymapError> {
    let combination = parse_key(key).ok_or_else(|| unknown_key(source, key, line))?;
    let action = action_text(source, key, line, value)?;
    let parsed = match action {
        NONE => None,
        name => Some(Action::from_name(name).ok_or_else(|| unknown_action(source, key, line, name))?),
    };
    Ok(Written { key, action, line, binding: Binding { context, key: combination, action: parsed } })
}

fn action_text<'a>(
    source: &TomlSource,
    key: &str,
    line: usize,
    value: &'a Spanned<DeValue>,
) -> Result<&'a str, KeymapError> {
    value.get_ref().as_str().ok_or_else(|| KeymapError::WrongValue {
        file: source.file.to_owned(),
        line,
        name: key.to_owned(),
        expected: "the name of an action in quotes, or \"none\"",
    })
}

fn unknown_key(source: &TomlSource, key: &str, line: usize) -> KeymapError {
    let expected = closest(key, NAMED_KEYS).map_or_else(
        || {
            "write a character, or a name like space, pageup, f1, with ctrl-, alt- or shift- before it"
                .to_owned()
        },
        |name| format!("did you mean `{name}`?"),
    );
    KeymapError::UnknownKey { file: source.file.to_owned(), line, key: key.to_owned(), expected }
}

fn unknown_action(source: &TomlSource, key: &str, line: usize, action: &str) -> KeymapError {
    let mut names: Vec<_> = Action::ALL.into_iter().map(Action::name).collect();
    names.push(NONE.to_owned());
    let expected = closest(action, names.iter().map(String::as_str)).map_or_else(
        || format!("the actions are {}", names.join(", ")),
        |name| format!("did you mean `{name}`?"),
    );
    KeymapError::UnknownAction {
        file: source.file.to_owned(),
        line,
        key: key.to_owned(),
        action: action.to_owned(),
        expected,
    }
}

fn duplicate(source: &TomlSource, first: &Written, second: &Written) -> KeymapError {
    let bound = |written: &Written| {
        Box::new(BoundKey {
            key: written.key.to_owned(),
            action: written.action.to_owned(),
            line: written.line,
        })
    };
    KeymapError::Duplicate {
        file: source.file.to_owned(),
        context: second.binding.context,
        first: bound(first),
        second: bound(second),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(text: &str) -> String {
        parse(&TomlSource { file: "keymap.toml", text }).expect_err("refused").to_string()
    }

    #[test]
    fn each_fault_says_where_and_what_was_expected() {
        let cases = [
            ("[globl]\n", "keymap.toml, line 1: there is no context `globl`; did you mean `global`?"),
            (
                "\n[menu]\n",
                "keymap.toml, line 2: there is no context `menu`; the contexts are global, text, candidates, sampling, x-ray, compare, tree, seeds, beam, speculate, drafts, present, diffuse, cost, learn, lesson, overlay",
            ),
            ("global = 1\n", "keymap.toml, line 1: `global` must be a section, like [global]"),
            (
                "[text]\nn = 1\n",
                "keymap.toml, line 2: `n` must be the name of an action in quotes, or \"none\"",
            ),
            ("[text]\npagup = \"up\"\n", "keymap.toml, line 2: `pagup` is not a key; did you mean `pageup`?"),
            (
                "[text]\nhyper-x = \"up\"\n",
                "keymap.toml, line 2: `hyper-x` is not a key; write a character, or a name like space, pageup, f1, with \
                 ctrl-, alt- or shift- before it",
            ),
            (
                "[text]\n\nx = \"stepp\"\n",
                "keymap.toml, line 3: there is no action `stepp` for the key `x`; did you mean `step`?",
            ),
            (
                "[text]\nA = \"step\"\nb = \"back\"\nshift-a = \"quit\"\n",
                "keymap.toml: [text] binds one key twice: `A` to step on line 2 and `shift-a` to quit on line 4; keep one",
            ),
            (
                "[text]\nx = \"step\"\n\nx = \"quit\"\n",
                "keymap.toml, line 4: not valid TOML: this key is bound twice: `x = \"step\"` on line 2, here \
                 `x = \"quit\"`; keep one",
            ),
            (
                "[text]\nx = \"step\"\n[text]\n",
                "keymap.toml, line 3: not valid TOML: `[text]` is there twice; keep one",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(error(text), expected);
        }
        let message = error("[text]\nx = \"fly-away\"\n");
        assert!(message.contains("the actions are step, back, ") && message.ends_with(", none"), "{message}");
    }

    #[test]
    fn one_key_may_mean_different_things_in_two_contexts() {
        let text = "[text]\nx = \"up\"\n[sampling]\nx = \"none\"\n";
        let bindings = parse(&TomlSource { file: "f", text }).expect("valid");
        let meanings: Vec<_> = bindings.iter().map(|binding| (binding.context, binding.action)).collect();
        assert_eq!(meanings, [(Context::Text, Some(Action::Up)), (Context::Sampling, None)]);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "(\\PC|\n|\\[text\\]\n|x = \"step\"\n|shift-){0,30}") {
            let _ = parse(&TomlSource { file: "f", text: &text });
        }
    }
}
