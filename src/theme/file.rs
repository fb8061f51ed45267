//! One theme file, as written: what it sets and what it inherits.

use toml::Spanned;
use toml::de::DeValue;

use super::error::ThemeError;
use super::palette::Role;
use super::rgb::Rgb;
use crate::toml_source::{Entry, TomlSource, closest};

/// What one theme file sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeFile {
    /// The theme this one starts from, and the line that says so.
    pub inherits: Option<(String, usize)>,
    /// `false`: modifiers only.
    pub colours: Option<bool>,
    /// The colours set here, by `Role as usize`.
    pub palette: [Option<Rgb>; Role::ALL.len()],
}

const KEYS: [&str; 3] = ["inherits", "colours", "palette"];

impl ThemeFile {
    /// Reads a theme; refuses keys it does not know.
    pub fn parse(source: &TomlSource) -> Result<Self, ThemeError> {
        let mut theme = Self::default();
        for entry in source.entries(&source.parse()?) {
            theme.take(source, entry)?;
        }
        Ok(theme)
    }

    fn take(&mut self, source: &TomlSource, (key, line, value): Entry) -> Result<(), ThemeError> {
        let wrong = |expected| wrong_value(source, key, line, expected, value);
        match key {
            "inherits" => {
                let name = value.get_ref().as_str().ok_or_else(|| wrong("the name of a theme in quotes"))?;
                self.inherits = Some((name.to_owned(), line));
            }
            "colours" => {
                self.colours = Some(value.get_ref().as_bool().ok_or_else(|| wrong("true or false"))?);
            }
            "palette" => {
                let table = value.get_ref().as_table().ok_or_else(|| wrong("a table, [palette]"))?;
                for entry in source.entries(table) {
                    self.take_colour(source, entry)?;
                }
            }
            _ => return Err(unknown_key(source, key, line, key, &KEYS)),
        }
        Ok(())
    }

    fn take_colour(&mut self, source: &TomlSource, (key, line, value): Entry) -> Result<(), ThemeError> {
        let full_key = format!("palette.{key}");
        let Some(role) = Role::ALL.into_iter().find(|role| role.name() == key) else {
            return Err(unknown_key(source, &full_key, line, key, &Role::ALL.map(Role::name)));
        };
        let colour = value
            .get_ref()
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| wrong_value(source, &full_key, line, "a colour like \"#7cb4f5\"", value))?;
        self.palette[role as usize] = Some(colour);
        Ok(())
    }

    /// This theme with what it leaves open taken from its parent.
    #[must_use]
    pub fn over(self, parent: &Self) -> Self {
        Self {
            inherits: self.inherits,
            colours: self.colours.or(parent.colours),
            palette: std::array::from_fn(|role| self.palette[role].or(parent.palette[role])),
        }
    }
}

fn unknown_key(source: &TomlSource, full_key: &str, line: usize, key: &str, known: &[&str]) -> ThemeError {
    let expected = closest(key, known.iter().copied()).map_or_else(
        || format!("expected one of {}", known.join(", ")),
        |name| format!("did you mean `{name}`?"),
    );
    ThemeError::UnknownKey { file: source.file.to_owned(), line, key: full_key.to_owned(), expected }
}

fn wrong_value(
    source: &TomlSource,
    key: &str,
    line: usize,
    expected: &'static str,
    value: &Spanned<DeValue>,
) -> ThemeError {
    let found = match value.get_ref() {
        DeValue::String(text) => format!("{text:?}"),
        other => format!("a value of type {}", other.type_str()),
    };
    ThemeError::WrongValue { file: source.file.to_owned(), line, key: key.to_owned(), expected, found }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(text: &str) -> String {
        ThemeFile::parse(&TomlSource { file: "my.toml", text }).expect_err("refused").to_string()
    }

    #[test]
    fn each_fault_says_where_and_what_was_expected() {
        let cases = [
            (
                "inherits = \"dark\"\npallete = 1\n",
                "my.toml, line 2: a theme has no key `pallete`; did you mean `palette`?",
            ),
            ("[x]\n", "my.toml, line 1: a theme has no key `x`; expected one of inherits, colours, palette"),
            (
                "[palette]\n\nbackgroud = \"#000000\"\n",
                "my.toml, line 3: a theme has no key `palette.backgroud`; did you mean `background`?",
            ),
            (
                "[palette]\ntext = \"white\"\n",
                "my.toml, line 2: `palette.text` must be a colour like \"#7cb4f5\", not \"white\"",
            ),
            (
                "[palette]\ntext = 7\n",
                "my.toml, line 2: `palette.text` must be a colour like \"#7cb4f5\", not a value of type integer",
            ),
            (
                "inherits = 3\n",
                "my.toml, line 1: `inherits` must be the name of a theme in quotes, not a value of type integer",
            ),
            ("colours = \"no\"\n", "my.toml, line 1: `colours` must be true or false, not \"no\""),
            (
                "palette = []\n",
                "my.toml, line 1: `palette` must be a table, [palette], not a value of type array",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(error(text), expected);
        }
        assert!(error("a = \n").starts_with("my.toml, line 1: not valid TOML: "));
    }

    #[test]
    fn a_theme_keeps_its_own_colours_over_its_parent() {
        let parse = |text| ThemeFile::parse(&TomlSource { file: "f", text }).expect("valid");
        let parent = parse("colours = true\n[palette]\ntext = \"#111111\"\ndim = \"#222222\"\n");
        let child = parse("inherits = \"p\"\n[palette]\ntext = \"#333333\"\n").over(&parent);
        assert_eq!(child.palette[Role::Text as usize], Some(Rgb::new(0x33, 0x33, 0x33)));
        assert_eq!(child.palette[Role::Dim as usize], Some(Rgb::new(0x22, 0x22, 0x22)));
        assert_eq!(child.colours, Some(true));
        assert_eq!(child.inherits, Some(("p".to_owned(), 1)));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "(\\PC|\n|\\[palette\\]|text = \"#){0,40}") {
            let _ = ThemeFile::parse(&TomlSource { file: "f", text: &text });
        }
    }
}
