//! One token's way from the model to the draw.
//!
//! ```text
//! ╭ Way of ␣under ⁱ ──────────────────────────────────── id 1204 ╮
//! │ model        8.11  .011  12                                  │
//! │ top-k        8.11  .011  12  kept                            │
//! │ min-p                        cut: p 0.011 < 0.0206           │
//! ╰ missed at min-p ─────────────────────────────────────────────╯
//! ```

use ratatui::{buffer::Buffer, layout::Rect, text::Line, widgets::Widget};

use super::{draw_sentence, panel, pen::Pen, shown};
use crate::{
    app::{Explanation, State, XrayPanel},
    sampling::{Fate, WalkStep},
    text::Shown,
    theme::Marks,
    ui::{
        format::logit,
        numbers::{PROBABILITY_WIDTH, probability, thousands},
        rows::{draw_rows, wrap_words},
        widgets::{Panel, elide},
    },
};

/// Cells of the longest label, of a logit and of a rank.
const LABEL: u16 = 11;
const LOGIT: u16 = 6;
const RANK: u16 = 7;
/// Below this width logit and rank are left out.
const ROOM_FOR_NUMBERS: u16 = 46;
/// Cells of the token in the title at most.
const TITLE: usize = 24;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    frame(state).render(area, buf);
    let inner = super::inner(area);
    if state.xray.walk.is_empty() || inner.is_empty() {
        draw_sentence(state, inner, buf);
        return;
    }
    let steps = steps(state, inner.height.into());
    for (step, y) in steps.iter().zip(inner.y..inner.bottom()) {
        draw_step(state, step, Rect { y, height: 1, ..inner }, buf);
    }
    let used = steps.len() as u16;
    draw_stage(state, Rect { y: inner.y + used, height: inner.height - used, ..inner }, buf);
}

/// A row: the stage's label and the step after it.
struct Step<'a> {
    label: &'static str,
    after: &'a WalkStep,
    /// Whether it is the stage that is selected.
    selected: bool,
    first: bool,
}

/// The steps that are shown: those of stages that act, up to the cut. Where there is no room for all, those that changed
/// nothing give way, except for the last.
fn steps(state: &State, rows: usize) -> Vec<Step<'_>> {
    let Some(xray) = &state.xray.xray else { return Vec::new() };
    let labels = std::iter::once(("model", true))
        .chain(xray.stages.iter().map(|stage| (stage.label(), stage.off.is_none())));
    let mut steps: Vec<_> = labels
        .zip(&state.xray.walk)
        .enumerate()
        .filter(|(_, ((_, acts), step))| *acts && step.fate != Fate::Gone)
        .map(|(row, ((label, _), step))| Step {
            label,
            after: step,
            selected: row == state.xray.stage,
            first: row == 0,
        })
        .collect();
    while steps.len() > rows {
        let last = steps.len() - 1;
        let idle = steps.iter().rposition(|step| !step.first && step.after.fate == Fate::Kept);
        steps.remove(idle.unwrap_or(last.min(1)));
    }
    steps
}

fn draw_step(state: &State, step: &Step, row: Rect, buf: &mut Buffer) {
    let theme = &state.theme;
    let numbers = row.width >= ROOM_FOR_NUMBERS;
    let columns = if numbers { (LOGIT, RANK) } else { (0, 0) };
    let mut pen = Pen::new(row, buf);
    pen.left(LABEL, step.label, if step.selected { theme.strong() } else { theme.dim() });
    let WalkStep { logit: value, p, rank, fate } = step.after;
    pen.right(columns.0, &value.map_or_else(String::new, logit), theme.text());
    pen.right(PROBABILITY_WIDTH, &value.map_or_else(String::new, |_| probability(*p)), theme.strong());
    pen.right(
        columns.1,
        &rank.map_or_else(String::new, |rank| format!("#{}", thousands(rank))),
        theme.text(),
    );
    let (text, style) = match fate {
        _ if step.first && !numbers => (String::new(), theme.dim()),
        _ if step.first => ("as the model has it".to_owned(), theme.dim()),
        Fate::Kept => (fate.to_string(), theme.dim()),
        Fate::Cut(_) => (fate.to_string(), theme.cut_label()),
        Fate::Moved { .. } | Fate::Gone => {
            // The numbers beside it tell that it was moved.
            let text = fate.to_string();
            (text.strip_prefix("moved by ").map_or(text.clone(), str::to_owned), theme.text())
        }
    };
    pen.rest(&format!(" {text}"), style);
}

/// What the selected stage does, with its formula, at the bottom where there is room.
fn draw_stage(state: &State, room: Rect, buf: &mut Buffer) {
    let theme = &state.theme;
    let explanation = match state.xray.selected() {
        Some(selected) => Explanation::of_stage(selected.kind, &state.sampling),
        None => Explanation::of_softmax(),
    };
    let width = usize::from(room.width);
    let lines = |text: &'static str, style| {
        wrap_words(text, width).into_iter().map(move |line| Line::styled(line, style))
    };
    let mut rows = vec![Line::styled(explanation.title, theme.title(false))];
    rows.extend(lines(explanation.about, theme.dim()));
    rows.extend(lines(explanation.formula, theme.text()));
    if let Some(above) = usize::from(room.height).checked_sub(rows.len()).filter(|above| *above > 0) {
        draw_rows(Rect { y: room.y + above as u16, height: rows.len() as u16, ..room }, &rows, buf);
    }
}

fn frame<'a>(state: &State) -> Panel<'a> {
    let theme = &state.theme;
    let Some(token) = state.xray.token.filter(|_| !state.xray.walk.is_empty()) else {
        return panel(state, XrayPanel::Way, XrayPanel::Way.title());
    };
    let name = elide(shown(state, token).as_str(), TITLE);
    Panel {
        top_right: Line::styled(format!("id {token}"), theme.key_label()),
        bottom_left: Line::styled(end(state), theme.text()),
        bottom_right: if state.xray.pinned {
            Line::styled(format!("{} chosen", Marks::BY_HAND), theme.key_label())
        } else {
            Line::default()
        },
        ..panel(state, XrayPanel::Way, format!("Way of {}", Shown::inline(&name).as_str()))
    }
}

/// How its way ends.
fn end(state: &State) -> String {
    let (Some(last), Some(token)) = (state.xray.walk.last(), state.xray.token) else { return String::new() };
    let view = &state.view;
    match last.logit {
        None => "it cannot be drawn".to_owned(),
        Some(_) if view.drawn == Some(token) && view.taken.is_none() => {
            format!("the draw lands here, p {}", probability(last.p))
        }
        Some(_) if view.taken == Some(token) => format!("it was taken, p {}", probability(last.p)),
        Some(_) => format!("it could be drawn, p {}", probability(last.p)),
    }
}
