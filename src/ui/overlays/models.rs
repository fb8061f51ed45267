//! The models to choose from: the one in the program, and those found on the machine.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use std::path::Path;

use super::sheet::{Sheet, row_mark, text_width};
use crate::{
    app::{ModelList, State},
    keymap::{Action, Context},
    models::FoundModel,
    text::Shown,
    theme::Marks,
    ui::{format::bytes, widgets::elide},
};

/// Cells of the columns of size and place, with the space before them.
const SIZE: usize = 11;
const PLACE: usize = 21;
/// Below this width the places are left out.
const ROOM_FOR_PLACES: u16 = 64;
/// The caret after typed text.
const CARET: &str = "▏";

pub(super) fn sheet(state: &State, list: &ModelList, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 96);
    let loaded = |path: Option<&Path>| state.ready().is_some_and(|ready| ready.info.path.as_deref() == path);
    let own = "the small model in this program";
    let mut rows = vec![row(state, list.selected == 0, loaded(None), own, "", "", width)];
    rows.extend(list.found.iter().flatten().zip(1..).map(|(model, index)| {
        let FoundModel { name, size, place, path, .. } = model;
        row(
            state,
            list.selected == index,
            loaded(Some(path)),
            name,
            &bytes(*size as f64),
            place.label(),
            width,
        )
    }));
    let foot = match (&list.path, &list.found) {
        (Some(path), _) => typed(state, path, width),
        (None, None) => Line::styled("Looking for models on this machine…", theme.key_label()),
        (None, Some(found)) => Line::styled(advice(state, found.is_empty()), theme.key_label()),
    };
    Sheet {
        title: Line::styled("Models", theme.title(true)),
        border: theme.border(true),
        width,
        rows,
        selected: Some(list.selected),
        foot: vec![Line::default(), foot],
        ..Sheet::default()
    }
}

/// `▸✓the model's name     4.5 MB   Ollama`: selected, and loaded.
fn row(
    state: &State,
    selected: bool,
    loaded: bool,
    name: &str,
    size: &str,
    place: &str,
    width: u16,
) -> Line<'static> {
    let theme = state.theme();
    let mark = if loaded { Marks::LOADED } else { " " };
    let with_place = width >= ROOM_FOR_PLACES;
    let room = usize::from(width).saturating_sub(2 + SIZE + if with_place { PLACE } else { 0 });
    let name = elide(Shown::inline(name).as_str(), room);
    let pad = " ".repeat(room.saturating_sub(name.width()));
    let mut spans = vec![
        Span::styled(format!("{}{mark}{name}{pad}", row_mark(selected)), theme.text()),
        Span::styled(format!("{size:>SIZE$}"), theme.text()),
    ];
    if with_place {
        spans.push(Span::styled(format!("   {place}"), theme.key_label()));
    }
    Line::from(spans)
}

/// The path being typed, its end in sight.
fn typed(state: &State, path: &str, width: u16) -> Line<'static> {
    let shown = Shown::inline(path);
    let room = usize::from(width).saturating_sub("path ".len() + CARET.width());
    let mut cut = shown.width().saturating_sub(room);
    let end: String = shown
        .graphemes()
        .skip_while(|(_, width)| {
            let skip = cut > 0;
            cut = cut.saturating_sub(*width);
            skip
        })
        .map(|(grapheme, _)| grapheme)
        .collect();
    Line::from(vec![
        Span::styled("path ", state.theme().dim()),
        Span::styled(end, state.theme().text()),
        Span::styled(CARET, state.theme().key()),
    ])
}

fn advice(state: &State, none: bool) -> String {
    let found = if none { "No other model was found on this machine. " } else { "" };
    match state.keymap().hints(Context::Overlay, &[Action::Search]).pop() {
        Some(hint) => format!("{found}{}: the path of another GGUF file", hint.key),
        None => found.to_owned(),
    }
}
