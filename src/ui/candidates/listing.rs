//! What stands in which row of the candidates panel.

use ratatui::layout::Rect;

use super::cutoff::Cutoff;
use crate::{
    app::{Row, State},
    token::Token,
    ui::rows::first_of_page,
};

/// Below so many rows nothing is pinned: the list would be gone.
const ROOM_FOR_PINS: usize = 4;

/// A row below the header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entry {
    /// The candidate at this index of the list.
    Candidate(usize),
    /// A candidate that counts here and is out of the list's sight.
    Pinned(Row),
    /// The line below which the chain has cut.
    Cutoff,
    /// There is more after the candidate at this index.
    More {
        /// The last candidate shown.
        after: usize,
    },
}

/// The tokens that are marked before their rows: the one that was taken, or that the draw lands on, and, where it is
/// another, the one that would be drawn now.
pub(super) fn marked(state: &State) -> [Option<Token>; 2] {
    let drawn = state.landing();
    let chosen = state.frame().taken.or(drawn);
    [chosen, drawn.filter(|drawn| chosen != Some(*drawn))]
}

/// The rows of the panel. The list is turned over page by page, so that a candidate that is clicked stays where
/// it is.
///
/// ```text
/// header                (3 rows up)
/// pinned, likelier than the page
/// candidates, with the cutoff among them
/// … n more              (2 rows up)
/// pinned, less likely than the page
/// / search              (while there is one)
/// ```
pub(super) struct Listing {
    area: Rect,
    /// Rows taken by header and search.
    header: u16,
    search: u16,
    /// Rows of candidates and cutoff, less those of what is pinned.
    rows: usize,
    /// The first candidate or cutoff on view, counted over both.
    first: usize,
    len: usize,
    /// Whether tokens were not named, so that there is more after the last.
    unnamed: bool,
    /// Candidates above the cutoff.
    cutoff: Option<usize>,
    above: Vec<Row>,
    below: Vec<Row>,
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
        // A search shows what it finds and nothing else.
        let pins = if search > 0 || rows < ROOM_FOR_PINS { Vec::new() } else { pins(state) };
        let page = rows - pins.len();
        let first = first_of_page(selected, page);
        let mut listing = Self {
            area,
            header,
            search,
            rows: page,
            first,
            len: list.len(),
            unnamed: search == 0 && list.unnamed() > 0,
            cutoff,
            above: Vec::new(),
            below: Vec::new(),
        };
        let seen = listing.candidates();
        // What is in sight needs no pin, and its row is the list's again.
        (listing.above, listing.below) = pins
            .into_iter()
            .filter(|row| !seen.contains(&(row.rank - 1)))
            .partition(|row| row.rank <= seen.start);
        listing.rows = rows - listing.above.len() - listing.below.len();
        listing
    }

    /// Indices of the candidates on view.
    fn candidates(&self) -> std::ops::Range<usize> {
        let before = |entry: usize| entry - usize::from(self.cutoff.is_some_and(|above| entry > above));
        before(self.first)..before(self.first + self.rows).min(self.len)
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
            Entry::Pinned(row) => Some(row.rank),
            Entry::Cutoff | Entry::More { .. } => None,
        });
        ranks.max().unwrap_or(1)
    }

    /// What is pinned below the list.
    pub(super) fn pinned_below(&self) -> &[Row] {
        &self.below
    }

    /// Whether the marked tokens have a row in sight.
    pub(super) fn shows(&self, state: &State) -> [bool; 2] {
        let tokens: Vec<Token> = self
            .entries()
            .filter_map(|(entry, _)| match entry {
                Entry::Candidate(index) => Some(state.frame().candidates.row(index)?.token),
                Entry::Pinned(row) => Some(row.token),
                Entry::Cutoff | Entry::More { .. } => None,
            })
            .collect();
        marked(state).map(|token| token.is_some_and(|token| tokens.contains(&token)))
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
            Entry::Cutoff | Entry::Pinned(_) | Entry::More { .. } => None,
        });
        let more = last.max().filter(|last| last + 1 < self.len || self.unnamed);
        let more = more.map(|after| Entry::More { after });
        let pinned = |rows: &[Row]| rows.iter().copied().map(Entry::Pinned).collect::<Vec<_>>();
        let bottom = self.area.bottom().saturating_sub(self.search);
        let all = pinned(&self.above).into_iter().chain(listed).chain(more).chain(pinned(&self.below));
        (self.area.y + self.header..bottom)
            .zip(all)
            .map(|(y, entry)| (entry, Rect { y, height: 1, ..self.area }))
    }
}

/// The rows of the marked tokens, in the order of their ranks.
fn pins(state: &State) -> Vec<Row> {
    let list = &state.frame().candidates;
    let mut rows: Vec<Row> =
        marked(state).into_iter().flatten().filter_map(|token| list.row_of(token)).collect();
    rows.sort_unstable_by_key(|row| row.rank);
    rows
}
