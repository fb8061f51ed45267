//! The titles in the frame of the candidates panel.

use ratatui::text::{Line, Span};

use crate::{
    app::{PanelId, State},
    theme::Marks,
    ui::{
        frame, numbers, step_label,
        widgets::{Panel, Shorter, elide},
    },
};

/// Cells of a token in a title.
const TOKEN: usize = 24;

/// The panel's frame; `marked` tells which marks stand before rows in sight: the chosen one's, and of what would be drawn.
pub(super) fn panel<'a>(state: &State, marked: [bool; 2]) -> Panel<'a> {
    let mut titles = titles(state).into_iter();
    let entropy = entropy(state);
    let frame = frame::titled(state, PanelId::Candidates, titles.next().unwrap_or_default());
    let style = frame.title.spans.first().map(|span| span.style).unwrap_or_default();
    Panel {
        shorter: Shorter {
            title: titles.map(|title| Line::styled(title, style)).collect(),
            top_right: entropy.iter().skip(1).cloned().collect(),
            ..Shorter::default()
        },
        top_right: entropy.into_iter().next().unwrap_or_default(),
        bottom_left: legend(state, marked),
        ..frame
    }
}

/// `Next token`, or at an earlier step which choice it was, from the longest wording to the shortest.
fn titles(state: &State) -> Vec<String> {
    let view = state.frame();
    let Some(step) = step_label::step(state) else { return vec![PanelId::Candidates.title().to_owned()] };
    let (Some(token), Some(session)) = (view.taken, state.session()) else {
        let named = step.starts_with("token").then(|| capital(&step));
        return vec![named.unwrap_or_else(|| PanelId::Candidates.title().to_owned())];
    };
    let shown = state.transcript().peek(view.length, token, session.vocabulary());
    let shown = elide(shown.as_str(), TOKEN);
    let number = capital(&step);
    let given = view.length < session.path().prompt_len();
    if given {
        vec![
            format!("{number}, of the prompt: what the model expected instead of {shown}"),
            format!("{number}, of the prompt"),
            number,
        ]
    } else {
        vec![
            format!("{number}: what could have been chosen instead of {shown}"),
            format!("{number}: instead of {shown}"),
            number,
        ]
    }
}

fn capital(step: &str) -> String {
    step.replacen("token", "Token", 1)
}

fn entropy<'a>(state: &State) -> Vec<Line<'a>> {
    let theme = state.theme();
    if state.frame().node.is_none() {
        return Vec::new();
    }
    let number = Span::styled(numbers::entropy(state.frame().entropy_bits), theme.text());
    let bits = Span::styled(" bits", theme.dim());
    vec![
        Line::from(vec![Span::styled("entropy ", theme.dim()), number.clone(), bits.clone()]),
        Line::from(vec![number, bits]),
    ]
}

/// What the marks before the rows in sight mean.
fn legend<'a>(state: &State, [chosen, drawn]: [bool; 2]) -> Line<'a> {
    let (theme, view) = (state.theme(), state.frame());
    let meaning = match (view.taken, state.landing()) {
        (None, None) => return Line::default(),
        (None, Some(_)) => "the draw lands here",
        (Some(_), None) => "in the prompt",
        (Some(_), Some(_)) => "taken",
    };
    let mut spans = Vec::new();
    if chosen {
        spans.push(Span::styled(Marks::CHOSEN, theme.chosen()));
        spans.push(Span::styled(format!(" {meaning}"), theme.dim()));
    }
    if drawn {
        let gap = if chosen { "  " } else { "" };
        spans.push(Span::styled(format!("{gap}{}", Marks::WOULD_BE_DRAWN), theme.chosen()));
        spans.push(Span::styled(" would be drawn now", theme.dim()));
    }
    Line::from(spans)
}
