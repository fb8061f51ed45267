//! The speculate screen: the text coloured by how its tokens came, the round on view, one place of its draft, what it gains,
//! a sweep over γ, many seeds, and the sliders of drafts.

mod cells;
mod gains;
mod place;
mod places;
mod round;
mod row;
mod settings;
mod shares;
mod sweep;
#[cfg(test)]
mod tests;
mod text;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
};

use super::face::{Face, then};
use super::{frame, rows, widgets::Panel};
use crate::{
    app::{Hit, PanelId, State},
    keymap::Action,
};
use places::Places;

pub(super) struct SpeculateFace;

impl Face for SpeculateFace {
    fn draw(&self, state: &State, places: &crate::ui::Places, buf: &mut Buffer) {
        draw(state, places.body, buf);
    }

    fn hit(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at)
    }

    fn along(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at).filter(|hit| matches!(hit, Hit::Slider(..)))
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        use Action as A;
        if state.play().playing() {
            return vec![A::PlayPause, A::Faster, A::Slower, A::Back, A::NextPanel, A::Help, A::Quit];
        }
        let speculate = state.speculate();
        let mut actions = match (state.focus(), speculate.is_over()) {
            (PanelId::DraftSettings, _) => vec![A::Decrease, A::Increase, A::Up, A::Down],
            (_, true) => vec![A::Back, A::Restart],
            (_, false) => vec![A::PlayPause, A::Step, A::NextRound, A::Back],
        };
        if speculate.runs() {
            actions.insert(0, A::Cancel);
        }
        let others = [
            A::OtherRule,
            A::LongerDraft,
            A::ShorterDraft,
            A::DraftSource,
            A::SweepDrafts,
            A::TrySeeds,
            A::NextPanel,
            A::Left,
            A::Right,
            A::GoOnHere,
            A::Reroll,
            A::Help,
            A::Quit,
        ];
        let mut actions = then(actions, &others);
        if state.focus() == PanelId::DraftSettings {
            actions.retain(|action| !matches!(action, A::Left | A::Right | A::GoOnHere));
        }
        actions
    }

    fn label(&self, state: &State, action: Action) -> Option<&'static str> {
        match action {
            Action::Left => Some("earlier round"),
            Action::Right => Some("later round"),
            Action::GoOnHere if state.focus() == PanelId::Place => Some("take this token"),
            _ => None,
        }
    }
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    for (panel, area) in Places::of(state, body).all() {
        match panel {
            PanelId::Drafted => text::draw(state, area, buf),
            PanelId::Place => place::draw(state, area, buf),
            PanelId::Gains => gains::draw(state, area, buf),
            PanelId::DraftSweep => sweep::draw(state, area, buf),
            PanelId::Shares => shares::draw(state, area, buf),
            PanelId::DraftSettings => settings::draw(state, area, buf),
            _ => round::draw(state, area, buf),
        }
    }
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let (panel, area) = Places::of(state, body).all().find(|(_, area)| area.contains(at))?;
    Some(match panel {
        PanelId::Drafted => of_frame(|| text::panel(state), panel, area, at),
        PanelId::Place => place::hit(state, area, at),
        PanelId::Gains => of_frame(|| gains::panel(state), panel, area, at),
        PanelId::DraftSweep => of_frame(|| sweep::panel(state), panel, area, at),
        PanelId::Shares => of_frame(|| shares::panel(state), panel, area, at),
        PanelId::DraftSettings => settings::hit(state, area, at),
        _ => round::hit(state, area, at),
    })
}

/// What of a panel's frame lies at a place, where nothing of its content does; only its first row has a title.
fn of_frame<'a>(panel: impl FnOnce() -> Panel<'a>, id: PanelId, area: Rect, at: Position) -> Hit {
    if at.y == area.y { frame::hit(&panel(), id, area, at) } else { Hit::Panel(id) }
}

/// A sentence where there is nothing else to show, between words and as far as there is room.
fn say(state: &State, sentence: &str, area: Rect, buf: &mut Buffer) {
    let lines: Vec<Line> = rows::wrap_words(sentence, area.width.into())
        .into_iter()
        .map(|line| Line::styled(line.to_owned(), state.theme().dim()))
        .collect();
    rows::draw_rows(area, &lines, buf);
}

/// Why there is nothing to be seen; None where there is.
fn waiting(state: &State) -> Option<String> {
    state.speculate().walk().is_none().then(|| frame::waiting(state, "Drafts begin"))
}
