//! Where the seeds went: what all of some seeds wrote is a row, and at each fork probability and share stand side by side.
//!
//! ```text
//! ╭ Seeds ⁱ ──────────────────────────────────────── 32 seeds from 42 on ╮
//! │  text               seeds     p            share            ±    raw │
//! │▾ Once␣upon␣a␣time      32                                            │
//! │  ▾ ,␣there␣was␣a       31  .964 ███████▊    .969 ███████▊ .033  .930 │
//! │    ▸ ␣little           15  .452 ███▋        .484 ███▉     .089  .440 │
//! │    ■ ␣big.              7  .210 █▊          .226 █▊       .073  .210 │
//! ╰ ␣big at token 5: 7 of 31 = .226, p .210 ± .073 ─── 96 evaluations, … ╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Paragraph, Widget, Wrap},
};
use unicode_width::UnicodeWidthStr;

use super::list;
use crate::{
    app::{Hit, PanelId, State},
    decode::forest::{Branch, Forest, Stretch},
    theme::Marks,
    ui::{
        columns::{Column, cells, put, put_right},
        frame,
        numbers::{PROBABILITY_WIDTH, probability, thousands},
        rows::draw_row,
        tokens,
        widgets::{Bar, Panel, scale_head},
    },
};

/// Cells of a number, with the space before it.
const NUMBER: u16 = PROBABILITY_WIDTH + 1;
/// Insides from which there are bars, what a share can be expected to miss, and the model's own probability.
const ROOM_FOR_BARS: u16 = 54;
const ROOM_FOR_DEVIATION: u16 = 64;
const ROOM_FOR_RAW: u16 = 72;
/// Cells of text from which a fork is two cells of indent, not one.
const ROOM_FOR_STEPS: usize = 48;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    panel(state, area.width).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() {
        return;
    }
    let seeds = state.seeds();
    let Some(forest) = seeds.forest() else {
        let waiting = Paragraph::new(frame::waiting(state, "Seeds start"));
        waiting.style(state.theme().dim()).wrap(Wrap { trim: true }).render(inner, buf);
        return;
    };
    let columns = Columns::of(inner.width);
    if let Some(place) = list::head(inner) {
        columns.head(forest.is_exact(), state.theme().dim(), place, buf);
    }
    for (index, place) in list::places(inner, seeds.selected(), seeds.rows().len()) {
        let Some(row) = seeds.rows().get(index) else { continue };
        draw_row(Rect { width: columns.text, ..place }, 0, &text(state, row, columns.text.into()), buf);
        columns.numbers(state, forest, row, place, buf);
        if index == seeds.selected() {
            buf.set_style(place, state.theme().selected_row());
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let seeds = state.seeds();
    list::hit(&panel(state, area.width), PanelId::Seeds, area, at, (seeds.selected(), seeds.rows().len()))
}

fn panel<'a>(state: &State, width: u16) -> Panel<'a> {
    let theme = state.theme();
    let Some(forest) = state.seeds().forest() else { return frame::frame(state, PanelId::Seeds) };
    let first = forest.settings().seed.unwrap_or_default();
    let (evaluated, shared) = (forest.evaluated(), forest.shared());
    let evaluations = if evaluated == 1 { "evaluation" } else { "evaluations" };
    let selected = selected(state, forest);
    // Whole figures or none: the ends of the frame and a gap lie between them.
    let room = usize::from(width).saturating_sub(selected.width() + 7);
    let paid = [
        format!("{} {evaluations}, {} shared", thousands(evaluated), thousands(shared)),
        format!("{} {evaluations}", thousands(evaluated)),
    ];
    let paid = paid.into_iter().find(|paid| paid.width() <= room).unwrap_or_default();
    Panel {
        top_right: Line::styled(format!("{} seeds, starting at {first}", forest.len()), theme.key_label()),
        bottom_left: Line::styled(selected, theme.text()),
        bottom_right: Line::styled(paid, theme.dim()),
        ..frame::frame(state, PanelId::Seeds)
    }
}

/// What there is to say of the selected row.
fn selected(state: &State, forest: &Forest) -> String {
    let Some(row) = state.seeds().rows().get(state.seeds().selected()) else { return String::new() };
    let Some(branch) = &row.branch else {
        let tokens = if row.nodes.len() == 1 { "token" } else { "tokens" };
        return format!("the prompt, {} {tokens}", thousands(row.nodes.len()));
    };
    let token = tokens::beginning(list::pieces(state, &row.nodes[..1]), 16);
    let drawn = format!("{token} at token {}: {} of {}", thousands(row.index + 1), row.seeds, row.came);
    match deviation(forest, row, branch) {
        Some(deviation) => {
            let p = probability(branch.p_final);
            format!("{drawn} = {}, p {p} ± {}", probability(branch.share), probability(deviation))
        }
        None => drawn,
    }
}

/// The standard deviation of a share, √(p(1−p)/n), where p is exact.
fn deviation(forest: &Forest, row: &Stretch, branch: &Branch) -> Option<f64> {
    let p = branch.p_final.clamp(0.0, 1.0);
    forest.is_exact().then(|| (p * (1.0 - p) / row.came.max(1) as f64).sqrt())
}

/// A row's text behind the sign that tells whether there is more below it.
fn text<'a>(state: &State, row: &Stretch, room: usize) -> Line<'a> {
    let theme = state.theme();
    let (sign, style) = match (row.ways, row.folded) {
        (0, _) if row.ended == row.seeds => (Marks::STOPPED, theme.stop_reason()),
        (0, _) => (Marks::CUT, theme.dim()),
        (_, true) => ("▸", theme.text()),
        (_, false) => ("▾", theme.dim()),
    };
    // Small steps where there is little room; very deep rows keep half of it for their text.
    let step = if room < ROOM_FOR_STEPS { 1 } else { 2 };
    let indent = (step * row.depth).min(room / 2);
    let kept = room.saturating_sub(indent + 3);
    let pieces = list::pieces(state, &row.nodes);
    let (text, style_of_text) = match &row.branch {
        Some(branch) => (tokens::beginning(pieces, kept), theme.probability(branch.p_raw)),
        None => (tokens::ending(pieces, kept), theme.dim()),
    };
    Line::from(vec![
        Span::raw(" ".repeat(indent)),
        Span::styled(format!("{sign} "), style),
        Span::styled(text, style_of_text),
    ])
}

/// Where things stand after the text.
struct Columns {
    text: u16,
    seeds: Column,
    p: Column,
    p_bar: Option<Column>,
    share: Column,
    share_bar: Option<Column>,
    deviation: Option<Column>,
    raw: Option<Column>,
}

impl Columns {
    fn of(width: u16) -> Self {
        let bar = if width >= ROOM_FOR_BARS { (width / 10).clamp(6, 16) } else { 0 };
        let deviation = if width >= ROOM_FOR_DEVIATION { NUMBER } else { 0 };
        let raw = if width >= ROOM_FOR_RAW { NUMBER } else { 0 };
        let gap = u16::from(bar > 0);
        let fixed = 3 * NUMBER + 2 * (bar + gap) + deviation + raw + gap;
        let text = width.saturating_sub(fixed);
        let mut x = text;
        let mut next = |cells: u16, before: u16| {
            let column = (x + before, cells);
            x += before + cells;
            (cells > 0).then_some(column)
        };
        let seeds = next(NUMBER, 0).unwrap_or_default();
        let p = next(NUMBER, gap).unwrap_or_default();
        let p_bar = next(bar, gap);
        let share = next(NUMBER, 0).unwrap_or_default();
        let share_bar = next(bar, gap);
        Self { text, seeds, p, p_bar, share, share_bar, deviation: next(deviation, 0), raw: next(raw, 0) }
    }

    fn head(&self, exact: bool, style: Style, place: Rect, buf: &mut Buffer) {
        put("  text", (0, self.text), style, place, buf);
        let heads = [
            ("seeds", Some(self.seeds)),
            (if exact { "p" } else { "mean p" }, Some(self.p)),
            ("share", Some(self.share)),
            ("±", self.deviation),
            ("raw", self.raw),
        ];
        for (head, column) in heads {
            if let Some(column) = column {
                put_right(head, column, style, place, buf);
            }
        }
        for bar in [self.p_bar, self.share_bar].into_iter().flatten() {
            put(&scale_head(bar.1), bar, style, place, buf);
        }
    }

    fn numbers(&self, state: &State, forest: &Forest, row: &Stretch, place: Rect, buf: &mut Buffer) {
        let theme = state.theme();
        put_right(&thousands(row.seeds), self.seeds, theme.text(), place, buf);
        let Some(branch) = &row.branch else { return };
        put_right(&probability(branch.p_final), self.p, theme.strong(), place, buf);
        put_right(&probability(branch.share), self.share, theme.text(), place, buf);
        let mut bar = |fraction, column: Option<Column>, style| {
            if let Some(column) = column {
                (&Bar { fraction, style }).render(cells(column, place), buf);
            }
        };
        bar(branch.p_final, self.p_bar, theme.bar_final());
        bar(branch.share, self.share_bar, theme.bar_observed());
        if let (Some(column), Some(deviation)) = (self.deviation, deviation(forest, row, branch)) {
            put_right(&probability(deviation), column, theme.computed(), place, buf);
        }
        if let Some(column) = self.raw {
            put_right(&probability(branch.p_raw), column, theme.key_label(), place, buf);
        }
    }
}
