//! The sliders, and what the chain made of them.
//!
//! ```text
//! ╭ Sampling ⁱ ─────────── llama.cpp * 1 ╮
//! │▸ temperature  1.20* ━━━━━┆━━●────── 2 │
//! │  top-p        0.95  ━━━━━━━━━━━━●─ 1  │
//! │  …                                    │
//! │ chain  top-k 40 · 40 left →           │
//! │        top-p 0.95 · 9 left            │
//! │ end    tokens allowed (E)             │
//! │                                       │
//! │ Divides the logits: below 1 the …     │
//! ╰───────────────────────────────────────╯
//! ```

mod notes;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    frame::{self, frame, titled},
    rows::{draw_rows, wrap_words},
    step_label,
    widgets::{Panel, Shorter, Slider, SliderStyles},
};
use crate::{
    app::{Hit, Knob, PanelId, Screen, State},
    sampling::{Difference, diff},
    text::Shown,
    theme::Marks,
};

/// Rows narrower than this take the short labels, so that the track keeps its cells.
const ROOM_FOR_LABELS: u16 = 41;
/// Rows narrower than this end without a word about the right end of the track.
const ROOM_FOR_MAXIMUM: u16 = 36;
/// Insides narrower than this have no cell of space at the right end.
const ROOM_FOR_MARGIN: u16 = 24;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let changes = diff(state.settings_in_hand(), state.preset());
    let panel = Panel { top_right: preset(state, &changes), ..panel_frame(state) };
    panel.render(area, buf);
    let inner = Panel::inner(area);
    for (knob, row) in rows(state, inner) {
        let entry = Row::new(state, knob, row.width);
        (&entry.slider()).render(entry.area(row), buf);
    }
    let sliders = Knob::ALL.len() as u16;
    if inner.height > sliders {
        let below = Rect { y: inner.y + sliders, height: inner.height - sliders, ..inner };
        draw_notes(state, &changes, below, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    let inner = Panel::inner(area);
    let found = rows(state, inner).enumerate().find(|(_, (_, row))| row.contains(at));
    let Some((_, (knob, row))) = found else {
        let panel = panel_frame(state);
        return Some(frame::hit(&panel, PanelId::Sampling, area, at));
    };
    let entry = Row::new(state, knob, row.width);
    let slider = entry.slider();
    // The cell before the track counts as its left end; a click on the label only selects.
    let fraction = slider.value_at(row, at.x).filter(|_| at.x + 1 >= slider.track(row).x);
    let index = Knob::ALL.iter().position(|&other| other == knob)?;
    Some(Hit::Slider(index, fraction.filter(|_| knob.has_track())))
}

/// The place along the slider that the mouse holds; beyond an end of the track it is that end. Above or below its row, and
/// where it has no track, the column alone, for finest steps.
pub(super) fn along(state: &State, area: Rect, knob: Knob, at: Position) -> Option<Hit> {
    let (_, row) = rows(state, Panel::inner(area)).find(|(other, _)| *other == knob)?;
    let index = Knob::ALL.iter().position(|&other| other == knob)?;
    let fraction = Row::new(state, knob, row.width).slider().value_at(row, at.x);
    match fraction.filter(|_| knob.has_track() && at.y == row.y) {
        Some(fraction) => Some(Hit::Slider(index, Some(fraction))),
        None => Some(Hit::BesideSlider(index, at.x)),
    }
}

/// One slider in a row of its own, as wide as the row.
pub(super) fn draw_one(state: &State, knob: Knob, row: Rect, buf: &mut Buffer) {
    let entry = Row::new(state, knob, row.width);
    (&entry.slider()).render(row, buf);
}

/// The place on the track of such a slider; None beside the track.
pub(super) fn hit_one(state: &State, knob: Knob, row: Rect, at: Position) -> Option<Hit> {
    let index = Knob::ALL.iter().position(|&other| other == knob)?;
    let entry = Row::new(state, knob, row.width);
    let slider = entry.slider();
    let fraction = slider.value_at(row, at.x).filter(|_| at.x + 1 >= slider.track(row).x);
    Some(Hit::Slider(index, fraction))
}

/// The place along such a slider while the mouse holds it.
pub(super) fn along_one(state: &State, knob: Knob, row: Rect, at: Position) -> Option<Hit> {
    let index = Knob::ALL.iter().position(|&other| other == knob)?;
    let fraction = Row::new(state, knob, row.width).slider().value_at(row, at.x);
    match fraction.filter(|_| at.y == row.y) {
        Some(fraction) => Some(Hit::Slider(index, Some(fraction))),
        None => Some(Hit::BesideSlider(index, at.x)),
    }
}

/// The frame; where lanes are compared it says whose settings these are, else at which step the chain has left what it
/// says.
fn panel_frame<'a>(state: &State) -> Panel<'a> {
    if state.screen() != Screen::Compare {
        let step = step_label::step(state).filter(|_| state.screen() == Screen::Step);
        let style = state.theme().key_label();
        let told = |words: &str| {
            step.as_ref().map_or_else(Line::default, |step| Line::styled(format!("{words}{step}"), style))
        };
        return Panel {
            bottom_left: told(if step_label::is_next(state) { "chain at the " } else { "chain at " }),
            shorter: Shorter { bottom_left: vec![told("")], ..Shorter::default() },
            ..frame(state, PanelId::Sampling)
        };
    }
    titled(state, PanelId::Sampling, format!("Sampling of lane {}", state.compare().focus() + 1))
}

/// The sliders and their rows; in a low panel those around the selected one.
fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (Knob, Rect)> {
    let selected = Knob::ALL.iter().position(|&knob| knob == state.knob()).unwrap_or(0);
    let first = (selected + 1).saturating_sub(usize::from(inner.height));
    // A cell of space at the right end, if there is enough of it.
    let margin = u16::from(inner.width >= ROOM_FOR_MARGIN);
    let row = move |offset| Rect { y: inner.y + offset, height: 1, width: inner.width - margin, ..inner };
    let knobs =
        Knob::ALL.into_iter().skip(first).take(if inner.width == 0 { 0 } else { inner.height.into() });
    knobs.zip(0..).map(move |(knob, offset)| (knob, row(offset)))
}

/// The preset's name, and how many settings are not as it has them.
fn preset<'a>(state: &'a State, changes: &[Difference]) -> Line<'a> {
    let name = Shown::inline(&state.preset().name).as_str().to_owned();
    let mut spans = vec![Span::styled(name, state.theme().key_label())];
    if !changes.is_empty() {
        let count = format!(" {}{}", Marks::CHANGED, changes.len());
        spans.push(Span::styled(count, state.theme().slider_changed()));
    }
    Line::from(spans)
}

/// What a slider shows.
struct Row {
    label: &'static str,
    label_width: u16,
    value: String,
    value_width: u16,
    maximum: String,
    fraction: f64,
    preset: Option<f64>,
    focused: bool,
    changed: bool,
    styles: SliderStyles,
}

impl Row {
    fn new(state: &State, knob: Knob, width: u16) -> Self {
        let theme = state.theme();
        let focused = state.focus() == PanelId::Sampling && state.knob() == knob;
        let typed = state.typing().filter(|typing| typing.knob == knob);
        let value = knob.value(state.settings_in_hand());
        let wanted = knob.value(&state.preset().settings());
        let (label, label_width, mut value_width) = columns(knob, width);
        if let Some(typed) = typed {
            // The track gives way to what is typed.
            let wanted = typed.text.chars().count() as u16 + 1;
            value_width = wanted.clamp(value_width, value_width.max(width.saturating_sub(label_width + 4)));
        }
        let text =
            typed.map_or_else(|| knob.text(value), |typing| with_caret(&typing.text, value_width.into()));
        Self {
            label,
            label_width,
            value: text,
            value_width,
            maximum: if width >= ROOM_FOR_MAXIMUM { knob.maximum() } else { String::new() },
            fraction: knob.fraction(value),
            preset: knob.has_track().then(|| knob.fraction(wanted)),
            focused,
            changed: knob.has_track() && (value - wanted).abs() > 1e-9,
            styles: SliderStyles {
                label: if focused { theme.strong() } else { theme.text() },
                value: if typed.is_some() { theme.key() } else { theme.strong() },
                changed: theme.slider_changed(),
                filled: theme.slider_filled(focused),
                track: theme.slider_track(),
                knob: theme.slider_knob(focused),
            },
        }
    }

    /// The slider's cells of a row. A seed has no track: its numbers mean nothing side by side.
    fn area(&self, row: Rect) -> Rect {
        let without_track = 2 + self.label_width + 2 + self.value_width;
        Rect { width: if self.preset.is_some() { row.width } else { row.width.min(without_track) }, ..row }
    }

    fn slider(&self) -> Slider<'_> {
        Slider {
            label: self.label,
            label_width: self.label_width,
            value: &self.value,
            value_width: self.value_width,
            maximum: &self.maximum,
            maximum_width: if self.maximum.is_empty() { 0 } else { 3 },
            fraction: self.fraction,
            preset: self.preset,
            focused: self.focused,
            changed: self.changed,
            styles: self.styles,
        }
    }
}

/// A slider's label, and the cells of label and value. A seed, which has no track, needs more for
/// its value and less for its label; the values of all end in the same column.
const fn columns(knob: Knob, width: u16) -> (&'static str, u16, u16) {
    let roomy = width >= ROOM_FOR_LABELS;
    match knob {
        Knob::Seed if roomy => ("seed", 4, 12),
        Knob::Seed => ("seed", 4, 11),
        _ if roomy => (knob.label(), 11, 5),
        Knob::Temperature => ("temp", 6, 5),
        Knob::RepeatPenalty => ("repeat", 6, 5),
        _ => (knob.label(), 6, 5),
    }
}

/// The end of what is typed and the caret, in at most `width` cells of narrow characters.
fn with_caret(typed: &str, width: usize) -> String {
    let shown = Shown::inline(typed);
    let graphemes: Vec<&str> = shown.as_str().graphemes(true).collect();
    let first = graphemes.len().saturating_sub(width - 1);
    format!("{}▏", graphemes[first..].concat())
}

/// Below the sliders: what may be typed, the chain, other settings that are changed, the end
/// tokens; at the bottom what the selected slider does.
fn draw_notes(state: &State, changes: &[Difference], area: Rect, buf: &mut Buffer) {
    // In line with the labels of the sliders.
    let area = Rect { x: area.x + area.width.min(2), width: area.width.saturating_sub(3), ..area };
    if area.is_empty() {
        return;
    }
    let height = usize::from(area.height);
    let mut notes = notes::notes(state, changes, area.width.into(), height);
    let knob = state.typing().map_or(state.knob(), |typing| typing.knob);
    let about: Vec<Line> = wrap_words(knob.about(), area.width.into())
        .into_iter()
        .map(|line| Line::styled(line, state.theme().dim()))
        .collect();
    // Space before and after the notes, if there is enough of it.
    if height > notes.len() + about.len() + 1 {
        notes.insert(0, Line::default());
    }
    if height > notes.len() + about.len() {
        let bottom = area.height - about.len() as u16;
        draw_rows(Rect { y: area.y + bottom, height: about.len() as u16, ..area }, &about, buf);
    }
    draw_rows(area, &notes, buf);
}
