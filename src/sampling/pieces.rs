//! The bytes behind every token, and which tokens go on with a text.

use crate::token::Token;

/// The bytes of every token of a vocabulary, ids ascending from 0.
#[derive(Debug)]
pub struct Pieces {
    bytes: Vec<u8>,
    /// End of each token's bytes.
    ends: Vec<u32>,
    /// Tokens by their first byte, ascending within each; those without bytes are left out.
    by_first: [Vec<Token>; 256],
}

impl Pieces {
    /// `bytes` are those of all tokens in a row; token n ends at `ends[n]`.
    #[must_use]
    pub fn new(bytes: Vec<u8>, ends: Vec<u32>) -> Self {
        let mut pieces = Self { bytes, ends, by_first: std::array::from_fn(|_| Vec::new()) };
        for id in 0..pieces.ends.len() as u32 {
            if let Some(&first) = pieces.of(Token(id)).first() {
                pieces.by_first[usize::from(first)].push(Token(id));
            }
        }
        pieces
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no tokens at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of a token; empty for an id outside the vocabulary.
    #[must_use]
    pub fn of(&self, token: Token) -> &[u8] {
        let Some(&end) = self.ends.get(token.index()) else { return &[] };
        let start = if token.index() == 0 { 0 } else { self.ends[token.index() - 1] };
        &self.bytes[start as usize..end as usize]
    }

    /// The tokens that begin with `text`, which is not empty.
    pub(super) fn beginning_with<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Token> + 'a {
        let first = text.first().map_or(&[][..], |first| &self.by_first[usize::from(*first)]);
        first.iter().copied().filter(move |token| self.of(*token).starts_with(text))
    }

    /// The tokens that hold `text`, which is not empty, somewhere after their first byte or at it.
    pub(super) fn holding<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Token> + 'a {
        let ids = 0..self.ends.len() as u32;
        ids.map(Token).filter(move |token| self.of(*token).windows(text.len()).any(|part| part == text))
    }

    /// The last bytes of a text of tokens, at most `limit` of them, written to `tail`.
    pub(super) fn tail(&self, tokens: &[Token], limit: usize, tail: &mut Vec<u8>) {
        tail.clear();
        let mut from = tokens.len();
        let mut length = 0;
        while from > 0 && length < limit {
            from -= 1;
            length += self.of(tokens[from]).len();
        }
        for token in &tokens[from..] {
            tail.extend_from_slice(self.of(*token));
        }
        tail.drain(..tail.len().saturating_sub(limit));
    }
}
