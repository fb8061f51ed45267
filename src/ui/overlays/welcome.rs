//! The first start: what this is, and three things to try.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, hanging, prose, text_width};
use crate::{
    app::{Screen, State},
    keymap::{Action, Context},
    text::Shown,
    ui::widgets::elide,
};

/// Screens at least this high get the full words.
const FULL_WORDS: u16 = 22;

/// Cells of the model's name.
const LONGEST_NAME: usize = 40;
/// Screens at least this high have a line for the other screens.
const ROOM_FOR_SCREENS: u16 = 20;

/// What the welcome says.
struct Words {
    what: &'static str,
    /// Step, temperature, another token.
    steps: [&'static str; 3],
    /// Cells of the column of keys.
    indent: usize,
}

const FULL: Words = Words {
    what: "A language model gives every token a probability, and the next one is drawn from them. Here you \
           watch it choose, one token at a time.",
    steps: [
        "Step: draw the next token from the bars.",
        "Move the temperature slider with the keys or the mouse: the bars change at once.",
        "Pick a different token from the one drawn, and continue from there.",
    ],
    indent: 9,
};

const SHORT: Words = Words {
    what: "Watch a language model choose, one token at a time. Try:",
    steps: ["step: draw a token", "sliders: move the temperature", "pick another token"],
    indent: 5,
};

pub(super) fn sheet(state: &State, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 62);
    let words = if screen.height < FULL_WORDS { SHORT } else { FULL };
    let mut rows = prose(words.what, width, theme.text());
    if screen.height >= FULL_WORDS {
        rows.push(Line::default());
        rows.push(Line::styled("Three things to try", theme.title(true)));
    }
    for (keys, text) in keys(state).into_iter().zip(words.steps) {
        if let Some(keys) = keys {
            rows.extend(hanging(&Span::styled(keys, theme.key()), words.indent, text, width, theme.text()));
        }
    }
    if screen.height >= FULL_WORDS {
        rows.push(Line::default());
    }
    if screen.height >= ROOM_FOR_SCREENS {
        rows.extend(prose(&screens(state), width, theme.text()));
    }
    let load = key(state, Context::Global, Action::LoadModel);
    let load = load.map_or_else(String::new, |key| format!(" {key} loads another."));
    let model = model(state, screen.height >= FULL_WORDS);
    rows.extend(prose(format!("{model}{load}").trim_start(), width, theme.key_label()));
    Sheet {
        title: Line::styled("Welcome to logitscope", theme.title(true)),
        border: theme.border(true),
        width,
        rows,
        ..Sheet::default()
    }
}

/// What there is to know of the model that is loaded; nothing before there is one.
fn model(state: &State, full: bool) -> String {
    let Some(ready) = state.ready() else { return String::new() };
    if ready.info.path.is_none() {
        let words = if full {
            "The small built-in model is for demonstration: it tells little stories, and says things that are false."
        } else {
            "The small built-in model is for demonstration; it says false things."
        };
        return words.to_owned();
    }
    let title = elide(Shown::inline(&ready.info.title).as_str(), LONGEST_NAME);
    format!("The model is {title}.")
}

/// The other screens with their keys, those that have one: `Other screens: 2 X-ray, 3 Compare`.
fn screens(state: &State) -> String {
    let told = |screen: Screen| {
        Some(format!("{} {}", key(state, Context::Global, screen.action())?, screen.title()))
    };
    let others = Screen::ALL.iter().copied().filter(|screen| *screen != Screen::Step);
    let told: Vec<String> = others.filter_map(told).collect();
    if told.is_empty() { String::new() } else { format!("Other screens: {}.", told.join(", ")) }
}

/// The keys of the three things, from the keymap; None where one of them has no key.
fn keys(state: &State) -> [Option<String>; 3] {
    let keys = |actions: &[Action]| -> Option<String> {
        let keys: Option<Vec<String>> =
            actions.iter().map(|action| key(state, Context::Candidates, *action)).collect();
        Some(keys?.join(" "))
    };
    [keys(&[Action::Step]), keys(&[Action::FocusSampling]), keys(&[Action::Down, Action::TakeCandidate])]
}

fn key(state: &State, context: Context, action: Action) -> Option<String> {
    state.keymap().hints(context, &[action]).pop().map(|hint| hint.key)
}
