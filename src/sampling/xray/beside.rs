//! The candidates before a stage and after it, side by side.

use super::{Fate, Kept, Snapshot, Xray};
use crate::{
    distribution::{Candidate, by_rank},
    token::Token,
};

/// A candidate before a stage and after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beside {
    /// What it was before.
    pub before: Kept,
    /// What it is after; None for one that the stage cut.
    pub after: Option<Kept>,
    /// Its rank, 1 for the most likely: after the stage, or before it for one that was cut.
    pub rank: usize,
    /// Its rank before the stage, given for one that the stage [moved](Xray::moved) itself.
    pub was: Option<usize>,
    /// What the stage did to it.
    pub fate: Fate,
}

/// What ranks before a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Ahead {
    /// How many candidates.
    pub count: usize,
    /// Their mass, 0 to 1.
    pub mass: f64,
}

impl Xray {
    /// The `n` most likely candidates that the stage at `index` of [`Xray::stages`] left, and the `n` most likely that it
    /// cut, each most likely first. Empty for no such stage.
    ///
    /// The time goes with the number of candidates; it is meant for the one stage that is looked at.
    #[must_use]
    pub fn beside(&self, index: usize, n: usize) -> (Vec<Beside>, Vec<Beside>) {
        let Some(stage) = self.stages.get(index) else { return (Vec::new(), Vec::new()) };
        let before = self.before(index);
        let mut dense = Vec::new();
        before.scatter(&mut dense, self.raw.len());
        let kept = stage.after.top(n).into_iter().zip(1..).map(|(after, rank)| {
            let logit = dense[after.token.index()];
            let before_it = Kept { token: after.token, logit, p: before.probability(logit) };
            let fate = self.fate_between(before, stage, after.token);
            Beside { before: before_it, after: Some(after), rank, was: None, fate }
        });
        let kept = kept.collect();
        if stage.kept == stage.of {
            return (kept, Vec::new());
        }
        stage.after.scatter(&mut dense, self.raw.len());
        let cut = before.top_where(n, |token: Token| dense[token.index()].is_nan());
        let ahead = before.ahead(&cut);
        let cut = cut.into_iter().zip(ahead).map(|(own, ahead)| Beside {
            before: Kept { token: own.token, logit: own.logit, p: before.probability(own.logit) },
            after: None,
            rank: ahead.count + 1,
            was: None,
            fate: Fate::Cut(self.miss(before, stage, own, Some(ahead))),
        });
        (kept, cut.collect())
    }
}

impl Snapshot {
    /// For each of some candidates, which are in order of rank, what ranks before it; in one pass.
    fn ahead(&self, ranked: &[Candidate]) -> Vec<Ahead> {
        // First what lies between each and the one before it, then the sums.
        let mut ahead = vec![Ahead::default(); ranked.len()];
        for c in self.candidates() {
            let place = ranked.partition_point(|own| by_rank(own, &c).is_le());
            if let Some(between) = ahead.get_mut(place) {
                between.count += 1;
                between.mass += self.probability(c.logit);
            }
        }
        let mut sum = Ahead::default();
        for place in &mut ahead {
            sum = Ahead { count: sum.count + place.count, mass: (sum.mass + place.mass).min(1.0) };
            *place = sum;
        }
        ahead
    }
}
