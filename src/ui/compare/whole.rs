//! Every figure of the lanes, a row for each: what has no room in the lanes can be read where their panel is explained.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::figures;
use crate::{app::State, ui::widgets::elide};

/// Cells of the figures' names, and of a lane.
const LABEL: usize = 11;
const CELL: usize = 12;

/// The figures of all lanes, as many beside one another as there is room for and the others below them, and where the one in
/// focus diverges; none without lanes.
pub(in crate::ui) fn all_figures(state: &State, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width);
    let room = (width.saturating_sub(LABEL) / CELL).max(1);
    let lanes = state.compare().lanes().iter().enumerate();
    let sums: Vec<_> = lanes
        .filter_map(|(index, lane)| Some((index, figures::sums(lane, state.compare().view(index)?))))
        .collect();
    let mut rows: Vec<Line> = sums.chunks(room).flat_map(|lanes| side_by_side(state, lanes)).collect();
    if rows.is_empty() {
        return rows;
    }
    rows.push(Line::default());
    let focus = state.compare().focus();
    rows.extend(figures::parting(state, focus, width));
    rows.extend(figures::looped(state, focus, width));
    rows
}

/// Some lanes' figures, a row for each figure.
fn side_by_side(state: &State, lanes: &[(usize, Vec<(&'static str, String)>)]) -> Vec<Line<'static>> {
    let theme = state.theme();
    let row = |label: &str, cell: &dyn Fn(usize) -> String| {
        let mut spans = vec![Span::styled(format!("{label:LABEL$}"), theme.dim())];
        for (at, (index, _)) in lanes.iter().enumerate() {
            let text = elide(&cell(at), CELL - 1);
            let pad = " ".repeat(CELL.saturating_sub(text.width()));
            let focused = *index == state.compare().focus();
            spans.push(Span::styled(pad + &text, if focused { theme.strong() } else { theme.text() }));
        }
        Line::from(spans)
    };
    let mut rows = vec![Line::default(), row("", &|at| format!("lane {}", lanes[at].0 + 1))];
    let labels = lanes.first().map_or(&[][..], |(_, sums)| sums);
    for (number, (label, _)) in labels.iter().enumerate() {
        rows.push(row(label, &|at| lanes[at].1[number].1.clone()));
    }
    rows
}
