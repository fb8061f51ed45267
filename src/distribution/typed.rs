//! Logits that a user typed: `3.8 cat, 2.1 dog`.

use std::{borrow::Cow, fmt::Write as _};

/// A logit with the word it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedLogit {
    /// The word as it was typed: foreign text. Empty for a number alone.
    pub word: String,
    /// The logit; −∞ for a word that cannot come.
    pub logit: f64,
}

/// Why a text is not a list of logits, in a sentence that quotes the text as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedError {
    /// There is nothing.
    #[error("there are no logits: write numbers and words, as in 3.8 cat, 2.1 dog")]
    Nothing,
    /// A part has no number.
    #[error("{0:?} has no logit: write the number before the word, as in 3.8 cat, 2.1 dog")]
    NoNumber(String),
    /// A number is too large to be a logit.
    #[error("{0:?} is not a logit: expected a number from −1000000 to 1000000, or -inf")]
    OutOfRange(String),
    /// There are too many.
    #[error("there are more than {} logits: leave some out", TypedLogit::MOST)]
    TooMany,
    /// None can come.
    #[error("every logit is -inf: at least one has to be a number")]
    NoneLeft,
}

impl TypedLogit {
    /// Logits at most.
    pub const MOST: usize = 64;
    /// Characters of a quoted part and of a word at most.
    const LONGEST: usize = 40;
    /// A logit's largest absolute value.
    const LARGEST: f64 = 1e6;

    /// Reads a list: parts separated by commas, semicolons or lines, each a number and perhaps a word, in either order
    /// (`3.8 cat`, `cat 3.8`, `cat=3.8`); brackets around them are left out. Beside semicolons, commas between digits are
    /// decimal commas (`3,8 cat; 2,1 dog`).
    pub fn parse(text: &str) -> Result<Vec<Self>, TypedError> {
        let text = text.trim().trim_start_matches(['[', '{', '(']).trim_end_matches([']', '}', ')']);
        let text = decimal_points(text);
        let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let mut logits = Vec::new();
        for part in parts {
            if logits.len() == Self::MOST {
                return Err(TypedError::TooMany);
            }
            logits.push(Self::parse_part(part)?);
        }
        match logits.iter().any(|typed| typed.logit.is_finite()) {
            true => Ok(logits),
            false if logits.is_empty() => Err(TypedError::Nothing),
            false => Err(TypedError::NoneLeft),
        }
    }

    fn parse_part(part: &str) -> Result<Self, TypedError> {
        let quoted = || part.chars().take(Self::LONGEST).collect::<String>();
        let is_mark = |c: char| c.is_whitespace() || c == '=' || c == ':';
        let first = part.split_once(is_mark).unwrap_or((part, ""));
        let last = part.rsplit_once(is_mark).map_or(("", part), |(word, number)| (number, word));
        let found = [first, last].into_iter().find_map(|(number, word)| Some((number_of(number)?, word)));
        let (logit, word) = found.ok_or_else(|| TypedError::NoNumber(quoted()))?;
        if logit > Self::LARGEST || (logit < -Self::LARGEST && logit.is_finite()) || logit.is_nan() {
            return Err(TypedError::OutOfRange(quoted()));
        }
        let word = word.trim_matches(|c: char| is_mark(c) || c == '"' || c == '\'');
        Ok(Self { word: word.chars().take(Self::LONGEST).collect(), logit })
    }

    /// The list as one could type it.
    #[must_use]
    pub fn write(list: &[Self]) -> String {
        let mut text = String::new();
        for typed in list {
            let comma = if text.is_empty() { "" } else { ", " };
            let space = if typed.word.is_empty() { "" } else { " " };
            let _ = write!(text, "{comma}{}{space}{}", typed.logit, typed.word);
        }
        text
    }
}

/// A list with semicolons between its parts, and no comma but between two digits, has decimal commas: with points in their
/// place. Any other text as it is.
fn decimal_points(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let decimal = |at: usize| at > 0 && digit(at - 1) && digit(at + 1);
    let mut commas = text.match_indices(',').peekable();
    let any = commas.peek().is_some();
    if any && text.contains(';') && commas.all(|(at, _)| decimal(at)) {
        Cow::Owned(text.replace(',', "."))
    } else {
        Cow::Borrowed(text)
    }
}

fn number_of(text: &str) -> Option<f64> {
    text.replace('−', "-").replace('∞', "inf").parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(f64, String)> {
        TypedLogit::parse(text).unwrap().into_iter().map(|typed| (typed.logit, typed.word)).collect()
    }

    #[test]
    fn numbers_with_words_in_any_way() {
        let expected = vec![(3.8, "cat".to_owned()), (-2.1, "big dog".to_owned())];
        for text in [
            "3.8 cat, -2.1 big dog",
            "cat 3.8; big dog −2.1",
            "cat=3.8\nbig dog: -2.1",
            "[3.8 'cat', -2.1 \"big dog\"]",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read("[3.8, 2.1, 1e1]"), [3.8, 2.1, 10.0].map(|logit| (logit, String::new())));
        assert_eq!(read("1 a, −∞ b")[1], (f64::NEG_INFINITY, "b".to_owned()));
    }

    #[test]
    fn decimal_commas_are_read_where_semicolons_part_the_list() {
        assert_eq!(read("3,8 cat; 2,1 dog"), [(3.8, "cat".to_owned()), (2.1, "dog".to_owned())]);
        assert_eq!(read("cat=3,8; -1,25"), [(3.8, "cat".to_owned()), (-1.25, String::new())]);
        // One comma that parts, and all of them do.
        assert_eq!(read("3 a, 8 b; 2,1 c").len(), 4);
        assert_eq!(read("3,8").len(), 2, "a list of two");
    }

    #[test]
    fn what_is_no_list_is_reported_in_a_sentence() {
        for (text, sentence) in [
            (" , ", "there are no logits"),
            ("3.8 cat, dog", "\"dog\" has no logit"),
            ("2e9 cat", "\"2e9 cat\" is not a logit"),
            ("nan cat", "\"nan cat\" is not a logit"),
            ("-inf cat", "every logit is -inf"),
            (&"1,".repeat(65), "more than 64"),
        ] {
            let error = TypedLogit::parse(text).unwrap_err().to_string();
            assert!(error.contains(sentence), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_rows_or_a_sentence(text in "\\PC{0,60}|[-0-9.,; a-z\n]{0,80}") {
            match TypedLogit::parse(&text) {
                Ok(rows) => {
                    prop_assert!(!rows.is_empty() && rows.len() <= TypedLogit::MOST);
                    prop_assert!(rows.iter().all(|typed| typed.logit < f64::INFINITY));
                }
                Err(error) => prop_assert!(error.to_string().len() < 400),
            }
        }

        #[test]
        fn what_is_written_is_read_again(
            rows in prop::collection::vec((-1e6..1e6_f64, "[a-z]{0,8}"), 1..9),
        ) {
            let rows: Vec<_> = rows.into_iter().map(|(logit, word)| TypedLogit { word, logit }).collect();
            prop_assert_eq!(TypedLogit::parse(&TypedLogit::write(&rows)).unwrap(), rows);
        }
    }
}
