//! The schedule as a curve: masked positions after each step, those taken and those planned, with now.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::Widget,
};

use super::waiting;
use crate::{
    app::{Hit, PanelId, State},
    decode::diffusion::Pace,
    ui::{
        frame,
        numbers::thousands,
        widgets::{LineChart, Panel, Shorter},
    },
};

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    let view = state.diffuse().view();
    if inner.is_empty() || waiting(state).is_some() || view.masks.len() < 2 {
        return;
    }
    let capacity = LineChart::capacity(inner);
    let (last, most) = (view.masks.len() - 1, view.masks[0].max(1) as f64);
    // Each value of the curve is of the step that lies there; steps are many or few beside the columns.
    let step = |value: usize| value * last / (capacity - 1).max(1);
    let values: Vec<f64> = (0..capacity).map(|value| view.masks[step(value)] as f64 / most).collect();
    let now = view.taken.min(last) * (capacity - 1) / last;
    let theme = state.theme();
    (&LineChart { values: &values, style: theme.sparkline(), marked: None }).render(inner, buf);
    // What is planned stands back behind what was done.
    let column = inner.x + (now / 2) as u16;
    let ahead =
        Rect { x: (column + 1).min(inner.right()), width: inner.right().saturating_sub(column + 1), ..inner };
    buf.set_style(ahead, theme.dim());
    let height = inner.height.saturating_sub(1);
    let level = (view.masks[view.taken.min(last)] as f64 / most * f64::from(height)).round() as u16;
    let y = inner.bottom() - 1 - level.min(height);
    buf.set_string(column.min(inner.right() - 1), y, "●", theme.pointer());
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    frame::hit(&panel(state), PanelId::Schedule, area, at)
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let told = told(state);
    let line = |text: &String| Line::styled(text.clone(), theme.key_label());
    let masked = state.diffuse().view();
    let left = masked.masks.get(masked.taken).copied();
    Panel {
        top_right: left.map_or_else(Line::default, |left| {
            Line::styled(format!("{} masked", thousands(left)), theme.text())
        }),
        bottom_left: told.first().map(line).unwrap_or_default(),
        shorter: Shorter { bottom_left: told.iter().skip(1).map(line).collect(), ..Shorter::default() },
        ..frame::frame(state, PanelId::Schedule)
    }
}

/// What decides how many open, from the fullest wording to the shortest.
fn told(state: &State) -> Vec<String> {
    let diffuse = state.diffuse();
    if diffuse.canvas().is_none() {
        return Vec::new();
    }
    let settings = diffuse.setup().diffusion;
    let blocks = |text: String| match settings.block_length {
        0 => text,
        length => format!("{text} in blocks of {}", thousands(length)),
    };
    let plain = match settings.pace {
        Pace::Steps { steps, .. } => {
            format!("{} steps", thousands(steps.min(diffuse.setup().range.1.max(1))))
        }
        Pace::Tokens(tokens) => format!("{} a step", thousands(tokens)),
        Pace::Threshold(p) => format!("p ≥ {p:.2}"),
    };
    vec![blocks(plain.clone()), plain]
}
