//! The generated text as bytes, with the ends of its tokens, sentences and lines.

use super::scanner::{End, Found, Scanner};

/// The bytes generated after the prompt, and where each token, sentence and line of it ends.
#[derive(Clone, Debug, Default)]
pub struct GeneratedText {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The scanner after each token.
    scanners: Vec<Scanner>,
    sentences: Vec<End>,
    lines: Vec<End>,
}

impl GeneratedText {
    /// Adds a token's bytes.
    pub fn push(&mut self, piece: &[u8]) {
        let mut scanner = self.scanners.last().copied().unwrap_or_default();
        for (read, &byte) in (self.bytes.len() + 1..).zip(piece) {
            scanner.push(byte, read, |found| match found {
                Found::Sentence(end) => self.sentences.push(end),
                Found::Line(end) => self.lines.push(end),
            });
        }
        self.bytes.extend_from_slice(piece);
        self.ends.push(self.bytes.len());
        self.scanners.push(scanner);
    }

    /// Goes back to the first `tokens` tokens.
    pub fn truncate(&mut self, tokens: usize) {
        self.ends.truncate(tokens);
        self.scanners.truncate(tokens);
        let length = self.ends.last().copied().unwrap_or(0);
        self.bytes.truncate(length);
        for ends in [&mut self.sentences, &mut self.lines] {
            ends.truncate(ends.partition_point(|end| end.known <= length));
        }
    }

    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of tokens.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.ends.len()
    }

    /// The sentences that have ended, in order.
    #[must_use]
    pub fn sentences(&self) -> &[End] {
        &self.sentences
    }

    /// The lines that have ended and hold more than white space, in order.
    #[must_use]
    pub fn lines(&self) -> &[End] {
        &self.lines
    }

    /// The bytes' range of a token (0 is the first generated one).
    #[must_use]
    pub fn range(&self, token: usize) -> std::ops::Range<usize> {
        let start = if token == 0 { 0 } else { self.ends[token - 1] };
        start..self.ends[token]
    }

    /// The first token that ends after byte `at`.
    #[must_use]
    pub fn token_at(&self, at: usize) -> usize {
        self.ends.partition_point(|&end| end <= at)
    }

    /// Where the newest token begins; None before the first.
    pub(in crate::decode) fn newest(&self) -> Option<usize> {
        Some(self.range(self.ends.len().checked_sub(1)?).start)
    }

    /// The stop string that was completed by what begins at byte `new`, and where it begins; of several the one
    /// that begins first. Only what that can have completed is looked at.
    pub(super) fn find_stop<'a>(&self, stops: &'a [String], new: usize) -> Option<(&'a str, usize)> {
        stops
            .iter()
            .filter(|stop| !stop.is_empty())
            .filter_map(|stop| {
                let from = new.saturating_sub(stop.len() - 1);
                let at = self.bytes[from..].windows(stop.len()).position(|w| w == stop.as_bytes())?;
                Some((stop.as_str(), from + at))
            })
            .min_by_key(|(_, at)| *at)
    }
}
