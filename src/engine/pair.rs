//! Whether one model can draft for another: their tokens have to be the same.

use llama_cpp_2::token::LlamaToken;

use super::Vocabulary;
use crate::{text::Shown, token::Token};

/// How much the sizes of the vocabularies may differ, and from which token on their texts have to be equal: llama.cpp's
/// numbers (common/speculative.cpp).
const SIZES_APART: usize = 128;
const FIRST_COMPARED: u32 = 5;

/// Why one model cannot draft for another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// Their tokenizers are of different types.
    #[error(
        "the draft model does not fit: its tokenizer is of type {draft}, the target's of type {target}{HINT}"
    )]
    Kind {
        /// The target's.
        target: String,
        /// The draft's.
        draft: String,
    },
    /// One of them puts a token before or behind a text and the other does not, or they put different ones there.
    #[error("the draft model does not fit: it {draft}, the target {target}{HINT}")]
    Added {
        /// What the target does.
        target: String,
        /// What the draft does.
        draft: String,
    },
    /// They have very different numbers of tokens.
    #[error(
        "the draft model does not fit: its vocabulary has {draft} tokens, the target's {target}, and they may differ by {SIZES_APART}{HINT}"
    )]
    Size {
        /// The target's.
        target: usize,
        /// The draft's.
        draft: usize,
    },
    /// A token stands for different texts.
    #[error("the draft model does not fit: token {id} is {draft} there and {target} in the target{HINT}")]
    Token {
        /// The first such token.
        id: u32,
        /// Its text in the target, quoted.
        target: String,
        /// Its text in the draft, quoted.
        draft: String,
    },
}

const HINT: &str = "; take a small model with the target's tokenizer, as others of its family have";

/// Whether the model of `draft` can draft for that of `target`, by llama.cpp's rule: tokenizers of one type, the same begin and
/// end tokens where they are added, sizes that differ by at most 128, and equal texts from token 5 on.
pub fn check_pair(target: &Vocabulary, draft: &Vocabulary) -> Result<(), PairError> {
    let (kinds, same) = (kind(target), kind(draft));
    if kinds != same {
        return Err(PairError::Kind { target: kinds, draft: same });
    }
    let ends = |vocabulary: &Vocabulary| {
        let begin = added(vocabulary.adds_bos(), vocabulary.bos(), "begin");
        let end = added(vocabulary.adds_eos(), vocabulary.eos(), "end");
        [begin, end]
    };
    for (target, draft) in ends(target).into_iter().zip(ends(draft)) {
        if target != draft {
            return Err(PairError::Added { target, draft });
        }
    }
    if target.len().abs_diff(draft.len()) > SIZES_APART {
        return Err(PairError::Size { target: target.len(), draft: draft.len() });
    }
    let common = target.len().min(draft.len()) as u32;
    let differs = |id: &u32| text(target, Token(*id)) != text(draft, Token(*id));
    (FIRST_COMPARED..common).find(differs).map_or(Ok(()), |id| {
        let quoted = |vocabulary| {
            let text = text(vocabulary, Token(id));
            format!("“{}”", Shown::inline(&String::from_utf8_lossy(&text)).as_str())
        };
        Err(PairError::Token { id, target: quoted(target), draft: quoted(draft) })
    })
}

/// The type of its tokenizer, as the model's file names it.
fn kind(vocabulary: &Vocabulary) -> String {
    let found = vocabulary.llama().map(|model| model.meta_val_str("tokenizer.ggml.model"));
    found
        .and_then(Result::ok)
        .map_or_else(|| "unknown".into(), |name| Shown::inline(&name).as_str().to_owned())
}

fn added(adds: bool, token: Option<Token>, name: &str) -> String {
    match token.filter(|_| adds) {
        Some(token) => format!("adds the {name} token {}", token.0),
        None => format!("adds no {name} token"),
    }
}

/// A token as the file writes it; of a script, its bytes.
fn text(vocabulary: &Vocabulary, token: Token) -> Vec<u8> {
    let Some(model) = vocabulary.llama() else { return vocabulary.piece(token).to_vec() };
    model.vocab().text(LlamaToken(token.to_llama())).map_or_else(Vec::new, |text| text.to_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scripted::Scripted;

    fn vocabulary(words: &[&str]) -> std::sync::Arc<Vocabulary> {
        Scripted::new(words, &[], 8).vocabulary()
    }

    #[test]
    fn the_same_words_fit_and_the_first_five_may_differ() {
        let target = vocabulary(&["a", "b", "c", "d", "e", "f", "g"]);
        let draft = vocabulary(&["A", "B", "C", "D", "E", "f"]);
        assert_eq!(check_pair(&target, &target), Ok(()));
        assert_eq!(check_pair(&target, &draft), Ok(()));
    }

    #[test]
    fn what_differs_is_named() {
        let target = vocabulary(&["a", "b", "c", "d", "e", "f", "g"]);
        let error = check_pair(&target, &vocabulary(&["a", "b", "c", "d", "e", "f", "\x1b"])).unwrap_err();
        assert!(error.to_string().starts_with("the draft model does not fit: token 6 is “"), "{error}");
        assert!(
            error.to_string().contains("“g” in the target") && !error.to_string().contains('\x1b'),
            "{error}"
        );
        let many: Vec<String> = (0..200).map(|i| format!("<{i}>")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let error = check_pair(&target, &vocabulary(&many)).unwrap_err();
        assert_eq!(error, PairError::Size { target: 7, draft: 200 });
    }
}
