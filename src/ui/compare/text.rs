//! The text of a lane: tokens coloured as on the step screen, the place where it leaves the first lane marked.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use crate::{
    app::{ShownToken, State, wrap_marked},
    decode::{Path, lanes::Verdict},
    theme::Marks,
    ui::text::token_style,
};

/// A lane's text in an area that is not empty.
pub(super) struct LaneText<'a> {
    state: &'a State,
    path: &'a Path,
    tokens: &'a [ShownToken],
    /// The position of the token at which the lane leaves the first one.
    parts: Option<usize>,
    /// The position at which its changed settings would have left it.
    leaves: Option<usize>,
    /// The position that is looked at.
    looked_at: Option<usize>,
    area: Rect,
    lines: Vec<std::ops::Range<usize>>,
    first: usize,
}

impl<'a> LaneText<'a> {
    /// Lines of a lane's text in a column of this width.
    pub(super) fn lines(state: &State, lane: usize, width: usize) -> usize {
        let area = Rect { width: width as u16, height: 1, ..Rect::default() };
        LaneText::of(state, lane, area).map_or(0, |text| text.lines.len())
    }

    /// The text of a lane.
    pub(super) fn of(state: &'a State, lane: usize, area: Rect) -> Option<Self> {
        let compare = state.compare();
        let path = compare.lanes().get(lane)?.cursor().path();
        let tokens = compare.transcript(lane)?.tokens();
        if area.is_empty() {
            return None;
        }
        let focused = lane == compare.focus();
        let parts =
            compare.view(lane).and_then(|view| view.parts).map(|parts| path.prompt_len() + parts.index);
        let leaves = compare.what_if().filter(|_| focused).and_then(|what_if| match what_if.verdict() {
            Verdict::Leaves { index, .. } => Some(path.prompt_len() + index),
            Verdict::Walking(_) | Verdict::Same => None,
        });
        let looked_at = compare.beside().filter(|_| focused).map(|beside| beside.length);
        let marked: Vec<usize> = [parts, leaves].into_iter().flatten().collect();
        let lines = wrap_marked(tokens, area.width.into(), &marked);
        let mut text = Self { state, path, tokens, parts, leaves, looked_at, area, lines, first: 0 };
        text.first = text.first_line(looked_at.filter(|_| state.compare().text_stays_at_place()));
        Some(text)
    }

    /// The end is on view, or a page with the position that is to stay there.
    fn first_line(&self, stays: Option<usize>) -> usize {
        let height = usize::from(self.area.height);
        let bottom = self.lines.len().saturating_sub(height);
        let Some(position) = stays else { return bottom };
        let line = self.lines.partition_point(|line| line.end <= position).min(self.lines.len() - 1);
        if line >= bottom { bottom } else { line.saturating_sub(height / 2) }
    }

    fn rows(&self) -> impl Iterator<Item = (u16, std::ops::Range<usize>)> + '_ {
        (0..).zip(self.lines.iter().skip(self.first).take(self.area.height.into()).cloned())
    }

    pub(super) fn draw(&self, buf: &mut Buffer) {
        for (row, line) in self.rows() {
            let mut pen = Pen { x: self.area.x, y: self.area.y + row, right: self.area.right() };
            for position in line {
                self.token(position, &mut pen, buf);
            }
        }
        self.end(buf);
    }

    fn token(&self, position: usize, pen: &mut Pen, buf: &mut Buffer) {
        let Some(token) = self.tokens.get(position) else { return };
        let theme = self.state.theme();
        let mut style = token_style::of_path(theme, self.state.colour_by(), self.path, position);
        if self.looked_at == Some(position) {
            style = theme.cursor();
        }
        if self.leaves == Some(position) {
            pen.write(Marks::WOULD_BE_DRAWN, theme.warning(), buf);
        }
        if self.parts == Some(position) {
            pen.write(Marks::PARTS, theme.pointer(), buf);
        }
        if token.repeats {
            pen.write(Marks::LOOP, style, buf);
        }
        if token.by_hand {
            pen.write(Marks::BY_HAND, style, buf);
        }
        pen.write(token.text.as_str(), style, buf);
    }

    /// Why the lane ended, or the caret, after the last token.
    fn end(&self, buf: &mut Buffer) {
        let Some((row, line)) = self.rows().last().filter(|(_, line)| line.end == self.tokens.len()) else {
            return;
        };
        let marks = |position: usize| {
            usize::from(self.parts == Some(position)) + usize::from(self.leaves == Some(position))
        };
        let used: usize = line.map(|at| usize::from(self.tokens[at].width) + marks(at)).sum();
        let x = self.area.x.saturating_add(used as u16);
        let mut pen = Pen { x, y: self.area.y + row, right: self.area.right() };
        pen.write(Marks::CARET, self.state.theme().pointer(), buf);
    }

    /// The token under a cell.
    pub(super) fn token_under(&self, at: Position) -> Option<usize> {
        let (_, line) = self.rows().find(|(row, _)| self.area.y + row == at.y)?;
        let mut right = usize::from(self.area.x);
        line.into_iter().find(|&position| {
            let marks =
                usize::from(self.parts == Some(position)) + usize::from(self.leaves == Some(position));
            right += usize::from(self.tokens[position].width) + marks;
            usize::from(at.x) < right
        })
    }
}

/// Writes from left to right.
struct Pen {
    x: u16,
    y: u16,
    right: u16,
}

impl Pen {
    fn write(&mut self, text: &str, style: Style, buf: &mut Buffer) {
        let room = usize::from(self.right.saturating_sub(self.x));
        if room > 0 {
            (self.x, _) = buf.set_stringn(self.x, self.y, text, room, style);
        }
    }
}
