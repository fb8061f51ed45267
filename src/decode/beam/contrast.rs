//! The best text compared with another: where they diverge, and what that means.

use crate::{
    engine::Vocabulary,
    text::{Shown, Spaces},
    token::Token,
    tree::{NodeId, Tree},
};

/// The first token at which beam search's text and another diverge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// Which generated token, 0 the first.
    pub index: usize,
    /// What the other has there, and its probability under the model, 0 to 1.
    pub other: (Token, f64),
    /// What the best text has there, and its probability.
    pub best: (Token, f64),
}

impl Contrast {
    /// Of two texts after the node `prompt`, both walked in `tree`; None where one is the beginning of the other.
    #[must_use]
    pub fn of(tree: &Tree, prompt: NodeId, best: &[Token], other: &[Token]) -> Option<Self> {
        let index = best.iter().zip(other).position(|(a, b)| a != b)?;
        let fork = best[..index].iter().try_fold(prompt, |node, &token| tree.find_child(node, token))?;
        let choice = |token| {
            let node = tree.find_child(fork, token)?;
            Some((token, tree.node(node).log_probability?.exp()))
        };
        Some(Self { index, other: choice(other[index])?, best: choice(best[index])? })
    }

    /// One sentence: "greedy took `␣go` with .31; the best text has `␣make` there, .12". `name` is the other's.
    #[must_use]
    pub fn sentence(&self, name: &str, vocabulary: &Vocabulary) -> String {
        let token = |token: Token| {
            let text = String::from_utf8_lossy(vocabulary.piece(token)).into_owned();
            Shown::with_spaces(&text, Spaces::Marked).into_owned()
        };
        let place = match self.index {
            0 => "the best text began with".to_owned(),
            1 => "the best text, the same for one token, has".to_owned(),
            index => format!("the best text, the same for {index} tokens, has"),
        };
        let (other, best) = (token(self.other.0), token(self.best.0));
        format!("{name} took `{other}` with {}; {place} `{best}`, {}", p(self.other.1), p(self.best.1))
    }
}

/// A probability as `.31`, and as `<.01` where that would say nothing.
fn p(p: f64) -> String {
    if p < 0.01 {
        return "<.01".to_owned();
    }
    format!("{p:.2}").trim_start_matches('0').to_owned()
}
