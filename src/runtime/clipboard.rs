//! Text to the clipboard, through the terminal: the sequence OSC 52, which also reaches the machine that a remote shell is
//! used from. A terminal that does not know or does not allow it ignores it.

/// The sequence that asks the terminal to take `text`. Only base64 digits stand between its ends, so that nothing in the
/// text can end it early.
pub(super) fn sequence(text: &str) -> String {
    format!("\x1b]52;c;{}\x1b\\", base64(text.as_bytes()))
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit <= chunk.len() { DIGITS[value as usize].into() } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_rfc() {
        let examples = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, encoded) in examples {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
        assert_eq!(sequence("fo"), "\x1b]52;c;Zm8=\x1b\\");
    }

    proptest! {
        #[test]
        fn no_text_can_end_the_sequence(text in "\\PC*|[\x1b\x07\\\\;]*") {
            let sequence = sequence(&text);
            let inside = &sequence["\x1b]52;c;".len()..sequence.len() - 2];
            prop_assert!(inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)));
            prop_assert_eq!(inside.len() % 4, 0);
        }
    }
}
