//! The text panel: every token of prompt and generated text.
//!
//! ```text
//! ╭ Text ⁱ ──────────────────── colour: probability 0 ▁▂▃▄▅▆▇█ 1 ╮
//! │ Once␣upon␣a␣time,␣there␣was✎␣a␣little▏                       │
//! ╰ token 9 · ␣little · p .440 → .512 ─ perplexity 1.6 · 5 tokens ╯
//! ```

mod captions;
mod end_chart;
mod flow;
mod tail;
#[cfg(test)]
mod tests;
pub(super) mod token_style;
mod waiting;

use ratatui::{
    buffer::Buffer,
    layout::{Margin, Position, Rect},
    style::Style,
    widgets::Widget,
};

use super::{
    frame,
    widgets::{Panel, elide},
};
use crate::{
    app::{Hit, PanelId, ShownToken, State},
    decode::Session,
    theme::Marks,
};
use flow::Flow;
use tail::Tail;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    captions::panel(state, area.width).render(area, buf);
    let inner = inner(area);
    if inner.is_empty() {
        return;
    }
    let Some(session) = state.session() else {
        waiting::draw(state, inner, buf);
        return;
    };
    let text = text_area(state, inner);
    if state.progress().is_some() && text.height < inner.height {
        waiting::draw_reading(state, Rect { y: text.bottom(), height: 1, ..inner }, buf);
    } else {
        end_chart::draw(state, session, below(inner, text), buf);
    }
    if text.is_empty() {
        return;
    }
    let painter = Painter { state, session, tail: Tail::of(session) };
    let flow = Flow::of(state, text);
    for (row, line) in flow.visible() {
        painter.line(line, Rect { y: text.y + row, height: 1, ..text }, buf);
    }
    if let Some((row, column)) = flow.end() {
        painter.end(Rect { x: text.x + column, y: text.y + row, width: text.width - column, height: 1 }, buf);
    }
}

/// Draws the end of the text, without a frame and without numbers.
pub(super) fn draw_plain(state: &State, area: Rect, buf: &mut Buffer) {
    let Some(session) = state.session() else { return waiting::draw(state, area, buf) };
    if area.is_empty() {
        return;
    }
    let painter = Painter { state, session, tail: Tail::of(session) };
    let flow = Flow::of(state, area);
    for (row, line) in flow.visible() {
        painter.line(line, Rect { y: area.y + row, height: 1, ..area }, buf);
    }
    if let Some((row, column)) = flow.end() {
        painter.end(Rect { x: area.x + column, y: area.y + row, width: area.width - column, height: 1 }, buf);
    }
}

/// Draws the end of the text before the step on view into one row, and after it the token that was taken there.
pub(super) fn draw_context(state: &State, row: Rect, buf: &mut Buffer) {
    let Some(session) = state.session().filter(|_| !row.is_empty()) else { return };
    let tokens = state.transcript().tokens();
    let length = state.frame().length.min(tokens.len());
    let taken = state.frame().taken.and(tokens.get(length));
    let room = row.width.saturating_sub(2 + taken.map_or(0, |token| token.width));
    let mut used = 0;
    let fits = |token: &&ShownToken| {
        used += token.width;
        used <= room
    };
    let first = length - tokens[..length].iter().rev().take_while(fits).count();
    let painter = Painter { state, session, tail: None };
    let mut pen = Pen { place: row, style: state.theme().dim() };
    if first > 0 {
        pen.write("…", buf);
    }
    painter.line(first..length, pen.place, buf);
    let drawn: u16 = tokens[first..length].iter().map(|token| token.width).sum();
    let x = pen.place.x.saturating_add(drawn).min(row.right());
    let mut pen = Pen { place: Rect { x, width: row.right() - x, ..row }, style: state.theme().pointer() };
    pen.write(if taken.is_some() { Marks::CHOSEN } else { Marks::CARET }, buf);
    if let Some(token) = taken {
        painter.token(length, token, pen.place, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    if !area.contains(at) {
        return None;
    }
    let inner = inner(area);
    let text = text_area(state, inner);
    let token = match state.session() {
        Some(_) if text.contains(at) => {
            Flow::of(state, text).token_under(state.transcript().tokens(), at.x - text.x, at.y - text.y)
        }
        Some(session) if state.progress().is_none() => {
            end_chart::token_at(state, session, below(inner, text), at)
        }
        _ => None,
    };
    let elsewhere = || frame::hit(&captions::panel(state, area.width), PanelId::Text, area, at);
    Some(token.map_or_else(elsewhere, Hit::TextToken))
}

/// What the frame leaves, and a cell on either side that keeps the text off it.
fn inner(area: Rect) -> Rect {
    Panel::inner(area).inner(Margin::new(1, 0))
}

/// The rows of the chart, below the text's.
fn below(inner: Rect, text: Rect) -> Rect {
    Rect { y: text.bottom(), height: inner.height - text.height, ..inner }
}

/// The rows of the text: all but those of the chart, or the last while an evaluation tells how far it has come there.
fn text_area(state: &State, inner: Rect) -> Rect {
    let taken = if state.progress().is_some() { 1 } else { end_chart::rows(state, inner.height) };
    Rect { height: inner.height.saturating_sub(taken), ..inner }
}

/// Draws tokens.
struct Painter<'a> {
    state: &'a State,
    session: &'a Session,
    tail: Option<Tail>,
}

impl Painter<'_> {
    fn line(&self, tokens: std::ops::Range<usize>, row: Rect, buf: &mut Buffer) {
        let mut x = row.x;
        for position in tokens {
            let Some(token) = self.state.transcript().tokens().get(position) else { return };
            self.token(position, token, Rect { x, width: row.right() - x, ..row }, buf);
            x = row.right().min(x.saturating_add(token.width));
        }
    }

    /// A token from the left end of `place` on; what does not fit is cut.
    fn token(&self, position: usize, token: &ShownToken, place: Rect, buf: &mut Buffer) {
        let style = token_style::of(self.state, self.session, position);
        let mut pen = Pen { place, style };
        if token.repeats {
            pen.write(Marks::LOOP, buf);
        }
        if token.by_hand {
            pen.write(Marks::BY_HAND, buf);
        }
        let text = token.text.as_str();
        let split = self.tail.as_ref().map_or(text.len(), |tail| tail.split(self.session, position, text));
        pen.write(&text[..split], buf);
        if let Some(tail) = self.tail.as_ref().filter(|_| split < text.len()) {
            // The cursor stays what it is: it has to be found.
            if self.state.cursor() != Some(position) {
                pen.style = style.patch(tail.style(self.state.theme()));
            }
            pen.write(&text[split..], buf);
        }
    }

    /// What stands after the last token: the caret, or that generation has stopped.
    fn end(&self, place: Rect, buf: &mut Buffer) {
        let theme = self.state.theme();
        let mut pen = Pen { place, style: theme.withheld() };
        if matches!(self.tail, Some(Tail::Withheld { .. })) {
            pen.write(Marks::WITHHELD, buf);
        }
        if let Some(reason) = self.session.stopped() {
            pen.style = theme.stop_reason();
            let text = format!("{} {}", Marks::STOPPED, reason.headline());
            pen.write(&elide(&text, usize::from(pen.place.width)), buf);
        } else if self.state.cursor().is_none() {
            pen.style = theme.pointer();
            pen.write(Marks::CARET, buf);
        }
    }
}

/// Writes from left to right.
struct Pen {
    place: Rect,
    style: Style,
}

impl Pen {
    fn write(&mut self, text: &str, buf: &mut Buffer) {
        let (x, _) =
            buf.set_stringn(self.place.x, self.place.y, text, usize::from(self.place.width), self.style);
        self.place = Rect { x, width: self.place.right().saturating_sub(x), ..self.place };
    }
}
