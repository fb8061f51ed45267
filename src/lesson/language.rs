//! The language of a lesson, and of who learns.

use std::ffi::OsString;

/// A language by its short code: `en`, `de`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Language(String);

impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

impl Language {
    /// The language of a code of two or three letters; None for what is none.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        let fits = (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase());
        fits.then(|| Self(code.to_owned()))
    }

    /// The language that the environment names: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is not empty, English
    /// where it names none.
    #[must_use]
    pub fn of_environment(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| {
            let value = variable(name)?.into_string().ok()?;
            Some(value).filter(|value| !value.is_empty())
        });
        let code = named.as_deref().and_then(|value| value.split(['_', '.', '@']).next()).unwrap_or_default();
        Self::of_code(&code.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_something_counts() {
        let of = |variables: &[(&str, &str)]| {
            let variables: Vec<(String, String)> =
                variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let look = |name: &str| {
                variables.iter().find(|(known, _)| known == name).map(|(_, value)| OsString::from(value))
            };
            Language::of_environment(look).code().to_owned()
        };
        assert_eq!(of(&[]), "en");
        assert_eq!(of(&[("LANG", "de_DE.UTF-8")]), "de");
        assert_eq!(of(&[("LC_ALL", ""), ("LC_MESSAGES", "fr_FR"), ("LANG", "de_DE")]), "fr");
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "de_DE")]), "en", "C is a language, too");
        assert_eq!(of(&[("LANG", "C.UTF-8")]), "en");
        assert_eq!(of(&[("LANG", "../../etc")]), "en");
    }
}
