//! A canvas evaluator that follows a script: small tables of probabilities, no model. For tests and lessons.

use std::{sync::Arc, time::Duration};

use super::{
    Vocabulary, VocabularyBuilder,
    canvas::{CanvasError, CanvasEvaluator, CanvasShape},
};
use crate::token::Token;

/// When a rule holds, and what it says.
struct Rule {
    position: usize,
    /// These positions hold these tokens.
    given: Vec<(usize, Token)>,
    logits: Vec<f32>,
}

/// What a position could hold is looked up by the last rule for it whose conditions hold.
pub struct ScriptedCanvas {
    vocabulary: Arc<Vocabulary>,
    shape: CanvasShape,
    rules: Vec<Rule>,
    /// Canvases evaluated so far.
    pub passes: Vec<Vec<Token>>,
}

impl ScriptedCanvas {
    /// The word that stands for a mask.
    pub const MASK: &str = "_";

    /// A script over these words (their place is the token id) and [`ScriptedCanvas::MASK`] after them; the words in `eog` end
    /// a text. Rows are shifted or not: what a rule says about a position is the same.
    #[must_use]
    pub fn new(words: &[&str], eog: &[&str], longest: usize, shift: bool) -> Self {
        let mut builder = VocabularyBuilder::with_capacity(words.len() + 1);
        for word in words {
            let ends = eog.contains(word);
            builder.push(word.as_bytes(), ends, ends);
        }
        builder.push(Self::MASK.as_bytes(), true, false);
        let mask = Token(words.len() as u32);
        let shape = CanvasShape { longest, n_vocab: words.len() + 1, mask, shift };
        Self { vocabulary: Arc::new(builder.build_scripted()), shape, rules: Vec::new(), passes: Vec::new() }
    }

    /// `position` holds these words with these probabilities; the rest of the vocabulary shares what is left.
    #[must_use]
    pub fn rule(self, position: usize, words: &[(&str, f32)]) -> Self {
        self.rule_given(&[], position, words)
    }

    /// The same where the positions of `given` hold these words.
    #[must_use]
    pub fn rule_given(mut self, given: &[(usize, &str)], position: usize, words: &[(&str, f32)]) -> Self {
        let sum: f32 = words.iter().map(|(_, p)| p).sum();
        let others = self.vocabulary.len() - words.len();
        let rest = if others == 0 { 0.0 } else { (1.0 - sum).max(0.0) / others as f32 };
        let mut logits = vec![rest.max(1e-9).ln(); self.vocabulary.len()];
        for (word, p) in words {
            logits[self.token(word).index()] = p.ln();
        }
        let given = given.iter().map(|&(at, word)| (at, self.token(word))).collect();
        self.rules.push(Rule { position, given, logits });
        self
    }

    /// The token of a word.
    #[must_use]
    pub fn token(&self, word: &str) -> Token {
        self.vocabulary.tokenize(word)[0]
    }

    /// The script's vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> Arc<Vocabulary> {
        Arc::clone(&self.vocabulary)
    }

    /// What row `row` of a pass over `canvas` holds: what the position says that it predicts.
    fn row(&self, canvas: &[Token], row: usize) -> Vec<f32> {
        let position = if self.shape.shift { row + 1 } else { row };
        let holds = |rule: &&Rule| {
            rule.position == position && rule.given.iter().all(|&(at, token)| canvas.get(at) == Some(&token))
        };
        self.rules
            .iter()
            .rev()
            .find(holds)
            .map_or_else(|| vec![0.0; self.shape.n_vocab], |rule| rule.logits.clone())
    }
}

impl CanvasEvaluator for ScriptedCanvas {
    fn shape(&self) -> CanvasShape {
        self.shape
    }

    fn evaluate(
        &mut self,
        canvas: &[Token],
        positions: &[usize],
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<Duration, CanvasError> {
        let longest = self.shape.longest;
        if canvas.is_empty() {
            return Err(CanvasError::Empty);
        }
        if canvas.len() > longest {
            return Err(CanvasError::TooLong { positions: canvas.len(), longest });
        }
        for &position in positions.iter().filter(|&&position| position < canvas.len()) {
            sink(position, &self.row(canvas, self.shape.row_of(position)));
        }
        self.passes.push(canvas.to_vec());
        Ok(Duration::from_micros(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rule_that_holds_decides_shifted_or_not() {
        for shift in [false, true] {
            let mut script = ScriptedCanvas::new(&["a", "b"], &[], 4, shift)
                .rule(1, &[("a", 0.75)])
                .rule_given(&[(0, "b")], 1, &[("b", 0.5)]);
            let mut p = |canvas: [&str; 2]| {
                let canvas = canvas.map(|word| script.token(word));
                let mut found = Vec::new();
                let mut sink = |position, row: &[f32]| found.push((position, row[0].exp()));
                script.evaluate(&canvas, &[1], &mut sink).expect("it fits");
                found[0]
            };
            assert_eq!(p(["a", "_"]).0, 1);
            assert!((p(["a", "_"]).1 - 0.75).abs() < 1e-6, "shift {shift}");
            assert!((p(["b", "_"]).1 - 0.25).abs() < 1e-6, "shift {shift}");
        }
    }
}
