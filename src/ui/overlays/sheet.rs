//! An overlay as a sheet of lines, some of which can be the rows of a list.

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
        rows::{draw_rows, wrap_words},
        widgets::{Panel, Popup, centred},
    },
};

/// Below this width of the screen the text has no margin in its frame.
const ROOM_FOR_MARGINS: u16 = 50;
/// Rows of the body that are kept before head and foot are.
const LEAST_BODY: u16 = 3;

/// A sheet: lines that stay, a body that scrolls, lines that stay.
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

    /// The cells of the body.
    pub fn body(&self, screen: Rect) -> Rect {
        self.parts(screen)[1]
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
        let body = self.body(screen);
        let row = self.first(body) + usize::from(at.y.checked_sub(body.y)?);
        (self.selected.is_some() && body.contains(at) && row < self.rows.len()).then_some(row)
    }

    /// Head, body and foot; what does not fit gives way in the order foot, head.
    fn parts(&self, screen: Rect) -> [Rect; 3] {
        let inner = Panel::inner(self.area(screen));
        let margin = margin(screen).min(inner.width / 2);
        let inner = Rect { x: inner.x + margin, width: inner.width - 2 * margin, ..inner };
        let least = self.body_wanted().min(LEAST_BODY);
        let spare = inner.height.saturating_sub(least);
        let head = (self.head.len() as u16).min(spare);
        let foot = (self.foot.len() as u16).min(spare - head);
        let body = inner.height - head - foot;
        [
            Rect { height: head, ..inner },
            Rect { y: inner.y + head, height: body, ..inner },
            Rect { y: inner.y + head + body, height: foot, ..inner },
        ]
    }

    /// The first line of the body that is shown.
    fn first(&self, body: Rect) -> usize {
        let height = usize::from(body.height);
        match self.selected {
            Some(selected) => (selected + 1).saturating_sub(height),
            None => self.scroll.min(self.rows.len().saturating_sub(height)),
        }
    }

    /// The rows of the body that are in sight.
    pub fn in_sight(&self, screen: Rect) -> std::ops::Range<usize> {
        let body = self.body(screen);
        let first = self.first(body);
        first..self.rows.len().min(first + usize::from(body.height))
    }

    /// How many rows of the body lie beyond its room.
    pub fn scroll_room(&self, screen: Rect) -> usize {
        self.rows.len().saturating_sub(usize::from(self.body(screen).height))
    }

    /// Draws the sheet with the keys in its lower frame.
    pub fn draw(&self, keys: &[Hint], theme: &Theme, screen: Rect, buf: &mut Buffer) {
        let [head, body, foot] = self.parts(screen);
        let first = self.first(body);
        let shown = usize::from(body.height).min(self.rows.len() - first);
        let mut top_right = self.top_right.clone();
        if top_right.width() == 0 && shown < self.rows.len() {
            let place = format!("{}–{} of {}", first + 1, first + shown, self.rows.len());
            top_right = Line::styled(place, theme.key_label());
        }
        let panel = Panel {
            top_right,
            border: self.border,
            border_type: theme.border_type(true),
            ..Panel::new(self.title.clone())
        };
        (&Popup { panel, surface: theme.overlay() }).render(self.area(screen), buf);
        draw_rows(head, &self.head, buf);
        draw_rows(body, &self.rows[first..first + shown], buf);
        draw_rows(foot, &self.foot, buf);
        if let Some(row) = self.selected.and_then(|selected| selected.checked_sub(first)) {
            let row = Rect { y: body.y + row as u16, height: 1, ..body };
            buf.set_style(row.intersection(body), theme.selected_row());
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
