//! The candidates as the selected stage left them, and below a line those that it cut.
//!
//! ```text
//! ╭ After top-k 40 ⁱ ───────────────────────────── 40 of 4,096 ╮
//! │    # token          logit before after                     │
//! │▸   1 ␣in            11.20   .412  .425 ███████▍            │
//! │ ↓  2 ␣with          10.31   .169  .174 ███                 │
//! │ ── cut by top-k: 4,056 tokens, .018 ────────────────────── │
//! │ · 41 ␣under          8.11   .001     rank 41, 40 kept      │
//! ╰────────────────────────────────────────────────────────────╯
//! ```

mod columns;
mod listing;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr as _;

use self::{
    columns::Columns,
    listing::{Entry, Item, Listing},
};
use super::{draw_sentence, panel, pen::Pen, shown};
use crate::{
    app::{Hit, State, XrayPanel},
    sampling::Fate,
    text::Shown,
    theme::Marks,
    token::Token,
    ui::{
        candidates::match_count,
        format::logit,
        numbers::{PROBABILITY_WIDTH, entropy, probability, thousands},
        rows::fitting,
        widgets::{Bar, Panel, scale_head},
    },
};

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    frame(state).render(area, buf);
    let inner = Panel::inner(area);
    if state.xray().xray.is_none() || inner.is_empty() {
        draw_sentence(state, super::inner(area), buf);
        return;
    }
    let listing = Listing::of(state, inner);
    let columns = Columns::of(inner.width, state.frame().candidates.n_vocab());
    let painter = Painter::new(state, columns);
    for (row, place) in listing.entries() {
        painter.entry(row, place, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    let inner = Panel::inner(area);
    state.xray().xray.as_ref()?;
    let listing = Listing::of(state, inner);
    match listing.entries().find(|(_, place)| place.contains(at))?.0 {
        Entry::Item(Item { found: Some(index), .. }) => Some(Hit::Candidate(*index)),
        Entry::Item(item) => Some(Hit::Trace(item.token)),
        _ => None,
    }
}

fn searching(state: &State) -> bool {
    state.searching() || !state.frame().candidates.query().is_empty()
}

fn frame<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let (title, right) = match state.xray().selected() {
        _ if searching(state) => ("The whole vocabulary".to_owned(), String::new()),
        None => (
            "The model's own distribution".to_owned(),
            format!("entropy {} bits", entropy(state.frame().entropy_bits)),
        ),
        Some(at) if at.off.is_some() => (format!("{} (off)", at.label()), String::new()),
        Some(at) => {
            let setting = if at.setting.len() <= 8 { format!(" {}", at.setting) } else { String::new() };
            let kept = format!("{} of {}", thousands(at.kept), thousands(at.of));
            (format!("After {}{setting}", at.label()), kept)
        }
    };
    Panel { top_right: Line::styled(right, theme.key_label()), ..panel(state, XrayPanel::Candidates, title) }
}

struct Painter<'a> {
    state: &'a State,
    columns: Columns,
    /// The item that is traced.
    traced: Option<Token>,
}

impl<'a> Painter<'a> {
    fn new(state: &'a State, columns: Columns) -> Self {
        Self { state, columns, traced: state.xray().token }
    }

    fn entry(&self, entry: &Entry, place: Rect, buf: &mut Buffer) {
        let theme = self.state.theme();
        match entry {
            Entry::Heads => self.heads(place, buf),
            Entry::Item(item) => self.item(item, place, buf),
            Entry::More { count, mass } => {
                let mut pen = Pen::new(place, buf);
                let text = format!("{:>1$} more", format!("… {}", thousands(*count)), 6);
                pen.rest(&format!("  {text}, {} together", probability(*mass)), theme.dim());
            }
            Entry::Unnamed { count, mass } => {
                let text =
                    format!("  … {} unnamed tokens, {} together", thousands(*count), probability(*mass));
                Pen::new(place, buf).rest(&text, theme.dim());
            }
            Entry::Line(text) => self.line(text, place, buf),
            Entry::Search => self.search(place, buf),
        }
    }

    fn heads(&self, row: Rect, buf: &mut Buffer) {
        let (dim, c) = (self.state.theme().dim(), self.columns);
        let model = self.state.xray().stage == 0 || searching(self.state);
        let mut pen = Pen::new(row, buf);
        pen.left(2, "", dim);
        pen.close_up();
        pen.right(c.rank, "#", dim);
        pen.left(c.token, "token", dim);
        pen.right(c.logit, "logit", dim);
        pen.right(c.before, if model { "model" } else { "before" }, dim);
        pen.right(PROBABILITY_WIDTH, if model { "final" } else { "after" }, dim);
        pen.left(c.bar, &scale_head(c.bar), dim);
    }

    fn item(&self, item: &Item, row: Rect, buf: &mut Buffer) {
        let (theme, c) = (self.state.theme(), self.columns);
        let (mark, chosen) = self.mark(item.token);
        let text = match (item.after, chosen) {
            (None, _) => theme.cut(),
            (_, true) => theme.chosen(),
            _ => theme.text(),
        };
        let small = if item.after.is_some() { theme.dim() } else { text };
        let mut pen = Pen::new(row, buf);
        pen.left(1, mark, theme.chosen());
        pen.close_up();
        pen.left(1, change(&item.fate, item.after.is_none()), theme.nucleus_line());
        pen.close_up();
        pen.right(c.rank, &item.rank.to_string(), small);
        pen.left(c.token, shown(self.state, item.token).as_str(), text);
        pen.right(c.logit, &logit(item.logit), small);
        pen.right(c.before, &probability(item.before), small);
        match item.after {
            Some(p) if item.moved => {
                pen.right(PROBABILITY_WIDTH, &probability(p), theme.strong());
                pen.rest(fitting(&item.why, pen.room().into()), theme.text());
            }
            Some(p) => {
                pen.right(PROBABILITY_WIDTH, &probability(p), theme.strong());
                let bar = pen.column(c.bar);
                // No bar for what is less than half an eighth: there would be a row of slivers all the way down.
                if p * f64::from(bar.width) * 16.0 >= 1.0 {
                    (&Bar { fraction: p, style: theme.bar_final() }).render(bar, pen.buffer());
                }
            }
            None => {
                let room = usize::from(pen.room()).saturating_sub(1);
                pen.rest(&format!(" {}", fitting(&item.why, room)), theme.cut_label());
            }
        }
        if self.traced == Some(item.token) {
            let style = if self.state.xray().panel == XrayPanel::Candidates {
                theme.selected_row()
            } else {
                Style::new().add_modifier(ratatui::style::Modifier::UNDERLINED)
            };
            buf.set_style(row, style);
        }
    }

    /// The sign before the token that counts at this step, and whether it is that.
    fn mark(&self, token: Token) -> (&'static str, bool) {
        let drawn = self.state.landing();
        if self.state.frame().taken.or(drawn) == Some(token) {
            (Marks::CHOSEN, true)
        } else if drawn == Some(token) {
            (Marks::WOULD_BE_DRAWN, false)
        } else {
            (" ", false)
        }
    }

    /// `── cut by top-k: 4,056 tokens, .018 ──────`
    fn line(&self, text: &str, row: Rect, buf: &mut Buffer) {
        let style = self.state.theme().nucleus_line();
        let mut pen = Pen::new(row, buf);
        let text = format!("── {text} ");
        let fill = usize::from(row.width).saturating_sub(text.width());
        pen.rest(&format!("{text}{}", "─".repeat(fill)), style);
    }

    /// `/ drag▏  3 of 4,096 match`
    fn search(&self, row: Rect, buf: &mut Buffer) {
        let (theme, candidates) = (self.state.theme(), &self.state.frame().candidates);
        let query = Shown::inline(candidates.query());
        let mut spans =
            vec![Span::styled("/ ", theme.key()), Span::styled(query.as_str().to_owned(), theme.strong())];
        if self.state.searching() {
            spans.push(Span::styled(Marks::CARET, theme.pointer()));
        }
        let note = if candidates.query().is_empty() {
            "  part of a token, or its id".to_owned()
        } else {
            match_count(candidates)
        };
        spans.push(Span::styled(note, theme.dim()));
        crate::ui::rows::draw_row(row, 0, &Line::from(spans), buf);
    }
}

/// The sign of what a stage did to a logit.
fn change(fate: &Fate, cut: bool) -> &'static str {
    match fate {
        Fate::Moved { from, to, .. } if to > from => Marks::UP,
        Fate::Moved { .. } => Marks::DOWN,
        _ if cut => Marks::CUT,
        _ => " ",
    }
}
