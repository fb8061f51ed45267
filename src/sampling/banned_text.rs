//! Banned strings: a token is masked where the text with it would hold one of them.
//!
//! The tokens on the way to a banned string stay allowed; only the one that would complete it is masked. So the outcome
//! depends on the text alone, and nothing has to be taken back.

use std::sync::Arc;

use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use super::Pieces;
use crate::token::Token;

/// The longest string that can be banned, in bytes: the end of the text is compared with it at every token.
pub const MAX_BANNED_STRING: usize = 256;

/// What has to be masked where.
pub(super) struct BannedText {
    pieces: Arc<Pieces>,
    /// Tokens that hold a banned string themselves.
    always: Vec<Token>,
    endings: Vec<Ending>,
    /// Bytes of the text that can matter.
    reach: usize,
    tail: Vec<u8>,
}

/// Where the text ends so, these tokens would complete a banned string.
struct Ending {
    text: Vec<u8>,
    completed_by: Vec<Token>,
}

impl BannedText {
    /// None where no string is banned.
    pub(super) fn new(strings: &[String], pieces: &Arc<Pieces>) -> Option<Self> {
        let strings: Vec<&[u8]> =
            strings.iter().map(String::as_bytes).filter(|text| !text.is_empty()).collect();
        let always: Vec<Token> = strings.iter().flat_map(|text| pieces.holding(text)).collect();
        let splits = strings.iter().flat_map(|text| (1..text.len()).map(|at| text.split_at(at)));
        let endings = splits
            .map(|(before, rest)| Ending {
                text: before.to_vec(),
                completed_by: pieces.beginning_with(rest).collect(),
            })
            .filter(|ending| !ending.completed_by.is_empty())
            .collect();
        let reach = strings.iter().map(|text| text.len()).max()?.saturating_sub(1);
        Some(Self { pieces: Arc::clone(pieces), always, endings, reach, tail: Vec::new() })
    }

    /// Masks what would complete a banned string after the prefix `history`.
    pub(super) fn apply(&mut self, array: &mut LlamaTokenDataArray, history: &[Token]) {
        self.pieces.tail(history, self.reach, &mut self.tail);
        let here = self.endings.iter().filter(|ending| self.tail.ends_with(&ending.text));
        for &token in self.always.iter().chain(here.flat_map(|ending| &ending.completed_by)) {
            // Before every sampler the array is the vocabulary in order.
            if let Some(candidate) = array.data.get_mut(token.index()) {
                debug_assert_eq!(candidate.id().0, token.to_llama());
                candidate.set_logit(f32::NEG_INFINITY);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use llama_cpp_2::token::{LlamaToken, data::LlamaTokenData};
    use proptest::prelude::*;

    use super::*;

    fn pieces(words: &[&str]) -> Arc<Pieces> {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for word in words {
            bytes.extend_from_slice(word.as_bytes());
            ends.push(bytes.len() as u32);
        }
        Arc::new(Pieces::new(bytes, ends))
    }

    /// The words that are masked after `history`.
    fn masked(words: &[&str], banned: &[&str], history: &[u32]) -> Vec<usize> {
        let banned: Vec<String> = banned.iter().map(|&text| text.to_owned()).collect();
        let mut text = BannedText::new(&banned, &pieces(words)).expect("something is banned");
        let data = (0..words.len() as i32).map(|id| LlamaTokenData::new(LlamaToken(id), 1.0, 0.0)).collect();
        let mut array = LlamaTokenDataArray::new(data, false);
        let history: Vec<Token> = history.iter().copied().map(Token).collect();
        text.apply(&mut array, &history);
        (0..words.len()).filter(|&id| array.data[id].logit() == f32::NEG_INFINITY).collect()
    }

    #[test]
    fn only_the_token_that_completes_the_string_is_masked() {
        let words = ["the", " end", " en", "d", "d.", "x"];
        assert_eq!(masked(&words, &["the end"], &[5]), [0_usize; 0]);
        assert_eq!(masked(&words, &["the end"], &[0]), [1]);
        assert_eq!(masked(&words, &["the end"], &[5, 0, 2]), [3, 4]);
        assert_eq!(masked(&words, &["the end"], &[0, 5, 2]), [0_usize; 0], "another text");
        assert_eq!(masked(&words, &["en"], &[]), [1, 2], "it holds the string");
        assert_eq!(masked(&words, &["dd", "x"], &[3]), [3, 4, 5]);
    }

    proptest! {
        /// Masked is exactly what makes the text hold a banned string that it did not hold, at its very end.
        #[test]
        fn equals_the_definition(
            banned in prop::collection::vec("[ab]{1,4}", 1..4),
            history in prop::collection::vec(0_u32..7, 0..6),
        ) {
            let words = ["a", "b", "ab", "ba", "aab", "", "bb"];
            let strings: Vec<&str> = banned.iter().map(String::as_str).collect();
            let text: String = history.iter().map(|&id| words[id as usize]).collect();
            let completes = |word: &str| strings.iter().any(|ban| {
                let whole = format!("{text}{word}");
                whole.match_indices(ban).count() > 0
                    && (0..whole.len()).any(|at| whole[at..].starts_with(ban) && at + ban.len() > text.len())
            });
            let expected: Vec<usize> = (0..words.len()).filter(|&id| completes(words[id])).collect();
            prop_assert_eq!(masked(&words, &strings, &history), expected);
        }
    }
}
