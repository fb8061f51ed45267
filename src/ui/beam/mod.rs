//! The beam screen: the beams of a search, the round that made them, the finished ones, and the best text beside others.

mod beams;
mod finished;
mod listed;
mod places;
mod round;
mod table;
#[cfg(test)]
mod tests;
mod winner;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::{Paragraph, Widget, Wrap},
};

use super::face::{Face, then};
use super::frame;
use crate::{
    app::{BeamRow, Hit, PanelId, State},
    decode::beam::Fate,
    keymap::Action,
};
use places::Places;

pub(super) struct BeamFace;

impl Face for BeamFace {
    fn draw(&self, state: &State, places: &crate::ui::Places, buf: &mut Buffer) {
        draw(state, places.body, buf);
    }

    fn hit(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at)
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        use Action as A;
        if state.play().playing() {
            return vec![A::PlayPause, A::Faster, A::Slower, A::Back, A::NextPanel, A::Help, A::Quit];
        }
        let mut actions = if state.beam().is_over() {
            vec![A::Back, A::Restart]
        } else {
            vec![A::PlayPause, A::Step, A::Back]
        };
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

    fn label(&self, _state: &State, action: Action) -> Option<&'static str> {
        match action {
            Action::Left => Some("earlier"),
            Action::Right => Some("later"),
            _ => None,
        }
    }
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    for (panel, area) in Places::of(state, body).all() {
        match panel {
            PanelId::Round => round::draw(state, area, buf),
            PanelId::Finished => finished::draw(state, area, buf),
            PanelId::Winner => winner::draw(state, area, buf),
            _ => beams::draw(state, area, buf),
        }
    }
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let (panel, area) = Places::of(state, body).all().find(|(_, area)| area.contains(at))?;
    Some(match panel {
        PanelId::Round => round::hit(state, area, at),
        PanelId::Finished => finished::hit(state, area, at),
        PanelId::Winner => winner::hit(state, area, at),
        _ => beams::hit(state, area, at),
    })
}

/// A sentence where there is nothing else to show yet.
fn say(state: &State, sentence: &str, area: Rect, buf: &mut Buffer) {
    Paragraph::new(sentence).style(state.theme().dim()).wrap(Wrap { trim: true }).render(area, buf);
}

/// Why there is no search; None where there is one.
fn waiting(state: &State) -> Option<String> {
    state.beam().search().is_none().then(|| frame::waiting(state, "The search starts"))
}

/// What became of the selected text, so that it can be marked wherever it stands.
fn selected_fate(state: &State) -> Option<Fate> {
    let view = state.beam().view();
    let at = state.beam().selected(state.focus());
    let number = |rows: &[BeamRow]| rows.get(at).map(|row| row.number);
    match state.focus() {
        PanelId::Beam if view.round > 0 => number(&view.beams).map(Fate::Kept),
        PanelId::Round => view.candidates.get(at).map(|row| row.candidate.fate),
        PanelId::Finished => number(&view.finished).map(Fate::Finished),
        _ => None,
    }
    .filter(|fate| *fate != Fate::Pruned)
}

/// The text that is selected in a panel, from its first generated token to its last, with what it is; None where there is
/// none, or it was pruned.
pub(super) fn selected_text(state: &State, panel: PanelId) -> Option<(String, String)> {
    let view = state.beam().view();
    let at = state.beam().selected(panel);
    let (title, node, length) = match panel {
        PanelId::Winner => {
            view.beside.get(at).map(|row| (format!("The text of {}:", row.name), row.node, row.tokens))
        }
        PanelId::Finished => view
            .finished
            .get(at)
            .map(|row| (format!("Finished text {}:", row.number + 1), row.node, row.tokens)),
        _ => view.beams.get(at).map(|row| (format!("Beam {}:", row.number + 1), row.node, row.tokens)),
    }?;
    let session = state.session()?;
    let tree = session.tree();
    tree.get(node).filter(|_| length > 0)?;
    let prefix = tree.prefix(node);
    let generated = &prefix[prefix.len().saturating_sub(length)..];
    let bytes: Vec<u8> =
        generated.iter().flat_map(|&token| session.vocabulary().piece(token)).copied().collect();
    Some((title, String::from_utf8_lossy(&bytes).into_owned()))
}

/// The row of a list at a place, else what of the panel's frame lies there.
fn hit_row(
    state: &State,
    panel: PanelId,
    mut rows: impl Iterator<Item = (usize, Rect)>,
    area: Rect,
    at: Position,
    framed: &super::widgets::Panel,
) -> Hit {
    let found = rows.find(|(_, place)| place.contains(at)).filter(|_| state.beam().search().is_some());
    found.map_or_else(|| frame::hit(framed, panel, area, at), |(row, _)| Hit::Row(panel, row))
}
