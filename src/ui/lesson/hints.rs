//! The keys of a lesson that the footer names.

use crate::{
    app::{Phase, Player, Screen, State},
    keymap::Action,
    lesson::Kind,
};

/// The actions that matter in the lesson now; `of_screen` are those of the screen, which has the keys otherwise.
pub(in crate::ui) fn hints(state: &State, of_screen: Vec<Action>) -> Vec<Action> {
    use Action as A;
    let Some(player) = state.player() else { return of_screen };
    let mut actions = if player.has_keys() { own(player) } else { vec![A::LessonFocus] };
    if player.can_do() && !actions.contains(&A::LessonDo) {
        actions.push(A::LessonDo);
    }
    if player.has_hint()
        && player.rests()
        && player.phase() != Phase::Told
        && !actions.contains(&A::LessonHint)
    {
        actions.push(A::LessonHint);
    }
    // Where a token is typed every letter is part of it.
    let types = player.phase() == Phase::Asking && player.ask().is_some_and(|ask| ask.kind == Kind::Token);
    let keys = |action: &Action| !types && matches!(action, A::Help | A::Quit);
    let screen = |action: &Action| !player.has_keys() || keys(action);
    let more: Vec<Action> = of_screen.into_iter().filter(screen).collect();
    super::super::face::then(actions, &more)
}

fn own(player: &Player) -> Vec<Action> {
    use Action as A;
    let mut actions = match player.phase() {
        Phase::SettingUp | Phase::Revealing => vec![],
        Phase::Waiting(false) => vec![A::LessonFocus, A::LessonDo],
        Phase::Asking => {
            let picks = player.ask().is_some_and(|ask| !matches!(ask.kind, Kind::Number | Kind::Order));
            let mut actions = vec![A::LessonNext];
            if picks {
                actions.push(A::Down);
            }
            actions
        }
        Phase::Waiting(true) | Phase::Told | Phase::Finished => vec![A::LessonNext],
    };
    if player.phase() == Phase::Finished {
        return actions;
    }
    if !actions.contains(&A::LessonFocus) {
        actions.push(A::LessonFocus);
    }
    if player.step() > 0 {
        actions.push(A::LessonBack);
    }
    actions.push(A::LessonLeave);
    actions.push(A::LessonAgain);
    actions
}

/// What an action is called in the lesson now.
pub(in crate::ui) fn label(state: &State, action: Action) -> Option<&'static str> {
    let player = state.player()?;
    let last = player.step() + 1 == player.lesson().steps.len();
    let asks = player.ask().is_some();
    let of_list = matches!(action, Action::LessonNext | Action::LessonAgain);
    if of_list && !player.has_keys() && state.screen() == Screen::Learn {
        // There they begin the selected lesson.
        return None;
    }
    Some(match (action, player.phase()) {
        (Action::LessonNext, Phase::Asking) => "answer",
        (Action::LessonNext, Phase::Waiting(true)) if asks => "to the question",
        (Action::LessonNext, Phase::Told) if last => "finish",
        (Action::LessonNext, Phase::Told) => "next step",
        (Action::LessonNext, Phase::Finished) => "to the lessons",
        (Action::LessonNext, _) => "go on",
        (Action::Down, Phase::Asking) if player.has_keys() => "choose",
        (Action::LessonFocus, Phase::Waiting(true)) if !player.has_keys() => "go on",
        (Action::LessonFocus, Phase::Waiting(false)) if player.has_keys() => "to the screen",
        (Action::LessonFocus, _) if player.has_keys() => "try things out",
        (Action::LessonFocus, _) => "to the lesson",
        (Action::LessonAgain, _) => "set up again",
        (Action::LessonLeave, _) => "leave",
        _ => return None,
    })
}
