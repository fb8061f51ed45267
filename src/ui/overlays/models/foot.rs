//! Below the list of models: what is to be known of the selected one, what is typed, and what can be.

use std::fmt::Write as _;

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::sheet::prose;
use crate::{
    app::{ModelList, ModelRow, State},
    keymap::{Action, Context},
    models::{ListedModel, fit},
    text::Shown,
    ui::{format::bytes, numbers::thousands},
};

/// Names that a typed path can go on with, as many as are listed.
const MOST_NAMES: usize = 24;
/// The caret after typed text.
const CARET: &str = "▏";

pub(super) fn foot(
    state: &State,
    list: &ModelList,
    selected: Option<&ModelRow<'_>>,
    width: u16,
) -> Vec<Line<'static>> {
    let quiet = state.theme().key_label();
    let mut foot = vec![Line::default()];
    if let Some(ModelRow::Found(model)) = selected {
        foot.extend(about(state, list, model, width));
    }
    match (&list.path, &list.found) {
        (Some(path), _) => {
            foot.push(typed(state, path, width));
            foot.extend(names(state, list, width));
            if list.is_empty() {
                let none = "No model here has these words; Enter takes them as a path.";
                foot.extend(prose(none, width, quiet));
            }
        }
        (None, None) => foot.extend(prose("Looking for models…", width, quiet)),
        (None, Some(found)) => foot.extend(prose(&advice(state, list, found.is_empty()), width, quiet)),
    }
    foot
}

/// Where the selected model is, what it needs, or why it cannot be run.
fn about(state: &State, list: &ModelList, model: &ListedModel, width: u16) -> Vec<Line<'static>> {
    let theme = state.theme();
    let path = elide_start(Shown::path(&model.found.path).as_str(), width.into());
    let mut lines = vec![Line::styled(path, theme.dim())];
    match &model.card {
        None => {}
        Some(Err(why)) => {
            let why = format!("Cannot be run: {}", Shown::inline(why));
            lines.extend(prose(&why, width, theme.text()));
        }
        Some(Ok(card)) => {
            let fit = fit(card, state.model_settings(), list.free);
            let mut text =
                format!("Needs {}: {} of weights", bytes(fit.needed() as f64), bytes(fit.weights as f64));
            if fit.kv > 0 {
                let (kv, tokens) = (bytes(fit.kv as f64), thousands(fit.context as usize));
                let _ = write!(text, " and {kv} of KV cache at {tokens} tokens");
            }
            if let Some(free) = fit.free {
                let _ = write!(text, "; {} are free", bytes(free as f64));
            }
            if let Some(tokens) = fit.shorter {
                let tokens = thousands(tokens as usize);
                let _ = write!(text, "; fits with a context of {tokens} tokens (-c)");
            }
            if card.diffusion {
                text.push_str(". It writes by diffusion: logitscope diffuse");
            }
            lines.extend(prose(&text, width, theme.text()));
        }
    }
    lines
}

/// The end of a text that is too long.
pub(super) fn elide_start(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut left = room.saturating_sub(1);
    let mut kept: Vec<char> = Vec::new();
    for symbol in text.chars().rev() {
        let width = unicode_width::UnicodeWidthChar::width(symbol).unwrap_or(0);
        if width > left {
            break;
        }
        left -= width;
        kept.push(symbol);
    }
    format!("…{}", kept.into_iter().rev().collect::<String>())
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

/// What is being typed, its end in sight.
fn typed(state: &State, path: &str, width: u16) -> Line<'static> {
    const LABEL: &str = "search or name ";
    let shown = Shown::inline(path);
    let room = usize::from(width).saturating_sub(LABEL.len() + CARET.width());
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
        Span::styled(LABEL, state.theme().dim()),
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
        Some(hint) => format!(
            "{found}{}: search, or enter the path of a GGUF file or folder, or a name: hf:user/repo, ollama:name",
            hint.key
        ),
        None => found.to_owned(),
    }
}
