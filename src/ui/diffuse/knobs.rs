//! The sliders of the canvas, and what the selected one does.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::Widget,
};

use crate::{
    app::{CanvasKnob, Hit, PanelId, State},
    text::Shown,
    ui::{
        frame,
        rows::{draw_rows, wrap_words},
        widgets::{Panel, Slider, SliderStyles},
    },
};

/// Cells of the labels and of the values.
const LABEL: u16 = 13;
const VALUE: u16 = 5;
/// The longest name of a score.
const SCORE: u16 = 13;
/// Rows narrower than this end without a word about the right end of the track.
const ROOM_FOR_MAXIMUM: u16 = 36;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = Panel::inner(area);
    for (knob, row) in rows(state, inner) {
        let entry = Row::new(state, knob, row.width);
        (&entry.slider()).render(entry.area(row), buf);
    }
    let sliders = CanvasKnob::ALL.len() as u16;
    if inner.height > sliders + 1 {
        let below = Rect {
            x: inner.x + 2,
            y: inner.y + sliders + 1,
            width: inner.width.saturating_sub(3),
            height: inner.height - sliders - 1,
        };
        let about: Vec<Line> = wrap_words(state.diffuse().knob().about(), below.width.into())
            .into_iter()
            .map(|line| Line::styled(line, state.theme().dim()))
            .collect();
        draw_rows(below, &about, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let inner = Panel::inner(area);
    let Some((knob, row)) = rows(state, inner).find(|(_, row)| row.contains(at)) else {
        return frame::hit(&panel(state), PanelId::CanvasSettings, area, at);
    };
    let entry = Row::new(state, knob, row.width);
    let slider = entry.slider();
    let track = slider.track(entry.area(row));
    let fraction = slider.value_at(entry.area(row), at.x).filter(|_| at.x + 1 >= track.x);
    Hit::Slider(index(knob), fraction)
}

/// The place along the slider that the mouse holds; above or below its row the column alone, for finest steps.
pub(super) fn along(state: &State, area: Rect, knob: CanvasKnob, at: Position) -> Option<Hit> {
    let (_, row) = rows(state, Panel::inner(area)).find(|(other, _)| *other == knob)?;
    let fraction = Row::new(state, knob, row.width).slider().value_at(row, at.x);
    Some(match fraction.filter(|_| at.y == row.y) {
        Some(fraction) => Hit::Slider(index(knob), Some(fraction)),
        None => Hit::BesideSlider(index(knob), at.x),
    })
}

fn index(knob: CanvasKnob) -> usize {
    CanvasKnob::ALL.iter().position(|&other| other == knob).unwrap_or(0)
}

/// The sliders and their rows; in a low panel those around the selected one.
fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (CanvasKnob, Rect)> {
    let first = (index(state.diffuse().knob()) + 1).saturating_sub(usize::from(inner.height));
    let margin = u16::from(inner.width >= 24);
    let row = move |offset| Rect { y: inner.y + offset, height: 1, width: inner.width - margin, ..inner };
    let height = if inner.width == 0 { 0 } else { usize::from(inner.height) };
    CanvasKnob::ALL
        .into_iter()
        .skip(first)
        .take(height)
        .zip(0..)
        .map(move |(knob, offset)| (knob, row(offset)))
}

/// What a slider shows.
struct Row {
    label: &'static str,
    value: String,
    value_width: u16,
    maximum: String,
    fraction: f64,
    focused: bool,
    has_track: bool,
    styles: SliderStyles,
}

impl Row {
    fn new(state: &State, knob: CanvasKnob, width: u16) -> Self {
        let (theme, diffuse) = (state.theme(), state.diffuse());
        let setup = diffuse.setup();
        let focused = state.focus() == PanelId::CanvasSettings && diffuse.knob() == knob;
        let typed = diffuse.typing().filter(|_| diffuse.knob() == knob);
        let value = knob.value(setup);
        let follows = knob.follows(setup);
        let value_width = match (typed, knob) {
            (Some(typed), _) => {
                (typed.chars().count() as u16 + 1).clamp(VALUE, width.saturating_sub(LABEL + 4).max(VALUE))
            }
            (None, CanvasKnob::Score) => SCORE,
            (None, _) => VALUE,
        };
        Self {
            label: knob.label(),
            value: typed
                .map_or_else(|| knob.text(value), |typed| format!("{}▏", Shown::inline(typed).as_str())),
            value_width,
            maximum: if width >= ROOM_FOR_MAXIMUM { knob.maximum(setup) } else { String::new() },
            fraction: knob.fraction(setup, value),
            focused,
            has_track: knob.has_track(),
            styles: SliderStyles {
                label: if focused { theme.strong() } else { theme.text() },
                value: if typed.is_some() {
                    theme.key()
                } else if follows {
                    theme.dim()
                } else {
                    theme.strong()
                },
                changed: theme.slider_changed(),
                filled: theme.slider_filled(focused),
                track: theme.slider_track(),
                knob: if follows { theme.dim() } else { theme.slider_knob(focused) },
            },
        }
    }

    /// The slider's cells of a row. A score is a name: there is nothing between two of them.
    fn area(&self, row: Rect) -> Rect {
        let without_track = 2 + LABEL + 1 + self.value_width;
        Rect { width: if self.has_track { row.width } else { row.width.min(without_track) }, ..row }
    }

    fn slider(&self) -> Slider<'_> {
        Slider {
            label: self.label,
            label_width: LABEL,
            value: &self.value,
            value_width: self.value_width,
            maximum: &self.maximum,
            maximum_width: if self.maximum.is_empty() { 0 } else { 4 },
            fraction: self.fraction,
            preset: None,
            focused: self.focused,
            changed: false,
            styles: self.styles,
        }
    }
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let seed = state.diffuse().setup().sampling.seed.map_or_else(String::new, |seed| format!("seed {seed}"));
    Panel {
        top_right: Line::styled(seed, state.theme().key_label()),
        ..frame::frame(state, PanelId::CanvasSettings)
    }
}
