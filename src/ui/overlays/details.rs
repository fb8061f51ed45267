//! All that the file of a model says.

use ratatui::{layout::Rect, text::Line};

use super::sheet::{Sheet, prose, text_width};
use crate::{
    app::{ModelDetails, State},
    text::Shown,
    ui::widgets::elide,
};

/// Cells of the sheet's text at most.
const WIDTH: u16 = 120;

pub(super) fn sheet(state: &State, details: &ModelDetails, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, WIDTH);
    let rows = match &details.lines {
        None => prose("Reading the file's header…", width, theme.key_label()),
        Some(lines) => lines
            .iter()
            .flat_map(|line| match line.as_str() {
                "" => vec![Line::default()],
                line => prose(line, width, theme.text()),
            })
            .collect(),
    };
    Sheet {
        title: Line::styled(
            elide(Shown::inline(&details.name).as_str(), usize::from(width).saturating_sub(16)),
            theme.title(true),
        ),
        border: theme.border(true),
        width,
        rows,
        scroll: details.scroll,
        ..Sheet::default()
    }
}
