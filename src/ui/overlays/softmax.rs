//! The softmax bench: from logits to probabilities, every number in between, one row worked out below.
//!
//! ```text
//! ╭ Softmax step by step ───────────────────── this step ╮
//! │ temperature  0.80  ━━━━━━━●────────────── 2          │
//! │   token     logit    ÷ T  − max     e^…     ÷ Σ      │
//! │ ▸ ␣in       11.20  14.00   0.00  1.0000   .5510 ███▌ │
//! │   … 4,095 more                   0.0221   .0122      │
//! │   Σ                              1.8149  1.0000      │
//! │                                                      │
//! │ ␣in: 11.20 ÷ 0.80 = 14.00                            │
//! │ …                                                    │
//! ╰ → warmer  ← cooler  ↵ type logits  esc close ────────╯
//! ```

use std::ops::Range;

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{Bench, BenchSource, Knob, State},
    distribution::SoftmaxRow,
    text::Shown,
    theme::Marks,
    ui::{
        numbers::thousands,
        widgets::{bar_text, elide, scale_head},
    },
};

/// Cells of the sheet's text at most.
const WIDTH: u16 = 90;
/// Cells of the columns of numbers, with the space before them.
const NUMBER: usize = 9;
/// Below this width logit and e^… stand without the two between them.
const ROOM_FOR_ALL: u16 = 60;
/// Rows of the list that the sheet keeps.
const LEAST_ROWS: u16 = 6;

pub(super) fn sheet(state: &State, bench: &Bench, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, WIDTH);
    let columns = Columns::of(width);
    let source = match bench.source {
        BenchSource::Step(_) => "the candidates of this step",
        BenchSource::Typed => "typed logits",
    };
    let rows = (0..bench.words.len()).map(|index| columns.row(state, bench, index)).collect();
    let mut sheet = Sheet {
        title: Line::styled("Softmax step by step", theme.title(true)),
        top_right: Line::styled(source, theme.key_label()),
        border: theme.border(true),
        width,
        head: vec![slider(state, bench, width), columns.heads(theme.dim())],
        rows,
        selected: Some(bench.selected),
        least_body: LEAST_ROWS,
        foot: foot(state, bench, columns, width),
        offset: state.overlay_offset(),
        ..Sheet::default()
    };
    if bench.typing.is_none() && sheet.in_sight(screen).len() < sheet.rows.len() + bench.left_out() {
        // The line itself can take a row away.
        sheet.foot.insert(0, Line::default());
        sheet.foot[0] = columns.rest(state, bench, sheet.in_sight(screen));
    }
    sheet
}

/// `temperature  0.80  ━━━━━━━●────────── 2`, with the keys that move it.
fn slider(state: &State, bench: &Bench, width: u16) -> Line<'static> {
    let theme = state.theme();
    let t = bench.softmax.temperature;
    let track = usize::from(width).saturating_sub(26).min(40);
    let at = (Knob::Temperature.fraction(t) * track.saturating_sub(1) as f64).round() as usize;
    Line::from(vec![
        Span::styled("temperature  ", theme.dim()),
        Span::styled(format!("{t:<5.2} "), theme.strong()),
        Span::styled("━".repeat(at.min(track)), theme.slider_filled(true)),
        Span::styled(if track > 0 { "●" } else { "" }, theme.slider_knob(true)),
        Span::styled("─".repeat(track.saturating_sub(at + 1)), theme.slider_track()),
        Span::styled(format!(" {}", Knob::Temperature.maximum()), theme.dim()),
    ])
}

/// Cells of the columns that give way.
#[derive(Clone, Copy)]
struct Columns {
    word: usize,
    all: bool,
    bar: usize,
}

impl Columns {
    fn of(width: u16) -> Self {
        let all = width >= ROOM_FOR_ALL;
        let numbers = NUMBER * if all { 5 } else { 3 };
        let room = usize::from(width).saturating_sub(2 + numbers);
        let word = (room * 3 / 5).clamp(4, 20).min(room);
        Self { word, all, bar: room.saturating_sub(word + 1) }
    }

    /// The numbers of a row, those that have a column.
    fn numbers(self, numbers: &[String; 5]) -> String {
        let shown = |(index, text): (usize, &String)| {
            (self.all || !(1..3).contains(&index)).then(|| format!("{text:>NUMBER$}"))
        };
        numbers.iter().enumerate().filter_map(shown).collect()
    }

    fn heads(self, style: Style) -> Line<'static> {
        let heads = ["logit ℓ", "ℓ ÷ T", "− max", "e^…", "÷ Σ = p"].map(str::to_owned);
        let scale = scale_head(self.bar as u16);
        Line::styled(format!("  {:1$}{2} {scale}", "token", self.word, self.numbers(&heads)), style)
    }

    fn row(self, state: &State, bench: &Bench, index: usize) -> Line<'static> {
        let theme = state.theme();
        let row = bench.softmax.rows[index];
        let selected = index == bench.selected;
        let word = elide(bench.words[index].as_str(), self.word);
        let pad = " ".repeat(self.word.saturating_sub(word.width()));
        let SoftmaxRow { logit, scaled, shifted, exp, p } = row;
        // At T = 0 nothing is divided and no power is taken.
        let worked = |text: String| if bench.softmax.temperature > 0.0 { text } else { "–".to_owned() };
        let numbers =
            [plain(logit), worked(plain(scaled)), worked(plain(shifted)), worked(fine(exp)), fine(p)];
        Line::from(vec![
            Span::styled(format!("{} {word}{pad}", row_mark(selected)), theme.text()),
            Span::styled(self.numbers(&numbers), if selected { theme.strong() } else { theme.text() }),
            Span::styled(format!(" {}", bar_text(p, self.bar)), theme.bar_final()),
        ])
    }

    /// All that is not in sight: its part of the sum, and its probability. With the rows it makes the sums below it.
    fn rest(self, state: &State, bench: &Bench, in_sight: Range<usize>) -> Line<'static> {
        let softmax = &bench.softmax;
        let more = softmax.rows.len() + bench.left_out() - in_sight.len();
        let seen: f64 = softmax.rows[in_sight].iter().map(|row| row.exp).sum();
        let exp = (softmax.sum - seen).max(0.0);
        let alike = if bench.unnamed > 0 { ", unnamed ones alike" } else { "" };
        let text = self.sum(&format!("… {} more{alike}", thousands(more)), bench, exp, exp / softmax.sum);
        Line::styled(text, state.theme().dim())
    }

    /// What the column e^… adds up to, and p.
    fn sums(self, state: &State, bench: &Bench) -> Line<'static> {
        let softmax = &bench.softmax;
        let listed: f64 = softmax.rows.iter().map(|row| row.p).sum();
        let text = self.sum("Σ", bench, softmax.sum, listed + softmax.rest / softmax.sum);
        Line::styled(text, state.theme().text())
    }

    /// A line of the last two columns alone; its text has the others.
    fn sum(self, text: &str, bench: &Bench, exp: f64, p: f64) -> String {
        let room = self.word + NUMBER * if self.all { 3 } else { 1 };
        let text = elide(text, room);
        let pad = " ".repeat(room.saturating_sub(text.width()));
        // At T = 0 no power is taken.
        let exp = if bench.softmax.temperature > 0.0 { fine(exp) } else { "–".to_owned() };
        format!("  {text}{pad}{exp:>NUMBER$}{:>NUMBER$}", fine(p))
    }
}

/// The sums, and the selected row worked out; or what is being typed.
fn foot(state: &State, bench: &Bench, columns: Columns, width: u16) -> Vec<Line<'static>> {
    let theme = state.theme();
    if let Some(text) = &bench.typing {
        return typed(state, text, bench.refused.as_deref(), width);
    }
    let softmax = &bench.softmax;
    let mut lines = vec![columns.sums(state, bench), Line::default()];
    let (Some(row), Some(word)) = (softmax.rows.get(bench.selected), bench.words.get(bench.selected)) else {
        return lines;
    };
    let word = Line::styled(elide(word.as_str(), width.into()), theme.title(true));
    lines.push(word);
    if softmax.temperature <= 0.0 {
        let text = "T = 0: no division; the largest logit gets probability 1, every other token 0.";
        lines.extend(prose(text, width, theme.text()));
        return lines;
    }
    let (t, sum) = (softmax.temperature, softmax.sum);
    let steps = [
        ("divide by T", format!("{} ÷ {t:.2} = {}", plain(row.logit), plain(row.scaled))),
        (
            "subtract the largest",
            format!("{} − {} = {}", plain(row.scaled), plain(softmax.largest), plain(row.shifted)),
        ),
        ("e to the power of that", format!("e^{} = {}", plain(row.shifted), fine(row.exp))),
        ("divide by the sum", format!("{} ÷ {} = {}", fine(row.exp), fine(sum), fine(row.p))),
    ];
    lines.extend(steps.into_iter().map(|(what, text)| {
        Line::from(vec![Span::styled(format!("{what:<24}"), theme.dim()), Span::styled(text, theme.text())])
    }));
    lines
}

fn typed(state: &State, text: &str, refused: Option<&str>, width: u16) -> Vec<Line<'static>> {
    let theme = state.theme();
    let shown = Shown::inline(text);
    let mut lines = vec![Line::default()];
    lines.extend(prose(&format!("{}{}", shown.as_str(), Marks::CARET), width, theme.strong()));
    let help =
        "Logits, each with a word if you like: 3.8 cat, 2.1 dog. Leave empty for this step's candidates.";
    let style = if refused.is_some() { theme.warning() } else { theme.dim() };
    let note = Shown::inline(refused.unwrap_or(help)).as_str().to_owned();
    lines.extend(prose(&note, width, style));
    lines
}

/// A number with two decimals, as it is written in sums.
fn plain(x: f64) -> String {
    if x == f64::NEG_INFINITY { "−∞".to_owned() } else { format!("{x:.2}").replace('-', "−") }
}

/// A number from 0 up with four digits that count.
fn fine(x: f64) -> String {
    match x {
        x if x <= 0.0 => "0".to_owned(),
        x if (0.000_1..99_999.0).contains(&x) => format!("{x:.4}"),
        x => format!("{x:.1e}"),
    }
}
