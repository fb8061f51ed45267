//! Many seeds to their first tokens: what was observed beside what is exact.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    cells::{left, right},
    say,
};
use crate::{
    app::{PanelId, State, Tried},
    ui::{
        frame,
        numbers::probability,
        rows::draw_row,
        widgets::{Panel, Shorter, bar_text},
    },
};

pub(super) fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let Some(tried) = state.speculate().tried() else { return frame::frame(state, PanelId::Shares) };
    let progress = if tried.seeds < tried.of {
        format!("{} of {} seeds", tried.seeds, tried.of)
    } else {
        format!("{} seeds · {}", tried.of, state.speculate().rule().name())
    };
    let [long, short] = fit(tried);
    let line = |text: String| Line::styled(text, theme.key_label());
    Panel {
        top_right: line(progress),
        bottom_left: line(long),
        shorter: Shorter { bottom_left: vec![line(short)], ..Shorter::default() },
        ..frame::frame(state, PanelId::Shares)
    }
}

/// Whether what was observed fits what is exact, at length and in few words.
fn fit(tried: &Tried) -> [String; 2] {
    let Some((chi_square, freedom)) = tried.chi_square.filter(|_| tried.seeds >= tried.of) else {
        return Default::default();
    };
    let bound = bound(freedom);
    let fits = if chi_square < bound { "fits" } else { "does not fit" };
    [
        format!("χ² {chi_square:.1} ({freedom} free): {fits}; of exact samples 99 % lie below {bound:.1}"),
        format!("χ² {chi_square:.1} < {bound:.1}: {fits}")
            .replace('<', if chi_square < bound { "<" } else { "≥" }),
    ]
}

/// What 99 of 100 samples of the distribution itself stay below, by Wilson and Hilferty's approximation.
fn bound(freedom: usize) -> f64 {
    let n = freedom as f64;
    n * (1.0 - 2.0 / (9.0 * n) + 2.326 * (2.0 / (9.0 * n)).sqrt()).powi(3)
}

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    let theme = state.theme();
    let Some(tried) = state.speculate().tried() else {
        let sentence = "b has 256 seeds write their first two tokens by the present rule: the shares beside the exact probabilities.";
        return say(state, sentence, inner, buf);
    };
    let width = usize::from(inner.width);
    let token = (width / 3).clamp(6, 28);
    let bar = width.saturating_sub(token + 14);
    let head = Line::from(vec![
        left("begins with", token, theme.dim()),
        right("exact", 6, theme.dim()),
        right("share", 7, theme.dim()),
    ]);
    draw_row(inner, 0, &head, buf);
    let list = usize::from(inner.height).saturating_sub(1);
    let first = state.speculate().selected(PanelId::Shares).min(tried.shares.len().saturating_sub(list));
    for (row, (text, seeds, exact)) in tried.shares.iter().skip(first).take(list).enumerate() {
        let share = *seeds as f64 / tried.seeds.max(1) as f64;
        let line = Line::from(vec![
            left(text, token, theme.text()),
            right(&probability(*exact), 6, theme.computed()),
            right(&probability(share), 7, theme.text()),
            Span::raw(" "),
            left(&bar_text(share, bar), bar, theme.bar_observed()),
        ]);
        draw_row(inner, row + 1, &line, buf);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_that_of_the_tables() {
        // 99 % of χ² with 1, 5 and 10 degrees of freedom: 6.63, 15.09, 23.21.
        for (freedom, table) in [(1, 6.63), (5, 15.09), (10, 23.21)] {
            assert!((bound(freedom) - table).abs() < 0.15, "{freedom}: {}", bound(freedom));
        }
    }
}
