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

use super::{say, waiting};
use crate::{
    app::{Hit, JudgedText, PanelId, State},
    text::Shown,
    ui::{
        format::milliseconds,
        frame,
        numbers::{perplexity, thousands},
        rows::{draw_row, draw_rows, wrap_words},
        widgets::Panel,
    },
};

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
    let used = rows.len() as u16 + 2;
    if inner.height > used {
        draw_text(state, Rect { y: inner.y + used, height: inner.height - used, ..inner }, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    frame::hit(&panel(state), PanelId::LeftToRight, area, at)
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
        None => "Once all is written the other screens' model writes after the same prompt, and judges both."
            .to_owned(),
    };
    let lines: Vec<Line> = wrap_words(&told, area.width.into())
        .into_iter()
        .map(|line| Line::styled(line.to_owned(), theme.dim()))
        .collect();
    draw_rows(area, &lines, buf);
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let name =
        state.ready().map_or_else(String::new, |ready| Shown::inline(&ready.info.title).as_str().to_owned());
    Panel {
        top_right: Line::styled(name, state.theme().key_label()),
        ..frame::frame(state, PanelId::LeftToRight)
    }
}
