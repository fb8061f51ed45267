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
    /// Compares two snapshots; `room` is memory to work in.
    pub fn between(before: &Snapshot, after: &Snapshot, n_vocab: usize, room: &mut Vec<f32>) -> Self {
        let difference = match before.in_vocabulary_order() {
            Some(logits) => Self::of_vocabulary(logits, before, after, room),
            None => Self::of_any(before, after, n_vocab, room),
        };
        let named = if before.kept() == after.kept() { 0.0 } else { difference.removed_mass };
        let left = after.unnamed() as f64 / before.unnamed().max(1) as f64;
        let unnamed = before.unnamed_mass() * (1.0 - left).max(0.0);
        Self { removed_mass: (named + unnamed).min(1.0), ..difference }
    }

    /// Before, a token's place is its id: only what is left has to be looked up.
    fn of_vocabulary(logits: &[f32], before: &Snapshot, after: &Snapshot, room: &mut Vec<f32>) -> Self {
        room.clear();
        room.extend_from_slice(logits);
        let mut moved = 0;
        for c in after.candidates() {
            let removed = &mut room[c.token.index()];
            moved += usize::from(removed.to_bits() != c.logit.to_bits());
            *removed = f32::NEG_INFINITY;
        }
        Self { removed_mass: before.share(room), moved }
    }

    fn of_any(before: &Snapshot, after: &Snapshot, n_vocab: usize, room: &mut Vec<f32>) -> Self {
        after.scatter(room, n_vocab);
        let mut removed = Vec::new();
        let mut moved = 0;
        for c in before.candidates() {
            let now = room[c.token.index()];
            if now.is_nan() {
                removed.push(c.logit);
            } else if now.to_bits() != c.logit.to_bits() {
                moved += 1;
            }
        }
        Self { removed_mass: before.share(&removed), moved }
    }
}
