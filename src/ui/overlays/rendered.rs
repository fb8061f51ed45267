//! The prompt as the model reads it: what the chat template makes of it, special tokens as they are written.

use ratatui::{layout::Rect, text::Line};

use super::sheet::{Sheet, prose, text_width};
use crate::{app::State, text::Shown, ui::numbers::thousands};

pub(super) fn sheet(
    state: &State,
    (text, tokens, notes): (&str, usize, &[String]),
    scroll: usize,
    screen: Rect,
) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 84);
    let mut rows: Vec<Line> =
        Shown::lines(text).flat_map(|line| prose(line.as_str(), width, theme.text())).collect();
    for note in notes {
        rows.push(Line::default());
        rows.extend(prose(Shown::inline(note).as_str(), width, theme.warning()));
    }
    let s = if tokens == 1 { "" } else { "s" };
    Sheet {
        title: Line::styled("As the model reads it", theme.title(true)),
        top_right: Line::styled(format!("{} token{s}", thousands(tokens)), theme.key_label()),
        border: theme.border(true),
        width,
        rows,
        scroll,
        ..Sheet::default()
    }
}
