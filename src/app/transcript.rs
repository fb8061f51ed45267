//! The path's tokens as they are shown, kept beside the path so that a frame need not make them again.

use crate::{
    decode::Path,
    engine::Vocabulary,
    text::{Shown, Spaces, TokenText},
    token::Token,
    tree::Origin,
};

/// One token as shown.
#[derive(Clone, Debug)]
pub struct ShownToken {
    /// Its text, made harmless; part of a character shows as bytes until the character is complete.
    pub text: Shown<'static>,
    /// Whether a person picked it; a mark of one column stands before it then.
    pub by_hand: bool,
    /// Whether a loop begins to say the same thing with it; a mark of one column stands before it then.
    pub repeats: bool,
    /// Columns it takes, the marks included.
    pub width: u16,
    /// Whether the text goes to a new line after it.
    pub breaks: bool,
}

/// The shown tokens of a path.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    tokens: Vec<Token>,
    shown: Vec<ShownToken>,
    /// What a following token has to complete, after each token.
    after: Vec<TokenText>,
}

impl Transcript {
    /// Brings the transcript in line with a path; what they share stays.
    pub fn follow(&mut self, path: &Path, vocabulary: &Vocabulary) {
        let mut repeats = vec![false; path.tokens().len()];
        path.loops().beginnings().for_each(|index| repeats[path.prompt_len() + index] = true);
        let by_hand = |position| path.step_at(position).is_some_and(|(_, origin)| *origin == Origin::Hand);
        let wanted = || path.tokens().iter().enumerate().map(|(i, token)| (token, (by_hand(i), repeats[i])));
        // Prompt and text only ever change at the end, except for a new prompt; comparing is cheap beside showing.
        let present =
            self.tokens.iter().zip(&self.shown).map(|(token, shown)| (token, (shown.by_hand, shown.repeats)));
        let shared = present.zip(wanted()).take_while(|(have, want)| have == want).count();
        self.tokens.truncate(shared);
        self.shown.truncate(shared);
        self.after.truncate(shared);
        for (&token, (by_hand, repeats)) in wanted().skip(shared) {
            let piece = vocabulary.piece(token);
            let mut state = self.after.last().copied().unwrap_or_default();
            let text = state.push(piece, Spaces::Marked);
            self.after.push(state);
            let width = text.width() as u16 + u16::from(by_hand) + u16::from(repeats);
            self.shown.push(ShownToken { text, by_hand, repeats, width, breaks: piece.ends_with(b"\n") });
            self.tokens.push(token);
        }
    }

    /// The shown tokens, prompt first.
    #[must_use]
    pub fn tokens(&self) -> &[ShownToken] {
        &self.shown
    }

    /// How a candidate would be shown after the first `length` tokens.
    #[must_use]
    pub fn peek(&self, length: usize, token: Token, vocabulary: &Vocabulary) -> Shown<'static> {
        let state = length.checked_sub(1).and_then(|i| self.after.get(i)).copied().unwrap_or_default();
        state.peek(vocabulary.piece(token), Spaces::Marked)
    }
}

/// The lines of a text: which tokens stand on each when a line has `width` columns. A token that
/// does not fit goes to the next line whole; one wider than a line is cut when drawn.
#[must_use]
pub fn wrap(tokens: &[ShownToken], width: usize) -> Vec<std::ops::Range<usize>> {
    wrap_marked(tokens, width, &[])
}

/// As [`wrap`], where a mark of one column stands before each token at a position in `marked`.
#[must_use]
pub fn wrap_marked(tokens: &[ShownToken], width: usize, marked: &[usize]) -> Vec<std::ops::Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (i, token) in tokens.iter().enumerate() {
        let columns = usize::from(token.width) + usize::from(marked.contains(&i));
        if used > 0 && used + columns > width {
            lines.push(start..i);
            (start, used) = (i, 0);
        }
        used += columns;
        if token.breaks {
            lines.push(start..i + 1);
            (start, used) = (i + 1, 0);
        }
    }
    lines.push(start..tokens.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &'static str) -> ShownToken {
        let text_shown = Shown::inline(text);
        ShownToken {
            width: text_shown.width() as u16,
            text: text_shown,
            by_hand: false,
            repeats: false,
            breaks: text.ends_with('\n'),
        }
    }

    #[test]
    fn lines_break_between_tokens_and_after_newlines() {
        let tokens = ["ab", "cd", "e\n", "日本", "x", "much too long"].map(token);
        assert_eq!(wrap(&tokens, 5), [0..2, 2..3, 3..5, 5..6]);
        assert_eq!(wrap(&[], 5), vec![0..0]);
    }
}
