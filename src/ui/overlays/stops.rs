//! Every stop condition at length: the stop panel has little room.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, hanging, prose, text_width};
use crate::{
    app::{PanelId, State},
    ui::panels::{LABEL, conditions, hindsight},
};

/// Cells of the text at most: a condition at its longest.
const WIDTH: u16 = 78;

pub(super) fn sheet(state: &State, scroll: usize, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, WIDTH);
    let mut rows = Vec::new();
    if let Some(session) = state.session() {
        let room = usize::from(width) + 1;
        let on = conditions(state, session, room, usize::MAX);
        for condition in on.into_iter().chain(hindsight(state, session, room)) {
            let label = Span::styled(condition.label, theme.dim());
            rows.extend(hanging(&label, LABEL + 1, &condition.text, width, condition.style));
        }
    }
    let order = "Checked in this order: end token, stop texts, token limit, context, time, as in llama.cpp; then regular \
     expressions, sentences, lines and loops; and, before the next token is drawn, its entropy and top probability. \
     Token numbers count from the start of the prompt.";
    rows.push(Line::default());
    rows.extend(prose(order, width, theme.key_label()));
    Sheet {
        title: Line::styled(PanelId::Stop.title(), theme.title(true)),
        border: theme.border(true),
        width,
        rows,
        scroll,
        ..Sheet::default()
    }
}
