//! The settings as a text to be copied, and settings that were pasted.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{CopyFormat, PasteOffer, State},
    sampling::command_line,
    text::Shown,
};

/// Cells of the text at most.
const WIDTH: u16 = 88;

/// ```text
/// ╭ Copy these settings ─────────────────────────────────╮
/// │ llama.cpp command line   JSON body                   │
/// │                                                      │
/// │ --temp 0.5 --top-k 20                                │
/// ╰ ↵ copy   → other format   esc close ─────────────────╯
/// ```
pub(super) fn copy(state: &State, format: CopyFormat, scroll: usize, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, WIDTH);
    let tabs = CopyFormat::ALL.map(|other| {
        Span::styled(
            format!("{} {}   ", row_mark(other == format), other.title()),
            theme.tab(other == format),
        )
    });
    // Beside one another where both fit whole.
    let beside = tabs.iter().map(Span::width).sum::<usize>() <= usize::from(width);
    let mut head: Vec<Line> =
        if beside { vec![Line::from(tabs.to_vec())] } else { tabs.map(Line::from).to_vec() };
    head.push(Line::default());
    let text = state.settings_text(format);
    let rows = if text.is_empty() {
        prose("These are llama.cpp's defaults: no flag is needed.", width, theme.dim())
    } else {
        // Texts of a person's own can be among the values.
        let lines: Vec<_> = Shown::lines(&text).map(|line| line.as_str().to_owned()).collect();
        lines.iter().flat_map(|line| prose(line, width, theme.strong())).collect()
    };
    let note = "Only the settings that differ from llama.cpp's defaults for this model and have an effect. Paste a \
     text like this on the screen to apply its settings.";
    let mut foot = vec![Line::default()];
    if let Some(left_out) = state.not_in_settings_text() {
        foot.extend(prose(Shown::inline(&left_out).as_str(), width, theme.warning()));
    }
    foot.extend(prose(note, width, theme.key_label()));
    Sheet {
        title: Line::styled("Copy these settings", theme.title(true)),
        border: theme.border(true),
        width,
        head,
        rows,
        scroll,
        foot,
        ..Sheet::default()
    }
}

/// What a pasted text sets, and what to do with it.
pub(super) fn offer(state: &State, offer: &PasteOffer, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, WIDTH);
    let text = command_line(&state.pasted_settings(&offer.pasted), &state.target());
    let text = if text.is_empty() { "llama.cpp's defaults".to_owned() } else { text };
    let mut head = prose("The pasted text contains sampling settings:", width, theme.text());
    // The settings can be long; the choices have to be seen.
    head.extend(prose(Shown::inline(&text).as_str(), width, theme.strong()).into_iter().take(6));
    head.push(Line::default());
    let choice = |(index, choice): (usize, &&'static str)| {
        let text = format!("{} {choice}", row_mark(index == offer.selected));
        Line::styled(text, theme.text())
    };
    let notes = [offer.pasted.about_left_out(), state.about_pasted(&offer.pasted)];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Sheet {
        title: Line::styled("Pasted settings", theme.title(true)),
        border: theme.border(true),
        width,
        head,
        rows: PasteOffer::CHOICES.iter().enumerate().map(choice).collect(),
        selected: Some(offer.selected),
        foot: if notes.is_empty() {
            Vec::new()
        } else {
            std::iter::once(Line::default())
                .chain(prose(Shown::inline(&notes).as_str(), width, theme.dim()))
                .collect()
        },
        ..Sheet::default()
    }
}
