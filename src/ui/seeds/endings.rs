//! The different texts that seeds came to: those that have ended first, and of each those of most seeds.
//!
//! ```text
//! ╭ Endings ⁱ ─────────── 9 texts · 12 of 32 seeds finished ╮
//! │ seeds  share    ln P  why            text               │
//! │     3   .094   −14.2  end token      …␣loved…␣to␣play.  │
//! │ ─────────────────────────────────────────────────────── │
//! │ , there was a little girl who loved her red ball, and   │
//! │ she went to play.                                       │
//! ╰ seeds 3, 7, 12 ─────────────────────────────────────────╯
//! ```
//!
//! A row shows its text from where it diverges from the text most like it, and its end; the selected text stands below whole.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::Widget,
};

use super::list;
use crate::{
    app::{Hit, PanelId, State},
    decode::{
        StopReason,
        forest::{Ending, Forest},
    },
    text::Shown,
    token::Token,
    ui::{
        columns::{Column, put, put_right},
        frame,
        numbers::{PROBABILITY_WIDTH, minus, probability, thousands},
        rows::{draw_row, wrap_words},
        tokens,
        widgets::{Panel, elide},
    },
};

/// Cells of the columns before the text, with the space before each: seeds, share, ln P, why.
const WIDTHS: [u16; 4] = [5, PROBABILITY_WIDTH + 2, 8, 14];
/// Cells that the text keeps.
const LEAST_TEXT: u16 = 20;
/// Rows of the panel's inside from which the selected text stands below the list.
const ROOM_FOR_TEXT: u16 = 7;
/// Seeds that are named of an ending.
const MOST_SEEDS: usize = 4;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    let (seeds, theme) = (state.seeds(), state.theme());
    let Some(forest) = seeds.forest().filter(|_| !inner.is_empty()) else { return };
    let columns = Columns::of(inner.width);
    let parts = Parts::of(state, area);
    if let Some(place) = list::head(parts.list) {
        columns.head(state, place, buf);
    }
    for (index, place) in list::places(parts.list, seeds.selected_ending(), seeds.endings().len()) {
        let Some(ending) = seeds.endings().get(index) else { continue };
        columns.row(state, forest, ending, place, buf);
        if index == seeds.selected_ending() && state.focus() == PanelId::Endings {
            buf.set_style(place, theme.selected_row());
        }
    }
    parts.draw_text(state, buf);
}

/// The list, and below it the selected text.
struct Parts {
    list: Rect,
    text: Rect,
    lines: Vec<String>,
}

impl Parts {
    /// The text gets at most half of the rows, and none in a low panel.
    fn of(state: &State, area: Rect) -> Self {
        let inner = frame::inner(area);
        let lines = match selected_text(state) {
            Some(text) if inner.height >= ROOM_FOR_TEXT => lines(&text, inner.width.into()),
            _ => Vec::new(),
        };
        let rows = (lines.len() as u16).min((inner.height / 2).saturating_sub(1));
        let taken = if rows > 0 { rows + 1 } else { 0 };
        let list = Rect { height: inner.height - taken, ..inner };
        Self { list, text: Rect { y: list.bottom(), height: taken, ..inner }, lines }
    }

    fn draw_text(&self, state: &State, buf: &mut Buffer) {
        let theme = state.theme();
        let Some(rows) = usize::from(self.text.height).checked_sub(1) else { return };
        let rule = Line::styled("─".repeat(self.text.width.into()), theme.dim());
        draw_row(self.text, 0, &rule, buf);
        for (row, line) in self.lines.iter().take(rows).enumerate() {
            // The rest of a longer one is read where the panel is explained.
            let more = row + 1 == rows && self.lines.len() > rows;
            let line = if more { format!("{line} …") } else { line.clone() };
            draw_row(self.text, row + 1, &Line::styled(line, theme.text()), buf);
        }
    }
}

/// The selected text whole, as it was generated.
pub(in crate::ui) fn selected_text(state: &State) -> Option<String> {
    let (seeds, forest) = (state.seeds(), state.seeds().forest()?);
    let ending = seeds.endings().get(seeds.selected_ending())?;
    let vocabulary = forest.cursor().vocabulary();
    let bytes: Vec<u8> =
        written(ending, forest).iter().flat_map(|&token| vocabulary.piece(token)).copied().collect();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (!text.is_empty()).then_some(text)
}

/// A text in lines of so many cells.
fn lines(text: &str, width: usize) -> Vec<String> {
    let shown: Vec<String> = Shown::lines(text.trim_start()).map(|line| line.as_str().to_owned()).collect();
    shown.iter().flat_map(|line| wrap_words(line, width)).map(str::to_owned).collect()
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let seeds = state.seeds();
    let list = Parts::of(state, area).list;
    let rows = (seeds.selected_ending(), seeds.endings().len());
    list::hit_in(&panel(state), PanelId::Endings, (area, list), at, rows)
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let panel = frame::frame(state, PanelId::Endings);
    let Some(forest) = state.seeds().forest() else { return panel };
    let texts = state.seeds().endings().len();
    let s = if texts == 1 { "" } else { "s" };
    let told = format!("{texts} text{s} · {} of {} seeds finished", forest.ended(), forest.len());
    let selected = state.seeds().endings().get(state.seeds().selected_ending());
    let who = selected.map_or_else(String::new, |ending| seeds_of(ending, forest));
    Panel {
        top_right: Line::styled(told, state.theme().text()),
        bottom_left: Line::styled(who, state.theme().key_label()),
        ..panel
    }
}

/// The seeds that came to an ending: `seeds 3, 7, 12`; of many the first ones.
fn seeds_of(ending: &Ending, forest: &Forest) -> String {
    let named = ending.seeds.iter().take(MOST_SEEDS).filter_map(|&index| forest.seed(index));
    let named: Vec<String> = named.map(|seed| seed.to_string()).collect();
    let s = if ending.seeds.len() == 1 { "" } else { "s" };
    let more = match ending.seeds.len().saturating_sub(MOST_SEEDS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("seed{s} {}{more}", named.join(", "))
}

/// The tokens that were generated; an end token is told by the reason.
fn written<'a>(ending: &Ending, forest: &'a Forest) -> &'a [Token] {
    let path = ending.seeds.first().and_then(|&seed| forest.path(seed));
    let written = path.map_or(&[][..], |path| path.generated_tokens());
    let told = usize::from(matches!(ending.stopped, Some(StopReason::Eog { .. })));
    &written[..written.len().saturating_sub(told)]
}

/// The text from where it diverges from the one most like it, and its end.
fn text(ending: &Ending, forest: &Forest, width: usize) -> String {
    let vocabulary = forest.cursor().vocabulary();
    let pieces: Vec<&[u8]> = written(ending, forest).iter().map(|&token| vocabulary.piece(token)).collect();
    match pieces.get(ending.parts..) {
        Some(own) if !own.is_empty() => tokens::both_ends(own, ending.parts > 0, width),
        // It is the beginning of another one.
        _ => tokens::ending(pieces.into_iter(), width),
    }
}

/// Where things stand; a column without room has none.
struct Columns {
    numbers: [Option<Column>; 4],
    text: Column,
}

impl Columns {
    fn of(width: u16) -> Self {
        // How many came, then why it ended; what can be worked out from them is given up first.
        const ORDER: [usize; 4] = [0, 3, 1, 2];
        let mut left = width.saturating_sub(LEAST_TEXT);
        let mut shown = [false; 4];
        for index in ORDER {
            if WIDTHS[index] > left {
                break;
            }
            left -= WIDTHS[index];
            shown[index] = true;
        }
        let mut x = 0;
        let numbers = [0, 1, 2, 3].map(|index| {
            let column = (x, WIDTHS[index]);
            x += if shown[index] { WIDTHS[index] } else { 0 };
            shown[index].then_some(column)
        });
        let text = if x == 0 { 0 } else { x + 2 };
        Self { numbers, text: (text, width.saturating_sub(text)) }
    }

    fn head(&self, state: &State, place: Rect, buf: &mut Buffer) {
        let style = state.theme().dim();
        for (head, column) in ["seeds", "share", "ln P"].into_iter().zip(self.numbers) {
            if let Some(column) = column {
                put_right(head, column, style, place, buf);
            }
        }
        if let Some((x, width)) = self.numbers[3] {
            put("why", (x + 2, width - 2), style, place, buf);
        }
        put("text", self.text, style, place, buf);
    }

    fn row(&self, state: &State, forest: &Forest, ending: &Ending, place: Rect, buf: &mut Buffer) {
        let theme = state.theme();
        let log = minus(&format!("{:.1}", ending.log_probability));
        let cells = [thousands(ending.seeds.len()), probability(ending.share), log];
        for (cell, column) in cells.iter().zip(self.numbers) {
            if let Some(column) = column {
                put_right(cell, column, theme.strong(), place, buf);
            }
        }
        if let Some((x, width)) = self.numbers[3] {
            let (why, style) = match &ending.stopped {
                Some(reason) => (reason.headline(), theme.stop_reason()),
                None if state.play().playing() => ("running", theme.good()),
                None => ("unfinished", theme.dim()),
            };
            put(&elide(why, usize::from(width) - 2), (x + 2, width - 2), style, place, buf);
        }
        match text(ending, forest, self.text.1.into()) {
            written if written.is_empty() => put("(no text)", self.text, theme.dim(), place, buf),
            written => put(&written, self.text, theme.text(), place, buf),
        }
    }
}
