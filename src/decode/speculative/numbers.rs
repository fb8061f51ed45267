//! The random numbers of a round besides those of the target's chain.

use crate::sampling::Draws;

/// Those that draw the draft, those that accept or refuse it, and those that draw in place of what is refused: three streams
/// of their own for every round, so that none of them says anything about another.
pub(super) struct Numbers {
    draft: Draws,
    accept: Draws,
    residual: Draws,
}

impl Numbers {
    /// Of the round that begins after `begin` generated tokens. They depend on nothing else, so going back and on again meets
    /// the same ones.
    pub(super) fn of(seed: u32, begin: usize) -> Self {
        let stream = |stream: u64| {
            let round = (u64::from(seed) << 32) ^ (begin as u64).wrapping_mul(3).wrapping_add(stream);
            Draws::new(mixed(round))
        };
        Self { draft: stream(0), accept: stream(1), residual: stream(2) }
    }

    /// The number that draws drafted token `index` of the round.
    pub(super) fn draft(&mut self, index: usize) -> f64 {
        self.draft.u(index)
    }

    /// The number that drafted token `index` is accepted on.
    pub(super) fn accept(&mut self, index: usize) -> f64 {
        self.accept.u(index)
    }

    /// The number that draws in place of drafted token `index`.
    pub(super) fn residual(&mut self, index: usize) -> f64 {
        self.residual.u(index)
    }
}

/// A seed from all bits of `x`: the finishing of splitmix64.
fn mixed(x: u64) -> u32 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) as u32
}
