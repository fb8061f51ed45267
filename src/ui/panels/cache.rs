//! The KV cache and what time goes into.
//!
//! ```text
//! ╭ KV cache ⁱ ──────────── 17 of 512 cells ╮
//! │ ▓▓▓▒▒▒▒▒▒░░░░░░░░ = 42.5 KiB of 1.3 MiB │
//! │ a token   2,560 B = 5 × 4 × 32 × 2 × 2 B│
//! │ measured  44.1 KiB, this path's state   │
//! │ training  = 80.0 MiB for 32,768 cells   │
//! │ decode    0.31 ms  3,200 tok/s  ▂▂▃▂▂▁  │
//! │ prefill   5 tok in 1.6 ms, 3,125 tok/s  │
//! ╰ load 24 ms ─────────────────────────────╯
//! ```
//!
//! What is computed has a `=` before it or in it and the style of computed numbers.

use std::time::Duration;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr;

use super::stop::trained_on_less;
use crate::{
    app::{Hit, PanelId, State},
    engine::{llama::ModelInfo, worker::Ready},
    theme::Marks,
    ui::{
        format::{bytes, milliseconds, rate},
        frame::{self, frame},
        numbers::thousands,
        rows::{draw_row, fitting},
        widgets::{CellGauge, Panel, Shorter, Sparkline},
    },
};

/// Before a computed number.
const COMPUTED: &str = Marks::COMPUTED;
/// Cells of the column of labels.
pub(super) const LABEL: usize = 10;
/// Decodes that the mean looks back on.
const RECENT: usize = 32;
/// Insides at least this wide may take two columns, with a gap between them.
const LEAST_FOR_COLUMNS: u16 = 60;
const GAP: u16 = 2;
/// Insides from this height on have a row for the prefill.
const ROOM_FOR_PREFILL: u16 = 6;
/// Below these cells a sparkline says nothing.
const LEAST_SPARKLINE: u16 = 4;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let Some(ready) = state.ready() else {
        (&frame(state, PanelId::Cache)).render(area, buf);
        return;
    };
    if let Some(server) = &ready.info.server {
        return super::server::draw(state, ready, server, area, buf);
    }
    let inner = frame::inner(area);
    let panel = Panel {
        top_right: Line::styled(cells_text(state, ready, inner.width.into()), state.theme().strong()),
        ..with_times(state, ready, inner)
    };
    (&panel).render(area, buf);
    if inner.is_empty() {
        return;
    }
    draw_gauge(state, ready, inner, buf);
    let mut rows = rows(state, ready, column_width(inner).into());
    rows.extend(prefill_row(state, inner));
    for (row, place) in rows.iter().zip(places(rows.len(), inner)) {
        draw_labelled(state, row, place, buf);
    }
}

/// The frame with the times in it, beside the draw where that has no panel.
fn with_times<'a>(state: &State, ready: &Ready, inner: Rect) -> Panel<'a> {
    let lines =
        |texts: Vec<String>| texts.into_iter().map(|text| Line::styled(text, state.theme().key_label()));
    if let Some(note) = state.threads_note() {
        let threads = note.split(':').next().unwrap_or_default();
        let told = [note.clone(), format!("{threads}: cores busy"), threads.to_owned()];
        let text = fitting(&told, usize::from(inner.width)).to_owned();
        let frame = super::frame_with_draw(state, PanelId::Cache);
        let note = Line::styled(text, state.theme().warning());
        return if frame.bottom_left.width() > 0 {
            Panel { bottom_right: note, ..frame }
        } else {
            Panel { bottom_left: note, ..frame }
        };
    }
    let mut times = lines(times(state, ready, inner));
    let frame = super::frame_with_draw(state, PanelId::Cache);
    let first = times.next().unwrap_or_default();
    if frame.bottom_left.width() > 0 {
        let shorter = Shorter { bottom_right: times.collect(), ..frame.shorter };
        return Panel { bottom_right: first, shorter, ..frame };
    }
    Panel {
        bottom_left: first,
        shorter: Shorter { bottom_left: times.collect(), ..Shorter::default() },
        ..frame
    }
}

/// A row below the gauge.
pub(super) struct Row {
    pub label: &'static str,
    pub text: String,
    pub style: Style,
}

/// Where the rows go: below one another, or in two columns where that shows more of them.
pub(super) fn places(rows: usize, inner: Rect) -> impl Iterator<Item = Rect> {
    let height = inner.height.saturating_sub(1);
    let width = if rows > usize::from(height) { column_width(inner) } else { inner.width };
    (0..inner.width.checked_div(width).unwrap_or(0)).flat_map(move |column| {
        (0..height).map(move |row| Rect {
            x: inner.x + column * (width + GAP),
            y: inner.y + 1 + row,
            width,
            height: 1,
        })
    })
}

/// The width of one of two columns; of a single one where two would be too narrow.
pub(super) const fn column_width(inner: Rect) -> u16 {
    if inner.width >= LEAST_FOR_COLUMNS && inner.height < 5 { (inner.width - GAP) / 2 } else { inner.width }
}

pub(super) fn draw_labelled(state: &State, row: &Row, place: Rect, buf: &mut Buffer) {
    let head = Span::styled(format!("{:LABEL$}", row.label), state.theme().dim());
    draw_row(place, 0, &Line::from(vec![head, Span::styled(row.text.as_str(), row.style)]), buf);
    if row.label == DECODE {
        draw_sparkline(state, place, LABEL + row.text.width() + 2, buf);
    }
}

/// The cells, beside them what they take.
fn draw_gauge(state: &State, ready: &Ready, inner: Rect, buf: &mut Buffer) {
    let per_token = ready.info.kv.bytes_per_token();
    let of = |cells: usize| bytes(cells as f64 * per_token);
    let (prompt, generated) = path_cells(state);
    let (used, paths) = if state.kv().caches > 1 {
        // A cache of this size is allocated for each path.
        (of(prompt + generated), format!(" × {} paths", state.kv().caches))
    } else {
        (of(state.kv().cells), String::new())
    };
    let all = of(ready.context);
    let wordings =
        if state.kv().allocated_bytes > 0 { allocated(state) } else { expected(&used, &all, &paths) };
    // At least a third of the row is for the gauge.
    let text = fitting(&wordings, usize::from(inner.width * 2 / 3));
    let width = inner.width.saturating_sub(text.width() as u16 + 1);
    let gauge = CellGauge {
        prompt,
        generated,
        capacity: ready.context,
        prompt_style: state.theme().kv_prompt(),
        generated_style: state.theme().kv_generated(),
        free_style: state.theme().kv_free(),
    };
    (&gauge).render(Rect { width, height: 1, ..inner }, buf);
    let rest = Rect { x: inner.x + (width + 1).min(inner.width), width: text.width() as u16, ..inner };
    draw_row(rest.intersection(inner), 0, &Line::styled(text, state.theme().computed()), buf);
}

/// What all paths use of what is allocated for them: caches begin small and grow with their paths.
fn allocated(state: &State) -> [String; 5] {
    let kv = state.kv();
    let (used, all) = (bytes(kv.used_bytes as f64), bytes(kv.allocated_bytes as f64));
    let caches = if kv.caches > 1 { format!(" in {} caches", kv.caches) } else { String::new() };
    [
        format!("{COMPUTED} {used} used of {all} allocated{caches}"),
        format!("{COMPUTED} {used} used of {all} allocated"),
        format!("{COMPUTED} {used} of {all} allocated"),
        format!("{COMPUTED} {used} of {all}"),
        format!("{COMPUTED} {used}"),
    ]
}

/// The same where the engine does not say what is allocated: computed for whole contexts.
fn expected(used: &str, all: &str, paths: &str) -> [String; 5] {
    [
        format!("{used} of {all}{paths}, computed"),
        format!("{COMPUTED} {used} of {all}{paths}"),
        format!("{COMPUTED} {used} of {all}{}", paths.replace(" × ", "×").replace(" paths", "")),
        format!("{COMPUTED} {used} of {all}"),
        format!("{COMPUTED} {used}"),
    ]
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    frame::hit(&frame(state, PanelId::Cache), PanelId::Cache, area, at)
}

pub(super) const DECODE: &str = "decode";

/// Cells that the path on view takes: prompt and generated tokens that are evaluated.
fn path_cells(state: &State) -> (usize, usize) {
    let Some(session) = state.session() else { return (0, 0) };
    let path = session.path();
    // The newest token has a cell once it went through the model.
    let waits = usize::from(path.head().is_some_and(|head| session.summary(head).is_none()));
    let generated = path.generated().saturating_sub(waits);
    (
        path.prompt_len().min(state.kv().cells),
        generated.min(state.kv().cells.saturating_sub(path.prompt_len())),
    )
}

/// `17 of 512 cells`, and those that other paths hold: of the same cells, or of their own.
fn cells_text(state: &State, ready: &Ready, width: usize) -> String {
    let (prompt, generated) = path_cells(state);
    let used = prompt + generated;
    let others = state.kv().cells.saturating_sub(used);
    let (used, all) = (thousands(used), thousands(ready.context));
    let mut wordings = vec![format!("{used} of {all} cells"), format!("{used}/{all}")];
    if others > 0 {
        let others = thousands(others);
        if state.kv().caches > 1 {
            wordings.insert(0, format!("{used} of {all} cells · other paths {others}"));
        } else {
            wordings.insert(0, format!("{used} + {others} of other paths, of {all} cells"));
            wordings[1] = format!("{used} + {others} of {all} cells");
        }
    }
    // Beside the title and its sign.
    fitting(&wordings, width.saturating_sub(14)).to_owned()
}

/// The rows below the gauge, the most important first.
fn rows(state: &State, ready: &Ready, width: usize) -> Vec<Row> {
    let theme = state.theme();
    let room = width.saturating_sub(LABEL);
    let mut rows =
        vec![Row { label: "a token", text: token_text(&ready.info, room), style: theme.computed() }];
    rows.push(Row { label: DECODE, text: decode_text(state, room), style: theme.text() });
    if state.kv().state_bytes > 0 {
        rows.insert(1, Row { label: "measured", text: measured_text(state, room), style: theme.text() });
    }
    if let Some(row) = training_row(state, ready, room) {
        rows.insert(rows.len() - 1, row);
    }
    rows
}

/// What llama.cpp reports for the path that was evaluated last, which can be another one than that on view.
fn measured_text(state: &State, room: usize) -> String {
    let size = bytes(state.kv().state_bytes as f64);
    let (prompt, generated) = path_cells(state);
    let wordings = if state.kv().newest == prompt + generated {
        [
            format!("{size}, the state of this path as llama.cpp reports it"),
            format!("{size}, this path's state"),
            size,
        ]
    } else {
        let cells = thousands(state.kv().newest);
        [
            format!("{size}, the state of the path evaluated last, {cells} cells"),
            format!("{size}, {cells} cells before"),
            format!("{size} at {cells} cells"),
        ]
    };
    fitting(&wordings, room).to_owned()
}

/// What the context that the model was trained with would take; a warning where a longer one is set, and nothing where it
/// is the same.
fn training_row(state: &State, ready: &Ready, room: usize) -> Option<Row> {
    let trained = ready.info.trained_context();
    let size = bytes(trained as f64 * ready.info.kv.bytes_per_token());
    let cells = thousands(trained);
    if trained == ready.context {
        return None;
    }
    let (wordings, style) = if trained_on_less(state).is_some() {
        let warning = Marks::WARNING;
        let wordings = [
            format!("{warning} on {cells} tokens: what comes after them is guesswork"),
            format!("{warning} on {cells} tokens, fewer than are set"),
            format!("{warning} on {cells} tokens"),
        ];
        (wordings, state.theme().warning())
    } else {
        let wordings = [
            format!("{COMPUTED} {size} for all {cells} cells"),
            format!("{COMPUTED} {size} at {cells}"),
            format!("{COMPUTED} {size}"),
        ];
        (wordings, state.theme().computed())
    };
    Some(Row { label: "training", text: fitting(&wordings, room).to_owned(), style })
}

fn token_text(info: &ModelInfo, room: usize) -> String {
    let size = info.kv.bytes_per_token();
    let size = thousands(size.round() as usize);
    let formula = info.kv.formula();
    let bare: String = formula.replace(" layers", "").replace(" KV heads", "").replace(" (K, V)", "");
    let wordings = [
        format!("{size} B = {formula}"),
        format!("{size} B = {}", formula.replace(" (K, V)", "")),
        format!("{size} B = {bare}"),
        format!("{size} B = {}", bare.replace(" × ", "×")),
    ];
    fitting(&wordings, room).to_owned()
}

/// Reading the prompt, on a row of its own where all the others have room.
fn prefill_row(state: &State, inner: Rect) -> Option<Row> {
    let cost = state.prefill().filter(|_| inner.height >= ROOM_FOR_PREFILL)?;
    let time = milliseconds(cost.time.as_secs_f64() * 1e3);
    let (decoded, rate) = (thousands(cost.decoded), rate(cost.decoded, cost.time));
    let wordings = [
        format!("{decoded} tok in {time}, {rate}"),
        format!("{decoded} tok {time} {rate}"),
        format!("{time} {rate}"),
        rate,
    ];
    let text = fitting(&wordings, usize::from(inner.width).saturating_sub(LABEL)).to_owned();
    Some(Row { label: "prefill", text, style: state.theme().text() })
}

/// Loading, and reading the prompt where that has no row, from the longest wording to the shortest.
fn times(state: &State, ready: &Ready, inner: Rect) -> Vec<String> {
    let load = format!("load {}", milliseconds(ready.info.load_time.as_secs_f64() * 1e3));
    let Some(cost) = state.prefill().filter(|_| inner.height < ROOM_FOR_PREFILL) else { return vec![load] };
    let time = milliseconds(cost.time.as_secs_f64() * 1e3);
    let s = if cost.decoded == 1 { "" } else { "s" };
    let (decoded, rate) = (thousands(cost.decoded), rate(cost.decoded, cost.time));
    let reused =
        if cost.reused > 0 { format!(" (+{} reused)", thousands(cost.reused)) } else { String::new() };
    vec![
        format!("{load} · prefill {decoded} token{s}{reused} in {time}, {rate}"),
        format!("{load} · prefill {decoded} tok in {time}, {rate}"),
        format!("prefill {decoded} tok in {time}, {rate}"),
        format!("prefill {decoded} tok in {time}"),
        format!("prefill {time}"),
    ]
}

/// The mean of the last decodes.
pub(super) fn decode_text(state: &State, room: usize) -> String {
    let recent = state.decode_ms().iter().rev().take(RECENT);
    let count = recent.len();
    if count == 0 {
        return "no token yet".to_owned();
    }
    let mean = recent.sum::<f64>() / count as f64;
    let (time, rate) = (milliseconds(mean), rate(1, Duration::from_secs_f64(mean.max(0.0) / 1e3)));
    fitting(&[format!("{time}  {rate}"), time.clone(), rate], room).to_owned()
}

fn draw_sparkline(state: &State, row: Rect, from: usize, buf: &mut Buffer) {
    let from = (from as u16).min(row.width);
    let width = (row.width - from).min(24);
    if width < LEAST_SPARKLINE {
        return;
    }
    let place = Rect { x: row.x + from, width, ..row };
    let newest = state.decode_ms().len().saturating_sub(width.into());
    let values: Vec<f64> = state.decode_ms().iter().skip(newest).copied().collect();
    (&Sparkline { values: &values, style: state.theme().sparkline() }).render(place, buf);
}
