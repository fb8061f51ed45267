//! What a canvas says.

use super::Diffusion;
use crate::{engine::Vocabulary, token::Token};

impl Diffusion {
    /// Where the text ends: at the first end token that was written, or with the canvas where it goes on behind that.
    #[must_use]
    pub fn text_end(&self) -> usize {
        let end = self.end().filter(|_| !self.settings().fill_after_end);
        end.unwrap_or(self.canvas().len())
    }

    /// The tokens of the text, masks left out.
    #[must_use]
    pub fn text_tokens(&self) -> Vec<Token> {
        self.tokens_from(0)
    }

    /// The text, without control tokens unless `special`.
    #[must_use]
    pub fn text(&self, vocabulary: &Vocabulary, special: bool) -> String {
        text_of(&self.text_tokens(), vocabulary, special)
    }

    /// The text from a position on, without control tokens unless `special`.
    #[must_use]
    pub fn text_from(&self, position: usize, special: bool) -> String {
        text_of(&self.tokens_from(position), self.vocabulary(), special)
    }

    fn tokens_from(&self, position: usize) -> Vec<Token> {
        let tokens = self.canvas().get(position..self.text_end()).unwrap_or_default();
        tokens.iter().copied().filter(|&token| token != self.mask()).collect()
    }
}

/// These tokens as text.
fn text_of(tokens: &[Token], vocabulary: &Vocabulary, special: bool) -> String {
    let shown = tokens.iter().filter(|&&token| special || !vocabulary.is_control(token));
    let bytes: Vec<u8> = shown.flat_map(|&token| vocabulary.piece(token)).copied().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
