//! What holds for every widget: it draws inside its area, whatever it is given, and never panics.

use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::*;

/// The screen the widgets draw on, full of this.
const SCREEN: Rect = Rect { x: 0, y: 0, width: 24, height: 6 };
const BEFORE: &str = "x";

/// Renders a widget and checks that nothing outside the area changed.
fn draws_inside<W>(widget: &W, area: Rect) -> Result<(), TestCaseError>
where
    for<'w> &'w W: Widget,
{
    let mut buffer = Buffer::filled(SCREEN, Cell::new(BEFORE));
    widget.render(area, &mut buffer);
    for position in SCREEN.positions().filter(|position| !area.contains(*position)) {
        prop_assert_eq!(buffer[position].symbol(), BEFORE, "at {}", position);
    }
    // A wide symbol in the last column would reach out of the area.
    for position in area.intersection(SCREEN).positions() {
        let width = unicode_width::UnicodeWidthStr::width(buffer[position].symbol()) as u16;
        let inside = position.x + width.max(1) <= area.right();
        prop_assert!(inside, "at {}", position);
    }
    Ok(())
}

fn areas() -> impl Strategy<Value = Rect> {
    // Also areas partly or wholly off the screen.
    (0_u16..30, 0_u16..8, 0_u16..30, 0_u16..8).prop_map(|(x, y, width, height)| Rect { x, y, width, height })
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", "[a-z ]{0,20}", "[猫犬🙂é\u{301}\u{200d}]{0,10}", "(\u{1b}\\[31m|\n|\t|a){0,6}"]
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..=1.0, any::<f64>()]
}

proptest! {
    #[test]
    fn bar(area in areas(), fraction in numbers()) {
        draws_inside(&Bar { fraction, style: Style::new() }, area)?;
    }

    #[test]
    fn sparkline(area in areas(), values in prop::collection::vec(numbers(), 0..40)) {
        draws_inside(&Sparkline { values: &values, style: Style::new() }, area)?;
    }

    #[test]
    fn gauge(area in areas(), prompt: usize, generated: usize, capacity: usize) {
        let style = Style::new();
        let gauge =
            CellGauge { prompt, generated, capacity, prompt_style: style, generated_style: style, free_style: style };
        draws_inside(&gauge, area)?;
    }

    #[test]
    fn slider(
        area in areas(),
        (label, value, maximum) in (texts(), texts(), texts()),
        (label_width, value_width, maximum_width) in (any::<u16>(), 0_u16..9, 0_u16..5),
        (fraction, preset) in (numbers(), prop::option::of(numbers())),
        (focused, changed) in any::<(bool, bool)>(),
        column: u16,
    ) {
        let slider = Slider {
            label: &label,
            label_width: label_width % 16,
            value: &value,
            value_width,
            maximum: &maximum,
            maximum_width,
            fraction,
            preset,
            focused,
            changed,
            styles: SliderStyles::default(),
        };
        draws_inside(&slider, area)?;
        if let Some(value) = slider.value_at(area, column) {
            prop_assert!((0.0..=1.0).contains(&value));
        }
        prop_assert_eq!(slider.track(area).intersection(area), slider.track(area));
    }

    #[test]
    fn ruler(
        area in areas(),
        parts in prop::collection::vec((texts(), numbers()), 0..12),
        draw in prop::option::of(numbers()),
        landed in prop::option::of(0_usize..14),
        (note, column) in (texts(), any::<u16>()),
    ) {
        let segments: Vec<_> = parts.iter().map(|(label, mass)| Segment { label, mass: *mass }).collect();
        let ruler = Ruler { segments: &segments, draw, landed, notes: std::slice::from_ref(&note), styles: RulerStyles::default() };
        draws_inside(&ruler, area)?;
        if let Some(index) = ruler.segment_under(area, column) {
            prop_assert!(index < segments.len());
        }
    }

    #[test]
    fn panel(area in areas(), titles in prop::array::uniform5(texts())) {
        let panel = panel_of(&titles);
        draws_inside(&panel, area)?;
        if let Some(hint) = panel.hint_area(area) {
            prop_assert_eq!(hint.intersection(area), hint);
        }
    }

    #[test]
    fn popup(area in areas(), titles in prop::array::uniform5(texts())) {
        draws_inside(&Popup { panel: panel_of(&titles), surface: Style::new() }, area)?;
    }
}

fn panel_of(titles: &[String; 5]) -> Panel<'_> {
    let [title, hint, top_right, bottom_left, bottom_right] =
        titles.each_ref().map(|text| Line::raw(text.as_str()));
    Panel { hint, top_right, bottom_left, bottom_right, ..Panel::new(title) }
}
