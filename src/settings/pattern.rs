//! Regular expressions that end generation.

use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, de::Unexpected};

/// Bytes before the newest token in which a match may begin: with this bound a token costs the same however long the
/// text is.
const REACH: usize = 4096;
/// Bytes that a compiled expression, and the cache of a search with it, may take.
const MEMORY: usize = 1 << 20;

/// A regular expression that ends generation when the generated text holds a match.
///
/// The syntax is that of the crate `regex`; `^` is the beginning of the generated text and `$` its present end, unless
/// `(?m)` makes them those of a line. Searching takes time linear in the text, whatever the expression. The text is
/// bytes: a character may still be in pieces.
#[derive(Clone, Debug)]
pub struct StopPattern {
    regex: Regex,
}

impl StopPattern {
    /// Characters of an expression at most.
    pub const LONGEST: usize = 1024;

    /// Reads an expression. The error says what is wrong with it, without the expression.
    pub fn new(source: &str) -> Result<Self, String> {
        if source.chars().count() > Self::LONGEST {
            return Err(format!("it is longer than {} characters", Self::LONGEST));
        }
        let regex = RegexBuilder::new(source).size_limit(MEMORY).dfa_size_limit(MEMORY).build();
        let regex = regex.map_err(|error| in_a_line(&error))?;
        if regex.is_match(b"") {
            return Err("it matches the empty text and would end generation before it starts".to_owned());
        }
        Ok(Self { regex })
    }

    /// The expression as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        self.regex.as_str()
    }

    /// Where the first match in `text` begins that ends in the newest token, which begins at byte `newest`. A match that
    /// was there before it does not count, nor does an empty one.
    #[must_use]
    pub fn find(&self, text: &[u8], newest: usize) -> Option<usize> {
        let mut from = newest.min(text.len()).saturating_sub(REACH);
        while from <= text.len() {
            let found = self.regex.find_at(text, from)?;
            if found.end() > newest && !found.is_empty() {
                return Some(found.start());
            }
            from = found.end().max(from + 1);
        }
        None
    }
}

/// By the expression: a compiled one says no more.
impl PartialEq for StopPattern {
    fn eq(&self, other: &Self) -> bool {
        self.source() == other.source()
    }
}

/// As the expression.
impl Serialize for StopPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.source().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StopPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        Self::new(&source).map_err(|why| {
            let expected = format!("a regular expression; {why}");
            D::Error::invalid_value(Unexpected::Str(&source), &expected.as_str())
        })
    }
}

/// The crate draws the expression and points into it, and says on the last line what is wrong.
fn in_a_line(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it needs too much memory".to_owned(),
        error => {
            let text = error.to_string();
            text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(source: &str) -> String {
        StopPattern::new(source).expect_err(source)
    }

    #[test]
    fn what_is_wrong_is_said_in_a_line() {
        assert_eq!(refused("a(b"), "unclosed group");
        assert_eq!(refused("[z-a]"), "invalid character class range, the start must be <= the end");
        assert!(refused("x*").contains("matches the empty text"));
        assert_eq!(refused(r"(?:\w{1000}){1000}"), "it needs too much memory");
        assert_eq!(refused(&"a".repeat(1025)), "it is longer than 1024 characters");
    }

    #[test]
    fn the_first_match_that_the_newest_token_completes_is_found() {
        let pattern = StopPattern::new(r"\d+\.").expect("valid");
        assert_eq!(pattern.find(b"one 23. 4.", 0), Some(4));
        assert_eq!(pattern.find(b"one 23. 4.", 7), Some(8), "the first was there before");
        assert_eq!(pattern.find(b"one 23", 4), None);
        let far = [b"1.".as_slice(), &vec![b'x'; 5000], b" 2."].concat();
        assert_eq!(pattern.find(&far, far.len() - 2), Some(5003), "the first is out of reach");
        assert_eq!(StopPattern::new("(?m)^b$").expect("valid").find(b"a\nb\n", 2), Some(2));
        assert_eq!(
            StopPattern::new("^b").expect("valid").find(&[vec![b'a'; 5000], b"b".to_vec()].concat(), 5000),
            None
        );
    }

    #[test]
    fn text_need_not_be_utf_8() {
        let pattern = StopPattern::new(r"é.|(?-u:\xFF)").expect("valid");
        assert_eq!(pattern.find("aé!".as_bytes(), 0), Some(1));
        assert_eq!(pattern.find(b"a\xC3", 0), None, "half a character");
        assert_eq!(pattern.find(b"ab\xFFc", 0), Some(2));
    }

    #[test]
    fn it_is_written_as_it_was_read() {
        let patterns: Vec<StopPattern> = serde_json::from_str(r#"["a+", "\\n\\d"]"#).expect("valid");
        assert_eq!(serde_json::to_string(&patterns).expect("plain data"), r#"["a+","\\n\\d"]"#);
        let error = serde_json::from_str::<Vec<StopPattern>>(r#"["("]"#).expect_err("refused").to_string();
        assert!(error.contains("expected a regular expression; unclosed group"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_an_expression_or_a_sentence(source in ".{0,40}", text: Vec<u8>, newest: usize) {
            match StopPattern::new(&source) {
                Ok(pattern) => prop_assert!(pattern.find(&text, newest).is_none_or(|at| at < text.len())),
                Err(why) => prop_assert!(!why.is_empty() && !why.contains('\n')),
            }
        }
    }
}
