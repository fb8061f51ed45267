//! The dock: where a lesson speaks, between the live screen and the footer.
//!
//! ```text
//! ━━ Where does this draw land? · step 1 of 2 ━━━━━━━━━━━━━━━━━━━━━━━━━━
//!  All candidates lie side by side on a ruler from 0 to 1 …
//!  Which token will this u pick?
//!  1 ␣boy   2 ␣dog   3 ␣girl
//!  Your answer: ␣girl▏
//! ```

mod blocks;
mod hints;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Clear, Widget},
};
use unicode_width::UnicodeWidthStr;

use super::rows::{draw_row, fitting};
use crate::{
    app::{Hit, Phase, Player, State},
    text::Shown,
};
use blocks::{Part, Row};
pub(super) use hints::{hints, label};

/// Rows of the dock on a screen of so many rows, its title's included: usually, and where a text needs more. Where a screen is
/// too small for both there are fewer, or none.
fn heights(screen: u16) -> (u16, u16) {
    let (_, least) = super::LEAST;
    let room = screen.saturating_sub(least);
    ((screen * 3 / 10).clamp(6, 11).min(room), (screen * 3 / 8).clamp(6, 13).min(room))
}

/// The rows that a lesson takes from the screen; none without one.
pub(super) fn rows_of(state: &State, screen: Rect) -> u16 {
    let Some(player) = state.player() else { return 0 };
    let (usual, most) = heights(screen.height);
    let wanted = blocks::wanted(state, player, inside(screen).width.into());
    u16::try_from(wanted + 1).unwrap_or(most).clamp(usual, most)
}

/// Draws the dock.
pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    let Some(player) = state.player().filter(|_| !area.is_empty()) else { return };
    Clear.render(area, buf);
    buf.set_style(area, state.theme().base());
    title(state, player, Rect { height: 1, ..area }, buf);
    let inside = inside(area);
    for (place, row) in (inside.y..inside.bottom()).zip(blocks::rows(state, player, inside)) {
        draw_row(Rect { y: place, height: 1, ..inside }, 0, &row.line, buf);
    }
}

/// What lies at a place of the dock.
pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    let player = state.player().filter(|_| area.contains(at))?;
    let inside = inside(area);
    let rows = blocks::rows(state, player, inside);
    let row: Option<&Row> = at.y.checked_sub(inside.y).and_then(|row| rows.get(usize::from(row)));
    let column = at.x.saturating_sub(inside.x);
    let part = row.and_then(|row| row.parts.iter().find(|part| part.columns().contains(&column)));
    Some(match part {
        Some(Part::Option { index, .. }) => Hit::LessonOption(*index),
        Some(Part::Ruler { from, width }) => {
            Hit::LessonRuler(f64::from(column - from) / f64::from(width.saturating_sub(1).max(1)))
        }
        None => Hit::Lesson,
    })
}

/// What the title leaves, a column free on both sides.
fn inside(area: Rect) -> Rect {
    let margin = area.width.min(1);
    Rect {
        x: area.x + margin,
        y: area.y + 1,
        width: area.width.saturating_sub(2 * margin),
        height: area.height.saturating_sub(1),
    }
}

fn title(state: &State, player: &Player, row: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    let keys = player.has_keys();
    let line = if keys { "━" } else { "─" };
    let border = theme.border(keys);
    let rule = line.repeat(row.width.into());
    draw_row(row, 0, &Line::styled(rule, border), buf);
    let (step, steps) = (player.step() + 1, player.lesson().steps.len());
    let place = match player.phase() {
        Phase::Finished => "the end".to_owned(),
        _ => format!("step {step} of {steps}"),
    };
    let name = Shown::inline(&player.lesson().title).as_str().to_owned();
    let wordings = [format!(" {name} · {place} "), format!(" {place} ")];
    let left = fitting(&wordings, usize::from(row.width).saturating_sub(4)).to_owned();
    let (right, asked) = player.tally();
    let score = if asked == 0 { String::new() } else { format!(" {right} of {asked} right ") };
    let room = usize::from(row.width).saturating_sub(left.width() + 6);
    let at = Rect { x: row.x + 2, width: row.width.saturating_sub(2), ..row };
    draw_row(at, 0, &Line::from(Span::styled(left, theme.title(keys))), buf);
    if !score.is_empty() && score.width() <= room {
        let x = row.right() - 2 - score.width() as u16;
        let at = Rect { x, width: score.width() as u16, ..row };
        draw_row(at, 0, &Line::styled(score, theme.dim()), buf);
    }
}
