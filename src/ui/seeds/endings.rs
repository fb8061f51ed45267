//! The different texts that seeds came to: those that have ended first, and of each those of most seeds.
//!
//! ```text
//! ╭ Endings ⁱ ─────────────── 9 texts, 12 of 32 seeds ended ╮
//! │ seeds  share    ln P  why            text               │
//! │     3   .094   −14.2  end token      …␣loved␣to␣play.   │
//! ╰ seeds 3, 7, 12 ─────────────────────────────────────────╯
//! ```

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
    ui::{
        columns::{Column, put, put_right},
        frame,
        numbers::{PROBABILITY_WIDTH, minus, probability, thousands},
        tokens,
        widgets::{Panel, elide},
    },
};

/// Cells of the columns before the text, with the space before each: seeds, share, ln P, why.
const WIDTHS: [u16; 4] = [5, PROBABILITY_WIDTH + 2, 8, 14];
/// Cells that the text keeps.
const LEAST_TEXT: u16 = 20;
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
    if let Some(place) = list::head(inner) {
        columns.head(state, place, buf);
    }
    for (index, place) in list::places(inner, seeds.selected_ending(), seeds.endings().len()) {
        let Some(ending) = seeds.endings().get(index) else { continue };
        columns.row(state, forest, ending, place, buf);
        if index == seeds.selected_ending() && state.focus() == PanelId::Endings {
            buf.set_style(place, theme.selected_row());
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let seeds = state.seeds();
    list::hit(&panel(state), PanelId::Endings, area, at, (seeds.selected_ending(), seeds.endings().len()))
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let panel = frame::frame(state, PanelId::Endings);
    let Some(forest) = state.seeds().forest() else { return panel };
    let texts = state.seeds().endings().len();
    let s = if texts == 1 { "" } else { "s" };
    let told = format!("{texts} text{s}, {} of {} seeds ended", forest.ended(), forest.len());
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

/// The text that was generated; an end token is told by the reason.
fn text(ending: &Ending, forest: &Forest, width: usize) -> String {
    let path = ending.seeds.first().and_then(|&seed| forest.path(seed));
    let written = path.map_or(&[][..], |path| path.generated_tokens());
    let told = usize::from(matches!(ending.stopped, Some(StopReason::Eog { .. })));
    let written = &written[..written.len().saturating_sub(told)];
    let vocabulary = forest.cursor().vocabulary();
    tokens::ending(written.iter().map(|&token| vocabulary.piece(token)), width)
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
                None => ("can go on", theme.dim()),
            };
            put(&elide(why, usize::from(width) - 2), (x + 2, width - 2), style, place, buf);
        }
        match text(ending, forest, self.text.1.into()) {
            written if written.is_empty() => put("(no text)", self.text, theme.dim(), place, buf),
            written => put(&written, self.text, theme.text(), place, buf),
        }
    }
}
