//! The largest k logits of a stream, found while it is read once.

use crate::token::Token;

/// A token with its logit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The token.
    pub token: Token,
    /// Its logit: unnormalised, any real number.
    pub logit: f32,
}

/// More likely first; equal logits by ascending id, so that the order is total and repeatable.
#[must_use]
pub fn by_rank(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    b.logit.total_cmp(&a.logit).then(a.token.cmp(&b.token))
}

/// Logits looked at together: whether any of them counts is one question to the processor.
const CHUNK: usize = 16;

/// Collects the top k. Holds about 2k candidates: when full, the lower half is dropped.
pub(super) struct TopK {
    k: usize,
    /// The first `len` of these are what is found.
    found: Box<[Key]>,
    len: usize,
    /// Only what ranks before this can still enter: the k-th best at the last look.
    bound: Key,
    /// The logit of that one.
    threshold: f32,
}

/// A candidate as one number, the smaller the more likely, in the order of [`by_rank`]: integers are sorted several times
/// faster than pairs are compared.
type Key = u64;

fn key(token: u32, logit: f32) -> Key {
    let bits = logit.to_bits();
    // The bits of positive numbers ascend with them, those of negative ones descend; `total_cmp` says the same.
    let ascending = bits ^ if bits >> 31 == 0 { 1 << 31 } else { u32::MAX };
    u64::from(!ascending) << 32 | u64::from(token)
}

fn candidate(key: Key) -> Candidate {
    let ascending = !((key >> 32) as u32);
    let bits = ascending ^ if ascending >> 31 == 0 { u32::MAX } else { 1 << 31 };
    Candidate { token: Token(key as u32), logit: f32::from_bits(bits) }
}

impl TopK {
    pub(super) fn new(k: usize) -> Self {
        let found = vec![0; 2 * k + CHUNK].into_boxed_slice();
        Self { k, found, len: 0, bound: Key::MAX, threshold: f32::NEG_INFINITY }
    }

    /// Whether a block whose largest logit is `largest` can hold a new entry.
    pub(super) fn wants(&self, largest: f32) -> bool {
        self.k > 0 && (largest > self.threshold || self.bound == Key::MAX)
    }

    /// Offers the logits of the tokens `first_id ..`.
    pub(super) fn offer(&mut self, first_id: usize, logits: &[f32]) {
        for (first, chunk) in (first_id..).step_by(CHUNK).zip(logits.chunks(CHUNK)) {
            // Ids ascend, so an equal logit that comes later ranks below.
            let above: u32 = chunk.iter().map(|&logit| u32::from(logit > self.threshold)).sum();
            if above > 0 || self.bound == Key::MAX {
                self.take(first as u32, chunk);
            }
        }
    }

    /// Takes what counts without a branch for each logit, which the processor could not foresee.
    fn take(&mut self, first_id: u32, chunk: &[f32]) {
        for (id, &logit) in (first_id..).zip(chunk) {
            let key = key(id, logit);
            self.found[self.len] = key;
            self.len += usize::from(key < self.bound);
        }
        if self.len >= 2 * self.k {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        if self.len > self.k && self.k > 0 {
            let (_, &mut least, _) = self.found[..self.len].select_nth_unstable(self.k - 1);
            self.len = self.k;
            self.bound = least;
            self.threshold = candidate(least).logit;
        }
    }

    /// The top k, most likely first.
    pub(super) fn into_sorted(mut self) -> Box<[Candidate]> {
        self.shrink();
        let found = &mut self.found[..self.len];
        found.sort_unstable();
        found.iter().copied().map(candidate).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn equals_a_full_sort(logits in prop::collection::vec(-4_i8..4, 0..300), k in 0_usize..40) {
            let logits: Vec<f32> = logits.into_iter().map(f32::from).collect();
            let mut top = TopK::new(k);
            for (i, block) in logits.chunks(7).enumerate() {
                if top.wants(block.iter().copied().fold(f32::NEG_INFINITY, f32::max)) {
                    top.offer(i * 7, block);
                }
            }
            let mut all: Vec<Candidate> = (0..).zip(&logits)
                .map(|(id, &logit)| Candidate { token: Token(id), logit })
                .collect();
            all.sort_by(by_rank);
            all.truncate(k);
            prop_assert_eq!(top.into_sorted().to_vec(), all);
        }
    }
}
