//! One token's way from the model to the draw.
//!
//! ```text
//! ╭ Way of ␣under ⁱ ──────────────────────────────────── id 1204 ╮
//! │ model        8.11  .011  12                                  │
//! │ penalties    7.61  .007  15  −0.5: seen 2 times in the last  │
//! │                              13 tokens                       │
//! │ min-p       cut: p 0.007, 0.0136 below min-p's 0.0206        │
//! ╰ cannot be drawn ─────────────────────────────────────────────╯
//! ```

mod steps;

use ratatui::{buffer::Buffer, layout::Rect, text::Line, widgets::Widget};

use self::steps::{Entry, Step};
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
    if state.xray().walk.is_empty() || inner.is_empty() {
        draw_sentence(state, inner, buf);
        return;
    }
    if is_unnamed(state) {
        let text = "This token was not named at this step: nobody has told how likely it is, or what the chain does to it.";
        let lines = wrap_words(text, inner.width.into()).into_iter();
        draw_rows(inner, &lines.map(|line| Line::styled(line, state.theme().dim())).collect::<Vec<_>>(), buf);
        return;
    }
    let mut y = inner.y;
    for entry in steps::entries(state, inner) {
        let place = Rect { y, height: entry.height(), ..inner }.intersection(inner);
        match &entry {
            Entry::Step(step) => draw_step(state, step, place, buf),
            Entry::More { count, changed } => {
                Pen::new(place, buf).rest(&steps::more(*count, *changed), state.theme().dim());
            }
        }
        y = place.bottom();
    }
    draw_stage(state, Rect { y, height: inner.bottom().saturating_sub(y), ..inner }, buf);
}

/// Cells of logit and rank in a row of this width.
fn columns(width: u16) -> (u16, u16) {
    if width >= ROOM_FOR_NUMBERS { (LOGIT, RANK) } else { (0, 0) }
}

fn draw_step(state: &State, step: &Step, place: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    let (logit_cells, rank_cells) = columns(place.width);
    let mut pen = Pen::new(Rect { height: 1, ..place }, buf);
    pen.left(LABEL, step.label, if step.selected { theme.strong() } else { theme.dim() });
    let WalkStep { logit: value, p, rank, fate } = step.after;
    if let Some(value) = value {
        pen.right(logit_cells, &logit(*value), theme.text());
        pen.right(PROBABILITY_WIDTH, &probability(*p), theme.strong());
        let rank = rank.map_or_else(String::new, |rank| format!("#{}", thousands(rank)));
        pen.right(rank_cells, &rank, theme.text());
    }
    let style = match fate {
        Fate::Kept => theme.dim(),
        Fate::Cut(_) => theme.cut_label(),
        Fate::Moved { .. } | Fate::Gone => theme.text(),
    };
    let words = step.words_in(place);
    if step.first && rank_cells > 0 {
        draw_rows(words, &[Line::styled("from the model", style)], buf);
    } else {
        let lines: Vec<_> = step.lines.iter().map(|line| Line::styled(line.as_str(), style)).collect();
        draw_rows(words, &lines, buf);
    }
}

/// What the selected stage does, with its formula, at the bottom where there is room.
fn draw_stage(state: &State, room: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    let explanation = match state.xray().selected() {
        Some(selected) => Explanation::of_stage(selected.kind, state.sampling()),
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
    let theme = state.theme();
    let Some(token) = state.xray().token.filter(|_| !state.xray().walk.is_empty()) else {
        return panel(state, XrayPanel::Way, XrayPanel::Way.title());
    };
    let name = elide(shown(state, token).as_str(), TITLE);
    Panel {
        top_right: Line::styled(format!("id {token}"), theme.key_label()),
        bottom_left: Line::styled(end(state), theme.text()),
        bottom_right: if state.xray().pinned {
            Line::styled(format!("{} your choice", Marks::BY_HAND), theme.key_label())
        } else {
            Line::default()
        },
        ..panel(state, XrayPanel::Way, format!("{} through the chain", Shown::inline(&name).as_str()))
    }
}

/// Whether the token is one of those that a server has not named at this step.
fn is_unnamed(state: &State) -> bool {
    let (Some(xray), Some(token)) = (&state.xray().xray, state.xray().token) else { return false };
    xray.raw.unnamed() > 0 && xray.raw.logit(token).is_none()
}

/// How its way ends.
fn end(state: &State) -> String {
    let (Some(last), Some(token)) = (state.xray().walk.last(), state.xray().token) else {
        return String::new();
    };
    let view = state.frame();
    match last.logit {
        _ if is_unnamed(state) => "not named".to_owned(),
        None => "cannot be drawn".to_owned(),
        Some(_) if state.landing() == Some(token) && view.taken.is_none() => {
            format!("would be drawn, p {}", probability(last.p))
        }
        Some(_) if view.taken == Some(token) => format!("taken, p {}", probability(last.p)),
        Some(_) => format!("could be drawn, p {}", probability(last.p)),
    }
}
