//! Drafts from the text itself: what followed the last time it said the same.

use super::LookupSettings;
use crate::token::Token;

/// Where a draft was copied from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The first of the tokens that are equal to those at the end of the text: a position of the whole text, prompt included.
    pub found: usize,
    /// The first token copied.
    pub from: usize,
    /// How many.
    pub tokens: usize,
}

/// The last place before its end at which `text` has its own last `n` tokens, and what follows there: llama.cpp's
/// `common_ngram_simple_draft` (common/ngram-map.cpp). As there, the text has to have more than n + length + 1 tokens besides
/// the last, its first token counts for nothing, and fewer than n tokens are not worth a draft.
#[must_use]
pub fn look_up(text: &[Token], settings: LookupSettings) -> Option<Copied> {
    let LookupSettings { n, length } = settings;
    // All but the newest token, which llama.cpp has beside the text.
    let before = text.len().checked_sub(1)?;
    if n == 0 || before <= n + length + 1 {
        return None;
    }
    let pattern = &text[text.len() - n..];
    let found = (1..before - n).rev().find(|&at| text[..before][at..].starts_with(pattern))?;
    let from = found + n;
    let tokens = length.min(before - from);
    (tokens >= n).then_some(Copied { found, from, tokens })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tokens: &[u32]) -> Vec<Token> {
        tokens.iter().map(|&id| Token(id)).collect()
    }

    const TWO: LookupSettings = LookupSettings { n: 2, length: 3 };

    #[test]
    fn what_followed_the_same_two_tokens_is_copied() {
        // The end is 7 8; it stands at 2 and 3, and 1 2 3 follow.
        let found = look_up(&text(&[0, 5, 7, 8, 1, 2, 3, 4, 7, 8]), TWO);
        assert_eq!(found, Some(Copied { found: 2, from: 4, tokens: 3 }));
    }

    #[test]
    fn the_last_place_counts_and_the_copy_ends_with_the_text() {
        // 7 8 stands at 1 and at 5; after the later one only 9 9 are there, besides the newest token.
        let found = look_up(&text(&[0, 7, 8, 1, 2, 7, 8, 9, 7, 8]), TWO);
        assert_eq!(found, Some(Copied { found: 5, from: 7, tokens: 2 }));
    }

    #[test]
    fn nothing_is_copied_where_the_end_is_new_or_the_text_is_short() {
        assert_eq!(look_up(&text(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), TWO), None);
        // Six tokens besides the last are not more than 2 + 3 + 1.
        assert_eq!(look_up(&text(&[0, 7, 8, 1, 2, 7, 8]), TWO), None);
        assert!(look_up(&text(&[0, 7, 8, 1, 2, 3, 7, 8]), TWO).is_some());
        assert_eq!(look_up(&[], TWO), None);
        assert_eq!(look_up(&text(&[1]), LookupSettings { n: 0, length: 3 }), None);
    }

    #[test]
    fn the_first_token_counts_for_nothing_and_a_copy_of_fewer_than_n_is_none() {
        assert_eq!(look_up(&text(&[7, 8, 1, 2, 3, 4, 5, 6, 7, 8]), TWO), None);
        // 7 7 7 stands at 5, too, and only one token besides the newest follows there.
        let three = LookupSettings { n: 3, length: 3 };
        assert_eq!(look_up(&text(&[0, 1, 2, 3, 4, 7, 7, 7, 7, 7]), three), None);
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_is_there(tokens in proptest::collection::vec(0_u32..4, 0..80), n in 1_usize..6, length in 1_usize..9) {
            let tokens = text(&tokens);
            if let Some(copied) = look_up(&tokens, LookupSettings { n, length }) {
                assert_eq!(&tokens[copied.found..copied.found + n], &tokens[tokens.len() - n..]);
                assert!(copied.from + copied.tokens < tokens.len());
                assert!((n..=length.max(n)).contains(&copied.tokens));
            }
        }
    }
}
