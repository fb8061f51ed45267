//! Every figure of the lanes, a row for each: what has no room in the lanes can be read where their panel is explained.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::figures;
use crate::{app::State, ui::widgets::elide};

/// Cells of the figures' names, and of a lane.
const LABEL: usize = 11;
const CELL: usize = 12;

/// The figures of as many lanes as there is room for, that in focus among them, and where it parts; none without lanes.
pub(in crate::ui) fn all_figures(state: &State, width: u16) -> Vec<Line<'static>> {
    let theme = state.theme();
    let width = usize::from(width);
    let room = (width.saturating_sub(LABEL) / CELL).max(1);
    let first = (state.compare().focus() + 1).saturating_sub(room);
    let lanes = state.compare().lanes().iter().enumerate().skip(first).take(room);
    let sums: Vec<_> = lanes
        .filter_map(|(index, lane)| Some((index, figures::sums(lane, state.compare().view(index)?))))
        .collect();
    let Some((_, labels)) = sums.first() else { return Vec::new() };
    let row = |label: &str, cell: &dyn Fn(usize) -> String| {
        let mut spans = vec![Span::styled(format!("{label:LABEL$}"), theme.dim())];
        for (at, (index, _)) in sums.iter().enumerate() {
            let text = elide(&cell(at), CELL - 1);
            let pad = " ".repeat(CELL.saturating_sub(text.width()));
            let focused = *index == state.compare().focus();
            spans.push(Span::styled(pad + &text, if focused { theme.strong() } else { theme.text() }));
        }
        Line::from(spans)
    };
    let mut rows = vec![Line::default(), row("", &|at| format!("lane {}", sums[at].0 + 1))];
    for (number, (label, _)) in labels.iter().enumerate() {
        rows.push(row(label, &|at| sums[at].1[number].1.clone()));
    }
    let focus = state.compare().focus();
    rows.extend(figures::parting(state, focus, width));
    rows.extend(figures::looped(state, focus));
    rows
}
