//! The candidates of the next token, or of the token under the text's cursor.
//!
//! ```text
//! ╭ Next token ⁱ ──────────────────────────────────────── entropy 2.90 bits ╮
//! │   # token       id  logit  raw             final                cum     │
//! │▸  1 ␣in        312  11.20  .412 ███████▍    .551 █████████▉     .412    │
//! │   2 ␣with      287  10.31  .169 ███         .201 ███▌           .581    │
//! │ ──── nucleus: top-p 0.95 keeps 9 of 40 ──────────────────── raw .953    │
//! │  10 ␣under    1204   8.11  .011 ▎              · cut by top-p   .964    │
//! │     … 4,086 more           .036             .002                        │
//! ╰ ▸ drawn ────────────────────────────────────────────────────────────────╯
//! ```

mod columns;
mod cutoff;
mod listing;
mod row;
#[cfg(test)]
mod tests;
mod titles;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Paragraph, Widget, Wrap},
};

use super::{
    frame,
    numbers::{probability, thousands},
    rows::fitting,
    step_label,
    widgets::{Panel, elide_line},
};
use crate::{
    app::{Candidates, Hit, ModelState, PanelId, Row, State},
    theme::Marks,
};
use columns::{Column, Columns};
use cutoff::Cutoff;
use listing::{Entry, Listing};
use row::RowPainter;

/// Before the sum at the cutoff.
const RAW: &str = "raw ";

/// The head of the column of sums: of the raw probabilities from the likeliest token down.
const SUM: &str = "Σ raw";

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    let inner = Panel::inner(area);
    let nothing = instead_of_a_list(state);
    if inner.is_empty() || nothing.is_some() {
        titles::panel(state, [false; 2]).render(area, buf);
    }
    if inner.is_empty() {
        return;
    }
    if let Some(sentence) = nothing {
        let style = state.theme().dim();
        Paragraph::new(sentence).style(style).wrap(Wrap { trim: true }).render(inner, buf);
        return;
    }
    let cutoff = Cutoff::of(state);
    let listing = Listing::of(state, inner, cutoff.as_ref());
    titles::panel(state, listing.shows(state)).render(area, buf);
    let columns = Columns::of(inner.width, listing.last_rank(state), state.frame().candidates.n_vocab());
    let painter = RowPainter::new(state, &columns);
    if let Some(header) = listing.header() {
        painter.header(header, buf);
    }
    for (entry, place) in listing.entries() {
        match entry {
            Entry::Candidate(index) => painter.candidate(index, place, buf),
            Entry::Pinned(row) => painter.row(&row, place, buf),
            Entry::Cutoff => {
                if let Some(cutoff) = &cutoff {
                    draw_cutoff(state, cutoff, &columns, place, buf);
                }
            }
            Entry::More { after } => draw_more(state, after, listing.pinned_below(), &columns, place, buf),
        }
    }
    if let Some(place) = listing.search() {
        draw_search(state, place, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    if !area.contains(at) {
        return None;
    }
    let inner = Panel::inner(area);
    if inner.contains(at) && instead_of_a_list(state).is_none() {
        let listing = Listing::of(state, inner, Cutoff::of(state).as_ref());
        match listing.entries().find(|(_, place)| place.contains(at)) {
            Some((Entry::Candidate(index), _)) => return Some(Hit::Candidate(index)),
            // Nothing is pinned during a search: the list is that of the ranks.
            Some((Entry::Pinned(row), _)) => return Some(Hit::Candidate(row.rank - 1)),
            _ => {}
        }
    }
    Some(frame::hit(&titles::panel(state, [false; 2]), PanelId::Candidates, area, at))
}

/// Why there is no list, in a sentence; None when there is one.
pub(super) fn instead_of_a_list(state: &State) -> Option<&'static str> {
    if state.cursor() == Some(0) && state.frame().length == 0 {
        return Some("Nothing comes before the first token: the model was not asked.");
    }
    if state.frame().node.is_some() && state.session().is_some() {
        return None;
    }
    Some(match (state.model(), state.session()) {
        (ModelState::Missing(_), _) => "There is no model to ask.",
        (ModelState::Loading(_), _) => "What could come next, as soon as the model is loaded.",
        (ModelState::Ready(_), None) => "What could come next, as soon as there is a prompt.",
        (ModelState::Ready(_), Some(_)) if state.gave_up_reading() => {
            "The prompt was not read to its end: step reads it."
        }
        (ModelState::Ready(_), Some(_)) => step_label::waiting(state),
    })
}

/// ` ──── nucleus: top-p 0.95 keeps 9 of 40 ──── raw .953`
fn draw_cutoff(state: &State, cutoff: &Cutoff, columns: &Columns, row: Rect, buf: &mut Buffer) {
    let style = state.theme().nucleus_line();
    let width = usize::from(row.width);
    put("─".repeat(width).as_str(), 0, row, style, buf);
    let sums = columns.mass_column();
    let lead = if width > 60 { 4 } else { 1 };
    let room = usize::from(sums.start).saturating_sub(lead + 4 + RAW.len());
    let text = fitting(&cutoff.wordings, room);
    if !text.is_empty() {
        put(&format!(" {text} "), lead as u16, row, style, buf);
    }
    // The stage compared its limit with what the stages before it had left; this is the model's own probability.
    let mass = format!(" {RAW}{:>1$} ", probability(cutoff.mass), usize::from(sums.width));
    put(&mass, sums.start.saturating_sub(1 + RAW.len() as u16), row, style, buf);
}

/// `… 4,086 more   .036   .002`: what is not shown, and its probability, the model's own and after the chain.
/// What is pinned below stands there for itself.
fn draw_more(state: &State, after: usize, pinned: &[Row], columns: &Columns, row: Rect, buf: &mut Buffer) {
    let candidates = &state.frame().candidates;
    let Some(last) = candidates.row(after) else { return };
    let style = state.theme().dim();
    let searching = !candidates.query().is_empty();
    let count = if searching { candidates.len() - 1 - after } else { candidates.ranked_tokens() - last.rank };
    let count = count.saturating_sub(pinned.len());
    let unnamed = if searching { 0 } else { candidates.unnamed() };
    let wordings = more_wordings(count, unnamed);
    let room = columns.raw.start.saturating_sub(columns.token.start + 1);
    let said = fitting(&wordings, usize::from(if searching { row.width } else { room }));
    put(said, columns.token.start, row, style, buf);
    if searching {
        return;
    }
    let mut mass = |p: f64, column: Column| {
        let text = format!("{:>1$}", probability(p), usize::from(column.width));
        put(&text, column.start, row, style, buf);
    };
    let beside: f64 = pinned.iter().map(|row| candidates.probability(row)).sum();
    mass((1.0 - last.cumulative - beside).max(0.0), columns.raw);
    if let Some(rest) = rest_after_chain(state, after, pinned) {
        mass(rest, columns.chain);
    }
}

/// What is not shown: named tokens, and those that nobody has named.
fn more_wordings(named: usize, unnamed: usize) -> [String; 3] {
    let (all, named_text) = (thousands(named + unnamed), thousands(named));
    let unnamed_text = thousands(unnamed);
    match (named, unnamed) {
        (_, 0) => [format!("… {named_text} more"), format!("… {named_text}"), "…".to_owned()],
        (0, _) => [
            format!("… {unnamed_text} more unnamed tokens"),
            format!("… {unnamed_text} unnamed"),
            format!("… {unnamed_text}"),
        ],
        _ => [
            format!("… {named_text} more, {unnamed_text} unnamed tokens"),
            format!("… {named_text} and {unnamed_text} unnamed"),
            format!("… {all}"),
        ],
    }
}

/// The probability after the chain of what follows the candidate at this index; None where nothing of it is left.
fn rest_after_chain(state: &State, after: usize, pinned: &[Row]) -> Option<f64> {
    let view = state.frame();
    let unnamed = view.unnamed.map_or(0, |unnamed| usize::from(unnamed.p > 0.0));
    let (mut above, mut left) = (0.0, view.survivor_count + unnamed);
    let listed = (0..=after).filter_map(|index| view.candidates.row(index));
    for row in listed.chain(pinned) {
        let (p, cut_by) = state.frame().fate(row.token);
        if cut_by.is_none() {
            above += p;
            left = left.saturating_sub(1);
        }
        if left == 0 {
            return None;
        }
    }
    Some((1.0 - above).max(0.0))
}

/// Text from a column of a row on, as far as the row goes.
fn put(text: &str, column: u16, row: Rect, style: Style, buf: &mut Buffer) {
    let room = usize::from(row.width.saturating_sub(column));
    if room > 0 {
        buf.set_stringn(row.x + column, row.y, text, room, style);
    }
}

/// `  12 of 4,096 match`; what was not named is not searched.
pub(super) fn match_count(candidates: &Candidates) -> String {
    let (found, all) = (thousands(candidates.len()), thousands(candidates.ranked_tokens()));
    match candidates.unnamed() {
        0 => format!("  {found} of {all} match"),
        unnamed => format!("  {found} of {all} named match; {} unnamed not searched", thousands(unnamed)),
    }
}

/// `/ query▏ 12 of 4,096 match`
fn draw_search(state: &State, row: Rect, buf: &mut Buffer) {
    let (theme, candidates) = (state.theme(), &state.frame().candidates);
    let shown = crate::text::Shown::inline(candidates.query());
    let mut spans = vec![Span::styled("/ ", theme.key()), Span::styled(shown.to_string(), theme.strong())];
    if state.searching() {
        spans.push(Span::styled(Marks::CARET, theme.pointer()));
    }
    let note = if candidates.query().is_empty() {
        "  a part of the token, or its id".to_owned()
    } else {
        match_count(candidates)
    };
    spans.push(Span::styled(note, theme.dim()));
    let width = usize::from(row.width);
    buf.set_line(row.x, row.y, &elide_line(&Line::from(spans), width), row.width);
}
