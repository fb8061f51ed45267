//! The titles in the frame of the candidates panel.

use ratatui::text::{Line, Span};

use crate::{
    app::{PanelId, State},
    theme::Marks,
    ui::{frame, numbers::thousands, widgets::Panel},
};

/// The panel's frame, `width` cells wide.
pub(super) fn panel<'a>(state: &State, width: u16) -> Panel<'a> {
    let entropy = entropy(state);
    // Beside the other title, the sign after this one, and what sets them off.
    let beside = usize::from(width.saturating_sub(4)).saturating_sub(entropy.width() + 3 + 2);
    Panel {
        top_right: entropy,
        bottom_left: marks(state),
        ..frame::titled(state, PanelId::Candidates, title(state, beside))
    }
}

/// `Next token`, or at an earlier step which choice it was; shorter where there is less room.
fn title(state: &State, room: usize) -> String {
    let view = state.frame();
    let (Some(token), Some(session)) = (view.taken, state.session()) else {
        return PanelId::Candidates.title().to_owned();
    };
    let shown = state.transcript().peek(view.length, token, session.vocabulary());
    let number = thousands(view.length + 1);
    let given = view.length < session.path().prompt_len();
    let titles = if given {
        [
            format!("Token {number}, of the prompt: what the model expected instead of {shown}"),
            format!("Token {number}, of the prompt"),
        ]
    } else {
        [
            format!("Token {number}: what could have been chosen instead of {shown}"),
            format!("Token {number}: instead of {shown}"),
        ]
    };
    let fits = |title: &String| title.chars().count() <= room;
    titles.into_iter().find(fits).unwrap_or_else(|| format!("Token {number}"))
}

fn entropy<'a>(state: &State) -> Line<'a> {
    let theme = state.theme();
    if state.frame().node.is_none() {
        return Line::default();
    }
    Line::from(vec![
        Span::styled("entropy ", theme.dim()),
        Span::styled(format!("{:.2}", state.frame().entropy_bits), theme.text()),
        Span::styled(" bits", theme.dim()),
    ])
}

/// What the marks before the rows mean.
fn marks<'a>(state: &State) -> Line<'a> {
    let (theme, view) = (state.theme(), state.frame());
    let (taken, again) = match (view.taken, view.drawn) {
        (None, None) => return Line::default(),
        (None, Some(_)) => ("the draw lands here", None),
        (Some(taken), Some(drawn)) if taken != drawn => ("taken", Some("would be drawn now")),
        (Some(_), None) => ("in the prompt", None),
        (Some(_), Some(_)) => ("taken", None),
    };
    let mut spans =
        vec![Span::styled(Marks::CHOSEN, theme.chosen()), Span::styled(format!(" {taken}"), theme.dim())];
    if let Some(again) = again {
        spans.push(Span::styled(format!("  {}", Marks::WOULD_BE_DRAWN), theme.chosen()));
        spans.push(Span::styled(format!(" {again}"), theme.dim()));
    }
    Line::from(spans)
}
