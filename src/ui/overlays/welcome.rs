//! The first start: what this is, and three things to try.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, hanging, prose, text_width};
use crate::{
    app::State,
    keymap::{Action, Context},
};

/// Cells of the column of keys.
const KEYS: usize = 9;

pub(super) fn sheet(state: &State, screen: Rect) -> Sheet<'static> {
    let theme = &state.theme;
    let width = text_width(screen, 62);
    let mut rows = prose(
        "A language model gives every token a probability, and the next one is drawn from them. Here you \
         watch it choose, one token at a time.",
        width,
        theme.text(),
    );
    rows.push(Line::default());
    rows.push(Line::styled("Three things to try", theme.title(true)));
    for (keys, text) in things_to_try(state) {
        rows.extend(hanging(Span::styled(keys, theme.key()), KEYS, &text, width, theme.text()));
    }
    rows.push(Line::default());
    let small = format!(
        "The small model in the program was made for demonstration: it tells little stories, and says things that \
         are false.{}",
        key(state, Context::Global, Action::LoadModel)
            .map_or_else(String::new, |key| format!(" {key} loads another."))
    );
    rows.extend(prose(&small, width, theme.key_label()));
    Sheet {
        title: Line::styled("Welcome to logitscope", theme.title(true)),
        border: theme.border(true),
        width,
        rows,
        ..Sheet::default()
    }
}

/// Keys, from the keymap, and what they show.
fn things_to_try(state: &State) -> Vec<(String, String)> {
    let keys = |context, actions: &[Action]| -> Option<String> {
        let keys: Option<Vec<String>> = actions.iter().map(|action| key(state, context, *action)).collect();
        Some(keys?.join(" "))
    };
    let steps = [
        (keys(Context::Candidates, &[Action::Step]), "Step: the next token is drawn from the bars."),
        (
            keys(Context::Candidates, &[Action::FocusSampling]),
            "Go to the sliders and move the temperature, or drag it with the mouse: the bars change at once.",
        ),
        (
            keys(Context::Candidates, &[Action::Down, Action::TakeCandidate]),
            "Pick another token than the one drawn, and go on from there.",
        ),
    ];
    steps.into_iter().filter_map(|(keys, text)| Some((keys?, text.to_owned()))).collect()
}

fn key(state: &State, context: Context, action: Action) -> Option<String> {
    state.keymap.hints(context, &[action]).pop().map(|hint| hint.key)
}
