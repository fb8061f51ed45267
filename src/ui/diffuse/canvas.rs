//! The canvas: what is written, and under each mask what the model would write there.
//!
//! ```text
//! ╭ Canvas  i explains ───────────────────────────────── colour: step ╮
//! │ Once␣upon␣a␣time,␣there␣was␣a░␣little▓␣girl░␣named≠░␣Lily…         │
//! ╰ after step 5 of 16 · 3 open next ── 20 of 48 written · 5 passes ──╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
    text::{Line, Span},
    widgets::Widget,
};

use super::{say, waiting};
use crate::{
    app::{CanvasCell, CanvasColour, CellKind, Hit, OnCanvas, PanelId, State},
    theme::{Marks, RAMP_STEPS},
    ui::{
        format::milliseconds,
        frame,
        numbers::thousands,
        rows::{draw_row, first_of_page},
        widgets::{Panel, Shorter},
    },
};

/// A mask, and one that opens in the next step.
const MASK: &str = "░";
const OPENS: &str = "▓";
/// After a guess that is another than in the pass before.
const CHANGED: &str = "≠";
/// A position behind the end of the text.
const BEYOND: &str = "·";

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() {
        return;
    }
    if let Some(sentence) = waiting(state) {
        say(state, &sentence, inner, buf);
        return;
    }
    let view = state.diffuse().view();
    for (positions, row) in rows(state, inner) {
        let spans = positions.flat_map(|position| spans(state, position, &view.cells[position]));
        buf.set_line(row.x, row.y, &Line::from(spans.collect::<Vec<_>>()), row.width);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let cells = &state.diffuse().view().cells;
    for (positions, row) in rows(state, frame::inner(area)).filter(|(_, row)| row.contains(at)) {
        let mut x = row.x;
        for position in positions {
            x += cells[position].width() as u16;
            if at.x < x {
                return Hit::Row(PanelId::Canvas, position);
            }
        }
    }
    frame::hit(&panel(state), PanelId::Canvas, area, at)
}

/// The rows of the text that are shown, the page with the selected position.
fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (std::ops::Range<usize>, Rect)> + use<> {
    let view = state.diffuse().view();
    let rows =
        if inner.is_empty() || view.cells.is_empty() { Vec::new() } else { view.rows(inner.width.into()) };
    let selected = rows.iter().position(|row| row.contains(&state.diffuse().position())).unwrap_or(0);
    let first = first_of_page(selected, inner.height.into());
    let place = move |row: u16| Rect { y: inner.y + row, height: 1, ..inner };
    rows.into_iter().skip(first).zip(0..inner.height).map(move |(positions, row)| (positions, place(row)))
}

/// A position as it is drawn.
fn spans<'a>(state: &'a State, position: usize, cell: &'a CanvasCell) -> Vec<Span<'a>> {
    let theme = state.theme();
    let text = cell.text.as_str();
    let style = style(state, position, cell);
    let mut spans = match cell.kind {
        CellKind::Open { read: None, .. } => {
            vec![Span::styled(Marks::BY_HAND, theme.pointer()), Span::styled(text, style)]
        }
        CellKind::Given | CellKind::Open { .. } => vec![Span::styled(text, style)],
        CellKind::Masked { changed, opens, .. } => {
            let block = if opens { theme.pointer() } else { theme.dim() };
            let mut spans =
                vec![Span::styled(if opens { OPENS } else { MASK }, block), Span::styled(text, style)];
            if changed {
                spans.push(Span::styled(CHANGED, theme.warning()));
            }
            spans
        }
        CellKind::Beyond => vec![Span::styled(BEYOND, theme.dim())],
    };
    if position == state.diffuse().position() {
        for span in &mut spans {
            span.style = theme.cursor();
        }
    }
    spans
}

fn style(state: &State, position: usize, cell: &CanvasCell) -> Style {
    let theme = state.theme();
    let alternate = position % 2 == 1;
    match cell.kind {
        CellKind::Given => theme.prompt_token(alternate),
        CellKind::Open { step, read, fresh } => {
            let style = token_style(state, step, read);
            let taken = matches!(state.diffuse().view().on, OnCanvas::Taken(_));
            let modifier = if taken { Modifier::BOLD | Modifier::UNDERLINED } else { Modifier::BOLD };
            if fresh { style.add_modifier(modifier) } else { style }
        }
        CellKind::Masked { opens: true, .. } => theme.chosen().add_modifier(Modifier::UNDERLINED),
        CellKind::Masked { changed: true, .. } => {
            theme.overlay().patch(theme.dim()).add_modifier(Modifier::ITALIC)
        }
        CellKind::Masked { .. } => theme.overlay().patch(theme.dim()),
        CellKind::Beyond => theme.dim(),
    }
}

/// A token's colour: the earlier or the surer, the further from the background.
pub(super) fn token_style(state: &State, step: usize, read: Option<(f64, f64)>) -> Style {
    let theme = state.theme();
    match (state.diffuse().colour(), read) {
        (CanvasColour::Confidence, Some((p, _))) => theme.probability(p),
        (CanvasColour::Entropy, Some((_, bits))) => theme.entropy(bits),
        (CanvasColour::Step, _) => {
            let planned = state.diffuse().view().planned.max(2) - 1;
            let late = step.min(planned) * (RAMP_STEPS - 1) / planned;
            theme.ramp_step(RAMP_STEPS - 1 - late)
        }
        (_, None) => theme.text(),
    }
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let colour = format!("colour: {}", state.diffuse().colour().name());
    let line = |text: &String| Line::styled(text.clone(), theme.text());
    let (left, right) = (stage(state), progress(state));
    Panel {
        top_right: Line::styled(colour, theme.key_label()),
        bottom_left: left.first().map(line).unwrap_or_default(),
        bottom_right: right.first().map(line).unwrap_or_default(),
        shorter: Shorter {
            bottom_left: left.iter().skip(1).map(line).collect(),
            bottom_right: right.iter().skip(1).map(line).collect(),
            ..Shorter::default()
        },
        ..frame::frame(state, PanelId::Canvas)
    }
}

/// Where the canvas stands, from the fullest wording to the shortest.
fn stage(state: &State) -> Vec<String> {
    let (diffuse, view) = (state.diffuse(), state.diffuse().view());
    let Some(canvas) = diffuse.canvas() else { return Vec::new() };
    let at = view.taken;
    if canvas.is_over() {
        let steps = if at == 1 { "1 step".to_owned() } else { format!("{} steps", thousands(at)) };
        return vec![format!("written in {steps}"), steps];
    }
    let of =
        format!("after step {} of {}", thousands(at), thousands(view.masks.len().saturating_sub(1).max(at)));
    let short = format!("step {}", thousands(at));
    match (view.on, diffuse.pass_on_view()) {
        (OnCanvas::Next(_), Some(pass)) if pass.open == 1 => vec![format!("{of} · 1 opens next"), of, short],
        (OnCanvas::Next(_), Some(pass)) => vec![format!("{of} · {} open next", pass.open), of, short],
        _ => vec![of, short],
    }
}

/// How much is written, and what it took.
fn progress(state: &State) -> Vec<String> {
    let Some(canvas) = state.diffuse().canvas() else { return Vec::new() };
    let (passes, time) = canvas.spent();
    let gaps = canvas.template().gaps();
    let written = gaps - canvas.masked().count().min(gaps);
    let passes = if passes == 1 { "1 pass".to_owned() } else { format!("{} passes", thousands(passes)) };
    let time = milliseconds(time.as_secs_f64() * 1e3);
    vec![
        format!("{} of {} positions · {passes} · {time}", thousands(written), thousands(gaps)),
        format!("{} of {} · {passes}", thousands(written), thousands(gaps)),
        format!("{}/{}", thousands(written), thousands(gaps)),
    ]
}

/// A line of a panel that has no list.
pub(super) fn draw_line(area: Rect, row: usize, text: &str, style: Style, buf: &mut Buffer) {
    draw_row(area, row, &Line::styled(text.to_owned(), style), buf);
}
