//! A token id: an index into the model's vocabulary.

use serde::{Deserialize, Serialize};

/// The id of one vocabulary entry, `0 .. vocabulary size`.
///
/// llama.cpp's null token (−1) has no `Token`: whoever reads ids from it uses [`Token::from_llama`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(pub u32);

impl Token {
    /// The token behind llama.cpp's signed id; `None` for its null token.
    #[must_use]
    pub fn from_llama(id: i32) -> Option<Self> {
        u32::try_from(id).ok().map(Self)
    }

    /// The id as llama.cpp wants it. Vocabularies are below 2³¹ entries, so this never wraps.
    #[must_use]
    pub const fn to_llama(self) -> i32 {
        self.0.cast_signed()
    }

    /// The id as an index into logits.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
