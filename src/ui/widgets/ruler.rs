//! The cumulative ruler: the interval from 0 to 1, cut into tokens, and where the draw landed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::fit::elide;
use super::slider::column_of;

/// One token's part of the ruler.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment<'a> {
    /// The token, as it is shown.
    pub label: &'a str,
    /// Its probability, 0 to 1. Less than 0, or not a number, counts as 0.
    pub mass: f64,
}

/// The styles of a ruler's parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RulerStyles {
    /// Line and separators.
    pub line: Style,
    /// Tokens.
    pub label: Style,
    /// The token the pointer is in.
    pub chosen: Style,
    /// The pointer and its note.
    pub pointer: Style,
}

/// Tokens side by side, each as wide as it is likely, over a pointer at the draw; two rows.
///
/// ```text
/// ├␣in─────────────┼␣with──┼␣outside┼┼┤
///                   ▲ landed in ␣with
/// ```
///
/// A separator stands at the column nearest to each cumulative sum; where several fall on one column it
/// stands for all of them. What the segments leave of 1 is a part without a label; if they exceed 1 they are
/// scaled to it. A label that does not fit its part is cut, or left out where fewer than two cells are free.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruler<'a> {
    /// The tokens, in the order in which the draw passes them.
    pub segments: &'a [Segment<'a>],
    /// The draw, 0 to 1; `None` draws no pointer.
    pub draw: Option<f64>,
    /// The segment the draw landed in, as whoever drew knows it. The pointer is kept between its separators,
    /// if there are cells between them, so that rounding never moves it to a neighbour.
    pub landed: Option<usize>,
    /// Shown beside the pointer, on the side with more room: the first of these wordings, from the longest to the shortest,
    /// that fits; nothing if none does.
    pub notes: &'a [String],
    /// How it looks.
    pub styles: RulerStyles,
}

/// A segment's place: columns of its two separators, counted from the ruler's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    from: u16,
    to: u16,
}

impl Ruler<'_> {
    /// The segment under a column of the screen, for the mouse; on a separator, the one to its right.
    #[must_use]
    pub fn segment_under(&self, area: Rect, column: u16) -> Option<usize> {
        let column = column.checked_sub(area.x).filter(|column| *column < area.width)?;
        self.places(area.width).position(|place| (place.from..place.to).contains(&column))
    }

    /// The cumulative sums after each segment, at most 1.
    fn sums(&self) -> impl Iterator<Item = f64> {
        let scale = self.segments.iter().map(mass).sum::<f64>().max(1.0);
        self.segments.iter().scan(0.0, move |sum, segment| {
            *sum += mass(segment) / scale;
            Some(f64::min(*sum, 1.0))
        })
    }

    fn places(&self, width: u16) -> impl Iterator<Item = Place> {
        self.sums().scan(0, move |from, sum| {
            let to = column_of(sum, width);
            let place = Place { from: *from, to };
            *from = to;
            Some(place)
        })
    }

    fn draw_line(&self, row: Rect, buf: &mut Buffer) {
        for x in row.left()..row.right() {
            buf[(x, row.y)].set_symbol("─").set_style(self.styles.line);
        }
        for (index, place) in self.places(row.width).enumerate() {
            let style = if self.landed == Some(index) { self.styles.chosen } else { self.styles.label };
            draw_label(self.segments[index].label, place, row, style, buf);
            buf[(row.x + place.to, row.y)].set_symbol("┼").set_style(self.styles.line);
        }
        buf[(row.left(), row.y)].set_symbol("├").set_style(self.styles.line);
        buf[(row.right() - 1, row.y)].set_symbol("┤").set_style(self.styles.line);
    }

    fn draw_pointer(&self, row: Rect, draw: f64, buf: &mut Buffer) {
        let place = self.landed.and_then(|index| self.places(row.width).nth(index));
        let column = pointer_column(draw, place, row.width);
        buf[(row.x + column, row.y)].set_symbol("▲").set_style(self.styles.pointer);
        let (left, right) = (column.saturating_sub(1), (row.width - column).saturating_sub(2));
        let fits = |note: &&String| note.width() <= usize::from(left.max(right));
        let note = self.notes.iter().find(fits).map_or("", String::as_str);
        let note_width = note.width() as u16;
        // To the right if it fits, or if it fits nowhere and there is more room.
        let x = if note_width <= right { row.x + column + 2 } else { row.x + left - note_width };
        buf.set_stringn(x, row.y, note, usize::from(left.max(right)), self.styles.pointer);
    }
}

fn mass(segment: &Segment) -> f64 {
    if segment.mass.is_finite() { segment.mass.max(0.0) } else { 0.0 }
}

/// The column under the draw, kept strictly between its segment's separators where there are cells between
/// them.
fn pointer_column(draw: f64, place: Option<Place>, width: u16) -> u16 {
    let column = column_of(draw, width);
    match place {
        Some(Place { from, to }) if to - from >= 2 => column.clamp(from + 1, to - 1),
        Some(Place { from, to }) => column.clamp(from, to),
        None => column,
    }
}

fn draw_label(label: &str, place: Place, row: Rect, style: Style, buf: &mut Buffer) {
    let room = (place.to - place.from).saturating_sub(1);
    let fits = label.width() <= usize::from(room);
    if fits || room >= 2 {
        buf.set_stringn(
            row.x + place.from + 1,
            row.y,
            elide(label, usize::from(room)),
            usize::from(room),
            style,
        );
    }
}

impl Widget for &Ruler<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        self.draw_line(Rect { height: 1, ..area }, buf);
        if let (Some(draw), true) = (self.draw, area.height > 1) {
            self.draw_pointer(Rect { y: area.y + 1, height: 1, ..area }, draw, buf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect { x: 0, y: 0, width: 21, height: 2 };
    const THREE: [(&str, f64); 3] = [("␣in", 0.5), ("with", 0.25), ("fo", 0.25)];

    fn segments<'a>(parts: &[(&'a str, f64)]) -> Vec<Segment<'a>> {
        parts.iter().map(|(label, mass)| Segment { label, mass: *mass }).collect()
    }

    fn drawn(parts: &[(&str, f64)], pointer: Option<(f64, usize)>, note: &str, width: u16) -> Buffer {
        let ruler = Ruler {
            segments: &segments(parts),
            draw: pointer.map(|(draw, _)| draw),
            landed: pointer.map(|(_, landed)| landed),
            notes: &[note.to_owned(), "…".to_owned()],
            styles: RulerStyles::default(),
        };
        let mut buffer = Buffer::empty(Rect { width, ..AREA });
        (&ruler).render(buffer.area, &mut buffer);
        buffer
    }

    #[test]
    fn separators_stand_at_the_cumulative_sums() {
        // Columns 0 to 20: 0.5 is column 10, 0.75 column 15; the draw 0.6 is column 12.
        let expected = Buffer::with_lines(["├␣in──────┼with┼fo──┤", "            ▲ u      "]);
        assert_eq!(drawn(&THREE, Some((0.6, 1)), "u", 21), expected);
    }

    #[test]
    fn labels_are_cut_to_their_part_or_left_out() {
        let parts = [("outside", 0.5), ("x", 0.1), ("far", 0.4)];
        assert_eq!(drawn(&parts, None, "", 11), Buffer::with_lines(["├out…┼┼far┤", "           "]));
    }

    #[test]
    fn a_wide_label_shifts_no_column() {
        let parts = [("猫猫猫", 0.5), ("犬", 0.5)];
        let buffer = drawn(&parts, None, "", 11);
        let symbols = [0, 1, 3, 5, 6, 8, 10].map(|x| buffer[(x, 0)].symbol());
        assert_eq!(symbols, ["├", "猫", "…", "┼", "犬", "─", "┤"]);
    }

    #[test]
    fn the_rest_has_no_label_and_too_much_is_scaled() {
        assert_eq!(drawn(&[("a", 0.5)], None, "", 11), Buffer::with_lines(["├a───┼────┤", "           "]));
        let doubled = [("a", 1.0), ("b", 1.0)];
        assert_eq!(drawn(&doubled, None, "", 11), Buffer::with_lines(["├a───┼b───┤", "           "]));
        let odd = [("a", f64::NAN), ("b", -1.0), ("c", f64::INFINITY)];
        assert_eq!(drawn(&odd, None, "", 5), Buffer::with_lines(["├───┤", "     "]));
    }

    #[test]
    fn the_pointer_stays_in_the_segment_it_landed_in() {
        // 0.51 rounds to column 10, the separator; it landed to the right of it.
        assert_eq!(drawn(&THREE, Some((0.51, 1)), "", 21)[(11, 1)].symbol(), "▲");
        assert_eq!(drawn(&THREE, Some((0.49, 0)), "", 21)[(9, 1)].symbol(), "▲");
        // No cells between the separators of b, at 5 and 6.
        let narrow = [("a", 0.5), ("b", 0.1), ("c", 0.4)];
        assert_eq!(drawn(&narrow, Some((0.5, 1)), "", 11)[(5, 1)].symbol(), "▲");
        assert_eq!(drawn(&narrow, Some((f64::NAN, 7)), "", 11)[(0, 1)].symbol(), "▲");
    }

    #[test]
    fn the_note_goes_where_there_is_room() {
        let right_end = Buffer::with_lines(["├␣in──────┼with┼fo──┤", "    landed in fo ▲   "]);
        assert_eq!(drawn(&THREE, Some((0.85, 2)), "landed in fo", 21), right_end);
        let left_end = Buffer::with_lines(["├␣in──────┼with┼fo──┤", "  ▲ landed in ␣in    "]);
        assert_eq!(drawn(&THREE, Some((0.1, 0)), "landed in ␣in", 21), left_end);
        let shorter = Buffer::with_lines(["├a──┤", "  ▲ …"]);
        assert_eq!(drawn(&[("a", 1.0)], Some((0.5, 0)), "landed", 5), shorter);
    }

    #[test]
    fn a_column_leads_back_to_its_segment() {
        let segments = segments(&THREE);
        let ruler = Ruler {
            segments: &segments,
            draw: None,
            landed: None,
            notes: &[],
            styles: RulerStyles::default(),
        };
        let under = |column| ruler.segment_under(Rect { x: 5, ..AREA }, column);
        assert_eq!([under(4), under(26)], [None, None]);
        assert_eq!([under(5), under(14), under(15), under(24)], [Some(0), Some(0), Some(1), Some(2)]);
    }
}
