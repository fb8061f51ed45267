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
    let rows = &state.beam().view().candidates;
    if state.beam().is_ranked() || rows.len() <= height {
        return (0..rows.len()).map(Item::Row).collect();
    }
    let selected = (state.focus() == PanelId::Round).then(|| state.beam().selected(PanelId::Round));
    let most = state.beam().settings().candidates;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Fixture;

    /// What is listed of round five of four beams, of which all are continued by eight tokens.
    fn items(height: usize, keys: &[&str]) -> (Vec<Item>, Fixture) {
        let mut fixture = Fixture::new();
        fixture.keys(&["6", "n", "n", "n", "n", "n"]);
        fixture.keys(keys);
        (listed(&fixture.state, height), fixture)
    }

    fn hidden(items: &[Item]) -> usize {
        items.iter().map(|item| if let Item::More { count, .. } = item { *count } else { 0 }).sum()
    }

    #[test]
    fn nothing_is_lost_of_what_is_not_listed() {
        let (all, fixture) = items(100, &[]);
        assert_eq!((all.len(), hidden(&all)), (32, 0));
        for height in [12, 16, 20, 30] {
            let (items, _) = items(height, &[]);
            let rows = items.iter().filter_map(|item| item.row()).count();
            assert!(items.len() <= height && rows + hidden(&items) == 32, "{height}: {items:?}");
            let p: f64 =
                items.iter().map(|item| if let Item::More { p, .. } = item { *p } else { 0.0 }).sum();
            let listed: f64 = items
                .iter()
                .filter_map(|item| item.row())
                .map(|row| fixture.state.beam().view().candidates[row].candidate.p)
                .sum();
            let whole: f64 = fixture.state.beam().view().candidates.iter().map(|row| row.candidate.p).sum();
            assert!((p + listed - whole).abs() < 1e-9);
        }
    }

    #[test]
    fn what_survives_is_listed_however_few_rows_there_are() {
        let (few, fixture) = items(5, &[]);
        let rows: Vec<&RoundRow> = few
            .iter()
            .filter_map(|item| item.row())
            .map(|row| &fixture.state.beam().view().candidates[row])
            .collect();
        assert_eq!(rows.iter().filter(|row| row.candidate.fate != Fate::Pruned).count(), 4);
        assert!(few.len() <= 5);
    }

    #[test]
    fn the_selected_one_is_listed_wherever_it_stands() {
        for down in 0..32 {
            let mut keys = vec!["tab"];
            keys.extend(std::iter::repeat_n("down", down));
            let (items, _) = items(12, &keys);
            assert!(items.contains(&Item::Row(down)), "{down}: {items:?}");
        }
    }
}
