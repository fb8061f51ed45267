//! What a panel shows, for somebody who sees it for the first time.

use ratatui::{layout::Rect, text::Line};

use super::sheet::{Sheet, prose, text_width};
use crate::app::{PanelId, State};

pub(super) fn sheet(state: &State, panel: PanelId, scroll: usize, screen: Rect) -> Sheet<'static> {
    let width = text_width(screen, 64);
    Sheet {
        title: Line::styled(panel.title(), state.theme.title(true)),
        border: state.theme.border(true),
        width,
        rows: prose(panel.about(), width, state.theme.text()),
        scroll,
        ..Sheet::default()
    }
}
