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

/// Collects the top k. Holds at most 2k candidates: when full, the lower half is dropped.
pub(super) struct TopK {
    k: usize,
    found: Vec<Candidate>,
    /// Only logits above this can still enter (the k-th best so far).
    threshold: f32,
}

impl TopK {
    pub(super) fn new(k: usize) -> Self {
        Self { k, found: Vec::with_capacity(2 * k), threshold: f32::NEG_INFINITY }
    }

    /// Whether a block whose largest logit is `largest` can hold a new entry.
    pub(super) fn wants(&self, largest: f32) -> bool {
        largest > self.threshold || self.found.len() < self.k
    }

    /// Offers the logits of the tokens `first_id ..`.
    pub(super) fn offer(&mut self, first_id: usize, logits: &[f32]) {
        if self.k == 0 {
            return;
        }
        for (i, &logit) in logits.iter().enumerate() {
            // Ids ascend, so an equal logit that comes later ranks below: `>` suffices once k are found.
            if logit > self.threshold || self.found.len() < self.k {
                self.push(Candidate { token: Token((first_id + i) as u32), logit });
            }
        }
    }

    fn push(&mut self, candidate: Candidate) {
        self.found.push(candidate);
        if self.found.len() == 2 * self.k {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        if self.k == 0 {
            return;
        }
        if self.found.len() > self.k {
            self.found.select_nth_unstable_by(self.k - 1, by_rank);
            self.found.truncate(self.k);
        }
        if self.found.len() == self.k {
            self.threshold = self.found[self.k - 1].logit;
        }
    }

    /// The top k, most likely first.
    pub(super) fn into_sorted(mut self) -> Box<[Candidate]> {
        self.shrink();
        self.found.sort_unstable_by(by_rank);
        self.found.into_boxed_slice()
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
