//! The step screen: text, candidates, sliders, and the three lower panels.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{
    Places, candidates,
    face::{Face, PATH, offer_other_panel, then},
    panels, present, sampling, text,
};
use crate::{
    app::{Hit, PanelId, State},
    keymap::Action,
};

pub(super) struct StepFace;

impl Face for StepFace {
    fn draw(&self, state: &State, places: &Places, buf: &mut Buffer) {
        if let Some(large) = state.present() {
            return present::draw(state, large, places.body, buf);
        }
        text::draw(state, places.text, buf);
        candidates::draw(state, places.candidates, buf);
        sampling::draw(state, places.sampling, buf);
        for (panel, area) in lower_panels(state, places) {
            panels::draw(state, panel, area, buf);
        }
    }

    fn hit(&self, state: &State, places: &Places, at: Position) -> Option<Hit> {
        if let Some(large) = state.present() {
            return present::hit(state, large, places.body, at);
        }
        if places.text.contains(at) {
            return text::hit(state, places.text, at);
        }
        if places.candidates.contains(at) {
            return candidates::hit(state, places.candidates, at);
        }
        if places.sampling.contains(at) {
            return sampling::hit(state, places.sampling, at);
        }
        let (panel, area) = lower_panels(state, places).find(|(_, area)| area.contains(at))?;
        panels::hit(state, panel, area, at)
    }

    fn sliders(&self, _state: &State, places: &Places) -> Rect {
        places.sampling
    }

    fn along(&self, state: &State, places: &Places, at: Position) -> Option<Hit> {
        present::along(state, state.present()?, places.body, state.dragged()?, at)
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        use Action as A;
        if let Some(large) = state.present() {
            return present::hints(state, large);
        }
        let ended = state.has_ended();
        let mut actions = match state.focus() {
            _ if state.play().playing() => vec![A::PlayPause, A::Faster, A::Slower, A::Back, A::NextPanel],
            PanelId::Text if ended => {
                vec![A::Back, A::Restart, A::PreviousToken, A::NextToken, A::GoOnHere, A::NextPanel]
            }
            PanelId::Text => vec![
                A::PlayPause,
                A::Step,
                A::PreviousToken,
                A::NextToken,
                A::GoOnHere,
                A::NextPanel,
                A::ColourBy,
            ],
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
            _ if state.awaits_turn() => vec![A::EditPrompt, A::Back, A::Restart, A::Reroll, A::NextPanel],
            _ if ended => vec![A::Back, A::Restart, A::Reroll, A::NextPanel],
            _ => vec![A::PlayPause, A::Step, A::Back, A::TakeCandidate, A::Reroll, A::NextPanel],
        };
        if super::places(state, Rect::new(0, 0, state.size().0, state.size().1)).shared {
            offer_other_panel(&mut actions);
        }
        then(actions, &PATH)
    }

    fn label(&self, state: &State, action: Action) -> Option<&'static str> {
        match action {
            Action::EditPrompt if state.awaits_turn() => Some("next message"),
            Action::Cancel if state.present().is_some() => Some("leave"),
            Action::Increase if state.present().is_some() => Some("more"),
            Action::Decrease if state.present().is_some() => Some("less"),
            Action::Cancel if state.focus() == PanelId::Candidates => Some("show all"),
            _ => None,
        }
    }
}

/// The three lower panels, or the one of them that a narrow screen shows.
fn lower_panels(state: &State, places: &Places) -> impl Iterator<Item = (PanelId, Rect)> + use<> {
    let first = if places.shared { state.small_panel() } else { PanelId::Draw };
    let all = [(first, places.draw), (PanelId::Cache, places.cache), (PanelId::Stop, places.stop)];
    all.into_iter().filter(|(_, area)| !area.is_empty())
}
