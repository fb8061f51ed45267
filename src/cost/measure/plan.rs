//! What is to be measured: the text, how often, and how far.

use std::sync::Arc;

use crate::{settings::CacheType, token::Token};

/// Tokens of a prompt that are measured at most: what comes after them costs what it costs.
const LONGEST_PROMPT: usize = 128;
/// Texts at whose end single tokens are timed, beside the longest that is wished for.
const DEPTHS: [usize; 14] =
    [16, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 98_304, 131_072];
/// Rows of which logits are wanted of all, or of one.
const ROWS: usize = 64;
/// Bytes of logits that such a pass may bring.
const LOGITS: usize = 32 << 20;

/// What a person can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Tokens that are written after the prompt, at least one.
    pub tokens: usize,
    /// How often everything is timed, at least once.
    pub repeats: usize,
    /// The longest text at whose end a token is timed.
    pub depth: usize,
}

impl Default for Wish {
    fn default() -> Self {
        Self { tokens: 48, repeats: 5, depth: 512 }
    }
}

/// What the model allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Tokens of a path at most.
    pub context: usize,
    /// Rows that llama.cpp computes at a time.
    pub micro_batch: usize,
    /// Tokens of the vocabulary.
    pub vocabulary: usize,
    /// Type of keys and values that texts are written with.
    pub cache: CacheType,
}

/// What is to be measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The text that is gone on from, at least one token.
    pub prompt: Arc<[Token]>,
    /// Tokens that are written after it, at least one.
    pub tokens: usize,
    /// How often everything is timed.
    pub repeats: usize,
    /// Type of keys and values.
    pub cache: CacheType,
    /// Types that are compared; the first is what the others are held against.
    pub types: Vec<CacheType>,
    /// Lengths of text at whose end single tokens are timed.
    pub depths: Vec<usize>,
    /// Rows that go through the model together.
    pub batches: Vec<usize>,
    /// Rows of the passes that tell what the output projection takes; 0 where none are possible.
    pub rows: usize,
}

/// Tokens timed at each depth.
pub(super) const AT_DEPTH: usize = 3;

impl Plan {
    /// Plans for a prompt; an empty one counts as one token.
    #[must_use]
    pub fn new(prompt: &[Token], wish: Wish, limits: Limits) -> Self {
        let context = limits.context.max(2);
        let longest = LONGEST_PROMPT.min(context / 2);
        let prompt: Arc<[Token]> = match prompt {
            [] => Arc::from([Token(0)]),
            prompt => prompt[..prompt.len().min(longest)].into(),
        };
        let tokens = wish.tokens.clamp(1, context - prompt.len());
        let deepest = wish.depth.min(context.saturating_sub(AT_DEPTH));
        let mut depths: Vec<usize> = DEPTHS.into_iter().filter(|&depth| depth < deepest).collect();
        if deepest >= DEPTHS[0] {
            depths.push(deepest);
        }
        let most = limits.micro_batch.min(context).max(1);
        let powers = (0..usize::BITS).map(|power| 1 << power);
        let mut batches: Vec<usize> = powers.take_while(|&rows| rows < most).collect();
        batches.push(most);
        let rows = ROWS.min(most).min(LOGITS / (4 * limits.vocabulary.max(1)));
        Self {
            prompt,
            tokens,
            repeats: wish.repeats.max(1),
            cache: limits.cache,
            types: vec![CacheType::F16, CacheType::Q8_0, CacheType::Q4_0],
            depths,
            batches,
            rows: if rows < 2 { 0 } else { rows },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(prompt: usize, wish: Wish, context: usize, micro_batch: usize) -> Plan {
        let prompt: Vec<Token> = (0..prompt as u32).map(Token).collect();
        Plan::new(&prompt, wish, Limits { context, micro_batch, vocabulary: 4096, cache: CacheType::F16 })
    }

    #[test]
    fn a_plan_stays_within_the_context_and_the_micro_batch() {
        let wish = Wish { tokens: 400, repeats: 0, depth: 512 };
        let plan = plan(1000, wish, 200, 48);
        assert_eq!((plan.prompt.len(), plan.tokens, plan.repeats), (100, 100, 1));
        assert_eq!(plan.depths, [16, 64, 128, 197]);
        assert_eq!(plan.batches, [1, 2, 4, 8, 16, 32, 48]);
        assert_eq!(plan.rows, 48);
    }

    #[test]
    fn the_smallest_model_still_has_a_plan() {
        let plan = plan(0, Wish::default(), 1, 1);
        assert_eq!((plan.prompt.len(), plan.tokens), (1, 1));
        assert_eq!((plan.depths.len(), &plan.batches[..], plan.rows), (0, &[1][..], 0));
    }
}
