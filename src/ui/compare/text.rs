//! The text of a lane: tokens coloured as on the step screen, the place where it diverges from the first lane marked.
//!
//! Beside other lanes the prompt that all of them have is folded into one sign: it stands above them once.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use std::ops::Range;

use crate::{
    app::{ShownToken, State, wrap_marked},
    decode::{Path, Session, lanes::Verdict},
    theme::Marks,
    ui::text::token_style,
};

/// Stands for what of a text is left out before its first token.
const FOLDED: &str = "…";

/// A lane's text in an area that is not empty.
pub(super) struct LaneText<'a> {
    state: &'a State,
    path: &'a Path,
    tokens: &'a [ShownToken],
    marks: LaneMarks,
    /// Tokens of a folded prompt; 0 where the text begins with its prompt.
    folded: usize,
    /// The position that is looked at.
    looked_at: Option<usize>,
    area: Rect,
    lines: Vec<Range<usize>>,
    first: usize,
}

/// Positions of a lane's path that have a mark before their token.
#[derive(Clone, Copy, Default)]
struct LaneMarks {
    /// Where the lane diverges from the first one.
    parts: Option<usize>,
    /// Where its changed settings would have made it diverge.
    leaves: Option<usize>,
}

impl LaneMarks {
    fn of(state: &State, lane: usize, prompt: usize) -> Self {
        let compare = state.compare();
        let parts = compare.view(lane).and_then(|view| view.parts).map(|parts| prompt + parts.index);
        let what_if = compare.what_if().filter(|_| lane == compare.focus());
        let leaves = what_if.and_then(|what_if| match what_if.verdict() {
            Verdict::Leaves { index, .. } => Some(prompt + index),
            Verdict::Walking(_) | Verdict::Same | Verdict::Unnamed { .. } => None,
        });
        Self { parts, leaves }
    }

    /// Cells of the marks before a token.
    fn width(self, position: usize) -> usize {
        usize::from(self.parts == Some(position)) + usize::from(self.leaves == Some(position))
    }
}

impl<'a> LaneText<'a> {
    /// Lines of a lane's text in a column of this width.
    pub(super) fn lines(state: &State, lane: usize, width: usize, folds: bool) -> usize {
        let area = Rect { width: width as u16, height: 1, ..Rect::default() };
        LaneText::of(state, lane, area, folds).map_or(0, |text| text.lines.len())
    }

    /// The text of a lane; `folds` leaves out a prompt that is that of all lanes.
    pub(super) fn of(state: &'a State, lane: usize, area: Rect, folds: bool) -> Option<Self> {
        let compare = state.compare();
        let path = compare.lanes().get(lane)?.cursor().path();
        let tokens = compare.transcript(lane)?.tokens();
        if area.is_empty() {
            return None;
        }
        let shared = |session: &Session| session.path().prompt_tokens() == path.prompt_tokens();
        let folded = if folds && state.session().is_some_and(shared) { path.prompt_len() } else { 0 };
        let marks = LaneMarks::of(state, lane, path.prompt_len());
        let looked_at = compare.beside().filter(|_| lane == compare.focus()).map(|beside| beside.length);
        let lines = lines(tokens, area.width.into(), folded, marks);
        let mut text = Self { state, path, tokens, marks, folded, looked_at, area, lines, first: 0 };
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

    fn rows(&self) -> impl Iterator<Item = (u16, Range<usize>)> + '_ {
        (0..).zip(self.lines.iter().skip(self.first).take(self.area.height.into()).cloned())
    }

    pub(super) fn draw(&self, buf: &mut Buffer) {
        for (row, line) in self.rows() {
            let mut pen = Pen { x: self.area.x, y: self.area.y + row, right: self.area.right() };
            if self.folds_before(&line) {
                pen.write(FOLDED, self.state.theme().dim(), buf);
            }
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
        if self.marks.leaves == Some(position) {
            pen.write(Marks::WOULD_BE_DRAWN, theme.warning(), buf);
        }
        if self.marks.parts == Some(position) {
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
        let fold = usize::from(self.folds_before(&line));
        let used: usize = line.map(|at| usize::from(self.tokens[at].width) + self.marks.width(at)).sum();
        let x = self.area.x.saturating_add((fold + used) as u16);
        let mut pen = Pen { x, y: self.area.y + row, right: self.area.right() };
        pen.write(Marks::CARET, self.state.theme().pointer(), buf);
    }

    /// The token under a cell.
    pub(super) fn token_under(&self, at: Position) -> Option<usize> {
        let (_, line) = self.rows().find(|(row, _)| self.area.y + row == at.y)?;
        let mut right = usize::from(self.area.x) + usize::from(self.folds_before(&line));
        line.into_iter().find(|&position| {
            right += usize::from(self.tokens[position].width) + self.marks.width(position);
            usize::from(at.x) < right
        })
    }

    /// Whether the sign of a folded prompt stands before a line.
    fn folds_before(&self, line: &Range<usize>) -> bool {
        self.folded > 0 && line.start == self.folded
    }
}

/// The lines of a lane's text, as positions, from the end of what is folded on.
fn lines(tokens: &[ShownToken], width: usize, folded: usize, marks: LaneMarks) -> Vec<Range<usize>> {
    let folded = folded.min(tokens.len());
    let marked: Vec<usize> = [marks.parts, marks.leaves].into_iter().flatten().collect();
    if folded == 0 {
        return wrap_marked(tokens, width, &marked);
    }
    let marked: Vec<usize> = marked.into_iter().filter_map(|at| at.checked_sub(folded)).collect();
    // The sign of what is folded takes a cell.
    let mut lines = wrap_marked(&tokens[folded..], width.saturating_sub(1).max(1), &marked);
    for line in &mut lines {
        *line = line.start + folded..line.end + folded;
    }
    lines
}

/// The end of a lane's generated text in one row, as much of it as there is room for, with its marks.
pub(super) fn end(state: &State, lane: usize, area: Rect, buf: &mut Buffer) {
    let compare = state.compare();
    let (Some(lane_there), Some(transcript)) = (compare.lanes().get(lane), compare.transcript(lane)) else {
        return;
    };
    let path = lane_there.cursor().path();
    let (tokens, prompt) = (transcript.tokens(), path.prompt_len());
    let marks = LaneMarks::of(state, lane, prompt);
    // The sign of what is left out, and the caret.
    let mut room = usize::from(area.width).saturating_sub(2);
    let fits = |&position: &usize| {
        let width = usize::from(tokens[position].width) + marks.width(position);
        let fits = width <= room;
        room = room.saturating_sub(width);
        fits
    };
    let first = (prompt.min(tokens.len())..tokens.len()).rev().take_while(fits).last();
    let first = first.unwrap_or(tokens.len());
    let text = LaneText {
        state,
        path,
        tokens,
        marks,
        folded: first,
        looked_at: None,
        area: Rect { height: area.height.min(1), ..area },
        lines: std::iter::once(first..tokens.len()).collect(),
        first: 0,
    };
    if !text.area.is_empty() {
        text.draw(buf);
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
