//! The best text beside greedy decoding and a sample.
//!
//! ```text
//! ╭ Best text beside others ⁱ ──────────────────────────────────────────╮
//! │         text                               ◆ p     ln P      score  │
//! │ best    ◆␣make␣y␣.                        .400    −1.02     −0.850  │
//! │ greedy  ◆␣go␣x␣.                          .500    −2.12     −1.780  │
//! │ sample  ◆␣go␣y␣.                          .500    −2.25     −1.890  │
//! │ greedy took `␣go` with .50; the best text began with `␣make`, .40   │
//! ╰─────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    hit_row, say,
    table::{Columns, left, log, score, token_style},
};
use crate::{
    app::{BeamBeside, BeamText, Hit, PanelId, State, wrap_marked},
    text::Shown,
    theme::Marks,
    ui::{
        frame,
        numbers::{probability, thousands},
        rows::{draw_row, wrap_words},
        widgets::Panel,
    },
};

/// Columns after the text, the most important first.
const COLUMNS: &[(&str, usize)] = &[("ln P", 9), ("◆ p", 7), ("score", 9), ("tokens", 8)];
const ORDER: [usize; 4] = [1, 3, 0, 2];
/// Cells that the text keeps.
const LEAST_TEXT: usize = 36;
/// Cells of the name.
const NAME: usize = 8;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() {
        return;
    }
    let view = state.beam().view();
    if view.rounds == 0 || view.beside.is_empty() {
        let sentence = "The best text so far is compared here with greedy decoding, which always takes the likeliest \
         token, and with a sample.";
        say(state, sentence, inner, buf);
        return;
    }
    let parts = Parts::of(state, inner);
    if let Some(head) = parts.head {
        let name = format!("{}text", " ".repeat(NAME));
        draw_row(head, 0, &parts.columns.head(state.theme(), &name), buf);
    }
    for (row, place) in view.beside.iter().zip(&parts.rows) {
        draw_text(state, row, &parts.columns, *place, buf);
    }
    for (index, place) in parts.rows.iter().enumerate() {
        if state.focus() == PanelId::Winner && index == state.beam().selected(PanelId::Winner) {
            buf.set_style(Rect { height: place.height.min(1), ..*place }, state.theme().selected_row());
        }
    }
    for (row, sentence) in parts.sentences.iter().enumerate() {
        draw_row(parts.below, row, &Line::styled(sentence.as_str(), state.theme().text()), buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let shown = state.beam().view().rounds > 0;
    let parts = Parts::of(state, frame::inner(area));
    let rows = parts.rows.into_iter().enumerate().filter(|_| shown);
    hit_row(state, PanelId::Winner, rows, area, at, &panel(state))
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let over = state.beam().search().is_some_and(crate::decode::beam::BeamSearch::is_over);
    let told = if over || state.beam().view().rounds == 0 { "" } else { "so far" };
    Panel { top_right: Line::styled(told, state.theme().key_label()), ..frame::frame(state, PanelId::Winner) }
}

/// What stands where: a head, the texts, and the sentences below them.
struct Parts {
    columns: Columns,
    head: Option<Rect>,
    rows: Vec<Rect>,
    below: Rect,
    sentences: Vec<String>,
}

impl Parts {
    /// A row for each text first, then the sentences, then the head; what is left is for more of the texts.
    fn of(state: &State, inner: Rect) -> Self {
        let width = usize::from(inner.width);
        let texts = &state.beam().view().beside;
        let shown = (texts.len() as u16).min(inner.height);
        let mut spare = inner.height - shown;
        let told = texts.iter().filter_map(|row| row.sentence.as_deref());
        let told = told.map(|sentence| Shown::inline(sentence).as_str().to_owned());
        let wrap = |text: String| wrap_words(&text, width).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let mut sentences: Vec<String> = told.flat_map(wrap).collect();
        sentences.truncate(spare.into());
        spare -= sentences.len() as u16;
        let head = spare.min(1);
        spare -= head;
        let lines = 1 + spare / shown.max(1);
        // What is left over sets the sentences off.
        let gap = (spare % shown.max(1)).min(1);
        let row = |index: u16| Rect { y: inner.y + head + index * lines, height: lines, ..inner };
        let below = inner.y + head + shown * lines + gap;
        Self {
            columns: Columns::of(COLUMNS, &ORDER, LEAST_TEXT, width),
            head: (head > 0).then_some(Rect { height: 1, ..inner }),
            rows: (0..shown).map(row).collect(),
            below: Rect { y: below, height: inner.bottom().saturating_sub(below), ..inner },
            sentences,
        }
    }
}

/// A text in as many lines as it has, its figures in the first.
fn draw_text(state: &State, row: &BeamBeside, columns: &Columns, place: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    let style = if row.name == "best" { theme.chosen() } else { theme.strong() };
    draw_row(place, 0, &Line::from(left(row.name, NAME, style)), buf);
    let generated = row.tokens > 0;
    let cells = columns.cells(theme.text(), |column| {
        let text = match column {
            0 if generated => log(row.log_probability),
            1 => row.parts.map_or(String::new(), |(_, p)| probability(p)),
            2 if generated => score(row.score),
            3 => thousands(row.tokens),
            _ => String::new(),
        };
        (text, (column == 0).then(|| theme.strong()))
    });
    let figures =
        Rect { x: place.x + columns.text as u16, width: place.width - columns.text as u16, ..place };
    draw_row(figures, 0, &Line::from(cells), buf);
    let text = Rect {
        x: place.x + NAME.min(columns.text) as u16,
        width: columns.text.saturating_sub(NAME + 1) as u16,
        ..place
    };
    let parts = row.parts.map(|(index, _)| index);
    draw_lines(state, &row.text, (row.tokens, row.stopped.is_some()), parts, text, buf);
}

/// Draws a text of so many tokens, which may have ended, in as many lines as an area has, the token marked at which it parts
/// from the best one.
pub(super) fn draw_lines(
    state: &State,
    text: &BeamText,
    (tokens, ended): (usize, bool),
    parts: Option<usize>,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = state.theme();
    let parts = parts.and_then(|index| index.checked_sub(text.skipped));
    // A cell at either end for what is left out.
    let width = usize::from(area.width).saturating_sub(2).max(1);
    let height = usize::from(area.height);
    let first = first_in_sight(text, parts, width * height);
    let marked: Vec<usize> = parts.iter().filter_map(|at| at.checked_sub(first)).collect();
    let wrapped = wrap_marked(&text.tokens[first..], width, &marked);
    let more = wrapped.len() > height || text.skipped + text.tokens.len() < tokens;
    let last = wrapped.len().min(height).saturating_sub(1);
    for (number, range) in wrapped.into_iter().take(height).enumerate() {
        let before = if number == 0 && text.skipped + first > 0 { "…" } else { "" };
        let mut spans = vec![Span::styled(before, theme.dim())];
        for at in range.map(|at| first + at) {
            let Some(token) = text.tokens.get(at) else { continue };
            if parts == Some(at) {
                spans.push(Span::styled(Marks::PARTS, theme.pointer()));
            }
            spans.push(Span::styled(token.text.as_str(), token_style(theme, text, at)));
        }
        if number == last && more {
            spans.push(Span::styled("…", theme.dim()));
        } else if number == last && ended {
            spans.push(Span::styled(Marks::STOPPED, theme.stop_reason()));
        }
        draw_row(area, number, &Line::from(spans), buf);
    }
}

/// The first token that is shown in so many cells, so that the one at which texts part is in sight, after some of what
/// they have in common.
fn first_in_sight(text: &BeamText, parts: Option<usize>, cells: usize) -> usize {
    let Some(parts) = parts.filter(|&parts| parts < text.tokens.len()) else { return 0 };
    let mut before: usize = text.tokens[..parts].iter().map(|token| usize::from(token.width)).sum();
    let mut first = 0;
    while first < parts && before > cells / 2 {
        before -= usize::from(text.tokens[first].width);
        first += 1;
    }
    first
}
