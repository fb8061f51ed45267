//! The seeds screen: where many seeds of one setting went, which tokens decide most, and what they came to.

mod endings;
mod forest;
mod forks;
mod list;
mod places;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::face::{Face, then};
use super::sampling;
use crate::{
    app::{Hit, PanelId, State},
    keymap::Action,
};
pub(super) use endings::selected_text;
use places::Places;

pub(super) struct SeedsFace;

impl Face for SeedsFace {
    fn draw(&self, state: &State, places: &crate::ui::Places, buf: &mut Buffer) {
        draw(state, places.body, buf);
    }

    fn hit(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at)
    }

    fn sliders(&self, state: &State, places: &crate::ui::Places) -> Rect {
        sampling_area(state, places.body)
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        use Action as A;
        let mut actions = match state.focus() {
            _ if state.play().playing() => vec![A::PlayPause, A::Faster, A::Slower],
            PanelId::Sampling => vec![A::Decrease, A::Increase, A::TypeValue, A::Cancel, A::PlayPause],
            _ if state.seeds().all_ended() => {
                vec![
                    A::Back,
                    A::Restart,
                    A::Reroll,
                    A::MoreSeeds,
                    A::FocusSampling,
                    A::GoOnHere,
                    A::FewerSeeds,
                ]
            }
            _ => {
                vec![
                    A::PlayPause,
                    A::Step,
                    A::Back,
                    A::MoreSeeds,
                    A::FocusSampling,
                    A::GoOnHere,
                    A::FewerSeeds,
                ]
            }
        };
        if state.focus() == PanelId::Seeds {
            actions.extend([A::Left, A::Right]);
        }
        then(actions, &[A::NextPanel, A::Restart, A::Reroll, A::NextPreset, A::EditPrompt, A::Help, A::Quit])
    }

    fn label(&self, _state: &State, action: Action) -> Option<&'static str> {
        match action {
            Action::Left => Some("fold"),
            Action::Right => Some("unfold"),
            _ => None,
        }
    }
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    let places = Places::of(state, body);
    forest::draw(state, places.forest, buf);
    forks::draw(state, places.forks, buf);
    endings::draw(state, places.endings, buf);
    sampling::draw(state, places.sampling, buf);
}

/// Where the sliders lie.
pub(super) fn sampling_area(state: &State, body: Rect) -> Rect {
    Places::of(state, body).sampling
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    if !body.contains(at) {
        return None;
    }
    let places = Places::of(state, body);
    if places.sampling.contains(at) {
        return sampling::hit(state, places.sampling, at);
    }
    if places.forest.contains(at) {
        return Some(forest::hit(state, places.forest, at));
    }
    if places.forks.contains(at) {
        return Some(forks::hit(state, places.forks, at));
    }
    if places.endings.contains(at) {
        return Some(endings::hit(state, places.endings, at));
    }
    Some(Hit::Panel(PanelId::Seeds))
}
