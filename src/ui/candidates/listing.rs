//! What stands in which row of the candidates panel.

use ratatui::layout::Rect;

use super::cutoff::Cutoff;
use crate::{app::State, ui::rows::first_of_page};

/// A row below the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// The candidate at this index of the list.
    Candidate(usize),
    /// The line below which the chain has cut.
    Cutoff,
    /// There is more after the candidate at this index.
    More {
        /// The last candidate shown.
        after: usize,
    },
}

/// The rows of the panel. The list is turned over page by page, so that a candidate that is clicked stays where
/// it is.
///
/// ```text
/// header          (3 rows up)
/// candidates, with the cutoff among them
/// … n more        (2 rows up)
/// / search        (while there is one)
/// ```
pub(super) struct Listing {
    area: Rect,
    /// Rows taken by header and search.
    header: u16,
    search: u16,
    rows: usize,
    /// The first candidate or cutoff on view, counted over both.
    first: usize,
    len: usize,
    /// Candidates above the cutoff.
    cutoff: Option<usize>,
}

impl Listing {
    /// The rows of an area that is not empty.
    pub(super) fn of(state: &State, area: Rect, cutoff: Option<&Cutoff>) -> Self {
        let list = &state.frame().candidates;
        let search = u16::from(state.searching() || !list.query().is_empty());
        let header = u16::from(area.height >= 3 + search);
        let rest = usize::from(area.height.saturating_sub(header + search));
        // The last row tells what is not shown.
        let rows = if rest >= 2 { rest - 1 } else { rest };
        let cutoff = cutoff.map(|cutoff| cutoff.above);
        let selected = list.selected() + usize::from(cutoff.is_some_and(|above| list.selected() >= above));
        let first = first_of_page(selected, rows);
        Self { area, header, search, rows, first, len: list.len(), cutoff }
    }

    /// The header's place.
    pub(super) fn header(&self) -> Option<Rect> {
        (self.header > 0).then_some(Rect { height: 1, ..self.area })
    }

    /// The search line's place.
    pub(super) fn search(&self) -> Option<Rect> {
        let y = self.area.bottom().checked_sub(1)?;
        (self.search > 0 && self.area.height > 0).then_some(Rect { y, height: 1, ..self.area })
    }

    /// The largest rank on view.
    pub(super) fn last_rank(&self, state: &State) -> usize {
        let ranks = self.entries().filter_map(|(entry, _)| match entry {
            Entry::Candidate(index) => Some(state.frame().candidates.row(index)?.rank),
            Entry::Cutoff | Entry::More { .. } => None,
        });
        ranks.max().unwrap_or(1)
    }

    /// The rows between and their places.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Entry, Rect)> + '_ {
        let with_cutoff = self.len + usize::from(self.cutoff.is_some());
        let listed = (self.first..with_cutoff).take(self.rows).map(|index| match self.cutoff {
            Some(above) if index == above => Entry::Cutoff,
            Some(above) if index > above => Entry::Candidate(index - 1),
            _ => Entry::Candidate(index),
        });
        let last = listed.clone().filter_map(|entry| match entry {
            Entry::Candidate(index) => Some(index),
            Entry::Cutoff | Entry::More { .. } => None,
        });
        let more = last.max().filter(|last| last + 1 < self.len).map(|after| Entry::More { after });
        let bottom = self.area.bottom().saturating_sub(self.search);
        (self.area.y + self.header..bottom)
            .zip(listed.chain(more))
            .map(|(y, entry)| (entry, Rect { y, height: 1, ..self.area }))
    }
}
