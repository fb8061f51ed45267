//! What a panel shows, for somebody who sees it for the first time, and what of it has no room on the screen.

use ratatui::{layout::Rect, text::Line};

use super::sheet::{Sheet, prose, text_width};
use crate::{
    app::{PanelId, State},
    keymap::Context,
    text::Shown,
    ui::{beam, compare, diffuse, seeds},
};

pub(super) fn sheet(state: &State, panel: PanelId, scroll: usize, screen: Rect) -> Sheet<'static> {
    let width = text_width(screen, 64);
    let mut rows = prose(&state.keymap().spell(Context::Global, panel.about()), width, state.theme().text());
    rows.extend(in_full(state, panel, width));
    Sheet {
        title: Line::styled(panel.title(), state.theme().title(true)),
        border: state.theme().border(true),
        width,
        rows,
        scroll,
        ..Sheet::default()
    }
}

/// What the panel shows only as far as it has room: the figures of the lanes, the selected text of a beam search.
fn in_full(state: &State, panel: PanelId, width: u16) -> Vec<Line<'static>> {
    match panel {
        PanelId::Lanes => compare::all_figures(state, width),
        PanelId::Endings => {
            let Some(text) = seeds::selected_text(state) else { return Vec::new() };
            titled("The selected text", &text, width, state)
        }
        PanelId::Canvas | PanelId::LeftToRight | PanelId::StepSweep => {
            let Some((title, text)) = diffuse::whole_text(state, panel) else { return Vec::new() };
            titled(&title, &text, width, state)
        }
        PanelId::Beam | PanelId::Finished | PanelId::Winner => {
            let Some((title, text)) = beam::selected_text(state, panel) else { return Vec::new() };
            titled(&title, &text, width, state)
        }
        _ => Vec::new(),
    }
}

/// A text below its title.
fn titled(title: &str, text: &str, width: u16, state: &State) -> Vec<Line<'static>> {
    let theme = state.theme();
    let mut rows = vec![Line::default(), Line::styled(title.to_owned(), theme.dim())];
    rows.extend(Shown::lines(text).flat_map(|line| prose(line.as_str(), width, theme.strong())));
    rows
}
