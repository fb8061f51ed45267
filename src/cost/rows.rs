//! Rows: tokens that go through the model, with a KV cache and without.

/// Rows that it takes to write `tokens` tokens after a prompt of `prompt`, with the cache: the prompt once, and each token once
/// but the last, after which nothing is asked for.
#[must_use]
pub fn with_cache(prompt: usize, tokens: usize) -> usize {
    if tokens == 0 { 0 } else { prompt + tokens - 1 }
}

/// The same without a cache: before each token everything so far, N·P + N(N − 1)/2.
#[must_use]
pub fn without_cache(prompt: usize, tokens: usize) -> usize {
    tokens * prompt + tokens * tokens.saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_by_hand() {
        // 3 tokens after a prompt of 4: 4, 1, 1 rows, against 4, 5, 6.
        assert_eq!((with_cache(4, 3), without_cache(4, 3)), (6, 15));
        assert_eq!((with_cache(7, 1), without_cache(7, 1)), (7, 7));
        assert_eq!((with_cache(7, 0), without_cache(7, 0)), (0, 0));
        assert_eq!((with_cache(512, 1000), without_cache(512, 1000)), (1511, 1_011_500));
    }

    #[test]
    fn the_sum_is_what_the_formula_says() {
        for (prompt, tokens) in [(1, 1), (3, 5), (100, 64)] {
            assert_eq!(without_cache(prompt, tokens), (0..tokens).map(|drawn| prompt + drawn).sum::<usize>());
        }
    }
}
