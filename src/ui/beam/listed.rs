//! Which continuations of a round are listed where not all of them have room.

use crate::{
    app::{BeamView, PanelId, RoundRow, State},
    decode::beam::Fate,
};

/// What stands in a row of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item {
    /// A continuation, an index into the rows of the view.
    Row(usize),
    /// So many pruned ones of a beam have no room.
    More {
        /// Which beam.
        beam: usize,
        /// How many.
        count: usize,
        /// Their probabilities together.
        p: f64,
    },
}

impl Item {
    pub(super) fn row(self) -> Option<usize> {
        match self {
            Self::Row(row) => Some(row),
            Self::More { .. } => None,
        }
    }

    /// The beam it goes on from.
    pub(super) fn beam(self, view: &BeamView) -> usize {
        match self {
            Self::Row(row) => view.candidates[row].candidate.beam,
            Self::More { beam, .. } => beam,
        }
    }
}

/// What a list of so many rows shows: where continuations stand by beam, of each beam those that were not pruned, the
/// selected one, and as many of the others as all beams have room for; the rest is counted, as far as there is room.
pub(super) fn listed(state: &State, height: usize) -> Vec<Item> {
    let rows = &state.beam.view().candidates;
    if state.beam.is_ranked() || rows.len() <= height {
        return (0..rows.len()).map(Item::Row).collect();
    }
    let selected = (state.focus == PanelId::Round).then(|| state.beam.selected(PanelId::Round));
    let most = state.beam.settings().candidates;
    let shorter = |pruned| shortened(rows, pruned, selected);
    if let Some(items) = (0..=most).rev().map(shorter).find(|items| items.len() <= height) {
        return items;
    }
    let mut items = shorter(0);
    let mut over = items.len() - height;
    // The counts of the lowest beams go first.
    for at in (0..items.len()).rev() {
        if over > 0 && items[at].row().is_none() {
            items.remove(at);
            over -= 1;
        }
    }
    items
}

/// The rows with at most so many pruned ones of each beam, and the number of the others.
fn shortened(rows: &[RoundRow], pruned: usize, selected: Option<usize>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut start = 0;
    for group in rows.chunk_by(|a, b| a.candidate.beam == b.candidate.beam) {
        let mut shown = 0;
        let (mut hidden, mut p) = (0, 0.0);
        for (index, row) in (start..).zip(group) {
            let is_pruned = row.candidate.fate == Fate::Pruned;
            if !is_pruned || shown < pruned || selected == Some(index) {
                shown += usize::from(is_pruned);
                items.push(Item::Row(index));
            } else {
                hidden += 1;
                p += row.candidate.p;
            }
        }
        if hidden > 0 {
            items.push(Item::More { beam: group[0].candidate.beam, count: hidden, p });
        }
        start += group.len();
    }
    items
}
