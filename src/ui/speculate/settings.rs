//! The sliders of drafts, below where they come from and how they are verified.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{cells::left, of_frame};
use crate::{
    app::{DraftKnob, Hit, PanelId, State},
    ui::{
        frame,
        rows::draw_row,
        widgets::{Panel, Slider, SliderStyles},
    },
};

/// Rows above the sliders.
const ABOVE: u16 = 2;

fn panel<'a>(state: &State) -> Panel<'a> {
    frame::frame(state, PanelId::DraftSettings)
}

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = Panel::inner(area);
    let theme = state.theme();
    let settings = state.speculate().settings();
    let rows = [("from", settings.sources.name()), ("rule", state.speculate().rule().name())];
    for (row, (name, value)) in rows.into_iter().enumerate() {
        let line =
            Line::from(vec![Span::raw("  "), left(name, 6, theme.dim()), Span::styled(value, theme.text())]);
        draw_row(inner, row, &line, buf);
    }
    for (index, place) in places(inner) {
        let knob = DraftKnob::ALL[index];
        let value = knob.text(knob.value(settings));
        let maximum = knob.maximum();
        let slider = slider(state, knob, (&value, &maximum));
        (&slider).render(place, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let found = places(Panel::inner(area)).find(|(_, place)| place.contains(at));
    let Some((index, place)) = found else {
        return of_frame(|| panel(state), PanelId::DraftSettings, area, at);
    };
    let slider = slider(state, DraftKnob::ALL[index], ("", ""));
    let on_track = slider.track(place).contains(at);
    Hit::Slider(index, slider.value_at(place, at.x).filter(|_| on_track))
}

fn places(inner: Rect) -> impl Iterator<Item = (usize, Rect)> {
    let rows = inner.height.saturating_sub(ABOVE).min(DraftKnob::ALL.len() as u16);
    let rows = if inner.width == 0 { 0 } else { rows };
    (0..rows).map(move |row| (usize::from(row), Rect { y: inner.y + ABOVE + row, height: 1, ..inner }))
}

fn slider<'a>(state: &State, knob: DraftKnob, (value, maximum): (&'a str, &'a str)) -> Slider<'a> {
    let theme = state.theme();
    let focused = state.focus() == PanelId::DraftSettings && state.speculate().knob() == knob;
    Slider {
        label: knob.label(),
        label_width: 10,
        value,
        value_width: 5,
        maximum,
        maximum_width: 3,
        fraction: knob.fraction(knob.value(state.speculate().settings())),
        preset: None,
        focused,
        changed: false,
        styles: SliderStyles {
            label: if focused { theme.strong() } else { theme.text() },
            value: theme.strong(),
            changed: theme.slider_changed(),
            filled: theme.slider_filled(focused),
            track: theme.slider_track(),
            knob: theme.slider_knob(focused),
        },
    }
}
