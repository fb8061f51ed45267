//! Token bytes to text, however the characters are cut.

/// The most bytes of a character that can be waiting for the rest.
const MOST_PENDING: usize = 3;

/// Decodes UTF-8 that arrives in pieces, as tokens do: a character may begin in one token and end three later.
///
/// Text is given out as soon as it is complete; the bytes of a character that is not wait. What can never become a
/// character is replaced by one U+FFFD for each maximal subpart (Unicode 16, section 3.9; also WHATWG's decoder), so that
/// any way of cutting the bytes gives the text that [`String::from_utf8_lossy`] gives for the whole.
///
/// Four bytes and `Copy`: every node of a tree can keep its own, and undo and branches take it from there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utf8Stream {
    pending: [u8; MOST_PENDING],
    length: u8,
}

/// One piece of what was decoded.
#[derive(Debug)]
pub(super) enum Decoded<'a> {
    /// Complete characters.
    Text(&'a str),
    /// Bytes that can never become a character; the last `own` of them came with this push, the others before.
    Invalid { bytes: &'a [u8], own: usize },
}

impl Utf8Stream {
    /// A stream at the start of a text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes, 0 to 3, of a character that is not complete yet.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        &self.pending[..usize::from(self.length)]
    }

    /// Takes the next bytes and returns the text that they complete.
    #[must_use]
    pub fn push(&mut self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() + MOST_PENDING);
        self.push_into(bytes, &mut text);
        text
    }

    /// Takes the next bytes and appends the text that they complete to `text`.
    pub fn push_into(&mut self, bytes: &[u8], text: &mut String) {
        self.decode(bytes, |decoded| match decoded {
            Decoded::Text(part) => text.push_str(part),
            Decoded::Invalid { .. } => text.push(char::REPLACEMENT_CHARACTER),
        });
    }

    /// Ends the text: U+FFFD if a character was left incomplete, nothing otherwise. The stream is as new afterwards.
    #[must_use]
    pub fn finish(&mut self) -> &'static str {
        let text = if self.length > 0 { "\u{FFFD}" } else { "" };
        self.forget();
        text
    }

    /// Takes the next bytes and hands out what they complete and what they show to be invalid, in order.
    pub(super) fn decode(&mut self, bytes: &[u8], mut on: impl FnMut(Decoded<'_>)) {
        let rest = self.resolve_pending(bytes, &mut on);
        let mut chunks = rest.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            if !chunk.valid().is_empty() {
                on(Decoded::Text(chunk.valid()));
            }
            let invalid = chunk.invalid();
            if chunks.peek().is_none() && is_incomplete(invalid) {
                self.keep(invalid);
            } else if !invalid.is_empty() {
                on(Decoded::Invalid { bytes: invalid, own: invalid.len() });
            }
        }
    }

    /// Gives the pending character its bytes one by one until it is complete or impossible; returns the bytes it did
    /// not take.
    fn resolve_pending<'a>(&mut self, bytes: &'a [u8], on: &mut impl FnMut(Decoded<'_>)) -> &'a [u8] {
        let mut rest = bytes;
        while let (1.., Some((&byte, after))) = (self.length, rest.split_first()) {
            let waiting = usize::from(self.length);
            let mut buffer = [0; MOST_PENDING + 1];
            buffer[..waiting].copy_from_slice(self.pending());
            buffer[waiting] = byte;
            let candidate = &buffer[..=waiting];
            if let Ok(character) = std::str::from_utf8(candidate) {
                self.forget();
                on(Decoded::Text(character));
            } else if is_incomplete(candidate) {
                self.keep(candidate);
            } else {
                // The byte does not continue the character; it may begin the next one and is looked at again.
                let own = bytes.len() - rest.len();
                self.forget();
                on(Decoded::Invalid { bytes: &candidate[..waiting], own: own.min(waiting) });
                return rest;
            }
            rest = after;
        }
        rest
    }

    /// Lets the pending bytes go; zeroed, so that streams in the same state are equal.
    fn forget(&mut self) {
        *self = Self::default();
    }

    /// Keeps `bytes`, the beginning of one character, for the next push.
    fn keep(&mut self, bytes: &[u8]) {
        self.pending[..bytes.len()].copy_from_slice(bytes);
        self.length = bytes.len() as u8;
    }
}

/// Whether `bytes` are the beginning of one character and nothing else.
fn is_incomplete(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text of `pieces`, decoded one after the other.
    fn decode_all<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
        let mut stream = Utf8Stream::new();
        let mut text = String::new();
        for piece in pieces {
            stream.push_into(piece, &mut text);
        }
        text.push_str(stream.finish());
        text
    }

    #[test]
    fn a_character_over_four_pushes_appears_with_its_last_byte() {
        let mut stream = Utf8Stream::new();
        for (byte, pending) in [(0xF0, 1), (0x9F, 2), (0x98, 3)] {
            assert_eq!(stream.push(&[byte]), "");
            assert_eq!(stream.pending().len(), pending);
        }
        assert_eq!(stream.push(&[0x80]), "😀");
        assert_eq!(stream, Utf8Stream::new());
    }

    #[test]
    fn a_copy_goes_on_from_where_it_was_taken() {
        let mut stream = Utf8Stream::new();
        assert_eq!(stream.push(b"a\xC3"), "a");
        let branch_point = stream;
        assert_eq!(stream.push(b"\xA9"), "é");
        let mut branch = branch_point;
        assert_eq!(branch.push(b"\xA8"), "è");
        assert_eq!(size_of::<Utf8Stream>(), 4);
    }

    #[test]
    fn invalid_bytes_give_one_replacement_for_each_maximal_subpart() {
        // The example of Unicode 16, table 3-11.
        let bytes = b"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41";
        assert_eq!(decode_all([&bytes[..]]), "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}A");
        assert_eq!(decode_all(bytes.chunks(1)), "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}A");
    }

    #[test]
    fn an_unfinished_character_ends_as_one_replacement() {
        let mut stream = Utf8Stream::new();
        assert_eq!(stream.push(b"ok\xF0\x9F\x98"), "ok");
        assert_eq!(stream.finish(), "\u{FFFD}");
        assert_eq!(stream.finish(), "");
    }

    /// Bytes that are often nearly UTF-8.
    fn nearly_utf8() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            any::<char>().prop_map(|c| c.to_string().into_bytes()),
            any::<char>().prop_map(|c| c.to_string().into_bytes()[..c.len_utf8().div_ceil(2)].to_vec()),
            prop::collection::vec(any::<u8>(), 0..4),
            prop::collection::vec(0x80..=0xF4_u8, 0..4),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_split_gives_the_text_of_the_whole(bytes in nearly_utf8(), cuts in prop::collection::vec(0..40_usize, 0..12)) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
            prop_assert_eq!(decode_all(pieces), String::from_utf8_lossy(&bytes));
        }
    }
}
