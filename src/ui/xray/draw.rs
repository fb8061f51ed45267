//! The draw from what is left, and where the same number would land at other temperatures.
//!
//! ```text
//! ╭ Draw ⁱ ───────────────────────────────────────────────────────╮
//! │ u 0.6132  seed 42, draw 7   xtc: drew 0.417 > 0.1: it does …  │
//! │ ├␣in──────────────────────┼␣with────────┼␣outside──────┼┼┤    │
//! │                              ▲ lands in ␣with                 │
//! │ same u at temperature 0.2 ␣in .98   0.5 ␣in .71   …           │
//! ╰───────────────────────────────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{panel, shown};
use crate::{
    app::{Hit, State, XrayPanel},
    sampling::{AtTemperature, Facts},
    theme::Marks,
    ui::{
        numbers::probability,
        panels::{Dice, draw_nothing},
        rows::{draw_row, draw_rows},
        step_label,
        widgets::Panel,
    },
};

/// From this width on the strip has room for all its words.
const ROOMY: u16 = 96;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    let step = step_label::step(state).unwrap_or_default();
    let framed = Panel {
        top_right: Line::styled(step, state.theme().key_label()),
        ..panel(state, XrayPanel::Draw, XrayPanel::Draw.title())
    };
    (&framed).render(area, buf);
    let inner = super::inner(area);
    if inner.is_empty() {
        return;
    }
    let Some(dice) = Dice::of(state) else {
        draw_nothing(state, inner, buf);
        return;
    };
    let mut number = dice.number();
    number.spans.extend(memory(state));
    draw_row(inner, 0, &number, buf);
    dice.ruler(|ruler| ruler.render(ruler_area(inner), buf));
    strip(state, inner, buf);
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    let ruler = ruler_area(super::inner(area));
    let dice = Dice::of(state).filter(|_| ruler.contains(at) && at.y == ruler.y)?;
    let mut index = None;
    dice.ruler(|widget| index = widget.segment_under(ruler, at.x));
    state.frame().survivors.get(index?).and_then(|(token, _)| token.map(Hit::Trace))
}

fn ruler_area(inner: Rect) -> Rect {
    Rect { y: inner.y + 1, height: 2, ..inner }.intersection(inner)
}

/// The dice and the state that XTC and mirostat have of their own.
fn memory(state: &State) -> Vec<Span<'static>> {
    let stages = state.xray().xray.iter().flat_map(|xray| &xray.stages).filter(|stage| stage.off.is_none());
    stages
        .filter(|stage| matches!(stage.facts, Facts::Xtc { .. } | Facts::Mirostat { .. }))
        .flat_map(|stage| {
            let label = Span::styled(format!("   {}: ", stage.label()), state.theme().dim());
            [label, Span::styled(stage.facts.to_string(), state.theme().text())]
        })
        .collect()
}

/// What the same u draws at other temperatures; on several rows where one has no room. What has no room whole is left
/// out.
fn strip(state: &State, inner: Rect, buf: &mut Buffer) {
    let (theme, width) = (state.theme(), usize::from(inner.width));
    let rows = Rect { y: inner.y + 3, height: inner.height.saturating_sub(3), ..inner }.intersection(inner);
    let (head, gap) = if inner.width >= ROOMY { ("same u at temperature", "   ") } else { ("at T", " ") };
    let mut lines = vec![Line::from(Span::styled(head, theme.dim()))];
    for at in &state.xray().strip {
        let part = part(state, at, gap);
        let cells: usize = part.iter().map(Span::width).sum();
        let line = lines.last_mut().expect("there is one from the start");
        if line.width() + cells <= width {
            line.spans.extend(part);
        } else if lines.len() < usize::from(rows.height) && cells <= width {
            lines.push(Line::from(part));
        } else {
            break;
        }
    }
    draw_rows(rows, &lines, buf);
}

/// `0.5▸␣in .71`
fn part(state: &State, at: &AtTemperature, gap: &str) -> Vec<Span<'static>> {
    let theme = state.theme();
    let here = !at.in_tail && state.landing() == Some(at.token);
    let (token, share) = if state.hides_draw() {
        ("?".to_owned(), String::new())
    } else {
        let token =
            if at.in_tail { "unnamed".to_owned() } else { shown(state, at.token).as_str().to_owned() };
        (token, format!(" {}", probability(at.p)))
    };
    let (mark, style) = if here { (Marks::CHOSEN, theme.chosen()) } else { (" ", theme.text()) };
    vec![
        Span::styled(format!("{gap}{:.1}{mark}", at.temperature), theme.dim()),
        Span::styled(token, style),
        Span::styled(share, theme.dim()),
    ]
}
