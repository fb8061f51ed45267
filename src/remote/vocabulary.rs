//! A vocabulary, put together from what a server tells.

use std::{collections::BTreeMap, sync::Arc};

use super::{Address, RemoteError};
use crate::{
    engine::{TextEnds, Tokenizer, Vocabulary, VocabularyBuilder},
    token::Token,
};

/// The largest vocabulary that is taken.
const LARGEST: usize = 4 << 20;
/// Special tokens whose names are asked for in one question.
const TOGETHER: usize = 256;
/// What tokens that end a text are called, in models that are known.
pub(super) const LIKE_ENDS: [&str; 26] = [
    "</s>",
    "<eos>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|im_end|>",
    "<|end|>",
    "<|endoftext|>",
    "<|end_of_text|>",
    "<|end_of_sentence|>",
    "<｜end▁of▁sentence｜>",
    "<end_of_turn>",
    "<end_of_utterance>",
    "<|end_of_turn|>",
    "<|endofturn|>",
    "<|eot|>",
    "<|return|>",
    "<|call|>",
    "<|END_OF_TURN_TOKEN|>",
    "<EOT>",
    "_<EOT>",
    "[EOT]",
    "[EOS]",
    "[|endofturn|]",
    "<|user|>",
    "<|observation|>",
    "<turn|>",
];
/// More tokens than that never end a text.
const MOST_ENDS: usize = 256;

/// The bytes of all tokens, and which are what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    bytes: Vec<Vec<u8>>,
    control: Vec<bool>,
    ends: Vec<Token>,
    suppressed: Vec<Token>,
}

impl Pieces {
    /// Of ids and their bytes; those without any are special.
    pub fn of(told: impl Iterator<Item = (i64, Vec<u8>)>, address: &Address) -> Result<Self, RemoteError> {
        let wrong = |what: String| RemoteError::Answer { address: address.to_string(), what };
        let mut found = BTreeMap::new();
        for (id, bytes) in told {
            let id = usize::try_from(id).ok().filter(|id| *id < LARGEST);
            let id = id.ok_or_else(|| wrong("an odd id of a token in its vocabulary".into()))?;
            if found.insert(id, bytes).is_some() {
                return Err(wrong(format!("token {id} twice in its vocabulary")));
            }
        }
        let most = found.len();
        match found.last_key_value() {
            Some((&last, _)) if last + 1 == most => {}
            Some((&last, _)) => {
                let what = format!("{most} tokens of a vocabulary of {} or more: some are missing", last + 1);
                return Err(wrong(what));
            }
            None => return Err(wrong("no vocabulary".into())),
        }
        let bytes: Vec<_> = found.into_values().collect();
        let control = bytes.iter().map(Vec::is_empty).collect();
        Ok(Self { bytes, control, ends: Vec::new(), suppressed: Vec::new() })
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes in which tokens can be drawn at all, and which where the end is to be ignored: what is missing from the second alone
    /// ends a text. `eos` does in any case.
    pub fn never_drawn(&mut self, drawn: &[i64], not_ends: &[i64], eos: Option<Token>) {
        let missing = |there: &[i64]| {
            let mut can = vec![false; self.len()];
            for place in there.iter().filter_map(|id| usize::try_from(*id).ok()) {
                if let Some(can) = can.get_mut(place) {
                    *can = true;
                }
            }
            let cannot = can.into_iter().enumerate().filter(|(_, can)| !can);
            cannot.map(|(id, _)| Token(id as u32)).collect::<Vec<_>>()
        };
        let suppressed = missing(drawn);
        let mut ends: Vec<Token> =
            missing(not_ends).into_iter().filter(|token| suppressed.binary_search(token).is_err()).collect();
        // A server that does not tell this would have all tokens end a text.
        if suppressed.len() <= MOST_ENDS {
            self.suppressed = suppressed;
        }
        if ends.len() > MOST_ENDS {
            ends.clear();
        }
        ends.extend(eos.filter(|token| token.index() < self.len()));
        ends.sort_unstable();
        ends.dedup();
        self.ends = ends;
    }

    /// The tokens of these texts.
    pub fn like(&self, texts: &[&str]) -> Vec<Token> {
        let is = |bytes: &Vec<u8>| texts.iter().any(|text| text.as_bytes() == bytes.as_slice());
        let found = self.bytes.iter().enumerate().filter(|(_, bytes)| is(bytes));
        found.map(|(id, _)| Token(id as u32)).collect()
    }

    /// These end a text.
    pub fn set_ends(&mut self, mut ends: Vec<Token>) {
        ends.sort_unstable();
        ends.dedup();
        self.ends = ends;
    }

    /// The vocabulary.
    pub fn build(self, ends: TextEnds, tokenizer: Arc<dyn Tokenizer>) -> Vocabulary {
        let mut builder = VocabularyBuilder::with_capacity(self.len());
        for (id, (bytes, control)) in self.bytes.iter().zip(&self.control).enumerate() {
            let ends_text = self.ends.binary_search(&Token(id as u32)).is_ok();
            builder.push(bytes, *control || ends_text, ends_text);
        }
        builder.build_served(ends, self.suppressed, tokenizer)
    }

    fn set_name(&mut self, token: u32, name: &str) {
        if let Some(bytes) = self.bytes.get_mut(token as usize) {
            *bytes = name.as_bytes().to_vec();
        }
    }
}

/// How the names of special tokens are asked for: many at a time, told apart by line breaks.
pub(super) struct Names {
    groups: Vec<Vec<u32>>,
    line_break: Option<u32>,
}

impl Names {
    /// For those that have no bytes.
    pub fn of(pieces: &Pieces) -> Self {
        let place = pieces.bytes.iter().position(|bytes| bytes == b"\n");
        let line_break = place.map(|place| place as u32);
        let nameless: Vec<u32> = pieces
            .bytes
            .iter()
            .enumerate()
            .filter(|(_, bytes)| bytes.is_empty())
            .map(|(id, _)| id as u32)
            .collect();
        let size = if line_break.is_some() { TOGETHER } else { 1 };
        // One question a token, where none tells them apart: not more than a few.
        let groups = nameless.chunks(size).take(TOGETHER).map(<[u32]>::to_vec).collect();
        Self { groups, line_break }
    }

    /// The tokens of each question.
    pub fn questions(&self) -> Vec<Vec<u32>> {
        let question = |group: &Vec<u32>| {
            let mut tokens = Vec::with_capacity(2 * group.len());
            for (place, &token) in group.iter().enumerate() {
                tokens.extend(self.line_break.filter(|_| place > 0));
                tokens.push(token);
            }
            tokens
        };
        self.groups.iter().map(question).collect()
    }

    /// Takes the texts in. Where they cannot be told apart the tokens stay without a name.
    pub fn take(&self, texts: &[String], pieces: &mut Pieces) {
        for (group, text) in self.groups.iter().zip(texts) {
            let names: Vec<&str> =
                if group.len() == 1 { vec![text.as_str()] } else { text.split('\n').collect() };
            if names.len() == group.len() {
                group.iter().zip(names).for_each(|(&token, name)| pieces.set_name(token, name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(list: &[(i64, &str)]) -> Result<Pieces, RemoteError> {
        let address = Address::parse("http://h:1").expect("an address");
        Pieces::of(list.iter().map(|&(id, text)| (id, text.as_bytes().to_vec())), &address)
    }

    #[test]
    fn a_vocabulary_has_every_token_once() {
        assert_eq!(pieces(&[(1, "b"), (0, "a")]).expect("whole").len(), 2);
        for wrong in [&[(0, "a"), (2, "c")][..], &[(0, "a"), (0, "b")], &[(-1, "a")], &[], &[(1 << 40, "a")]]
        {
            assert!(pieces(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn special_tokens_get_their_names_many_at_a_time() {
        let mut all = pieces(&[(0, ""), (1, "\n"), (2, "a"), (3, "")]).expect("whole");
        let names = Names::of(&all);
        assert_eq!(names.questions(), [vec![0, 1, 3]]);
        names.take(&["<s>\n</s>".to_owned()], &mut all);
        assert_eq!((&all.bytes[0][..], &all.bytes[3][..]), (&b"<s>"[..], &b"</s>"[..]));
        assert_eq!(all.control, [true, false, false, true]);
        // A name with a line break in it: nobody can say which is which.
        let mut other = pieces(&[(0, ""), (1, "\n"), (2, "")]).expect("whole");
        Names::of(&other).take(&["<a\n>\n<b>".to_owned()], &mut other);
        assert!(other.bytes[0].is_empty() && other.bytes[2].is_empty());
        let single = pieces(&[(0, ""), (1, "")]).expect("whole");
        assert_eq!(Names::of(&single).questions(), [vec![0], vec![1]]);
    }

    #[test]
    fn what_cannot_be_drawn_where_the_end_is_ignored_ends_a_text() {
        let mut all = pieces(&[(0, "a"), (1, ""), (2, ""), (3, "b")]).expect("whole");
        all.never_drawn(&[0, 1, 2], &[0, 1], None);
        assert_eq!((&all.ends[..], &all.suppressed[..]), (&[Token(2)][..], &[Token(3)][..]));
        all.never_drawn(&[0, 1, 2, 3], &[0, 1, 2, 3], Some(Token(1)));
        assert_eq!((&all.ends[..], all.suppressed.len()), (&[Token(1)][..], 0));
    }
}
