//! The candidates, each with a bar from 0 to 100 %.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use super::{hides, label, marked, percent, put, put_span};
use crate::{
    app::{AtValue, Guessing, Present, SHOWN, State},
    theme::Marks,
    token::Token,
    ui::widgets::{Bar, elide},
};

/// Cells of `>99 %`, and one before it.
const PERCENT: u16 = 6;
/// Cells of a label at most; `everything else` has room there.
const LABEL: u16 = 16;
/// Cells of a row's mark and of the space after it.
const MARK: u16 = 2;

/// How many candidates have room, from one's first row to the next one's, and how high a bar is.
fn rows(area: Rect) -> (usize, u16, u16) {
    // The last row is that of everything else.
    let room = area.height.saturating_sub(1);
    let (pitch, tall) = match room {
        24.. => (3, 2),
        6.. => (2, 2),
        _ => (1, 1),
    };
    (usize::from(room / pitch).min(SHOWN), pitch, tall)
}

/// The candidate under the mouse, counted from the first that is listed.
pub(super) fn row_under(state: &State, area: Rect, at: Position) -> Option<usize> {
    let (count, pitch, _) = rows(area);
    let row = usize::from((at.y - area.y) / pitch);
    (row < count.min(state.choices().len())).then_some(row)
}

pub(super) fn draw(state: &State, large: &Present, area: Rect, buf: &mut Buffer) {
    let (count, pitch, tall) = rows(area);
    let hidden = hides(state, large);
    let tokens: Vec<Token> = match large.guessing() {
        Guessing::Token if hidden => state.choices(),
        _ => state.frame().candidates.ranked().iter().map(|row| row.token).collect(),
    };
    let mut rest = 1.0;
    for (index, &token) in tokens.iter().take(count).enumerate() {
        let place = Rect { y: area.y + index as u16 * pitch, height: tall, ..area };
        let (p, cut) = state.frame().fate(token);
        rest -= p;
        let asked = large.guessing() == Guessing::Probability && hidden;
        if asked && index > 0 {
            continue;
        }
        let label = label(state, token);
        let guessed = state.awaits_guess() && !large.guess().is_empty() && large.guess() == label;
        let row = Row {
            mark: if guessed || marked(state, large) == Some(token) { Marks::CHOSEN } else { " " },
            label,
            share: (!hidden).then_some(p),
            note: if asked { "how likely?" } else { "cut" },
            cut: cut.is_some(),
            strong: guessed || marked(state, large) == Some(token),
        };
        row.draw(state, place, buf);
    }
    if !hidden && area.height > 0 {
        let place = Rect { y: area.y + count as u16 * pitch, height: 1, ..area }.intersection(area);
        let row = Row {
            mark: " ",
            label: "everything else".to_owned(),
            share: Some(rest.clamp(0.0, 1.0)),
            note: "",
            cut: false,
            strong: false,
        };
        row.draw(state, place, buf);
    }
}

/// The same step at three values of the slider, one below the other on the same scale.
pub(super) fn draw_three(state: &State, large: &Present, area: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    let each = area.height / 3;
    let tokens = state.frame().candidates.ranked().iter().map(|row| row.token);
    let labels: Vec<String> = tokens.take(SHOWN).map(|token| label(state, token)).collect();
    for (index, AtValue { value, shares, left }) in large.three().iter().enumerate() {
        let block = Rect { y: area.y + index as u16 * each, height: each, ..area };
        let title = format!("{} {}", large.knob().label(), large.knob().text(*value));
        let left = if *left == 1 { "1 token is left".to_owned() } else { format!("{left} tokens are left") };
        let line = Line::from(vec![
            Span::styled(title, theme.strong()),
            Span::styled(format!("  {left}"), theme.dim()),
        ]);
        put(&line, Rect { height: each.min(1), ..block }, buf);
        for (row, (label, &share)) in (1..each).zip(labels.iter().zip(shares)) {
            let place = Rect { y: block.y + row, height: 1, ..block };
            let row = Row {
                mark: " ",
                label: label.clone(),
                share: Some(share),
                note: "",
                cut: share <= 0.0,
                strong: false,
            };
            row.draw(state, place, buf);
        }
    }
}

struct Row<'a> {
    mark: &'a str,
    label: String,
    /// Its probability; None while it is hidden.
    share: Option<f64>,
    /// What stands in place of a bar.
    note: &'a str,
    cut: bool,
    strong: bool,
}

impl Row<'_> {
    fn draw(&self, state: &State, place: Rect, buf: &mut Buffer) {
        if place.is_empty() {
            return;
        }
        let theme = state.theme();
        let style: Style = match (self.strong, self.cut) {
            (true, _) => theme.chosen(),
            (false, true) => theme.cut(),
            (false, false) => theme.strong(),
        };
        let first = Rect { height: 1, ..place };
        put_span(&Span::styled(self.mark.to_owned(), theme.chosen()), first, buf);
        let label = LABEL.min(place.width.saturating_sub(MARK));
        let at = Rect { x: place.x + MARK, width: label, ..first };
        put_span(&Span::styled(elide(&self.label, label.into()), style), at.intersection(place), buf);
        let bar = Rect {
            x: at.right() + 1,
            width: place.width.saturating_sub(MARK + label + 1 + PERCENT),
            ..place
        };
        let Some(share) = self.share else {
            if self.note != "cut" {
                put_span(&Span::styled(self.note.to_owned(), theme.dim()), Rect { height: 1, ..bar }, buf);
            }
            return;
        };
        for row in bar.rows() {
            Bar { fraction: share, style: theme.bar_final() }.render(row, buf);
        }
        let told = if self.cut && !self.note.is_empty() { self.note.to_owned() } else { percent(share) };
        let told = format!("{told:>width$}", width = usize::from(PERCENT));
        let end = Rect { x: bar.right(), width: PERCENT, ..first };
        put_span(&Span::styled(told, style), end.intersection(place), buf);
    }
}
