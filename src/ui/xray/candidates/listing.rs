//! What stands in which row of the candidates.

use ratatui::layout::Rect;

use super::{super::ranks, searching};
use crate::{
    app::State,
    sampling::{Beside, Fate},
    token::Token,
    ui::numbers::{probability, thousands},
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
    /// Why it was cut, or how far the stage itself moved it, from the fullest wording to the shortest.
    pub why: Vec<String>,
    /// Whether the stage itself moved it.
    pub moved: bool,
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
    /// How many are left that nobody has named, and their mass.
    Unnamed {
        count: usize,
        mass: f64,
    },
    /// The line before what the stage moved, what else it kept, or what it cut.
    Line(String),
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
    let list = &state.frame().candidates;
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
    let (p, cut) = state.frame().fate(token);
    let why = cut.map(|stage| format!("cut by {stage}")).into_iter().collect();
    Item {
        token,
        rank,
        logit,
        before,
        after: cut.is_none().then_some(p),
        fate: Fate::Kept,
        why,
        moved: false,
        found: None,
    }
}

/// What the selected stage moved itself, what else it left, then what it cut. The moved ones and those cut get the most
/// room where the traced token is among them.
fn stage(state: &State, rows: usize, entries: &mut Vec<Entry>) {
    let xray = state.xray();
    let traced = xray.traced();
    let (moved, kept) = (xray.moved.len(), xray.kept.len());
    let among_moved = traced.filter(|index| *index < moved);
    let among_kept = traced.and_then(|index| index.checked_sub(moved)).filter(|index| *index < kept);
    let among_cut = traced.and_then(|index| index.checked_sub(moved + kept));
    let share = |many: bool| if many { rows * 2 / 3 } else { (rows / 3).max(2) };
    // A line before each part.
    let part =
        |share: usize, len: usize, room: usize| if len == 0 { 0 } else { share.min(len + 1).min(room) };
    let cut_rows = part(share(among_cut.is_some()), xray.cut.len(), rows);
    let moved_share = if xray.cut.is_empty() { rows / 2 } else { rows / 3 };
    let moved_share = if among_moved.is_some() { share(true) } else { moved_share };
    let moved_rows = part(moved_share.max(2), moved, rows - cut_rows);
    let selected = xray.selected();
    if let Some(selected) = selected.filter(|_| moved_rows > 0) {
        // Those that are not listed here are among the others below.
        let listed = if selected.moved > moved { format!(", {moved} listed") } else { String::new() };
        let text = format!("changed by {}: {}{listed}", selected.label(), tokens(selected.moved));
        items(text, &xray.moved, moved_rows, among_moved, entries);
    }
    self::kept(state, rows - cut_rows - moved_rows, among_kept, entries);
    if let Some(selected) = selected.filter(|_| cut_rows > 0) {
        let (count, mass) = (selected.of - selected.kept, probability(selected.removed_mass));
        let unnamed = if selected.cut_unnamed { " and unnamed ones" } else { "" };
        let text = format!("cut by {}: {}{unnamed}, {mass}", selected.label(), tokens(count));
        items(text, &xray.cut, cut_rows, among_cut, entries);
    }
}

/// A line, and rows of a part of the list around the selected one.
fn items(line: String, all: &[Beside], rows: usize, selected: Option<usize>, entries: &mut Vec<Entry>) {
    entries.push(Entry::Line(line));
    let first = selected.map_or(0, |index| (index + 1).saturating_sub(rows - 1));
    entries.extend(all.iter().skip(first).take(rows - 1).map(|row| Entry::Item(besides(row))));
}

/// `4,056 tokens`.
fn tokens(count: usize) -> String {
    format!("{} {}", thousands(count), if count == 1 { "token" } else { "tokens" })
}

/// What was kept, but for what the stage moved itself.
fn kept(state: &State, mut rows: usize, selected: Option<usize>, entries: &mut Vec<Entry>) {
    let xray = state.xray();
    let whole = xray.selected().map_or_else(|| state.frame().candidates.ranked_tokens(), |stage| stage.kept);
    let snapshot = xray.xray.as_ref().map(|taken| match xray.selected() {
        Some(chosen) => &chosen.after,
        None => &taken.raw,
    });
    let unnamed = snapshot.map_or((0, 0.0), |left| (left.unnamed(), left.unnamed_mass()));
    rows -= usize::from(unnamed.0 > 0 && rows >= 2);
    let whole = whole - xray.moved.len();
    let moved: f64 = xray.moved.iter().filter_map(|row| row.after).map(|after| after.p).sum();
    if !xray.moved.is_empty() && rows >= 2 && whole > 0 {
        let mass = probability((1.0 - moved - unnamed.1).max(0.0));
        entries.push(Entry::Line(format!("the rest: {}, {mass}", tokens(whole))));
        rows -= 1;
    }
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
        let mass = (1.0 - moved - told - unnamed.1).max(0.0);
        entries.push(Entry::More { count: whole - last, mass });
    }
    if unnamed.0 > 0 {
        entries.push(Entry::Unnamed { count: unnamed.0, mass: unnamed.1 });
    }
}

fn besides(row: &Beside) -> Item {
    let Beside { before, after, rank, was, fate } = *row;
    let why = match (fate, was) {
        (Fate::Cut(miss), _) => miss.wordings(),
        (_, Some(was)) => {
            let way = ranks(was, rank);
            fate.wordings().iter().map(|why| format!("{way}  {why}")).chain([way.clone()]).collect()
        }
        _ => Vec::new(),
    };
    let logit = after.map_or(before.logit, |after| after.logit);
    Item {
        token: before.token,
        rank,
        logit,
        before: before.p,
        after: after.map(|a| a.p),
        fate,
        why,
        moved: was.is_some(),
        found: None,
    }
}
