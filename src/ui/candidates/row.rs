//! One candidate in one row.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr as _;

use super::{
    SUM,
    columns::{Column, Columns},
};
use crate::{
    app::{PanelId, Row, State},
    theme::Marks,
    token::Token,
    ui::{
        format::logit as logit_text,
        numbers::probability,
        rows::fitting,
        widgets::{Bar, elide, scale_head},
    },
};

/// Draws candidates. A bar of full length is a probability of 1, in both columns and at every step.
pub(super) struct RowPainter<'a> {
    state: &'a State,
    columns: &'a Columns,
}

impl<'a> RowPainter<'a> {
    pub(super) fn new(state: &'a State, columns: &'a Columns) -> Self {
        Self { state, columns }
    }

    /// The columns' names.
    pub(super) fn header(&self, row: Rect, buf: &mut Buffer) {
        let (c, style) = (self.columns, self.state.theme().dim());
        let mut write = |column: Column, text: &str| right(column, text, style, row, buf);
        write(c.rank, "#");
        if let Some(id) = c.id {
            write(id, "id");
        }
        if let Some(logit) = c.logit {
            write(logit, "logit");
        }
        write(c.raw, "raw");
        write(c.chain, "final");
        if let Some(cumulative) = c.cumulative {
            write(cumulative, SUM);
        }
        left(c.token, "token", style, row, buf);
        for bar in [c.raw_bar, c.chain_bar] {
            left(bar, &scale_head(bar.width), style, row, buf);
        }
    }

    /// The candidate at an index of the list.
    pub(super) fn candidate(&self, index: usize, place: Rect, buf: &mut Buffer) {
        let view = self.state.frame();
        let Some(row) = view.candidates.row(index) else { return };
        self.row(row, place, buf);
        if self.state.focus() == PanelId::Candidates && view.candidates.selected() == index {
            buf.set_style(place, self.state.theme().selected_row());
        }
    }

    /// A candidate.
    pub(super) fn row(&self, row: &Row, place: Rect, buf: &mut Buffer) {
        let (theme, c) = (self.state.theme(), self.columns);
        let (final_p, cut_by) = self.state.frame().fate(row.token);
        let (mark, marked) = self.mark(row.token);
        let plain = if cut_by.is_some() { theme.cut() } else { theme.text() };
        let small = if cut_by.is_some() { theme.cut() } else { theme.dim() };
        buf.set_stringn(place.x, place.y, mark, 1, theme.chosen());
        right(c.rank, &row.rank.to_string(), small, place, buf);
        self.token(row.token, if marked { theme.chosen() } else { plain }, place, buf);
        if let Some(id) = c.id {
            right(id, &row.token.to_string(), small, place, buf);
        }
        if let Some(logit) = c.logit {
            right(logit, &logit_text(row.logit), plain, place, buf);
        }
        self.raw(row, plain, cut_by.is_some(), place, buf);
        match cut_by {
            Some(stage) => self.cut(stage, place, buf),
            None => self.after_chain(final_p, place, buf),
        }
        if let Some(cumulative) = c.cumulative {
            right(cumulative, &probability(row.cumulative), small, place, buf);
        }
    }

    /// The sign before a row, and whether it is the one of the token that counts here.
    fn mark(&self, token: Token) -> (&'static str, bool) {
        let drawn = self.state.landing();
        let counts = self.state.frame().taken.or(drawn);
        if counts == Some(token) {
            (Marks::CHOSEN, true)
        } else if drawn == Some(token) {
            (Marks::WOULD_BE_DRAWN, false)
        } else {
            (" ", false)
        }
    }

    fn token(&self, token: Token, style: Style, place: Rect, buf: &mut Buffer) {
        let Some(session) = self.state.session() else { return };
        let view = self.state.frame();
        let shown = self.state.transcript().peek(view.length, token, session.vocabulary());
        let column = self.columns.token;
        left(column, shown.as_str(), style, place, buf);
        if let Some((from, to)) = found(shown.as_str(), view.candidates.query()) {
            let x = shown.as_str()[..from].width() as u16;
            let width = shown.as_str()[from..to].width() as u16;
            let match_area =
                Rect { x: place.x + column.start + x, width, ..place }.intersection(cells(column, place));
            buf.set_style(match_area, self.state.theme().search_match());
        }
    }

    fn raw(&self, row: &Row, style: Style, cut: bool, place: Rect, buf: &mut Buffer) {
        let theme = self.state.theme();
        let p = self.state.frame().candidates.probability(row);
        right(self.columns.raw, &probability(p), style, place, buf);
        Self::bar(self.columns.raw_bar, p, if cut { theme.bar_cut() } else { theme.bar_raw() }, place, buf);
    }

    fn after_chain(&self, p: f64, place: Rect, buf: &mut Buffer) {
        let theme = self.state.theme();
        right(self.columns.chain, &probability(p), theme.strong(), place, buf);
        Self::bar(self.columns.chain_bar, p, theme.bar_final(), place, buf);
    }

    fn bar(column: Column, p: f64, style: Style, place: Rect, buf: &mut Buffer) {
        // No bar for what is less than half an eighth: there would be a row of slivers all the way down.
        if p * f64::from(column.width) * 16.0 >= 1.0 {
            (&Bar { fraction: p, style }).render(cells(column, place), buf);
        }
    }

    /// `· cut by top-p` in place of the final probability and its bar.
    fn cut(&self, stage: &str, place: Rect, buf: &mut Buffer) {
        let (theme, c) = (self.state.theme(), self.columns);
        let label = cells(c.chain_bar, place);
        let wordings = [format!("cut by {stage}"), stage.to_owned()];
        let told = fitting(&wordings, label.width.into());
        if let Some(by) = told.strip_suffix(stage) {
            right(c.chain, Marks::CUT, theme.cut(), place, buf);
            let line = Line::from(vec![
                Span::styled(by.to_owned(), theme.cut()),
                Span::styled(stage, theme.cut_label()),
            ]);
            buf.set_line(label.x, label.y, &line, label.width);
        } else {
            let whole = c.chain.width + 1 + c.chain_bar.width;
            let both = Column { width: whole, ..c.chain };
            left(
                both,
                fitting(&[stage.to_owned(), "cut".to_owned()], whole.into()),
                theme.cut_label(),
                place,
                buf,
            );
        }
    }
}

/// Where the shown token holds what is searched for.
fn found(shown: &str, query: &str) -> Option<(usize, usize)> {
    if query.is_empty() {
        return None;
    }
    // Neither change moves a byte of the other characters, so places stay what they are.
    let shown = shown.to_ascii_lowercase();
    let at = |needle: &str| shown.find(needle).map(|from| (from, from + needle.len()));
    let query = query.to_ascii_lowercase();
    at(&query).or_else(|| at(&query.replace(' ', "␣")))
}

/// A column's cells in a row, as far as the row goes.
fn cells(column: Column, row: Rect) -> Rect {
    Rect { x: row.x + column.start, width: column.width, ..row }.intersection(row)
}

fn left(column: Column, text: &str, style: Style, row: Rect, buf: &mut Buffer) {
    let cells = cells(column, row);
    let width = usize::from(cells.width);
    buf.set_stringn(cells.x, cells.y, elide(text, width), width, style);
}

fn right(column: Column, text: &str, style: Style, row: Rect, buf: &mut Buffer) {
    let cells = cells(column, row);
    let pad = usize::from(cells.width).saturating_sub(text.width()) as u16;
    buf.set_stringn(cells.x + pad, cells.y, text, usize::from(cells.width - pad), style);
}
