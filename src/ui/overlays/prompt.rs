//! The prompt editor.

use ratatui::{buffer::Buffer, layout::Rect, text::Line, widgets::Widget};

use super::sheet::{Sheet, text_width};
use crate::{
    app::{Editor, Purpose, State},
    text::Shown,
    ui::numbers::thousands,
};

/// Rows for the text, however little there is of it, and at most.
const ROWS: (u16, u16) = (6, 20);

pub(super) fn sheet(state: &State, editor: &Editor, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 84);
    let lines = editor.area.lines();
    let count =
        if lines.len() == 1 { "1 line".to_owned() } else { format!("{} lines", thousands(lines.len())) };
    let chat = if editor.chat { "chat template on" } else { "chat template off" };
    // A line wider than the sheet takes several rows; one more keeps the caret off the frame.
    let rows: usize = lines.iter().map(|line| 1 + line.len() / usize::from(width.max(1))).sum();
    let title = match editor.purpose {
        Purpose::Prompt => "Prompt".to_owned(),
        Purpose::Canvas => "Prompt, or a text with gaps (___)".to_owned(),
        Purpose::Turn => "Your next message".to_owned(),
        Purpose::Score => "Text to score".to_owned(),
        Purpose::Lane(lane) => format!("Prompt of lane {} only", lane + 1),
    };
    Sheet {
        title: Line::styled(title, theme.title(true)),
        top_right: Line::styled(format!("{count} · {chat}"), theme.key_label()),
        border: theme.border(true),
        width,
        least_body: (rows.min(usize::from(ROWS.1)) as u16 + 1).clamp(ROWS.0, ROWS.1),
        ..Sheet::default()
    }
}

/// The text with its caret. Characters that would upset the terminal are shown as `�`; the text
/// itself stays as it is.
pub(super) fn draw_text(editor: &Editor, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    (&editor.area).render(area, buf);
    for position in area.positions() {
        let cell = &mut buf[position];
        if Shown::inline(cell.symbol()).as_str() != cell.symbol() {
            cell.set_symbol("�");
        }
    }
}
