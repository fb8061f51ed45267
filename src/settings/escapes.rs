//! The escapes llama.cpp processes in prompts and stop strings (`string_process_escapes` in its common/common.cpp).

use std::fmt::Write as _;

/// The escapes in a text stand for bytes that are no UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the escapes in {text:?} make bytes that are not UTF-8 (from byte {valid}); \
     write the character itself, or turn escapes off with --no-escape"
)]
pub struct NotUtf8 {
    /// The text before its escapes were processed.
    pub text: String,
    /// How many bytes of the result are valid.
    pub valid: usize,
}

/// `text` with `\n`, `\r`, `\t`, `\'`, `\"`, `\\` and `\xHH` (one byte) replaced by what they stand for. Anything else
/// after a backslash stays as written, the backslash included.
#[must_use]
pub fn process_escapes(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let (byte, used) = match tail {
            [escape, after @ ..] if *first == b'\\' => {
                if let Some(byte) = simple(*escape) {
                    (byte, 2)
                } else if let Some(byte) = hex_byte(*escape, after) {
                    (byte, 4)
                } else {
                    out.push(b'\\');
                    (*escape, 2)
                }
            }
            _ => (*first, 1),
        };
        out.push(byte);
        rest = &rest[used..];
    }
    out
}

/// [`process_escapes`], for text that must stay text.
pub fn unescape(text: &str) -> Result<String, NotUtf8> {
    String::from_utf8(process_escapes(text))
        .map_err(|error| NotUtf8 { text: text.to_owned(), valid: error.utf8_error().valid_up_to() })
}

/// `text` in one line and without control characters, written so that [`process_escapes`] gives it back.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str(r"\\"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '\t' => out.push_str(r"\t"),
            c if c.is_control() => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(out, r"\x{byte:02x}");
                }
            }
            c => out.push(c),
        }
    }
    out
}

const fn simple(escape: u8) -> Option<u8> {
    match escape {
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'\'' | b'"' | b'\\' => Some(escape),
        _ => None,
    }
}

/// The byte of `\xHH`. llama.cpp reads the two characters with `strtol`, which also takes a sign or a blank before a
/// single digit; those are left as written here.
fn hex_byte(escape: u8, after: &[u8]) -> Option<u8> {
    let (b'x', [high, low, ..]) = (escape, after) else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(*high)? * 16 + digit(*low)?) as u8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_escapes() {
        assert_eq!(unescape(r#"a\nb\tc\rd\\e\'f\"g"#).expect("text"), "a\nb\tc\rd\\e'f\"g");
        assert_eq!(unescape(r"\x41\x7e").expect("text"), "A~");
        assert_eq!(unescape(r"\xe2\x82\xac").expect("text"), "€");
        assert_eq!(unescape(r"List:\n1.").expect("text"), "List:\n1.");
    }

    #[test]
    fn others_stay_as_written() {
        for text in [r"\q", r"\x4", r"\xzz", r"\u1234", "\\", r"100\%", "é\\é", r"\x", "plain"] {
            assert_eq!(process_escapes(text), text.as_bytes(), "{text}");
        }
        // A backslash that is itself escaped does not start another escape.
        assert_eq!(unescape(r"\\n").expect("text"), r"\n");
    }

    #[test]
    fn bytes_that_are_no_text_are_reported() {
        let error = unescape(r"ab\xff").expect_err("0xFF is never UTF-8");
        assert_eq!(error.valid, 2);
        assert!(error.to_string().contains(r"ab\\xff"), "{error}");
    }

    proptest! {
        #[test]
        fn escaping_and_processing_gives_the_text_back(text in "(?s).*") {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(char::is_control));
            prop_assert_eq!(unescape(&escaped).expect("valid text stays valid"), text);
        }

        #[test]
        fn never_longer_than_the_input(text in r"[\\xnq0-9a-f'é]{0,40}") {
            prop_assert!(process_escapes(&text).len() <= text.len());
        }
    }
}
