//! How the tokens of one path are shown one by one.

use super::shown::{Shown, Spaces};
use super::utf8_stream::{Decoded, Utf8Stream};
use super::writer::Writer;

/// Shows the tokens of a path one after the other, where a character may span several tokens.
///
/// A token that holds only part of a character shows its bytes; the token that completes it shows the character:
/// `⟨F0 9F⟩` `⟨98⟩` `😀`. What a token shows depends on the tokens before it and never on those after, so it does not
/// change when generation goes on, and stepping back or branching shows again what was there. Bytes that turn out to
/// belong to no character stay bytes.
///
/// Four bytes and `Copy`, like the [`Utf8Stream`] inside: keep one at each node, and show a candidate with [`peek`].
///
/// [`peek`]: TokenText::peek
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenText {
    stream: Utf8Stream,
}

impl TokenText {
    /// A path without tokens.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the bytes of the next token and returns how it is shown. A token without bytes shows nothing.
    pub fn push(&mut self, token: &[u8], spaces: Spaces) -> Shown<'static> {
        let mut writer = Writer::new(spaces, token.len() + 8);
        let mut bytes = Bytes::default();
        self.stream.decode(token, |decoded| match decoded {
            Decoded::Text(text) => {
                bytes.flush_into(&mut writer);
                writer.text(text);
            }
            Decoded::Invalid { bytes: invalid, own } => bytes.extend(&invalid[invalid.len() - own..]),
        });
        let pending = self.stream.pending();
        bytes.extend(&pending[pending.len() - pending.len().min(token.len())..]);
        bytes.flush_into(&mut writer);
        Shown::from_writer(writer, spaces)
    }

    /// How `token` would be shown if it came next.
    #[must_use]
    pub fn peek(&self, token: &[u8], spaces: Spaces) -> Shown<'static> {
        self.clone().push(token, spaces)
    }

    /// The bytes, 0 to 3, of a character that is not complete yet.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        self.stream.pending()
    }
}

/// Bytes without a character that stand side by side, shown as one group.
#[derive(Debug, Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn extend(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn flush_into(&mut self, writer: &mut Writer) {
        writer.bytes(&self.0);
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What each of `tokens` shows, in order.
    fn show(tokens: &[&[u8]]) -> Vec<String> {
        let mut path = TokenText::new();
        tokens.iter().map(|token| path.push(token, Spaces::Marked).into()).collect()
    }

    #[test]
    fn the_completing_token_shows_the_character() {
        assert_eq!(show(&[b"\xF0\x9F", b"\x98", b"\x80"]), ["⟨F0 9F⟩", "⟨98⟩", "😀"]);
        assert_eq!(show(&[b" caf\xC3", b"\xA9!"]), ["␣caf⟨C3⟩", "é!"]);
        assert_eq!(show(&[b"\xE4", b"\xBD\xA0\xE5", b"\xA5\xBD"]), ["⟨E4⟩", "你⟨E5⟩", "好"]);
    }

    #[test]
    fn bytes_of_no_character_stay_bytes_and_are_shown_once() {
        assert_eq!(show(&[b"\xF0\x9F", b"a"]), ["⟨F0 9F⟩", "a"]);
        assert_eq!(show(&[b"\xF0", b"\x9Fa"]), ["⟨F0⟩", "⟨9F⟩a"]);
        assert_eq!(show(&[b"\xFF\xC3"]), ["⟨FF C3⟩"]);
        assert_eq!(show(&[b"\xC3", b"\xC3\xA9"]), ["⟨C3⟩", "é"]);
        assert_eq!(show(&[b"\xF0", b"", b"\x9F"]), ["⟨F0⟩", "", "⟨9F⟩"]);
    }

    #[test]
    fn stepping_back_and_taking_another_token_shows_what_that_path_shows() {
        let mut path = TokenText::new();
        path.push(b"\xC3", Spaces::Marked);
        let before = path;
        assert_eq!(path.peek(b"\xA9", Spaces::Marked).as_str(), "é");
        assert_eq!(path, before, "looking at a candidate changes nothing");
        path.push(b"x", Spaces::Marked);
        let mut branch = before;
        assert_eq!(branch.push(b"\xA8", Spaces::Marked).as_str(), "è");
    }

    #[test]
    fn control_characters_and_newlines_are_visible() {
        assert_eq!(show(&[b"\x1B]52;c;", b".\n\n", b"\t", b"\r\n"]), ["␛]52;c;", ".⏎⏎", "⇥", "␍⏎"]);
        let mut path = TokenText::new();
        let lines = path.push(b".\n\nx", Spaces::Kept);
        let parts: Vec<_> = lines.split_after_newlines().map(|part| part.as_str().to_owned()).collect();
        assert_eq!(parts, [".⏎", "⏎", "x"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_token_with_bytes_shows_something_and_nothing_dangerous(
            tokens in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..6), 0..8)
        ) {
            let mut path = TokenText::new();
            for token in &tokens {
                let shown = path.push(token, Spaces::Marked);
                prop_assert_eq!(shown.is_empty(), token.is_empty());
                prop_assert!(!shown.as_str().contains(char::is_control));
            }
        }

        #[test]
        fn whole_characters_are_shown_as_the_text_they_are(words in prop::collection::vec("[a-zäöü你好]{1,6}", 0..6)) {
            let tokens: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
            prop_assert_eq!(show(&tokens), words);
        }
    }
}
