//! A drafted token: q and p as two bars, the rule's draw on a ruler, the verdict.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::cells::{left, right};
use crate::{
    app::{DraftRow, State},
    decode::speculative::{Trial, Verdict},
    theme::Marks,
    ui::{
        numbers::probability,
        rows::draw_row,
        widgets::{bar_text, column_of},
    },
};

/// A drafted token, and whether it is the selected one.
pub(super) struct Row<'a> {
    pub row: &'a DraftRow,
    pub selected: bool,
}

/// Cells of the columns.
struct Columns {
    token: usize,
    bar: usize,
    ruler: usize,
    verdict: usize,
}

/// `q .387 ` and a space before it.
const NUMBER: usize = 9;
/// `Σ .892`, with a space.
const OVERLAP: usize = 8;

impl Columns {
    fn of(width: usize) -> Self {
        let verdict = if width >= 60 { 16 } else { 2 };
        let token = (width / 7).clamp(6, 20);
        let rest = width.saturating_sub(1 + token + NUMBER + verdict + 2);
        let bar = (rest * 2 / 5).clamp(4, 34).min(rest);
        let ruler = rest.saturating_sub(bar + 2);
        Self { token, bar, ruler: if ruler < 8 { 0 } else { ruler }, verdict }
    }
}

/// Draws a drafted token into one row or two.
pub(super) fn draw(state: &State, row: &Row<'_>, area: Rect, buf: &mut Buffer) {
    let columns = Columns::of(area.width.into());
    let theme = state.theme();
    let drafted = &row.row.drafted;
    let two = area.height > 1;
    let mark = if row.selected { Marks::CHOSEN } else { " " };
    let known = drafted.p.filter(|_| row.row.decided);
    let mut first = vec![
        Span::styled(mark, theme.pointer()),
        left(&row.row.text, columns.token, verdict_style(state, row.row)),
    ];
    let bars = |name: &'static str, value: Option<f64>, style: Style, width: usize| {
        let number = value.map_or_else(String::new, |value| format!("{name} {}", probability(value)));
        [
            Span::raw(" "),
            left(&number, NUMBER - 2, theme.text()),
            Span::raw(" "),
            left(&bar_text(value.unwrap_or(0.0), width), width, style),
        ]
    };
    if two {
        first.extend(bars("q", drafted.q, theme.bar_raw(), columns.bar));
    } else {
        // Half of the bar's cells for each.
        let half = columns.bar.saturating_sub(NUMBER) / 2;
        first.extend(bars("q", drafted.q, theme.bar_raw(), half));
        first.extend(bars("p", known, theme.bar_final(), columns.bar.saturating_sub(NUMBER + half)));
    }
    let ruler_at = 1 + columns.token + NUMBER + columns.bar + 2;
    first.push(Span::raw("  "));
    first.push(Span::raw(" ".repeat(columns.ruler)));
    first.push(Span::raw("  "));
    let instead = row.row.instead.as_ref().filter(|_| row.row.decided && columns.verdict > 8);
    let verdict = match instead.filter(|_| !two) {
        Some(instead) => format!("{} → {instead}", Marks::ERROR),
        None => verdict(row.row, columns.verdict),
    };
    first.push(left(&verdict, columns.verdict, verdict_style(state, row.row)));
    draw_row(area, 0, &Line::from(first), buf);
    if two {
        let mut second = vec![Span::raw(" ".repeat(1 + columns.token))];
        // The bars' cells are those of the row above; the overlap stands at their end.
        let overlap = drafted.overlap.filter(|_| known.is_some());
        let overlap = overlap.map_or_else(String::new, |overlap| format!("Σ {}", probability(overlap)));
        let taken = if columns.bar >= 2 * OVERLAP { OVERLAP } else { 0 };
        second.extend(bars("p", known, theme.bar_final(), columns.bar));
        draw_row(Rect { y: area.y + 1, height: 1, ..area }, 0, &Line::from(second), buf);
        if taken > 0
            && !overlap.is_empty()
            && known.is_some_and(|p| p * (columns.bar as f64) < (columns.bar - taken) as f64)
        {
            let x = area.x + (1 + columns.token + NUMBER + columns.bar - taken) as u16;
            let place = Rect { x, y: area.y + 1, width: taken as u16, height: 1 };
            draw_row(place, 0, &Line::from(right(&overlap, taken, theme.computed())), buf);
        }
        if let Some(instead) = instead {
            let x = area.x + (ruler_at + columns.ruler + 2) as u16;
            let place = Rect { x, y: area.y + 1, width: columns.verdict as u16, height: 1 };
            draw_row(
                place,
                0,
                &Line::from(left(&format!("→ {instead}"), columns.verdict, theme.corrected())),
                buf,
            );
        }
    }
    let ruler = Rect { x: area.x + ruler_at as u16, width: columns.ruler as u16, ..area };
    draw_ruler(state, row.row, ruler, buf);
}

/// The rule's draw: what accepts the token is filled, and u points there or beside it.
fn draw_ruler(state: &State, row: &DraftRow, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    let theme = state.theme();
    let Some(trial) = row.drafted.trial.as_ref().filter(|_| row.decided && area.width >= 3) else { return };
    let (from, to) = match trial {
        Trial::Drawn { share, .. } => share.unwrap_or((0.0, 0.0)),
        Trial::Weighed { .. } => {
            let (p, q) = (row.drafted.p.unwrap_or(0.0), row.drafted.q.unwrap_or(0.0));
            (0.0, if q > 0.0 { (p / q).min(1.0) } else { 0.0 })
        }
    };
    let (first, last) = (column_of(from, area.width), column_of(to, area.width));
    for column in 0..area.width {
        let inside = to > from && (first..=last).contains(&column);
        let symbol = match column {
            _ if inside => "█",
            0 => "├",
            column if column + 1 == area.width => "┤",
            _ => "─",
        };
        let style = if inside { theme.bar_observed() } else { theme.ruler() };
        buf[(area.x + column, area.y)].set_symbol(symbol).set_style(style);
    }
    let Some(u) = row.u() else { return };
    let column = pointer(u, (from, to), row.drafted.verdict == Verdict::Accepted, area.width);
    if area.height < 2 {
        buf[(area.x + column, area.y)].set_symbol("▲").set_style(theme.pointer());
        return;
    }
    buf[(area.x + column, area.y + 1)].set_symbol("▲").set_style(theme.pointer());
    let p_over_q = match trial {
        Trial::Weighed { .. } if to < 1.0 => format!(" p/q {}", probability(to)),
        Trial::Weighed { .. } => " p/q ≥ 1".to_owned(),
        Trial::Drawn { .. } => String::new(),
    };
    for note in [format!("u {}{p_over_q}", probability(u)), format!("u {}", probability(u))] {
        let width = note.chars().count() as u16;
        let x = if column + 2 + width <= area.width {
            area.x + column + 2
        } else if column > width {
            area.x + column - width - 1
        } else {
            continue;
        };
        buf.set_stringn(x, area.y + 1, &note, usize::from(width), theme.text());
        break;
    }
}

/// The column of u: where what accepts begins or ends between two columns, rounding does not move it across.
fn pointer(u: f64, (from, to): (f64, f64), accepted: bool, width: u16) -> u16 {
    let column = column_of(u, width);
    let (first, last) = (column_of(from, width), column_of(to, width));
    let inside = to > from && (first..=last).contains(&column);
    match (accepted, inside) {
        (true, false) if u < from => first,
        (true, false) => last,
        (false, true) if u >= to && last + 1 < width => last + 1,
        (false, true) if u < from && first > 0 => first - 1,
        _ => column,
    }
}

fn verdict(row: &DraftRow, width: usize) -> String {
    if !row.decided {
        return String::new();
    }
    let (mark, word) = match row.drafted.verdict {
        Verdict::Accepted => (Marks::LOADED, "accepted"),
        Verdict::Refused => (Marks::ERROR, "refused"),
        Verdict::NotLookedAt => (Marks::CUT, "not looked at"),
    };
    if width > 8 { format!("{mark} {word}") } else { mark.to_owned() }
}

fn verdict_style(state: &State, row: &DraftRow) -> Style {
    let theme = state.theme();
    match (row.decided, row.drafted.verdict) {
        (false, _) => theme.text(),
        (true, Verdict::Accepted) => theme.drafted(),
        (true, Verdict::Refused) => theme.cut_label(),
        (true, Verdict::NotLookedAt) => theme.dim(),
    }
}
