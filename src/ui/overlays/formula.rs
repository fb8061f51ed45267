//! A stage or setting explained, with its formula.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, hanging, prose, text_width};
use crate::{
    app::{Explanation, State},
    text::Shown,
};

/// Cells of the words before formula and setting.
const LABEL: usize = 9;

/// ```text
/// ╭ min-p ───────────────────────────────────────────────╮
/// │ Keeps tokens that are at least so many times as …    │
/// │                                                      │
/// │ formula  keep p ≥ min-p · max p                      │
/// │ now      0.05                                        │
/// ╰ esc close ───────────────────────────────────────────╯
/// ```
pub(super) fn sheet(state: &State, explanation: &Explanation, scroll: usize, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 64);
    let mut rows = prose(explanation.about, width, theme.text());
    let mut labelled = |label: &'static str, text: &str, style| {
        if !text.is_empty() {
            let label = Span::styled(label, theme.dim());
            rows.extend(hanging(&label, LABEL, Shown::inline(text).as_str(), width, style));
        }
    };
    if !explanation.formula.is_empty() || !explanation.setting.is_empty() {
        labelled(" ", " ", theme.text());
    }
    labelled("formula", explanation.formula, theme.strong());
    labelled("now", &explanation.setting, theme.text());
    Sheet {
        title: Line::styled(explanation.title, theme.title(true)),
        border: theme.border(true),
        width,
        rows,
        scroll,
        ..Sheet::default()
    }
}
