//! Made-up distributions over a large vocabulary.

use std::sync::Arc;

/// The vocabulary of many present models.
pub const LARGE_VOCABULARY: usize = 151_936;

/// Logits as a model gives them, near enough: normally distributed with a spread of 2.5, the same for the same seed.
pub fn random(n_vocab: usize, seed: u64) -> Arc<[f32]> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut uniform = || {
        // Knuth's linear congruential generator of 64 bits; the high bits are good.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    // The sum of twelve uniform numbers has variance 1 and mean 6.
    (0..n_vocab).map(|_| 2.5 * ((0..12).map(|_| uniform()).sum::<f32>() - 6.0)).collect()
}
