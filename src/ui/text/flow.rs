//! Which lines of the text are on view, and where its end lies.

use std::ops::Range;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::app::{ShownToken, State, wrap};

/// Cells that what stands after the last token needs: text held back, then the caret or why generation has stopped.
fn end_cells(state: &State) -> usize {
    let reason = state.session().and_then(|session| session.stopped());
    2 + reason.map_or(0, |reason| 1 + reason.headline().width())
}

/// The text in lines, and the page of them that is on view.
///
/// The text is turned over page by page, counted from its end, so that a token that is clicked stays where it
/// is.
pub(super) struct Flow {
    lines: Vec<Range<usize>>,
    /// The first line on view.
    first: usize,
    height: usize,
    /// Line and column of what stands after the last token.
    end: (usize, usize),
}

impl Flow {
    /// The flow of the state's text in an area that is not empty.
    pub(super) fn of(state: &State, area: Rect) -> Self {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let tokens = state.transcript().tokens();
        let lines = wrap(tokens, width);
        let last = lines.len() - 1;
        let used: usize = tokens[lines[last].clone()].iter().map(|token| usize::from(token.width)).sum();
        let end = if used == 0 || used + end_cells(state) <= width { (last, used) } else { (last + 1, 0) };
        let focus = match state.cursor() {
            Some(cursor) => lines.partition_point(|line| line.end <= cursor).min(last),
            None => end.0,
        };
        let total = end.0 + 1;
        let pages_below = (total - 1 - focus.min(total - 1)) / height;
        let first = total.saturating_sub(height * (pages_below + 1));
        Self { lines, first, height, end }
    }

    /// The rows on view and their tokens.
    pub(super) fn visible(&self) -> impl Iterator<Item = (u16, Range<usize>)> + '_ {
        (0..).zip(self.lines.iter().skip(self.first).take(self.height).cloned())
    }

    /// Row and column of what stands after the last token, if that is on view.
    pub(super) fn end(&self) -> Option<(u16, u16)> {
        let row = self.end.0.checked_sub(self.first).filter(|row| *row < self.height)?;
        Some((row as u16, self.end.1 as u16))
    }

    /// The token under a cell, counted from the area's first.
    pub(super) fn token_under(&self, tokens: &[ShownToken], column: u16, row: u16) -> Option<usize> {
        let line = self.lines.get(self.first + usize::from(row))?.clone();
        let mut right = 0_usize;
        line.into_iter().find(|&position| {
            right += tokens.get(position).map_or(0, |token| usize::from(token.width));
            usize::from(column) < right
        })
    }
}
