//! What a canvas begins with: given tokens and masks.

use super::DiffusionError;
use crate::{engine::Vocabulary, token::Token};

/// A canvas before its first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    tokens: Vec<Token>,
    mask: Token,
}

impl Template {
    /// Underscores in a row that make a gap of one masked position; each one more makes it one longer.
    pub const GAP: usize = 3;

    /// `prompt`, and masks after it up to `length` positions in all. Masks within the prompt are positions to be written, too.
    pub fn after_prompt(prompt: &[Token], length: usize, mask: Token) -> Result<Self, DiffusionError> {
        if prompt.len() >= length && !prompt.contains(&mask) {
            return Err(DiffusionError::PromptTooLong { prompt: prompt.len(), length });
        }
        let mut tokens = prompt.to_vec();
        tokens.resize(length.max(prompt.len()), mask);
        Ok(Self { tokens, mask })
    }

    /// Whether a text has a gap to be filled.
    #[must_use]
    pub fn has_gap(text: &str) -> bool {
        parts(text).iter().any(|part| matches!(part, Part::Gap(_)))
    }

    /// A text with gaps: `The ___ sat on the ____.` has one masked position, and later two. A space before a gap belongs to
    /// what is written there, as most vocabularies have it. With `length`, masks follow up to so many positions.
    pub fn infill(
        text: &str,
        vocabulary: &Vocabulary,
        mask: Token,
        length: Option<usize>,
    ) -> Result<Self, DiffusionError> {
        let mut tokens = Vec::new();
        for (index, part) in parts(text).into_iter().enumerate() {
            match part {
                Part::Gap(positions) => tokens.extend(std::iter::repeat_n(mask, positions)),
                Part::Given(text) if text.is_empty() && index > 0 => {}
                Part::Given(text) => {
                    let given = vocabulary.tokenize(text);
                    // The begin token belongs before the text, not before each part of it.
                    let again = index > 0 && given.first() == vocabulary.bos().as_ref();
                    tokens.extend(&given[usize::from(again && vocabulary.adds_bos())..]);
                }
            }
        }
        if !tokens.contains(&mask) && length.is_none_or(|length| length <= tokens.len()) {
            return Err(DiffusionError::NothingMasked);
        }
        tokens.resize(length.unwrap_or(0).max(tokens.len()), mask);
        Ok(Self { tokens, mask })
    }

    /// Its tokens, masks where nothing is given.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The mask.
    #[must_use]
    pub fn mask(&self) -> Token {
        self.mask
    }

    /// Whether a position is given: it never changes.
    #[must_use]
    pub fn is_given(&self, position: usize) -> bool {
        self.tokens.get(position).is_some_and(|&token| token != self.mask)
    }

    /// Tokens given at the front.
    #[must_use]
    pub fn prompt_len(&self) -> usize {
        self.tokens.iter().take_while(|&&token| token != self.mask).count()
    }

    /// Whether all that is given stands at the front.
    #[must_use]
    pub fn is_prompt_only(&self) -> bool {
        self.tokens.len() == self.prompt_len() + self.gaps()
    }

    /// Positions that are to be written.
    #[must_use]
    pub fn gaps(&self) -> usize {
        self.tokens.iter().filter(|&&token| token == self.mask).count()
    }
}

/// A part of a text with gaps.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Given(&'a str),
    /// So many masked positions.
    Gap(usize),
}

/// Cuts a text at its gaps. It begins with a given part, which may be empty.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < text.len() {
        let run = text[at..].bytes().take_while(|&byte| byte == b'_').count();
        if run >= Template::GAP {
            let given = &text[from..at];
            parts.push(Part::Given(given.strip_suffix(' ').unwrap_or(given)));
            parts.push(Part::Gap(run - Template::GAP + 1));
            from = at + run;
        }
        at += run.max(text[at..].chars().next().map_or(1, char::len_utf8));
    }
    parts.push(Part::Given(&text[from..]));
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::scripted_canvas::ScriptedCanvas;

    #[test]
    fn gaps_are_three_underscores_and_more() {
        assert_eq!(
            parts("The ___ sat on the ____."),
            [Part::Given("The"), Part::Gap(1), Part::Given(" sat on the"), Part::Gap(2), Part::Given(".")]
        );
        assert_eq!(parts("a_b __ c"), [Part::Given("a_b __ c")]);
        assert_eq!(parts("___"), [Part::Given(""), Part::Gap(1), Part::Given("")]);
    }

    #[test]
    fn given_parts_are_tokens_and_gaps_masks() {
        let script = ScriptedCanvas::new(&["a", "b", " "], &[], 16, false);
        let vocabulary = script.vocabulary();
        let mask = crate::engine::CanvasEvaluator::shape(&script).mask;
        let template = Template::infill("a ____b", &vocabulary, mask, Some(5)).expect("there are gaps");
        let shown: Vec<u32> = template.tokens().iter().map(|token| token.0).collect();
        assert_eq!(shown, [0, 3, 3, 1, 3]);
        assert_eq!((template.prompt_len(), template.gaps()), (1, 3));
        assert!(template.is_given(3) && !template.is_given(4) && !template.is_given(9));
        assert_eq!(Template::infill("ab", &vocabulary, mask, None), Err(DiffusionError::NothingMasked));
    }

    #[test]
    fn masks_follow_a_prompt_that_leaves_room() {
        let (prompt, mask) = ([Token(0), Token(1)], Token(9));
        assert_eq!(Template::after_prompt(&prompt, 4, mask).expect("room").gaps(), 2);
        let full = Template::after_prompt(&prompt, 2, mask).expect_err("full");
        assert_eq!(full, DiffusionError::PromptTooLong { prompt: 2, length: 2 });
        // A prompt may hold masks itself.
        assert_eq!(Template::after_prompt(&[Token(0), mask], 1, mask).expect("a gap").gaps(), 1);
    }

    proptest! {
        #[test]
        fn any_text_is_cut_into_its_pieces(text in "[a_ é]{0,40}") {
            let whole: usize = parts(&text).iter().map(|part| match part {
                Part::Given(given) => given.len(),
                Part::Gap(positions) => positions + Template::GAP - 1,
            }).sum();
            let gaps = parts(&text).iter().filter(|part| matches!(part, Part::Gap(_))).count();
            // Each gap takes at most the one space before it.
            prop_assert!(whole <= text.len() && text.len() <= whole + gaps, "{:?}", parts(&text));
        }
    }
}
