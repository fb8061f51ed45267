//! The models to choose from: the loaded one, what lies beside it, those found on the machine, and the one in the program.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use std::path::Path;

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{ModelList, ModelRow, Screen, State},
    keymap::{Action, Context},
    models::{FoundModel, Place},
    text::Shown,
    theme::Marks,
    ui::{format::bytes, widgets::elide},
};

/// Cells of the columns of size and place, with the space before them.
const SIZE: usize = 11;
const PLACE: usize = 21;
/// Below this width the places are left out.
const ROOM_FOR_PLACES: u16 = 64;
/// Names that a typed path can go on with, as many as are listed.
const MOST_NAMES: usize = 24;
/// The caret after typed text.
const CARET: &str = "▏";

pub(super) fn sheet(state: &State, list: &ModelList, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 96);
    let loaded = |path: Option<&Path>| state.model_info().is_some_and(|info| info.path.as_deref() == path);
    let built_in = match state.screen() {
        Screen::Diffuse => "the small built-in diffusion model",
        _ => "the small built-in model",
    };
    let line = |(index, entry): (usize, &ModelRow)| {
        let selected = list.selected == index;
        match entry {
            ModelRow::BuiltIn => row(state, (selected, loaded(None)), built_in, "", "", width),
            ModelRow::Found(model) => {
                let FoundModel { name, size, place, path, .. } = model;
                let marks = (selected, *place == Place::Loaded || loaded(Some(path)));
                row(state, marks, name, &bytes(*size as f64), place.label(), width)
            }
        }
    };
    let mut foot = vec![Line::default()];
    match (&list.path, &list.found) {
        (Some(path), _) => {
            foot.push(typed(state, path, width));
            foot.extend(names(state, list, width));
        }
        (None, None) => foot.extend(prose("Looking for models…", width, theme.key_label())),
        (None, Some(found)) => {
            foot.extend(prose(&advice(state, list, found.is_empty()), width, theme.key_label()));
        }
    }
    let title = list.folder.as_ref().map_or_else(
        || "Models".to_owned(),
        |folder| format!("Models in {}", elide(Shown::path(folder).as_str(), usize::from(width / 2))),
    );
    Sheet {
        title: Line::styled(title, theme.title(true)),
        border: theme.border(true),
        width,
        rows: list.rows().iter().enumerate().map(line).collect(),
        selected: Some(list.selected),
        foot,
        ..Sheet::default()
    }
}

/// What the typed path can go on with, where there is a choice.
fn names(state: &State, list: &ModelList, width: u16) -> Vec<Line<'static>> {
    if list.names.is_empty() {
        return Vec::new();
    }
    let shown: Vec<String> =
        list.names.iter().take(MOST_NAMES).map(|name| Shown::inline(name).as_str().to_owned()).collect();
    let more = match list.names.len().saturating_sub(MOST_NAMES) {
        0 => String::new(),
        more => format!("  and {more} more"),
    };
    prose(&format!("{}{more}", shown.join("  ")), width, state.theme().key_label())
}

/// `▸✓the model's name     4.5 MB   Ollama`: selected, and loaded.
fn row(
    state: &State,
    (selected, loaded): (bool, bool),
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

fn advice(state: &State, list: &ModelList, none: bool) -> String {
    let found = match (&list.folder, none) {
        (_, false) => "",
        (Some(_), true) => "No GGUF models in this folder. ",
        (None, true) => "No other models found on this machine. ",
    };
    match state.keymap().hints(Context::Overlay, &[Action::Search]).pop() {
        Some(hint) => {
            format!("{found}{}: enter the path of another GGUF file, or of a folder to list it", hint.key)
        }
        None => found.to_owned(),
    }
}
