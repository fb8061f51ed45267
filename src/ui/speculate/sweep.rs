//! The sweep over γ: a bar for the measured speed of each length, a mark for what the formula expects.

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
    app::{PanelId, State, Swept},
    keymap::Context,
    ui::{
        frame,
        rows::draw_row,
        widgets::{Panel, bar_text, column_of},
    },
};

pub(super) fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let progress = state.speculate().swept().map_or_else(String::new, |swept| {
        let done = swept.points.len();
        if done < swept.of {
            format!("{done} of {} measured", swept.of)
        } else {
            "× plain decoding".to_owned()
        }
    });
    let legend = if state.speculate().swept().is_some() { "┃ the formula  ┊ plain decoding" } else { "" };
    Panel {
        top_right: Line::styled(progress, theme.key_label()),
        bottom_left: Line::styled(legend, theme.key_label()),
        ..frame::frame(state, PanelId::DraftSweep)
    }
}

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    let Some(swept) = state.speculate().swept() else {
        let sentence = "{sweep-drafts} writes the same text with drafts of 1 to 8 tokens and measures each against \
            plain decoding.";
        return say(state, &state.keymap().spell(Context::Speculate, sentence), inner, buf);
    };
    if swept.points.is_empty() {
        return say(state, "Measuring…", inner, buf);
    }
    let first = state
        .speculate()
        .selected(PanelId::DraftSweep)
        .min(swept.points.len().saturating_sub(inner.height.into()));
    let most = most(swept);
    for (row, point) in swept.points.iter().skip(first).take(inner.height.into()).enumerate() {
        let theme = state.theme();
        let speed = point.speed.map_or_else(|| "–".to_owned(), |speed| format!("{speed:.2}"));
        let accepted = point.acceptance.map_or_else(String::new, |alpha| format!("{:.0} %", 100.0 * alpha));
        let width = usize::from(inner.width);
        let after = if width >= 44 { 7 } else { 0 };
        let bar = width.saturating_sub(NUMBERS + after);
        let line = Line::from(vec![
            left(&format!("γ {}", point.gamma), 5, theme.dim()),
            right(&speed, 5, theme.strong()),
            Span::raw(" "),
            left(&bar_text(point.speed.unwrap_or(0.0) / most, bar), bar, theme.bar_observed()),
            right(&accepted, after, theme.dim()),
        ]);
        draw_row(inner, row, &line, buf);
        let y = inner.y + row as u16;
        for (value, symbol, style) in [(Some(1.0), "┊", theme.dim()), (point.expected, "┃", theme.pointer())]
        {
            let Some(value) = value.filter(|value| value.is_finite() && bar > 0) else { continue };
            let x = inner.x + NUMBERS as u16 + column_of(value / most, bar as u16);
            buf[(x, y)].set_symbol(symbol).set_style(style);
        }
    }
}

/// Cells before the bars.
const NUMBERS: usize = 11;

/// What the bars' full length stands for.
fn most(swept: &Swept) -> f64 {
    let values = swept.points.iter().flat_map(|point| [point.speed, point.expected]).flatten();
    values.filter(|value| value.is_finite()).fold(1.1, f64::max)
}
