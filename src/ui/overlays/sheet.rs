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

/// A sheet: lines that stay, a body that scrolls, lines that stay. Where there is no room for all that stays, it scrolls with
/// the body: whatever is larger than the screen can be scrolled to its end.
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
        self.parts_if(self.offset == 0 && self.scroll == 0, screen)
    }

    fn parts_if(&self, unscrolled: bool, screen: Rect) -> Parts {
        let inner = Panel::inner(self.area(screen));
        let margin = margin(screen).min(inner.width / 2);
        let inner = Rect { x: inner.x + margin, width: inner.width - 2 * margin, ..inner };
        let (head, foot) = (self.head.len() as u16, self.foot.len() as u16);
        let spare = inner.height.saturating_sub(self.body_wanted().min(LEAST_BODY));
        // Until it is scrolled, what stays below the body is shown as far as there is room for it.
        let stays = head <= spare && (foot <= spare - head || unscrolled);
        let (head, foot) = if stays { (head, foot.min(spare - head)) } else { (0, 0) };
        let body = inner.height - head - foot;
        Parts {
            head: Rect { height: head, ..inner },
            body: Rect { y: inner.y + head, height: body, ..inner },
            foot: Rect { y: inner.y + head + body, height: foot, ..inner },
            above: if stays { 0 } else { self.head.len() },
            lines: self.rows.len() + if stays { 0 } else { self.head.len() + self.foot.len() },
            stays,
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

    /// The rows of the body that are in sight above what stays; all of them where nothing does.
    pub fn in_sight(&self, screen: Rect) -> Range<usize> {
        let parts = self.parts(screen);
        let first = self.first(&parts);
        if !parts.stays {
            // What stands below the rows comes after all of them.
            return 0..self.rows.len();
        }
        let row = |line: usize| line.saturating_sub(parts.above).min(self.rows.len());
        row(first)..row(first + usize::from(parts.body.height))
    }

    /// How far it can be scrolled: beside its selection, or from its first line where it has none.
    pub fn scroll_bounds(&self, screen: Rect) -> RangeInclusive<isize> {
        // Scrolled, so that what does not stay is among the lines.
        let parts = self.parts_if(false, screen);
        let lines = |lines: usize| isize::try_from(lines).unwrap_or(isize::MAX);
        let most = lines(parts.most());
        if self.selected.is_none() {
            return 0..=most;
        }
        let unmoved = lines(self.unmoved(&parts));
        -unmoved..=most - unmoved
    }

    /// The lines that scroll.
    fn scrolling(&self, parts: &Parts) -> impl Iterator<Item = &Line<'_>> {
        let above = self.head.iter().take(parts.above);
        let below = if parts.stays { 0 } else { self.foot.len() };
        above.chain(&self.rows).chain(self.foot.iter().take(below))
    }

    /// Draws the sheet with the keys in its lower frame.
    pub fn draw(&self, keys: &[Hint], theme: &Theme, screen: Rect, buf: &mut Buffer) {
        let parts = self.parts(screen);
        let (first, height) = (self.first(&parts), usize::from(parts.body.height));
        let mut top_right = self.top_right.clone();
        if parts.most() > 0 || usize::from(parts.foot.height) < self.foot.len() && parts.stays {
            // Where one is comes before what it is.
            let hidden = if parts.stays { self.foot.len() - usize::from(parts.foot.height) } else { 0 };
            let shown = (first + height).min(parts.lines);
            let place = format!("{}–{shown} of {}", first + 1, parts.lines + hidden);
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
    /// Whether head and foot stay where they are.
    stays: bool,
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
