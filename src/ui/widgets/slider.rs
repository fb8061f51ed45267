//! A slider in one row.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::fit::elide;

/// The narrowest track a knob can be moved on; below it the track is left out.
const LEAST_TRACK: u16 = 3;

/// A label, a value, and where the value lies.
///
/// ```text
/// ▸ temperature  0.80* ━━━━●───┆──────── 2
/// │ label       value││track            maximum
/// focus          changed
/// ```
///
/// What does not fit is given up in this order: the maximum, the track, the end of the label, the value.
#[derive(Clone, Debug, PartialEq)]
pub struct Slider<'a> {
    /// What is set.
    pub label: &'a str,
    /// Cells kept for the label, so that sliders below one another line up.
    pub label_width: u16,
    /// Its value, right-aligned.
    pub value: &'a str,
    /// Cells kept for the value.
    pub value_width: u16,
    /// The right end of the track, in words or numbers; may be empty.
    pub maximum: &'a str,
    /// Cells kept for the maximum.
    pub maximum_width: u16,
    /// Where the knob is, 0 (left end) to 1 (right end).
    pub fraction: f64,
    /// Where the preset's value lies, if it is to be marked.
    pub preset: Option<f64>,
    /// Whether this slider has the focus.
    pub focused: bool,
    /// Whether its value differs from the preset's.
    pub changed: bool,
    /// How it looks.
    pub styles: SliderStyles,
}

/// The styles of a slider's parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SliderStyles {
    /// The label.
    pub label: Style,
    /// The value.
    pub value: Style,
    /// The `*` of a changed value.
    pub changed: Style,
    /// The track to the left of the knob.
    pub filled: Style,
    /// The track to the right of the knob, the preset's mark and the maximum.
    pub track: Style,
    /// The knob and the mark of the focus.
    pub knob: Style,
}

/// Where a slider's parts are; all in one row.
struct Layout {
    label: Rect,
    value: Rect,
    changed: Rect,
    track: Rect,
    maximum: Rect,
}

impl Slider<'_> {
    /// The cells of the track in an area, for the mouse; empty when there is no room for one.
    #[must_use]
    pub fn track(&self, area: Rect) -> Rect {
        self.layout(area).track
    }

    /// The fraction under a column of the screen, for a click or a drag: beyond the ends of the track it is 0
    /// or 1. `None` when there is no track.
    #[must_use]
    pub fn value_at(&self, area: Rect, column: u16) -> Option<f64> {
        let track = self.track(area);
        (!track.is_empty()).then(|| fraction_at(column.saturating_sub(track.x), track.width))
    }

    fn layout(&self, area: Rect) -> Layout {
        let row = Rect { height: area.height.min(1), ..area };
        // Two cells for the mark of the focus.
        let rest = cut(row, 2).1;
        // A value must be readable before its label is complete.
        let label_room = rest.width.saturating_sub(self.value_width.saturating_add(2));
        let (label, rest) = cut(rest, self.label_width.min(label_room));
        let gap = u16::from(label.width > 0);
        let (value, rest) = cut(cut(rest, gap).1, self.value_width);
        let (changed, rest) = cut(rest, 1);
        let rest = cut(rest, 1).1;
        let beside_maximum = rest.width.saturating_sub(self.maximum_width.saturating_add(1));
        let (track, maximum) = if self.maximum_width == 0 || beside_maximum < LEAST_TRACK {
            (rest, Rect::ZERO)
        } else {
            let (track, rest) = cut(rest, beside_maximum);
            (track, cut(rest, 1).1)
        };
        let track = if track.width < LEAST_TRACK { Rect { width: 0, ..track } } else { track };
        Layout { label, value, changed, track, maximum }
    }

    fn draw_track(&self, track: Rect, buf: &mut Buffer) {
        if track.is_empty() {
            return;
        }
        let knob = column_of(self.fraction, track.width);
        let preset = self.preset.map(|fraction| column_of(fraction, track.width));
        for column in 0..track.width {
            let (symbol, style) = if column == knob {
                ("●", self.styles.knob)
            } else if preset == Some(column) {
                ("┆", self.styles.track)
            } else if column < knob {
                ("━", self.styles.filled)
            } else {
                ("─", self.styles.track)
            };
            buf[(track.x + column, track.y)].set_symbol(symbol).set_style(style);
        }
    }
}

impl Widget for &Slider<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let layout = self.layout(area);
        let styles = &self.styles;
        if self.focused {
            put(buf, Rect { width: 1, height: 1, ..area }, "▸", styles.knob);
        }
        put(buf, layout.label, self.label, styles.label);
        let value = elide(self.value, usize::from(layout.value.width));
        let indent = layout.value.width - value.width() as u16;
        put(buf, cut(layout.value, indent).1, &value, styles.value);
        if self.changed {
            put(buf, layout.changed, "*", styles.changed);
        }
        self.draw_track(layout.track, buf);
        put(buf, layout.maximum, self.maximum, styles.track);
    }
}

/// The column of a track `width` cells wide, from 0, that is nearest to a fraction; always inside the track.
/// Not a number counts as 0. A track without cells has no column; the answer is then 0.
#[must_use]
pub fn column_of(fraction: f64, width: u16) -> u16 {
    // The cast takes NaN to 0.
    (fraction.clamp(0.0, 1.0) * f64::from(width.saturating_sub(1))).round() as u16
}

/// The fraction at a column of a track `width` cells wide: 0 at its first column, 1 at its last and beyond. A
/// track of one cell is all 0. The inverse of [`column_of`].
#[must_use]
pub fn fraction_at(column: u16, width: u16) -> f64 {
    let last = width.saturating_sub(1);
    if last == 0 { 0.0 } else { f64::from(column.min(last)) / f64::from(last) }
}

/// The first `width` cells of a row, and the rest.
fn cut(row: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(row.width);
    let rest = Rect { x: row.x + width, width: row.width - width, ..row };
    (Rect { width, ..row }, rest)
}

fn put(buf: &mut Buffer, area: Rect, text: &str, style: Style) {
    if buf.area.contains(Position::new(area.x, area.y)) && !area.is_empty() {
        let text = elide(text, usize::from(area.width));
        buf.set_span(area.x, area.y, &Span::styled(text, style), area.width);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEMPERATURE: Slider = Slider {
        label: "temperature",
        label_width: 11,
        value: "0.80",
        value_width: 5,
        maximum: "2",
        maximum_width: 1,
        fraction: 0.4,
        preset: None,
        focused: false,
        changed: false,
        styles: SliderStyles {
            label: Style::new(),
            value: Style::new(),
            changed: Style::new(),
            filled: Style::new(),
            track: Style::new(),
            knob: Style::new(),
        },
    };

    fn drawn(slider: &Slider, width: u16) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        slider.render(buffer.area, &mut buffer);
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn a_row_with_everything() {
        assert_eq!(drawn(&TEMPERATURE, 34), "  temperature  0.80  ━━━━●────── 2");
        let touched = Slider { focused: true, changed: true, preset: Some(0.8), ..TEMPERATURE };
        assert_eq!(drawn(&touched, 34), "▸ temperature  0.80* ━━━━●───┆── 2");
    }

    #[test]
    fn the_knob_stays_on_the_track() {
        let at = |fraction| drawn(&Slider { fraction, ..TEMPERATURE }, 34);
        assert_eq!(at(0.0), "  temperature  0.80  ●────────── 2");
        assert_eq!(at(1.0), "  temperature  0.80  ━━━━━━━━━━● 2");
        assert_eq!([at(f64::NAN), at(-4.0)], [at(0.0), at(0.0)]);
        assert_eq!(at(f64::INFINITY), at(1.0));
    }

    #[test]
    fn what_does_not_fit_is_given_up_in_order() {
        assert_eq!(drawn(&TEMPERATURE, 26), "  temperature  0.80  ━●─ 2");
        assert_eq!(drawn(&TEMPERATURE, 25), "  temperature  0.80  ━●──", "the maximum goes first");
        assert_eq!(drawn(&TEMPERATURE, 23), "  temperature  0.80    ", "then the track");
        assert_eq!(drawn(&TEMPERATURE, 14), "  temp…  0.80 ", "then the end of the label");
        assert_eq!(drawn(&TEMPERATURE, 7), "   0.80");
        assert_eq!(drawn(&TEMPERATURE, 5), "  0.…");
        assert_eq!(drawn(&Slider { focused: true, ..TEMPERATURE }, 1), "▸");
        assert_eq!(drawn(&TEMPERATURE, 0), "");
    }

    #[test]
    fn a_wide_label_moves_nothing() {
        let wide = Slider { label: "温度温度温度温度", ..TEMPERATURE };
        let track = TEMPERATURE.track(Rect::new(0, 0, 34, 1));
        assert_eq!(wide.track(Rect::new(0, 0, 34, 1)), track);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 34, 1));
        (&wide).render(buffer.area, &mut buffer);
        assert_eq!(buffer[(track.x, 0)].symbol(), "━");
        assert_eq!(buffer[(10, 0)].symbol(), "温");
        assert_eq!(buffer[(12, 0)].symbol(), "…");
    }

    #[test]
    fn columns_by_hand() {
        let columns = [0.0, 0.04, 0.06, 0.5, 0.94, 0.96, 1.0].map(|fraction| column_of(fraction, 11));
        assert_eq!(columns, [0, 0, 1, 5, 9, 10, 10]);
        assert_eq!([column_of(0.7, 1), column_of(0.7, 0)], [0, 0]);
        assert!((fraction_at(5, 11) - 0.5).abs() < 1e-12);
        assert!((fraction_at(400, 11) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_click_beside_the_track_is_its_end() {
        let area = Rect::new(10, 3, 34, 1);
        let track = TEMPERATURE.track(area);
        assert_eq!((track.x, track.width), (31, 11));
        assert_eq!(TEMPERATURE.value_at(area, 0), Some(0.0));
        assert_eq!(TEMPERATURE.value_at(area, 36), Some(0.5));
        assert_eq!(TEMPERATURE.value_at(area, 999), Some(1.0));
        assert_eq!(TEMPERATURE.value_at(Rect::new(0, 0, 10, 1), 5), None);
    }

    proptest! {
        #[test]
        fn column_and_fraction_are_inverse(width in 2_u16..500, column: u16) {
            let column = column % width;
            prop_assert_eq!(column_of(fraction_at(column, width), width), column);
        }
    }
}
