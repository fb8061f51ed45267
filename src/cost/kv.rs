//! What a text takes in memory beside the weights: keys and values of its tokens, and recurrent states.

use crate::{
    gguf::{BlockCache, ModelFile},
    settings::CacheType,
};

/// Bytes of an element of a recurrent state, which llama.cpp keeps as 32-bit floats.
const STATE_ELEMENT: f64 = 4.0;

/// What each block of a model keeps of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvShape {
    blocks: Vec<BlockCache>,
}

/// The bytes of a text of some length, and what they are for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KvBytes {
    /// Keys and values of blocks that look back on everything.
    pub full: f64,
    /// Keys and values of blocks with a window.
    pub windowed: f64,
    /// Recurrent states.
    pub state: f64,
}

impl KvBytes {
    /// All together.
    #[must_use]
    pub fn total(self) -> f64 {
        self.full + self.windowed + self.state
    }
}

impl KvShape {
    /// Of these blocks.
    #[must_use]
    pub fn new(blocks: Vec<BlockCache>) -> Self {
        Self { blocks }
    }

    /// As the header of a model says.
    #[must_use]
    pub fn of(file: &ModelFile) -> Self {
        Self::new(file.cache.clone())
    }

    /// The blocks.
    #[must_use]
    pub fn blocks(&self) -> &[BlockCache] {
        &self.blocks
    }

    /// Bytes of a text of so many tokens, with keys and values of this type. A block with a window keeps that many tokens at
    /// most; what llama.cpp sets aside for it is a micro-batch more.
    #[must_use]
    pub fn bytes(&self, tokens: u64, cache: CacheType) -> KvBytes {
        let mut bytes = KvBytes::default();
        for block in &self.blocks {
            let kept = block.window.map_or(tokens, |window| tokens.min(window.into()));
            let keys_and_values =
                (block.keys + block.values) as f64 * cache.bytes_per_element() * kept as f64;
            if block.window.is_some() {
                bytes.windowed += keys_and_values;
            } else {
                bytes.full += keys_and_values;
            }
            bytes.state += block.state as f64 * STATE_ELEMENT;
        }
        bytes
    }

    /// Bytes that a token adds as long as no window is full.
    #[must_use]
    pub fn first_token(&self, cache: CacheType) -> f64 {
        let one = self.bytes(1, cache);
        one.full + one.windowed
    }

    /// Bytes that a token adds once all windows are full.
    #[must_use]
    pub fn later_token(&self, cache: CacheType) -> f64 {
        self.bytes(1, cache).full
    }

    /// Blocks that keep keys or values of all tokens, of a window, and blocks with a state.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let keeps = |block: &&BlockCache| block.keys + block.values > 0;
        let windowed = self.blocks.iter().filter(keeps).filter(|block| block.window.is_some()).count();
        let all = self.blocks.iter().filter(keeps).count();
        (all - windowed, windowed, self.blocks.iter().filter(|block| block.state > 0).count())
    }

    /// The formula of a token's bytes in this type, in words and numbers.
    #[must_use]
    pub fn formula(&self, cache: CacheType) -> String {
        let element = cache.bytes_per_element();
        let mut parts: Vec<(u64, u64, Option<u32>, usize)> = Vec::new();
        for block in self.blocks.iter().filter(|block| block.keys + block.values > 0) {
            let like = |part: &&mut (u64, u64, Option<u32>, usize)| {
                (part.0, part.1, part.2) == (block.keys, block.values, block.window)
            };
            match parts.iter_mut().find(like) {
                Some(part) => part.3 += 1,
                None => parts.push((block.keys, block.values, block.window, 1)),
            }
        }
        let words = |&(keys, values, window, count): &(u64, u64, Option<u32>, usize)| {
            let size = match (keys, values) {
                (keys, 0) => format!("{keys} (latent)"),
                (keys, values) if keys == values => format!("{keys} × 2 (K, V)"),
                (keys, values) => format!("({keys} + {values})"),
            };
            let until = window.map_or(String::new(), |window| format!(" (the last {window} tokens)"));
            format!("{count} layers × {size} × {element} B{until}")
        };
        let text: Vec<String> = parts.iter().map(words).collect();
        if text.is_empty() { "nothing".to_owned() } else { text.join(" + ") }
    }
}
