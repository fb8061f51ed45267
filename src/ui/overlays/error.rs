//! Something failed: what, why, and where to read more.

use ratatui::{layout::Rect, text::Line};

use super::sheet::{Sheet, prose, text_width};
use crate::{app::State, text::Shown, theme::Marks};

pub(super) fn sheet(state: &State, title: &str, text: &str, scroll: usize, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 76);
    // The text may quote a file's name, its metadata or llama.cpp's log.
    let rows = Shown::lines(text).flat_map(|line| prose(line.as_str(), width, theme.text())).collect();
    let foot = state.log_file().map_or_else(Vec::new, |file| {
        let mut foot = vec![Line::default()];
        foot.extend(prose(
            &format!("More in the log: {}", Shown::path(file).as_str()),
            width,
            theme.key_label(),
        ));
        foot
    });
    Sheet {
        title: Line::styled(format!(" {} {} ", Marks::ERROR, Shown::inline(title).as_str()), theme.error()),
        border: theme.border(true),
        width,
        rows,
        scroll,
        foot,
        ..Sheet::default()
    }
}
