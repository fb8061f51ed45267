//! The keys that matter now, for the footer and the bottom of overlays: from the keymap, or, while
//! text is being typed, the fixed keys of its input.

use crokey::KeyCombination;
use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::{face::face, lesson, overlays};
use crate::{
    app::{LaneChooser, Overlay, Purpose, State, TreeInput},
    keymap::{Action, key_text},
    theme::Theme,
};

/// A key and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// The key, in a few cells.
    pub key: String,
    /// What it does, in a few words.
    pub label: &'static str,
    /// The action, for a click; None for a fixed key of an input.
    pub action: Option<Action>,
}

impl Hint {
    fn width(&self) -> usize {
        self.key.width() + 1 + self.label.width()
    }
}

/// The keys that matter now, the most important first.
pub(super) fn hints(state: &State) -> Vec<Hint> {
    typing_hints(state).unwrap_or_else(|| bound_hints(state, &actions(state)))
}

/// Keys of the inputs that take text; [`crate::app`] reads them before the keymap.
fn typing_hints(state: &State) -> Option<Vec<Hint>> {
    const NONE: KeyModifiers = KeyModifiers::NONE;
    const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
    let keys: &[(KeyCode, KeyModifiers, &'static str)] = match state.overlays().last() {
        Some(Overlay::Prompt(editor)) if editor.purpose == Purpose::Turn => &[
            (KeyCode::Enter, NONE, "say it"),
            (KeyCode::Enter, KeyModifiers::ALT, "new line"),
            (KeyCode::Esc, NONE, "close"),
            (KeyCode::Char('t'), CONTROL, "new prompt instead"),
            (KeyCode::Char('r'), CONTROL, "as read"),
        ],
        Some(Overlay::Prompt(editor)) if editor.purpose == Purpose::Canvas => &[
            (KeyCode::Enter, NONE, "start"),
            (KeyCode::Char('g'), CONTROL, "gap"),
            (KeyCode::Enter, KeyModifiers::ALT, "new line"),
            (KeyCode::Esc, NONE, "close"),
            (KeyCode::Char('t'), CONTROL, "chat"),
            (KeyCode::Char('p'), CONTROL, "older"),
            (KeyCode::Char('n'), CONTROL, "newer"),
        ],
        Some(Overlay::Prompt(_)) => &[
            (KeyCode::Enter, NONE, "start"),
            (KeyCode::Enter, KeyModifiers::ALT, "new line"),
            (KeyCode::Esc, NONE, "close"),
            (KeyCode::Char('t'), CONTROL, "chat"),
            (KeyCode::Char('r'), CONTROL, "as read"),
            (KeyCode::Char('p'), CONTROL, "older"),
            (KeyCode::Char('n'), CONTROL, "newer"),
        ],
        Some(Overlay::Models(list)) if list.path.is_some() => &[
            (KeyCode::Enter, NONE, "load"),
            (KeyCode::Esc, NONE, "whole list"),
            (KeyCode::Tab, NONE, "complete"),
            (KeyCode::Down, NONE, "next"),
            (KeyCode::Up, NONE, "previous"),
            (KeyCode::Char('u'), CONTROL, "clear"),
        ],
        Some(Overlay::StopList(list)) if list.typing.is_some() => {
            &[(KeyCode::Enter, NONE, "set"), (KeyCode::Esc, NONE, "leave")]
        }
        Some(Overlay::Export(form)) if form.selected == 0 => &[
            (KeyCode::Enter, NONE, "save"),
            (KeyCode::Down, NONE, "formats"),
            (KeyCode::Esc, NONE, "cancel"),
        ],
        Some(Overlay::Export(_)) => &[
            (KeyCode::Enter, NONE, "save"),
            (KeyCode::Char(' '), NONE, "choose"),
            (KeyCode::Esc, NONE, "cancel"),
        ],
        Some(Overlay::SavePreset { .. }) => &[(KeyCode::Enter, NONE, "save"), (KeyCode::Esc, NONE, "leave")],
        Some(Overlay::Softmax(bench)) if bench.typing.is_some() => {
            &[(KeyCode::Enter, NONE, "take them"), (KeyCode::Esc, NONE, "leave")]
        }
        None if state.typing().is_some() => &[(KeyCode::Enter, NONE, "set"), (KeyCode::Esc, NONE, "leave")],
        None if state.diffuse().typing().is_some() => {
            &[(KeyCode::Enter, NONE, "set"), (KeyCode::Esc, NONE, "leave")]
        }
        None if matches!(state.tree_view().input(), Some(TreeInput::Search(_))) => {
            &[(KeyCode::Enter, NONE, "search"), (KeyCode::Esc, NONE, "leave")]
        }
        None if state.tree_view().input().is_some() => {
            &[(KeyCode::Enter, NONE, "name it"), (KeyCode::Esc, NONE, "leave")]
        }
        None if state.searching() => &[
            (KeyCode::Enter, NONE, "keep the matches"),
            (KeyCode::Esc, NONE, "show all"),
            (KeyCode::Down, NONE, "next"),
            (KeyCode::Up, NONE, "previous"),
        ],
        Some(_) | None => return None,
    };
    let works = |&&(code, ..): &&(KeyCode, KeyModifiers, &'static str)| match state.overlays().last() {
        Some(Overlay::Prompt(editor)) if code == KeyCode::Char('p') => editor.can_recall(-1),
        Some(Overlay::Prompt(editor)) if code == KeyCode::Char('n') => editor.can_recall(1),
        Some(Overlay::Models(list)) if matches!(code, KeyCode::Down | KeyCode::Up) => list.len() > 1,
        Some(Overlay::Models(list)) if code == KeyCode::Char('u') => {
            list.path.as_ref().is_some_and(|path| !path.is_empty())
        }
        None if state.searching() && matches!(code, KeyCode::Down | KeyCode::Up) => {
            state.frame().candidates.len() > 1
        }
        _ => true,
    };
    let hint = |&(code, modifiers, label): &(KeyCode, KeyModifiers, &'static str)| Hint {
        key: key_text(KeyCombination::one_key(code, modifiers)),
        label,
        action: None,
    };
    Some(keys.iter().filter(works).map(hint).collect())
}

/// What an action is called on the screen that is shown, where that is something else than everywhere.
pub(super) fn label_here(state: &State, action: Action) -> Option<&'static str> {
    face(state.screen()).label(state, action)
}

fn bound_hints(state: &State, actions: &[Action]) -> Vec<Hint> {
    let label = |action, label| match (action, state.overlays().last()) {
        (Action::PlayPause, None) if state.play().playing() => "pause",
        (Action::Cancel, None) if state.can_cancel() => "stop",
        (action, None) if lesson::label(state, action).is_some() => {
            lesson::label(state, action).unwrap_or(label)
        }
        (action, None) => label_here(state, action).unwrap_or(label),
        (Action::Search, Some(Overlay::Models(_))) => "search, name",
        (Action::Confirm, Some(Overlay::Models(_))) => "load",
        (Action::Cancel, Some(Overlay::Fetching(_))) => "stop",
        (Action::Confirm, Some(Overlay::Softmax(_))) => "type logits",
        (Action::Confirm, Some(Overlay::Copy { .. })) => "copy",
        (Action::Confirm, Some(Overlay::StopList(_))) => "type it",
        (Action::Confirm, Some(Overlay::Stops { .. })) => "change",
        (Action::Left, Some(Overlay::Adapters { .. })) => "less",
        (Action::Left, Some(Overlay::StopList(_) | Overlay::Grow(_))) => "fewer",
        (Action::Right, Some(Overlay::StopList(_) | Overlay::Grow(_) | Overlay::Adapters { .. })) => "more",
        (Action::Confirm, Some(Overlay::Grow(_))) => "grow",
        (Action::Right, Some(Overlay::Copy { .. })) => "other format",
        (Action::Right, Some(Overlay::Explain { .. })) => "next panel",
        (Action::Right, Some(Overlay::Softmax(_))) => "warmer",
        (Action::Left, Some(Overlay::Softmax(_))) => "cooler",
        (Action::Confirm, Some(Overlay::Surprises(_))) => "go there",
        _ => label,
    };
    let bound = state.keymap().hints(state.context(), actions).into_iter();
    bound
        .map(|hint| Hint { key: hint.key, label: label(hint.action, hint.label), action: Some(hint.action) })
        .collect()
}

/// What can be done while there is no text.
const WITHOUT_TEXT: [Action; 5] =
    [Action::EditPrompt, Action::ExamplePrompts, Action::LoadModel, Action::Help, Action::Quit];

/// The actions that matter now, the most important first.
fn actions(state: &State) -> Vec<Action> {
    match state.overlays().last() {
        Some(overlay) => {
            let mut actions = overlay_actions(overlay).to_vec();
            if !moves(state, overlay) {
                let up_and_down = [Action::Up, Action::Down, Action::PageUp, Action::PageDown];
                actions.retain(|action| !up_and_down.contains(action));
            }
            actions
        }
        // Without a text there is nothing to step through, fold or sort.
        None if !state.can_go_on() => lesson::hints(state, with_cancel(state, WITHOUT_TEXT.to_vec())),
        None => lesson::hints(state, with_cancel(state, face(state.screen()).hints(state))),
    }
}

/// Whether there is another row to go to in an overlay, or one out of sight.
fn moves(state: &State, overlay: &Overlay) -> bool {
    let choices = match overlay {
        Overlay::Models(list) => list.len(),
        Overlay::Surprises(list) => list.rows.len(),
        Overlay::Adapters { count, .. } => *count,
        Overlay::Softmax(bench) => bench.words.len(),
        Overlay::Welcome
        | Overlay::Help { .. }
        | Overlay::Explain { .. }
        | Overlay::Formula { .. }
        | Overlay::Copy { .. }
        | Overlay::Stops { .. }
        | Overlay::Rendered { .. }
        | Overlay::ModelDetails(_)
        | Overlay::Fetching(_)
        | Overlay::Error { .. } => 1,
        // Lists that always have several rows.
        _ => return true,
    };
    let (width, height) = state.size();
    let bounds = || overlays::scroll_bounds(state, Rect::new(0, 0, width, height));
    choices > 1 || bounds().is_some_and(|bounds| bounds.start() < bounds.end())
}

/// Escape stands first while it stops something.
fn with_cancel(state: &State, mut actions: Vec<Action>) -> Vec<Action> {
    if state.can_cancel() {
        actions.retain(|&action| action != Action::Cancel);
        actions.insert(0, Action::Cancel);
    }
    actions
}

fn overlay_actions(overlay: &Overlay) -> &'static [Action] {
    use Action as A;
    match overlay {
        Overlay::Help { .. } | Overlay::ModelDetails(_) => {
            &[A::Cancel, A::Up, A::Down, A::PageUp, A::PageDown]
        }
        Overlay::Stops { .. } => &[A::Confirm, A::Cancel, A::Up, A::Down, A::PageUp, A::PageDown],
        Overlay::Copy { .. } => &[A::Confirm, A::Right, A::Cancel, A::Up, A::Down],
        Overlay::Pasted(_) => &[A::Confirm, A::Cancel, A::Up, A::Down],
        Overlay::Softmax(_) => &[A::Left, A::Right, A::Confirm, A::Cancel, A::Up, A::Down],
        Overlay::Examples { .. } | Overlay::Surprises(_) | Overlay::Lanes(LaneChooser::Preset { .. }) => {
            &[A::Confirm, A::Cancel, A::Up, A::Down]
        }
        Overlay::Adapters { .. } => &[A::Right, A::Left, A::Cancel, A::Up, A::Down],
        Overlay::StopList(_) | Overlay::Grow(_) => {
            &[A::Confirm, A::Cancel, A::Left, A::Right, A::Up, A::Down]
        }
        Overlay::Lanes(LaneChooser::Sweep { .. }) => {
            &[A::Confirm, A::Left, A::Right, A::Cancel, A::Up, A::Down]
        }
        Overlay::Models(_) => {
            &[A::Confirm, A::Cancel, A::Search, A::ModelDetails, A::SortModels, A::Up, A::Down]
        }
        Overlay::Fetching(_) => &[A::Cancel, A::Up, A::Down],
        Overlay::Explain { .. } => &[A::Cancel, A::Right, A::Up, A::Down],
        Overlay::Formula { .. } | Overlay::Error { .. } | Overlay::Rendered { .. } => {
            &[A::Cancel, A::Up, A::Down]
        }
        Overlay::Welcome | Overlay::Prompt(_) | Overlay::SavePreset { .. } | Overlay::Export(_) => {
            &[A::Cancel]
        }
    }
}

/// The cells of each hint that fits whole into a row, from the left.
pub(super) fn placed(hints: &[Hint], area: Rect) -> impl Iterator<Item = (Rect, &Hint)> {
    let width = usize::from(area.width);
    let roomy: usize = hints.iter().map(|hint| hint.width() + 3).sum();
    let gap = if roomy <= width + 3 { 3 } else { 2 };
    let mut x = 0;
    hints.iter().map_while(move |hint| {
        let here = Rect { x: area.x + x as u16, width: hint.width() as u16, height: 1, ..area };
        x += hint.width() + gap;
        (area.height > 0 && x - gap <= width).then_some((here, hint))
    })
}

/// Draws as many hints as fit whole into the first row of an area.
pub(super) fn draw(hints: &[Hint], area: Rect, theme: &Theme, buf: &mut Buffer) {
    for (place, hint) in placed(hints, area) {
        let key = Span::styled(hint.key.as_str(), theme.key());
        let label = Span::styled(hint.label, theme.key_label());
        buf.set_line(place.x, place.y, &Line::from(vec![key, Span::raw(" "), label]), place.width);
    }
}

/// The action of the hint at a place.
pub(super) fn hit(hints: &[Hint], area: Rect, at: Position) -> Option<Action> {
    placed(hints, area).find(|(place, _)| place.contains(at)).and_then(|(_, hint)| hint.action)
}
