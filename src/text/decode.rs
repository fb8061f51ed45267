//! The bytes of a file as text.

use std::fmt;

/// Bytes that are no UTF-8 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// UTF-16, as some editors and shells of Windows write it.
    Utf16,
    /// Anything else; so many bytes at its start are valid.
    Other {
        /// Valid bytes at the start.
        valid: usize,
    },
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf16 => f.write_str("is UTF-16 text; save it as UTF-8"),
            Self::Other { valid } => write!(f, "is not UTF-8 text (from byte {valid})"),
        }
    }
}

/// The text of a file. A byte-order mark at its start stays.
pub fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    if is_utf16(&bytes) {
        return Err(NotText::Utf16);
    }
    String::from_utf8(bytes).map_err(|error| NotText::Other { valid: error.utf8_error().valid_up_to() })
}

/// The text of a file that is JSON, a grammar or a template: without a byte-order mark, which is no part of it.
pub fn decode_data(bytes: Vec<u8>) -> Result<String, NotText> {
    let text = decode(bytes)?;
    Ok(without_mark(&text).to_owned())
}

/// A text without a byte-order mark at its start.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A byte-order mark of UTF-16, or text of the ASCII range in it: every second byte is zero.
fn is_utf16(bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let start = &bytes[..bytes.len().min(64) & !1];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let pairs = start.len() / 2;
    pairs >= 2 && (zeros(0), zeros(1)) != (pairs, pairs) && (zeros(0) == pairs || zeros(1) == pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_reported_with_and_without_its_mark() {
        let little: Vec<u8> = "Hello".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "Hello".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xff, 0xfe], &little[..]].concat();
        for bytes in [little, big, marked] {
            assert_eq!(decode(bytes), Err(NotText::Utf16));
        }
        assert_eq!(decode(vec![0; 8]), Ok("\0".repeat(8)));
        assert_eq!(decode(b"abc\xff".to_vec()), Err(NotText::Other { valid: 3 }));
    }

    #[test]
    fn a_mark_is_no_part_of_data() {
        assert_eq!(decode_data(b"\xef\xbb\xbf{}".to_vec()).as_deref(), Ok("{}"));
        assert_eq!(decode(b"\xef\xbb\xbfa".to_vec()).as_deref(), Ok("\u{feff}a"));
    }
}
