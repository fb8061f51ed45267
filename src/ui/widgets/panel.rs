//! The frame around a panel.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Widget};

/// A rounded frame with room for four titles and for the key that explains the panel.
///
/// ```text
/// ╭ Text  i explains ───────── colour: probability ╮
/// │                                                │
/// ╰ token 17 · p 0.41 ───────────── perplexity 3.2 ╯
/// ```
///
/// Titles keep a cell of frame between them. A title is shown whole or not at all, in the longest of its wordings that
/// has room: where a row is too narrow for both, the right one gets shorter first, then the left one; then the right one
/// is left out, then the left one.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel<'a> {
    /// Top left: what the panel is.
    pub title: Line<'a>,
    /// After the title, where there is room to spare: how to have the panel explained; may be empty.
    pub hint: Line<'a>,
    /// Top right.
    pub top_right: Line<'a>,
    /// Bottom left.
    pub bottom_left: Line<'a>,
    /// Bottom right.
    pub bottom_right: Line<'a>,
    /// The same in fewer words.
    pub shorter: Shorter<'a>,
    /// Style of the frame.
    pub border: Style,
    /// Lines of the frame.
    pub border_type: BorderType,
}

/// Shorter wordings of a panel's titles, each from the longest to the shortest, for where the full ones have no room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shorter<'a> {
    /// Of the title.
    pub title: Vec<Line<'a>>,
    /// Of the one at the top right.
    pub top_right: Vec<Line<'a>>,
    /// Of the one at the bottom left.
    pub bottom_left: Vec<Line<'a>>,
    /// Of the one at the bottom right.
    pub bottom_right: Vec<Line<'a>>,
}

/// The two titles of a row, each in the wording that was chosen for it; None for one without room or words.
type Pair<'p, 'a> = [Option<&'p Line<'a>>; 2];

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

    /// The cells of the title and of the hint after it, for the mouse; `None` when the title was left out.
    #[must_use]
    pub fn title_area(&self, area: Rect) -> Option<Rect> {
        let title = self.top(area.width)[0].filter(|_| area.height > 0)?;
        let hint = self.hint_area(area).map_or(0, |hint| GAP as u16 + hint.width);
        Some(Rect { x: area.x + 2, y: area.y, width: title.width() as u16 + hint, height: 1 })
    }

    /// The cells of the hint, for the mouse; `None` when it is empty or was left out.
    #[must_use]
    pub fn hint_area(&self, area: Rect) -> Option<Rect> {
        let [title, right] = self.top(area.width);
        let title = title.filter(|title| area.height > 0 && self.hint_fits(area.width, title, right))?;
        let x = area.x + 2 + (title.width() + GAP) as u16;
        Some(Rect { x, y: area.y, width: self.hint.width() as u16, height: 1 })
    }

    fn top(&self, width: u16) -> Pair<'_, 'a> {
        pair(width, (&self.title, &self.shorter.title), (&self.top_right, &self.shorter.top_right))
    }

    fn bottom(&self, width: u16) -> Pair<'_, 'a> {
        let right = (&self.bottom_right, &self.shorter.bottom_right[..]);
        pair(width, (&self.bottom_left, &self.shorter.bottom_left), right)
    }

    /// Whether the hint has room beside the titles of the top row.
    fn hint_fits(&self, width: u16, title: &Line, right: Option<&Line>) -> bool {
        let beside = right.map_or(0, |right| right.width() + BETWEEN);
        self.hint.width() > 0 && title.width() + GAP + self.hint.width() + beside <= room(width)
    }

    fn draw_top(&self, row: Rect, buf: &mut Buffer) {
        let [title, right] = self.top(row.width);
        let with_hint = title.filter(|title| self.hint_fits(row.width, title, right)).map(|title| {
            let mut line = title.clone();
            line.push_span(" ".repeat(GAP));
            line.spans.extend(self.hint.spans.iter().cloned());
            line
        });
        draw_pair(row, [with_hint.as_ref().or(title), right], buf);
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
            shorter: Shorter::default(),
            border: Style::new(),
            border_type: BorderType::Rounded,
        }
    }
}

/// Cells between a title and the hint after it.
const GAP: usize = 2;
/// Cells between two titles: a space after one, a cell of frame, a space before the other.
const BETWEEN: usize = 3;

/// The cells that a row's titles may take: not the corners, nor the spaces beside them.
fn room(width: u16) -> usize {
    usize::from(width.saturating_sub(4))
}

/// The longest wordings of two titles that fit side by side, else of the left one alone, else of the right one.
fn pair<'p, 'a>(
    width: u16,
    left: (&'p Line<'a>, &'p [Line<'a>]),
    right: (&'p Line<'a>, &'p [Line<'a>]),
) -> Pair<'p, 'a> {
    let room = room(width);
    let wordings = |(full, shorter): (&'p Line<'a>, &'p [Line<'a>])| {
        std::iter::once(full).chain(shorter).filter(|line| line.width() > 0)
    };
    let alone = |title| wordings(title).find(|line| line.width() <= room);
    if wordings(left).next().is_none() || wordings(right).next().is_none() {
        return [alone(left), alone(right)];
    }
    let beside = wordings(left).find_map(|left| {
        let right = wordings(right).find(|right| left.width() + BETWEEN + right.width() <= room)?;
        Some([Some(left), Some(right)])
    });
    beside.unwrap_or_else(|| match alone(left) {
        Some(left) => [Some(left), None],
        None => [None, alone(right)],
    })
}

fn draw_pair(row: Rect, [left, right]: [Option<&Line>; 2], buf: &mut Buffer) {
    let mut put = |x: u16, title: &Line| {
        // A cell of space on either side sets a title off from the frame.
        let width = title.width() as u16;
        buf.set_stringn(x - 1, row.y, " ", 1, Style::new());
        buf.set_line(x, row.y, title, width);
        buf.set_stringn(x + width, row.y, " ", 1, Style::new());
    };
    if let Some(left) = left {
        put(row.x + 2, left);
    }
    if let Some(right) = right {
        put(row.right() - 2 - right.width() as u16, right);
    }
}

impl Widget for &Panel<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        Block::bordered().border_type(self.border_type).border_style(self.border).render(area, buf);
        self.draw_top(Rect { height: 1, ..area }, buf);
        if area.height > 1 {
            let bottom = Rect { y: area.bottom() - 1, height: 1, ..area };
            draw_pair(bottom, self.bottom(area.width), buf);
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

    fn top(panel: &Panel, width: u16) -> String {
        let buffer = drawn(panel, width, 1);
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn a_title_is_whole_or_not_there_and_the_right_one_gives_way_first() {
        let top = |width| top(&panel(), width);
        assert_eq!(top(22), "╭ Text ─ probability ╮", "a cell of frame between them");
        assert_eq!(top(21), "╭ Text ─────────────╮");
        assert_eq!(top(8), "╭ Text ╮");
        assert_eq!(top(7), "╭─────╮");
        assert_eq!([top(2), top(1)], ["╭╮", "╭"]);
        let right_alone = Panel { top_right: "p".into(), ..Panel::new("a long title") };
        assert_eq!(super::tests::top(&right_alone, 9), "╭──── p ╮");
    }

    #[test]
    fn the_longest_wordings_that_fit_are_taken() {
        let shorter =
            Shorter { title: vec!["T".into()], top_right: vec!["prob.".into()], ..Shorter::default() };
        let panel = Panel { shorter, ..panel() };
        assert_eq!(top(&panel, 22), "╭ Text ─ probability ╮");
        assert_eq!(top(&panel, 21), "╭ Text ────── prob. ╮", "the right one first");
        assert_eq!(top(&panel, 15), "╭ T ─── prob. ╮", "then the left one");
        assert_eq!(top(&panel, 12), "╭ Text ────╮", "then one of them goes");
        assert_eq!(top(&panel, 7), "╭ T ──╮");
    }

    #[test]
    fn a_wide_title_is_not_cut_through_either() {
        let panel = Panel { top_right: "犬犬".into(), ..Panel::new("猫猫") };
        let buffer = drawn(&panel, 15, 1);
        let symbols: Vec<_> = [0, 2, 4, 7, 9, 11, 14].iter().map(|x| buffer[(*x, 0)].symbol()).collect();
        assert_eq!(symbols, ["╭", "猫", "猫", "─", "犬", "犬", "╮"]);
        let buffer = drawn(&panel, 14, 1);
        assert!(buffer.content.iter().all(|cell| cell.symbol() != "犬"));
    }

    #[test]
    fn the_hint_stands_after_the_title_where_there_is_room_to_spare() {
        let panel = Panel { hint: "i explains".dim().into(), ..panel() };
        assert_eq!(top(&panel, 34), "╭ Text  i explains ─ probability ╮");
        assert_eq!(top(&panel, 33), "╭ Text ──────────── probability ╮");
        let buffer = drawn(&panel, 34, 3);
        assert_eq!(buffer[(8, 0)].symbol(), "i");
        assert!(buffer[(8, 0)].modifier.contains(Modifier::DIM));
        let cells = |width| {
            let area = Rect::new(0, 0, width, 3);
            (panel.title_area(area), panel.hint_area(area))
        };
        assert_eq!(cells(34), (Some(Rect::new(2, 0, 16, 1)), Some(Rect::new(8, 0, 10, 1))));
        assert_eq!(cells(33), (Some(Rect::new(2, 0, 4, 1)), None));
        assert_eq!(cells(7), (None, None));
    }

    #[test]
    fn styles_of_titles_and_frame_are_kept_apart() {
        let panel = Panel { border: Style::new().italic(), ..Panel::new("Text".bold()) };
        let buffer = drawn(&panel, 12, 2);
        assert!(buffer[(2, 0)].modifier.contains(Modifier::BOLD));
        assert_eq!(buffer[(0, 0)].modifier, Modifier::ITALIC);
    }
}
