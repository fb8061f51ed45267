//! What a screen shows: the drawing side of its room.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{Places, beam, compare, cost, diffuse, learn, seeds, speculate, step, tree, xray};
use crate::{
    app::{Hit, Screen, State},
    keymap::Action,
};

/// What a screen owes the drawing side. It reads the state and changes nothing.
pub(super) trait Face {
    /// Draws what lies between header and footer.
    fn draw(&self, state: &State, places: &Places, buf: &mut Buffer);

    /// What lies at a place between header and footer.
    fn hit(&self, state: &State, places: &Places, at: Position) -> Option<Hit>;

    /// Where the sliders lie, so that one that the mouse holds follows it; empty where there are none.
    fn sliders(&self, _state: &State, _places: &Places) -> Rect {
        Rect::ZERO
    }

    /// The place along a slider of the screen's own that the mouse holds; None where it has none.
    fn along(&self, _state: &State, _places: &Places, _at: Position) -> Option<Hit> {
        None
    }

    /// The actions whose keys the footer names, the most important first.
    fn hints(&self, state: &State) -> Vec<Action>;

    /// What an action is called in the footer here, where it is something else than everywhere.
    fn label(&self, _state: &State, _action: Action) -> Option<&'static str> {
        None
    }
}

/// The face of a screen.
pub(super) fn face(screen: Screen) -> &'static dyn Face {
    match screen {
        Screen::Step => &step::StepFace,
        Screen::Xray => &xray::XrayFace,
        Screen::Compare => &compare::CompareFace,
        Screen::Tree => &tree::TreeFace,
        Screen::Seeds => &seeds::SeedsFace,
        Screen::Beam => &beam::BeamFace,
        Screen::Diffuse => &diffuse::DiffuseFace,
        Screen::Speculate => &speculate::SpeculateFace,
        Screen::Cost => &cost::CostFace,
        Screen::Learn => &learn::LearnFace,
    }
}

/// What stands behind the rest wherever one path is shown.
pub(super) const PATH: [Action; 7] = [
    Action::EditPrompt,
    Action::ExamplePrompts,
    Action::LoadModel,
    Action::Search,
    Action::ColourBy,
    Action::Help,
    Action::Quit,
];

/// Actions and those of `more` that are not among them yet.
pub(super) fn then(mut actions: Vec<Action>, more: &[Action]) -> Vec<Action> {
    for action in more {
        if !actions.contains(action) {
            actions.push(*action);
        }
    }
    actions
}

/// Where panels share a place, how to come to the others stands behind what is done all the time.
pub(super) fn offer_other_panel(actions: &mut Vec<Action>) {
    actions.insert(actions.len().min(3), Action::ShowPanel);
}
