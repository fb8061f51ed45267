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

use super::{compare, layout::Places};
use crate::{
    app::{LaneChooser, Overlay, PanelId, Screen, State, TreeInput, XrayPanel},
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
        Some(Overlay::Prompt(_)) => &[
            (KeyCode::Enter, NONE, "start"),
            (KeyCode::Enter, KeyModifiers::ALT, "new line"),
            (KeyCode::Esc, NONE, "close"),
            (KeyCode::Char('t'), CONTROL, "chat"),
            (KeyCode::Char('p'), CONTROL, "older"),
            (KeyCode::Char('n'), CONTROL, "newer"),
        ],
        Some(Overlay::Models(list)) if list.path.is_some() => {
            &[(KeyCode::Enter, NONE, "load"), (KeyCode::Esc, NONE, "list")]
        }
        Some(Overlay::StopList(list)) if list.typing.is_some() => {
            &[(KeyCode::Enter, NONE, "set"), (KeyCode::Esc, NONE, "leave")]
        }
        Some(Overlay::SavePreset { .. }) => &[(KeyCode::Enter, NONE, "save"), (KeyCode::Esc, NONE, "leave")],
        Some(Overlay::Softmax(bench)) if bench.typing.is_some() => {
            &[(KeyCode::Enter, NONE, "take them"), (KeyCode::Esc, NONE, "leave")]
        }
        None if state.typing().is_some() => &[(KeyCode::Enter, NONE, "set"), (KeyCode::Esc, NONE, "leave")],
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
    let hint = |&(code, modifiers, label): &(KeyCode, KeyModifiers, &'static str)| Hint {
        key: key_text(KeyCombination::one_key(code, modifiers)),
        label,
        action: None,
    };
    Some(keys.iter().map(hint).collect())
}

fn bound_hints(state: &State, actions: &[Action]) -> Vec<Hint> {
    let label = |action, label| match (action, state.overlays().last()) {
        (Action::PlayPause, None) if state.play().playing() => "pause",
        (Action::Cancel, None) if state.screen() == Screen::Step && state.focus() == PanelId::Candidates => {
            "show all"
        }
        (Action::Search, Some(Overlay::Models(_))) => "type a path",
        (Action::Confirm, Some(Overlay::Softmax(_))) => "type logits",
        (Action::Confirm, Some(Overlay::Copy { .. })) => "copy",
        (Action::Confirm, Some(Overlay::StopList(_))) => "type it",
        (Action::Confirm, Some(Overlay::Stops { .. })) => "change",
        (Action::Left, Some(Overlay::StopList(_) | Overlay::Grow(_))) => "fewer",
        (Action::Right, Some(Overlay::StopList(_) | Overlay::Grow(_))) => "more",
        (Action::Confirm, Some(Overlay::Grow(_))) => "grow",
        (Action::Left, None) if matches!(state.screen(), Screen::Tree | Screen::Seeds) => "fold",
        (Action::Right, None) if matches!(state.screen(), Screen::Tree | Screen::Seeds) => "unfold",
        (Action::Left, None) if matches!(state.screen(), Screen::Compare | Screen::Beam) => "earlier",
        (Action::Right, None) if matches!(state.screen(), Screen::Compare | Screen::Beam) => "later",
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

/// The actions that matter now, the most important first.
fn actions(state: &State) -> Vec<Action> {
    use Action as A;
    if let Some(overlay) = state.overlays().last() {
        return overlay_actions(overlay).to_vec();
    }
    if state.screen() == Screen::Compare {
        return compare_actions(state);
    }
    match state.screen() {
        Screen::Tree => return TREE.to_vec(),
        Screen::Seeds => return seeds_actions(state),
        Screen::Beam if state.play().playing() => {
            return vec![A::PlayPause, A::Faster, A::Slower, A::Back, A::NextPanel, A::Help, A::Quit];
        }
        Screen::Beam => return beam_actions(state),
        Screen::Step | Screen::Xray | Screen::Compare => {}
    }
    let ended = state.session().is_some_and(|session| session.stopped().is_some());
    let mut actions = match state.focus() {
        _ if state.play().playing() => vec![A::PlayPause, A::Faster, A::Slower, A::Back, A::NextPanel],
        _ if state.screen() == Screen::Xray => xray_actions(state, ended),
        PanelId::Text if ended => vec![A::Back, A::Restart, A::Left, A::Right, A::GoOnHere, A::NextPanel],
        PanelId::Text => vec![A::PlayPause, A::Left, A::Right, A::GoOnHere, A::NextPanel, A::ColourBy],
        PanelId::Sampling => vec![
            A::Decrease,
            A::Increase,
            A::TypeValue,
            A::ResetSlider,
            A::NextPanel,
            A::PlayPause,
            A::NextPreset,
            A::ResetAll,
        ],
        _ if !state.frame().candidates.query().is_empty() => {
            vec![A::Cancel, A::TakeCandidate, A::Search, A::PlayPause, A::Step, A::Back, A::NextPanel]
        }
        _ if ended => vec![A::Back, A::Restart, A::Reroll, A::NextPanel],
        _ => vec![A::PlayPause, A::Step, A::Back, A::TakeCandidate, A::Reroll, A::NextPanel],
    };
    if state.screen() == Screen::Step && Places::of(Rect::new(0, 0, state.size().0, state.size().1)).shared {
        offer_other_panel(&mut actions);
    }
    then(actions, &[A::EditPrompt, A::ExamplePrompts, A::LoadModel, A::Search, A::ColourBy, A::Help, A::Quit])
}

fn xray_actions(state: &State, ended: bool) -> Vec<Action> {
    use Action as A;
    let mut actions = if ended { vec![A::Back, A::Restart] } else { vec![A::PlayPause, A::Step, A::Back] };
    actions.extend([A::NextPanel, A::Search]);
    if state.xray().panel == XrayPanel::Candidates {
        actions.extend([A::Formula, A::Mute]);
    } else {
        actions.extend([A::Mute, A::Solo, A::MoveEarlier, A::MoveLater, A::SwapOrder, A::Formula]);
    }
    actions
}

fn seeds_actions(state: &State) -> Vec<Action> {
    use Action as A;
    let mut actions = match state.focus() {
        _ if state.play().playing() => vec![A::PlayPause, A::Faster, A::Slower],
        PanelId::Sampling => vec![A::Decrease, A::Increase, A::TypeValue, A::Cancel, A::PlayPause],
        _ if state.seeds().all_ended() => {
            vec![A::Back, A::Restart, A::Reroll, A::MoreSeeds, A::FocusSampling, A::GoOnHere, A::FewerSeeds]
        }
        _ => {
            vec![A::PlayPause, A::Step, A::Back, A::MoreSeeds, A::FocusSampling, A::GoOnHere, A::FewerSeeds]
        }
    };
    if state.focus() == PanelId::Seeds {
        actions.extend([A::Left, A::Right]);
    }
    then(actions, &[A::NextPanel, A::Restart, A::Reroll, A::NextPreset, A::EditPrompt, A::Help, A::Quit])
}

fn beam_actions(state: &State) -> Vec<Action> {
    use Action as A;
    let mut actions =
        if state.beam().is_over() { vec![A::Back, A::Restart] } else { vec![A::PlayPause, A::Step, A::Back] };
    // What has ended is there to be gone to.
    if matches!(state.focus(), PanelId::Finished | PanelId::Winner) {
        actions.insert(0, A::GoOnHere);
    }
    let others = [
        A::NextPanel,
        A::Left,
        A::Right,
        A::WiderBeams,
        A::NarrowerBeams,
        A::MorePenalty,
        A::LessPenalty,
        A::EarlyStop,
        A::SortBeams,
        A::GoOnHere,
        A::Help,
        A::Quit,
    ];
    then(actions, &others)
}

/// Where panels share a place, how to come to the others stands behind what is done all the time.
fn offer_other_panel(actions: &mut Vec<Action>) {
    actions.insert(actions.len().min(3), Action::ShowPanel);
}

/// Actions and those of `more` that are not among them yet.
fn then(mut actions: Vec<Action>, more: &[Action]) -> Vec<Action> {
    for action in more {
        if !actions.contains(action) {
            actions.push(*action);
        }
    }
    actions
}

/// The tree screen's.
const TREE: [Action; 13] = [
    Action::GoOnHere,
    Action::Left,
    Action::Right,
    Action::Expand,
    Action::ExpandFar,
    Action::Search,
    Action::SortTree,
    Action::Prune,
    Action::NameNode,
    Action::ExportTree,
    Action::NextMatch,
    Action::Help,
    Action::Quit,
];

fn compare_actions(state: &State) -> Vec<Action> {
    use Action as A;
    let mut actions = match state.focus() {
        PanelId::Sampling => {
            vec![
                A::Decrease,
                A::Increase,
                A::Up,
                A::Down,
                A::TypeValue,
                A::Cancel,
                A::PlayPause,
                A::NextPreset,
            ]
        }
        _ if state.play().playing() => vec![A::PlayPause, A::Faster, A::Slower, A::NextLane],
        _ if !state.compare().running() => {
            vec![A::Back, A::Restart, A::NextLane, A::FocusSampling, A::SweepLanes]
        }
        _ => vec![A::PlayPause, A::Step, A::Back, A::NextLane, A::FocusSampling, A::SweepLanes],
    };
    let body = Rect::new(0, 0, state.size().0, state.size().1.saturating_sub(2));
    if compare::shares_places(state, body) {
        offer_other_panel(&mut actions);
    }
    if state.compare().what_if().is_some() {
        actions.insert(0, A::GoOnHere);
    }
    if state.focus() != PanelId::Sampling {
        let others = [
            A::Left,
            A::Right,
            A::OneLane,
            A::SameDice,
            A::AddLane,
            A::AddPreset,
            A::DuplicateLane,
            A::LanePrompt,
            A::LaneStops,
            A::RemoveLane,
            A::OtherLane,
            A::GoOnHere,
            A::ShowPanel,
            A::Restart,
        ];
        actions = then(actions, &others);
    }
    then(actions, &[A::EditPrompt, A::Help, A::Quit])
}

fn overlay_actions(overlay: &Overlay) -> &'static [Action] {
    use Action as A;
    match overlay {
        Overlay::Help { .. } => &[A::Cancel, A::Up, A::Down, A::PageUp, A::PageDown],
        Overlay::Stops { .. } => &[A::Confirm, A::Cancel, A::Up, A::Down, A::PageUp, A::PageDown],
        Overlay::Copy { .. } => &[A::Confirm, A::Right, A::Cancel, A::Up, A::Down],
        Overlay::Pasted(_) => &[A::Confirm, A::Cancel, A::Up, A::Down],
        Overlay::Softmax(_) => &[A::Left, A::Right, A::Confirm, A::Cancel, A::Up, A::Down],
        Overlay::Examples { .. } | Overlay::Surprises(_) | Overlay::Lanes(LaneChooser::Preset { .. }) => {
            &[A::Confirm, A::Cancel, A::Up, A::Down]
        }
        Overlay::StopList(_) | Overlay::Grow(_) => {
            &[A::Confirm, A::Cancel, A::Left, A::Right, A::Up, A::Down]
        }
        Overlay::Lanes(LaneChooser::Sweep { .. }) => {
            &[A::Confirm, A::Left, A::Right, A::Cancel, A::Up, A::Down]
        }
        Overlay::Models(_) => &[A::Confirm, A::Cancel, A::Search, A::Up, A::Down],
        Overlay::Explain { .. } => &[A::Cancel, A::Right, A::Up, A::Down],
        Overlay::Formula { .. } | Overlay::Error { .. } => &[A::Cancel, A::Up, A::Down],
        Overlay::Welcome | Overlay::Prompt(_) | Overlay::SavePreset { .. } => &[A::Cancel],
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
