//! What stands in which row of the candidates.

use ratatui::layout::Rect;

use super::searching;
use crate::{
    app::State,
    sampling::{Beside, Fate},
    token::Token,
};

/// A candidate of the list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub token: Token,
    pub rank: usize,
    pub logit: f32,
    /// Its probability before the stage, or in the model's own distribution, 0 to 1.
    pub before: f64,
    /// Its probability after the stage, or after the whole chain; None for one that is cut.
    pub after: Option<f64>,
    pub fate: Fate,
    /// Why it was cut.
    pub why: String,
    /// Its row among the matches of a search.
    pub found: Option<usize>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    Heads,
    Item(Item),
    /// How many are kept that have no row, and their mass.
    More {
        count: usize,
        mass: f64,
    },
    /// The line before what the stage cut.
    Cut {
        by: &'static str,
        count: usize,
        mass: f64,
    },
    /// The search line.
    Search,
}

/// The rows with their places.
pub(super) struct Listing {
    area: Rect,
    entries: Vec<Entry>,
}

impl Listing {
    /// The rows of the candidates in this area.
    pub(super) fn of(state: &State, area: Rect) -> Self {
        let searches = searching(state);
        let mut height = usize::from(area.height);
        let mut entries = Vec::with_capacity(height);
        if height >= 4 {
            entries.push(Entry::Heads);
            height -= 1;
        }
        if searches {
            matches(state, height.saturating_sub(1), &mut entries);
            entries.push(Entry::Search);
        } else {
            stage(state, height, &mut entries);
        }
        Self { area, entries }
    }

    /// The rows and where they are. The search line is at the bottom.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Entry, Rect)> {
        let area = self.area;
        self.entries.iter().zip(area.y..area.bottom()).map(move |(entry, y)| {
            let y = if *entry == Entry::Search { area.bottom() - 1 } else { y };
            (entry, Rect { y, height: 1, ..area })
        })
    }
}

/// The matches of a search, or all candidates while nothing is typed yet.
fn matches(state: &State, rows: usize, entries: &mut Vec<Entry>) {
    let list = &state.view.candidates;
    let first = (list.selected() + 1).saturating_sub(rows);
    entries.extend((first..list.len()).take(rows).filter_map(|index| {
        let row = list.row(index)?;
        let found = Some(index);
        Some(Entry::Item(Item {
            found,
            ..in_the_end(state, row.token, row.rank, row.logit, list.probability(row))
        }))
    }));
}

/// A token with what becomes of it in the whole chain.
fn in_the_end(state: &State, token: Token, rank: usize, logit: f32, before: f64) -> Item {
    let (p, cut) = state.fate(token);
    let why = cut.map_or_else(String::new, |stage| format!("cut by {stage}"));
    Item { token, rank, logit, before, after: cut.is_none().then_some(p), fate: Fate::Kept, why, found: None }
}

/// What the selected stage left, then what it cut: at most a third of the rows, unless the traced token is there.
fn stage(state: &State, rows: usize, entries: &mut Vec<Entry>) {
    let xray = &state.xray;
    let traced = xray.traced();
    let among_cut = traced.and_then(|index| index.checked_sub(xray.kept.len()));
    let share = if among_cut.is_some() { rows * 2 / 3 } else { (rows / 3).max(2) };
    let cut_rows = if xray.cut.is_empty() { 0 } else { share.min(xray.cut.len() + 1).min(rows) };
    kept(state, rows - cut_rows, traced.filter(|_| among_cut.is_none()), entries);
    let Some(selected) = xray.selected().filter(|_| cut_rows > 0) else { return };
    let (count, mass) = (selected.of - selected.kept, selected.removed_mass);
    entries.push(Entry::Cut { by: selected.label(), count, mass });
    let first = among_cut.map_or(0, |index| (index + 1).saturating_sub(cut_rows - 1));
    entries.extend(xray.cut.iter().skip(first).take(cut_rows - 1).map(|row| Entry::Item(besides(row))));
}

fn kept(state: &State, rows: usize, selected: Option<usize>, entries: &mut Vec<Entry>) {
    let xray = &state.xray;
    let whole = xray.selected().map_or_else(|| state.view.candidates.n_vocab(), |stage| stage.kept);
    // The last row tells what is not shown.
    let listed = if whole > rows { rows.saturating_sub(1) } else { rows };
    let first = selected.map_or(0, |index| (index + 1).saturating_sub(listed));
    let shown = xray.kept.iter().skip(first).take(listed);
    let model = xray.stage == 0;
    entries.extend(shown.map(|row| {
        let before = &row.before;
        Entry::Item(if model {
            in_the_end(state, before.token, row.rank, before.logit, before.p)
        } else {
            besides(row)
        })
    }));
    let last = (first + listed).min(xray.kept.len());
    if whole > last && listed < rows {
        let told: f64 = xray.kept[..last].iter().filter_map(|row| row.after).map(|after| after.p).sum();
        entries.push(Entry::More { count: whole - last, mass: (1.0 - told).max(0.0) });
    }
}

fn besides(row: &Beside) -> Item {
    let Beside { before, after, rank, fate } = *row;
    let why = if let Fate::Cut(miss) = fate { miss.to_string() } else { String::new() };
    let logit = after.map_or(before.logit, |after| after.logit);
    Item {
        token: before.token,
        rank,
        logit,
        before: before.p,
        after: after.map(|a| a.p),
        fate,
        why,
        found: None,
    }
}
