//! The frame around a panel.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Widget};

use super::fit::elide_line;

/// A title narrower than this says nothing; it is left out rather than cut further.
const LEAST_TITLE: u16 = 3;

/// A rounded frame with room for four titles and a sign that the panel can explain itself.
///
/// ```text
/// ╭ Text ⁱ ─────────────────── colour: probability ╮
/// │                                                │
/// ╰ token 17 · p 0.41 ───────────── perplexity 3.2 ╯
/// ```
///
/// Titles keep a cell of frame between them. Where a row is too narrow for both, the left one is complete
/// first and the right one is cut, then left out; then the left one is cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel<'a> {
    /// Top left: what the panel is.
    pub title: Line<'a>,
    /// After the title: the sign that explains the panel when clicked; may be empty.
    pub hint: Line<'a>,
    /// Top right.
    pub top_right: Line<'a>,
    /// Bottom left.
    pub bottom_left: Line<'a>,
    /// Bottom right.
    pub bottom_right: Line<'a>,
    /// Style of the frame.
    pub border: Style,
    /// Lines of the frame.
    pub border_type: BorderType,
}

/// A title and the first cell of it, in a row of the frame.
type Placed<'a> = (u16, Line<'a>);

impl<'a> Panel<'a> {
    /// A panel with a title and nothing else.
    #[must_use]
    pub fn new(title: impl Into<Line<'a>>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// What the frame leaves of an area.
    #[must_use]
    pub fn inner(area: Rect) -> Rect {
        Block::bordered().inner(area)
    }

    /// The cells of the hint, for the mouse; `None` when it is empty or was left out.
    #[must_use]
    pub fn hint_area(&self, area: Rect) -> Option<Rect> {
        let hint = self.hint.width() as u16;
        let shown = area.height > 0 && hint > 0 && self.top_left(area.width).1;
        let x = area.x + 3 + self.title.width() as u16;
        shown.then_some(Rect { x, y: area.y, width: hint, height: 1 })
    }

    /// The title with the hint, if there is room for both, and whether there is.
    fn top_left(&self, width: u16) -> (Line<'a>, bool) {
        let mut line = self.title.clone();
        let needed = line.width() + 1 + self.hint.width();
        let with_hint = self.hint.width() > 0 && needed <= usize::from(room(width));
        if with_hint {
            line.push_span(" ");
            line.spans.extend(self.hint.spans.iter().cloned());
        }
        (line, with_hint)
    }

    fn draw_titles(row: Rect, left: &Line<'a>, right: &Line<'a>, buf: &mut Buffer) {
        for (x, title) in place(row.width, left, right) {
            // A cell of space on either side sets a title off from the frame.
            let width = title.width() as u16;
            buf.set_stringn(row.x + x - 1, row.y, " ", 1, Style::new());
            buf.set_line(row.x + x, row.y, &title, width);
            buf.set_stringn(row.x + x + width, row.y, " ", 1, Style::new());
        }
    }
}

impl Default for Panel<'_> {
    /// A rounded frame without titles.
    fn default() -> Self {
        Self {
            title: Line::default(),
            hint: Line::default(),
            top_right: Line::default(),
            bottom_left: Line::default(),
            bottom_right: Line::default(),
            border: Style::new(),
            border_type: BorderType::Rounded,
        }
    }
}

/// The cells a single title may take: not the corners, nor the spaces beside the title.
const fn room(width: u16) -> u16 {
    width.saturating_sub(4)
}

/// Where the titles of a row go, cut to what fits.
fn place<'a>(width: u16, left: &Line<'a>, right: &Line<'a>) -> Vec<Placed<'a>> {
    let room = room(width);
    let mut placed = Vec::new();
    let cut = |line: &Line<'a>, room: u16| {
        let fits = line.width() <= usize::from(room);
        (line.width() > 0 && (fits || room >= LEAST_TITLE)).then(|| elide_line(line, usize::from(room)))
    };
    let mut used = 0;
    if let Some(left) = cut(left, room) {
        // The title, its two spaces, and a cell of frame before the next title.
        used = left.width() as u16 + 3;
        placed.push((2, left));
    }
    if let Some(right) = cut(right, room.saturating_sub(used)) {
        placed.push((width - 2 - right.width() as u16, right));
    }
    placed
}

impl Widget for &Panel<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        Block::bordered().border_type(self.border_type).border_style(self.border).render(area, buf);
        let top = Rect { height: 1, ..area };
        Panel::draw_titles(top, &self.top_left(area.width).0, &self.top_right, buf);
        if area.height > 1 {
            let bottom = Rect { y: area.bottom() - 1, height: 1, ..area };
            Panel::draw_titles(bottom, &self.bottom_left, &self.bottom_right, buf);
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Modifier, Stylize};

    use super::*;

    fn panel() -> Panel<'static> {
        Panel {
            top_right: "probability".into(),
            bottom_left: "rank 1".into(),
            bottom_right: "ppl 3.2".into(),
            ..Panel::new("Text")
        }
    }

    fn drawn(panel: &Panel, width: u16, height: u16) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        panel.render(buffer.area, &mut buffer);
        buffer
    }

    #[test]
    fn four_titles_in_a_frame() {
        let expected =
            ["╭ Text ──── probability ╮", "│                       │", "╰ rank 1 ────── ppl 3.2 ╯"];
        assert_eq!(drawn(&panel(), 25, 3), Buffer::with_lines(expected));
    }

    #[test]
    fn the_right_title_gives_way_first() {
        let top = |width| {
            let buffer = drawn(&panel(), width, 1);
            buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect::<String>()
        };
        assert_eq!(top(22), "╭ Text ─ probability ╮", "a cell of frame between them");
        assert_eq!(top(21), "╭ Text ─ probabili… ╮");
        assert_eq!(top(14), "╭ Text ─ pr… ╮");
        assert_eq!(top(13), "╭ Text ─────╮");
        assert_eq!(top(8), "╭ Text ╮");
        assert_eq!(top(7), "╭ Te… ╮");
        assert_eq!(top(6), "╭────╮");
        assert_eq!([top(2), top(1)], ["╭╮", "╭"]);
    }

    #[test]
    fn wide_titles_do_not_overlap() {
        let panel = Panel { top_right: "犬犬".into(), ..Panel::new("猫猫") };
        let buffer = drawn(&panel, 15, 1);
        let symbols: Vec<_> = [0, 2, 4, 7, 9, 11, 14].iter().map(|x| buffer[(*x, 0)].symbol()).collect();
        assert_eq!(symbols, ["╭", "猫", "猫", "─", "犬", "犬", "╮"]);
        // One cell less: the right title has three cells, one wide character and the ellipsis.
        let buffer = drawn(&panel, 14, 1);
        let symbols: Vec<_> = [7, 9, 11, 13].iter().map(|x| buffer[(*x, 0)].symbol()).collect();
        assert_eq!(symbols, ["─", "犬", "…", "╮"]);
    }

    #[test]
    fn the_hint_is_where_it_says() {
        let panel = Panel { hint: "i".dim().into(), ..panel() };
        let area = Rect::new(0, 0, 25, 3);
        let hint = panel.hint_area(area).expect("there is room");
        assert_eq!(hint, Rect::new(7, 0, 1, 1));
        let buffer = drawn(&panel, 25, 3);
        assert_eq!(buffer[(7, 0)].symbol(), "i");
        assert!(buffer[(7, 0)].modifier.contains(Modifier::DIM));
        assert_eq!(panel.hint_area(Rect::new(0, 0, 9, 3)), None, "left out before the title is cut");
        assert_eq!(super::Panel::new("Text").hint_area(area), None);
    }

    #[test]
    fn styles_of_titles_and_frame_are_kept_apart() {
        let panel = Panel { border: Style::new().italic(), ..Panel::new("Text".bold()) };
        let buffer = drawn(&panel, 12, 2);
        assert!(buffer[(2, 0)].modifier.contains(Modifier::BOLD));
        assert_eq!(buffer[(0, 0)].modifier, Modifier::ITALIC);
    }
}
