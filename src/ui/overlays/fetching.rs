//! A model that is being fetched: how far it is, how fast, and how long it takes.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Sheet, prose, text_width};
use crate::{
    app::{Fetching, State},
    text::Shown,
    ui::widgets::{bar_text, elide},
};

/// Cells of the sheet's text at most.
const WIDTH: u16 = 76;

/// ```text
/// ╭ Fetching hf:ggml-org/gemma-3-1b-it-GGUF ──────────────────────────╮
/// │ gemma-3-1b-it-Q4_K_M.gguf                                         │
/// │ ███████████████▌                                             26 % │
/// │ 198 MiB of 769 MiB (25 %) · 12.5 MiB/s · 46 s left                │
/// ╰ esc stop ─────────────────────────────────────────────────────────╯
/// ```
pub(super) fn sheet(state: &State, fetching: &Fetching, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, WIDTH);
    let room = usize::from(width);
    let name = elide(Shown::inline(&fetching.name).as_str(), room.saturating_sub("Fetching  ".width()));
    let mut rows = Vec::new();
    if let Some(progress) = &fetching.progress {
        let fraction = progress.fraction();
        if fraction.is_some() {
            rows.push(Line::styled(elide(Shown::inline(&progress.file).as_str(), room), theme.dim()));
        }
        if let Some(fraction) = fraction {
            rows.push(Line::from(Span::styled(bar_text(fraction, room), theme.key())));
        }
        rows.extend(prose(&progress.line(), width, theme.text()));
    } else {
        rows.extend(prose("Looking for it on this machine.", width, theme.text()));
    }
    let told = "What has come is kept if you stop, and fetching goes on from there.";
    rows.extend(prose(told, width, theme.key_label()));
    Sheet {
        title: Line::styled(format!("Fetching {name}"), theme.title(true)),
        border: theme.border(true),
        width,
        rows,
        ..Sheet::default()
    }
}
