//! What a canvas takes and gives against a model that chooses one token after the other.
//!
//! ```text
//! ╭ Against left to right ─────────────────────────────────────╮
//! │               diffusion  left to right                     │
//! │ passes               16             48                     │
//! │ tokens a pass      3.00           1.00                     │
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use unicode_width::UnicodeWidthStr as _;

use super::{canvas::token_style, draw_words, say, waiting};
use crate::{
    app::{Hit, JudgedText, PanelId, State},
    text::Shown,
    ui::{
        format::milliseconds,
        frame,
        numbers::{perplexity, thousands},
        rows::draw_row,
        widgets::{Panel, bar_column},
    },
};

/// Rows of the order with its heading, and from how many free rows on it is shown.
const ORDER: u16 = 4;
const ROOM_FOR_ORDER: u16 = 8;
const ORDER_TOLD: &str = "the step in which each position opened, left to right";
/// Cells of the names, and of each column.
const NAME: usize = 15;
const COLUMN: usize = 15;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() || waiting(state).is_some() {
        return;
    }
    let rows = rows(state);
    let theme = state.theme();
    let head = format!("{:NAME$}{:>COLUMN$}{:>COLUMN$}", "", "diffusion", "left to right");
    draw_row(inner, 0, &Line::styled(head, theme.dim()), buf);
    for (row, [name, first, second]) in rows.iter().enumerate() {
        let spans = vec![
            Span::styled(format!("{name:NAME$}"), theme.text()),
            Span::styled(format!("{first:>COLUMN$}"), theme.strong()),
            Span::styled(format!("{second:>COLUMN$}"), theme.strong()),
        ];
        draw_row(inner, row + 1, &Line::from(spans), buf);
    }
    let used = rows.len() as u16 + 1;
    let mut left = Rect { y: inner.y + used, height: inner.height.saturating_sub(used), ..inner };
    if left.height >= ROOM_FOR_ORDER {
        let order = Rect { y: left.y + 1, height: ORDER, ..left };
        draw_order(state, order, buf);
        left = Rect { y: order.bottom(), height: left.bottom() - order.bottom(), ..left };
    }
    if left.height > 1 {
        draw_text(state, Rect { y: left.y + 1, height: left.height - 1, ..left }, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    frame::hit(&panel(state), PanelId::LeftToRight, area, at)
}

/// The step in which each position opened: from left to right it would be a straight line upwards.
fn draw_order(state: &State, area: Rect, buf: &mut Buffer) {
    let Some(canvas) = state.diffuse().canvas() else { return };
    let (theme, opened) = (state.theme(), canvas.order().opened);
    let told =
        if usize::from(area.width) >= ORDER_TOLD.width() { ORDER_TOLD } else { "step of each position" };
    draw_row(area, 0, &Line::styled(told, theme.dim()), buf);
    let chart = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let most = opened.iter().map(|&(_, step)| step + 1).max().unwrap_or(1) as f64;
    let first = opened.len().saturating_sub(usize::from(chart.width));
    for (&(_, step), x) in opened.iter().skip(first).zip(chart.x..chart.right()) {
        let column = Rect { x, width: 1, ..chart };
        bar_column(column, (step + 1) as f64 / most, token_style(state, step, None), buf);
    }
}

/// Names and figures, the most important first.
fn rows(state: &State) -> Vec<[String; 3]> {
    let diffuse = state.diffuse();
    let Some(canvas) = diffuse.canvas() else { return Vec::new() };
    let (passes, time) = canvas.spent();
    let order = canvas.order();
    let mine = JudgedText {
        passes,
        time,
        tokens: order.opened.len(),
        perplexity: diffuse.beside().canvas().and_then(|text| text.perplexity),
        text: String::new(),
    };
    let own = diffuse.beside().own().map(|(text, _)| text);
    let none = || "–".to_owned();
    let both = |name: &str, figure: &dyn Fn(&JudgedText) -> Option<String>| {
        [name.to_owned(), figure(&mine).unwrap_or_else(none), own.and_then(figure).unwrap_or_else(none)]
    };
    let left = order.left_first.map_or_else(none, |part| format!("{:.0} %", part * 100.0));
    let ordered = if own.is_some() { "100 %".to_owned() } else { none() };
    vec![
        both("passes", &|text| (text.passes > 0).then(|| thousands(text.passes))),
        both("tokens a pass", &|text| {
            (text.passes > 0).then(|| format!("{:.2}", text.tokens as f64 / text.passes as f64))
        }),
        both("time in model", &|text| (text.passes > 0).then(|| milliseconds(text.time.as_secs_f64() * 1e3))),
        both("perplexity", &|text| text.perplexity.map(perplexity)),
        ["left first".to_owned(), left, ordered],
    ]
}

/// The text that the other model writes.
fn draw_text(state: &State, area: Rect, buf: &mut Buffer) {
    let beside = state.diffuse().beside();
    let theme = state.theme();
    if let Some(why) = beside.trouble() {
        return say(state, Shown::inline(why).as_str(), area, buf);
    }
    let told = match beside.own() {
        Some((text, _)) => format!("Left to right: {}", Shown::inline(&text.text).as_str()),
        None if state.diffuse().is_infill() => {
            "A model that goes from left to right cannot fill gaps: it does not see what comes after them."
                .to_owned()
        }
        None if state.ready().is_none() => "The other screens have no model to compare with.".to_owned(),
        None => "At the end the other screens' model writes, too, and judges both.".to_owned(),
    };
    draw_words(&told, theme.dim(), area, buf);
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let name =
        state.ready().map_or_else(String::new, |ready| Shown::inline(&ready.info.title).as_str().to_owned());
    Panel {
        top_right: Line::styled(name, state.theme().key_label()),
        ..frame::frame(state, PanelId::LeftToRight)
    }
}
