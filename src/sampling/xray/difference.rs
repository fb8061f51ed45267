//! What one stage did to the candidates as a whole.

use super::Snapshot;

/// The difference between the candidates before a stage and after it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Difference {
    /// Probability that the removed candidates had before, 0 to 1.
    pub removed_mass: f64,
    /// Candidates that stayed, with another logit.
    pub moved: usize,
}

impl Difference {
    /// Compares two snapshots; `dense` is room to work in.
    pub fn between(before: &Snapshot, after: &Snapshot, n_vocab: usize, dense: &mut Vec<f32>) -> Self {
        after.scatter(dense, n_vocab);
        let mut removed = Vec::new();
        let mut moved = 0;
        for c in before.candidates() {
            let now = dense[c.token.index()];
            if now.is_nan() {
                removed.push(c.logit);
            } else if now.to_bits() != c.logit.to_bits() {
                moved += 1;
            }
        }
        Self { removed_mass: before.share(&removed), moved }
    }
}
