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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{
        decode::diffusion::{Diffusion, DiffusionSettings, Template},
        engine::{CanvasEvaluator as _, Vocabulary, scripted::Scripted, scripted_canvas::ScriptedCanvas},
        sampling::SamplingSettings,
    };

    fn canvas(text: &str) -> (Arc<Vocabulary>, Diffusion) {
        let script = ScriptedCanvas::new(&["a", "b", "c"], &[], 16, false);
        let (vocabulary, shape) = (script.vocabulary(), script.shape());
        let template = Template::infill(text, &vocabulary, shape.mask, None).expect("there are gaps");
        let settings = (DiffusionSettings::default(), SamplingSettings::default());
        let mut diffusion = Diffusion::new(Arc::clone(&vocabulary), shape, template, settings.0, settings.1)
            .expect("it can begin");
        let masked: Vec<usize> = diffusion.masked().collect();
        for position in masked {
            diffusion.open(position, script.token("c")).expect("a mask");
        }
        (vocabulary, diffusion)
    }

    #[test]
    fn a_text_counts_from_where_it_was_written() {
        // Another vocabulary, in which `ab` is one token.
        let other = Scripted::new(&["c", "ab", "a", "b"], &[], 16).vocabulary();
        let (own, behind) = canvas("ab____");
        assert_eq!(behind.text_in(&own).0, behind.canvas());
        assert_eq!(behind.text_in(&own).1, 2);
        let (tokens, counted) = behind.text_in(&other);
        assert_eq!((tokens, counted), (other.tokenize("abcc"), 1));
        assert_eq!(behind.prompt_in(&other), other.tokenize("ab"));
        // Where words are given later too, all but the first count.
        let (own, between) = canvas("a___b");
        assert_eq!(between.text_in(&own), (own.tokenize("acb"), 1));
    }
}
