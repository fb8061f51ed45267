//! The compare screen: lanes side by side, one choice in two of them, and the sliders of the lane in focus.

mod beside;
mod column;
mod figures;
mod places;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod whole;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
};

use super::face::{Face, offer_other_panel, then};
use super::{rows::draw_row, sampling, tokens};
use crate::{
    app::{Hit, PanelId, State},
    keymap::Action,
};
use places::{Lanes, Places};
pub(super) use whole::all_figures;

pub(super) struct CompareFace;

impl Face for CompareFace {
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
        if shares_places(state, body) {
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

    fn label(&self, _state: &State, action: Action) -> Option<&'static str> {
        match action {
            Action::Left => Some("earlier"),
            Action::Right => Some("later"),
            _ => None,
        }
    }
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    if body.is_empty() {
        return;
    }
    let places = Places::of(state, body);
    prompt(state, places.prompt, buf);
    match &places.lanes {
        Lanes::Columns(columns) => {
            for (lane, area) in columns.iter().enumerate() {
                column::draw(state, lane, true, *area, buf);
            }
        }
        Lanes::Rows { table, text } => {
            table::draw(state, *table, buf);
            column::draw(state, state.compare().focus(), false, *text, buf);
        }
    }
    beside::draw(state, places.beside, buf);
    sampling::draw(state, places.sampling, buf);
}

/// The end of the prompt that all lanes go on from, once above them.
fn prompt(state: &State, area: Rect, buf: &mut Buffer) {
    let (Some(session), false) = (state.session(), area.is_empty()) else { return };
    let theme = state.theme();
    let label = Span::styled(" Prompt ", theme.dim());
    let room = usize::from(area.width).saturating_sub(label.width() + 1);
    let pieces = session.path().prompt_tokens().iter().map(|&token| session.vocabulary().piece(token));
    let text = Span::styled(tokens::ending(pieces, room), theme.prompt_token(false));
    draw_row(area, 0, &Line::from(vec![label, text]), buf);
}

/// Whether parts of the screen share a place for want of room.
pub(super) fn shares_places(state: &State, body: Rect) -> bool {
    Places::of(state, body).shared
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
    if places.beside.contains(at) {
        return Some(beside::hit(state, places.beside, at));
    }
    match &places.lanes {
        _ if places.prompt.contains(at) => Some(Hit::Panel(PanelId::Lanes)),
        Lanes::Columns(columns) => {
            let (lane, area) = columns.iter().enumerate().find(|(_, area)| area.contains(at))?;
            Some(column::hit(state, lane, true, *area, at))
        }
        Lanes::Rows { table, .. } if table.contains(at) => Some(table::hit(state, *table, at)),
        Lanes::Rows { text, .. } if text.contains(at) => {
            Some(column::hit(state, state.compare().focus(), false, *text, at))
        }
        Lanes::Rows { .. } => Some(Hit::Panel(PanelId::Lanes)),
    }
}
