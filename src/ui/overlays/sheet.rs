//! An overlay as a sheet of lines, some of which can be the rows of a list.

use std::ops::{Range, RangeInclusive};

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use crate::{
    theme::{Marks, Theme},
    ui::{
        hints::{self, Hint},
        rows::{draw_row, draw_rows, wrap_words},
        widgets::{Panel, Popup, centred},
    },
};

/// Below this width of the screen the text has no margin in its frame.
const ROOM_FOR_MARGINS: u16 = 50;
/// Rows of the body that are kept before head and foot are.
const LEAST_BODY: u16 = 3;

/// A sheet: lines that stay, a body that scrolls, lines that stay. Where there is no room for that, the lines below the body
/// scroll with it, then those above it too: whatever is larger than the screen can be scrolled to its end.
///
/// ```text
/// ╭ title ───────────────── 3–9 of 20 ╮
/// │ head                              │
/// │ body                              │
/// │ foot                              │
/// ╰ ↵ choose   esc close ─────────────╯
/// ```
#[derive(Debug, Default)]
pub(super) struct Sheet<'a> {
    /// What it is.
    pub title: Line<'a>,
    /// More about it; empty for the place in the body, if that is longer than its room.
    pub top_right: Line<'a>,
    /// Style of the frame.
    pub border: Style,
    /// Cells the text would like.
    pub width: u16,
    /// Lines above the body.
    pub head: Vec<Line<'a>>,
    /// The body's lines.
    pub rows: Vec<Line<'a>>,
    /// The selected line of the body, which makes it a list.
    pub selected: Option<usize>,
    /// Lines scrolled past, for a body that is no list.
    pub scroll: usize,
    /// Lines that it is scrolled by beyond that, or beyond where its selection is in sight.
    pub offset: isize,
    /// Rows the body would like, if more than its lines.
    pub least_body: u16,
    /// Lines below the body.
    pub foot: Vec<Line<'a>>,
}

impl Sheet<'_> {
    /// Where the sheet lies. Header and footer of the screen stay in sight where there is room.
    pub fn area(&self, screen: Rect) -> Rect {
        let spare = u16::from(screen.height >= 16);
        let room = Rect { y: screen.y + spare, height: screen.height - 2 * spare, ..screen };
        let rows = self.head.len() as u16 + self.body_wanted() + self.foot.len() as u16;
        centred(room, self.width.saturating_add(2 + 2 * margin(screen)), rows.saturating_add(2))
    }

    fn body_wanted(&self) -> u16 {
        self.least_body.max(self.rows.len().min(usize::from(u16::MAX / 4)) as u16)
    }

    /// The sheet, scrolled by so many lines more.
    pub fn scrolled_by(self, offset: isize) -> Self {
        Self { offset, ..self }
    }

    /// The cells of the body.
    pub fn body(&self, screen: Rect) -> Rect {
        self.parts(screen).body
    }

    /// The cells of the keys in the lower frame.
    pub fn keys_area(&self, screen: Rect) -> Rect {
        let area = self.area(screen);
        let margin = 2.min(area.width / 2);
        let y = area.bottom().saturating_sub(1).max(area.y);
        Rect { x: area.x + margin, y, width: area.width - 2 * margin, height: area.height.min(1) }
    }

    /// The list's row at a place.
    pub fn row_at(&self, screen: Rect, at: Position) -> Option<usize> {
        let parts = self.parts(screen);
        let line = self.first(&parts) + usize::from(at.y.checked_sub(parts.body.y)?);
        let row = line.checked_sub(parts.above)?;
        (self.selected.is_some() && parts.body.contains(at) && row < self.rows.len()).then_some(row)
    }

    /// Where things stand, and what scrolls.
    fn parts(&self, screen: Rect) -> Parts {
        let inner = Panel::inner(self.area(screen));
        let margin = margin(screen).min(inner.width / 2);
        let inner = Rect { x: inner.x + margin, width: inner.width - 2 * margin, ..inner };
        let (head, foot) = (self.head.len() as u16, self.foot.len() as u16);
        let least = self.body_wanted().min(LEAST_BODY);
        let fits = |lines: u16| lines.saturating_add(least) <= inner.height;
        let head = if fits(head) { head } else { 0 };
        let foot = if fits(head.saturating_add(foot)) && (head > 0 || self.head.is_empty()) { foot } else { 0 };
        let body = inner.height - head - foot;
        let above = if head == 0 { self.head.len() } else { 0 };
        let below = if foot == 0 { self.foot.len() } else { 0 };
        Parts {
            head: Rect { height: head, ..inner },
            body: Rect { y: inner.y + head, height: body, ..inner },
            foot: Rect { y: inner.y + head + body, height: foot, ..inner },
            above,
            lines: above + self.rows.len() + below,
        }
    }

    /// The first line that is shown of those that scroll.
    fn first(&self, parts: &Parts) -> usize {
        self.unmoved(parts).saturating_add_signed(self.offset).min(parts.most())
    }

    /// The first line that is shown without the offset.
    fn unmoved(&self, parts: &Parts) -> usize {
        let height = usize::from(parts.body.height);
        match self.selected {
            Some(selected) => (parts.above + selected + 1).saturating_sub(height),
            None => self.scroll.min(parts.most()),
        }
    }

    /// The rows of the body that are in sight.
    pub fn in_sight(&self, screen: Rect) -> Range<usize> {
        let parts = self.parts(screen);
        let first = self.first(&parts);
        let row = |line: usize| line.saturating_sub(parts.above).min(self.rows.len());
        row(first)..row(first + usize::from(parts.body.height))
    }

    /// How far it can be scrolled: beside its selection, or from its first line where it has none.
    pub fn scroll_bounds(&self, screen: Rect) -> RangeInclusive<isize> {
        let parts = self.parts(screen);
        let lines = |lines: usize| isize::try_from(lines).unwrap_or(isize::MAX);
        let (unmoved, most) = (lines(self.unmoved(&parts)), lines(parts.most()));
        if self.selected.is_some() { -unmoved..=most - unmoved } else { 0..=most }
    }

    /// The lines that scroll.
    fn scrolling(&self, parts: &Parts) -> impl Iterator<Item = &Line<'_>> {
        let above = self.head.iter().take(parts.above);
        let below = parts.lines - parts.above - self.rows.len();
        above.chain(&self.rows).chain(self.foot.iter().take(below))
    }

    /// Draws the sheet with the keys in its lower frame.
    pub fn draw(&self, keys: &[Hint], theme: &Theme, screen: Rect, buf: &mut Buffer) {
        let parts = self.parts(screen);
        let (first, height) = (self.first(&parts), usize::from(parts.body.height));
        let mut top_right = self.top_right.clone();
        if parts.most() > 0 {
            // Where one is comes before what it is.
            let place = format!("{}–{} of {}", first + 1, (first + height).min(parts.lines), parts.lines);
            top_right = Line::styled(place, theme.key_label());
        }
        let panel = Panel {
            top_right,
            border: self.border,
            border_type: theme.border_type(true),
            ..Panel::new(self.title.clone())
        };
        (&Popup { panel, surface: theme.overlay() }).render(self.area(screen), buf);
        draw_rows(parts.head, &self.head, buf);
        for (row, line) in self.scrolling(&parts).skip(first).take(height).enumerate() {
            draw_row(parts.body, row, line, buf);
        }
        draw_rows(parts.foot, &self.foot, buf);
        let selected = self.selected.map(|selected| parts.above + selected);
        if let Some(row) = selected.and_then(|line| line.checked_sub(first)).filter(|row| *row < height) {
            let row = Rect { y: parts.body.y + row as u16, height: 1, ..parts.body };
            buf.set_style(row.intersection(parts.body), theme.selected_row());
        }
        self.draw_keys(keys, theme, screen, buf);
    }

    fn draw_keys(&self, keys: &[Hint], theme: &Theme, screen: Rect, buf: &mut Buffer) {
        let row = self.keys_area(screen);
        for (place, _) in hints::placed(keys, row) {
            // A cell of space on either side sets a hint off from the frame.
            for x in [place.x - 1, place.right()] {
                buf[(x, place.y)].set_symbol(" ");
            }
        }
        hints::draw(keys, row, theme, buf);
    }
}

/// Where the parts of a sheet stand, and what of it scrolls.
struct Parts {
    head: Rect,
    body: Rect,
    foot: Rect,
    /// Lines of the head that scroll with the body.
    above: usize,
    /// Lines that scroll.
    lines: usize,
}

impl Parts {
    /// Lines that can be scrolled past.
    fn most(&self) -> usize {
        self.lines.saturating_sub(self.body.height.into())
    }
}

/// Cells a sheet's text may take on a screen, at most `most`.
pub(super) fn text_width(screen: Rect, most: u16) -> u16 {
    screen.width.saturating_sub(2 + 2 * margin(screen)).min(most)
}

/// Cells between frame and text.
fn margin(screen: Rect) -> u16 {
    u16::from(screen.width >= ROOM_FOR_MARGINS)
}

/// A wrapped text in one style.
pub(super) fn prose(text: &str, width: u16, style: Style) -> Vec<Line<'static>> {
    wrap_words(text, width.into()).into_iter().map(|line| Line::styled(line.to_owned(), style)).collect()
}

/// A text beside a head of `indent` cells; its further lines begin below its first.
pub(super) fn hanging(
    head: &Span<'static>,
    indent: usize,
    text: &str,
    width: u16,
    style: Style,
) -> Vec<Line<'static>> {
    let room = usize::from(width).saturating_sub(indent);
    let pad = " ".repeat(indent.saturating_sub(head.width()));
    let mut lines: Vec<Line<'static>> = Vec::new();
    for line in wrap_words(text, room) {
        let text = Span::styled(line.to_owned(), style);
        lines.push(if lines.is_empty() {
            Line::from(vec![head.clone(), Span::raw(pad.clone()), text])
        } else {
            Line::from(vec![Span::raw(" ".repeat(indent)), text])
        });
    }
    lines
}

/// The mark before a list's row; nothing is told by colour alone.
pub(super) fn row_mark(selected: bool) -> &'static str {
    if selected { Marks::CHOSEN } else { " " }
}
