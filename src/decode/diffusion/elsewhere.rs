//! What a canvas says in the tokens of another model.

use super::Diffusion;
use crate::{engine::Vocabulary, token::Token};

impl Diffusion {
    /// What the canvas says in the tokens of a model with vocabulary `own`, and the first of them that counts where the text is
    /// scored: that after the prompt, or, where words are given later too, the one after the first.
    #[must_use]
    pub fn text_in(&self, own: &Vocabulary) -> (Vec<Token>, usize) {
        let prompt = self.prompt_in(own);
        let text = if same(own, self.vocabulary()) {
            self.text_tokens()
        } else {
            own.tokenize_plain(&self.text(self.vocabulary(), false))
        };
        let common = prompt.iter().zip(&text).take_while(|(a, b)| a == b).count();
        // Where words are given later, too, no part of the text was written alone.
        (text, if self.template().is_prompt_only() { common } else { 1 })
    }

    /// The tokens given at the front, in those of a model with vocabulary `own`.
    #[must_use]
    pub fn prompt_in(&self, own: &Vocabulary) -> Vec<Token> {
        let given = &self.template().tokens()[..self.template().prompt_len()];
        let theirs = self.vocabulary();
        if same(own, theirs) {
            return given.to_vec();
        }
        let shown = given.iter().filter(|&&token| !theirs.is_control(token));
        let bytes: Vec<u8> = shown.flat_map(|&token| theirs.piece(token)).copied().collect();
        own.tokenize_plain(&String::from_utf8_lossy(&bytes))
    }
}

/// Whether two vocabularies hold the same tokens.
fn same(a: &Vocabulary, b: &Vocabulary) -> bool {
    a.len() == b.len() && (0..a.len() as u32).all(|id| a.piece(Token(id)) == b.piece(Token(id)))
}
