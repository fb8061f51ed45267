//! Where the parts of the speculate screen lie. A pure function of size and focus, so that drawing and the mouse agree.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{PanelId, State};

/// The smallest body in which the last row has three parts beside each other.
const ROOM_FOR_THREE: (u16, u16) = (108, 28);
/// Rows from which the last row's middle part has the sweep and the seeds below it.
const ROOM_FOR_ALL: u16 = 46;
/// Rows from which there is a text above and a part below the round.
const ROOM_FOR_MORE: u16 = 16;
/// Cells of the sliders.
const SETTINGS: u16 = 34;

/// The places; empty ones are not shown.
///
/// ```text
/// large                          small               low
/// ┌──────────text──────────┐     ┌─────text─────┐    ┌────────┐
/// ├──────────round─────────┤     ├─────round────┤    │ any of │
/// ├─place─┬─gains─┬─drafts─┤     ├──────────────┤    │ all    │
/// │       │ sweep │        │     │ any of the   │    └────────┘
/// │       │ seeds │        │     │ others       │
/// └───────┴───────┴────────┘     └──────────────┘
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    all: [(Option<PanelId>, Rect); 7],
}

impl Places {
    /// The places in the space between header and footer.
    pub(super) fn of(state: &State, body: Rect) -> Self {
        let focus = state.focus();
        let mut places = Vec::new();
        let measured = match focus {
            panel @ (PanelId::DraftSweep | PanelId::Shares) => panel,
            _ => PanelId::Gains,
        };
        if body.height < ROOM_FOR_MORE {
            places.push((of_this_screen(focus), body));
        } else if body.width >= ROOM_FOR_THREE.0 && body.height >= ROOM_FOR_THREE.1 {
            let text = (body.height / 5).clamp(5, 10);
            let round = rows(state).clamp(9, body.height * 2 / 5);
            let [above, middle, below] =
                Layout::vertical([Constraint::Length(text), Constraint::Length(round), Constraint::Min(0)])
                    .areas(body);
            let [left, between, right] =
                Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1), Constraint::Length(SETTINGS)])
                    .areas(below);
            places.extend([(PanelId::Drafted, above), (PanelId::Draft, middle), (PanelId::Place, left)]);
            places.push((PanelId::DraftSettings, right));
            if body.height >= ROOM_FOR_ALL {
                let [gains, sweep, shares] =
                    Layout::vertical([Constraint::Fill(4), Constraint::Fill(3), Constraint::Fill(3)])
                        .areas(between);
                places.extend([
                    (PanelId::Gains, gains),
                    (PanelId::DraftSweep, sweep),
                    (PanelId::Shares, shares),
                ]);
            } else {
                places.push((measured, between));
            }
        } else {
            let text = (body.height / 5).clamp(4, 7);
            let round = rows(state).clamp(6, body.height * 2 / 5);
            let [above, middle, below] =
                Layout::vertical([Constraint::Length(text), Constraint::Length(round), Constraint::Min(0)])
                    .areas(body);
            let last = match of_this_screen(focus) {
                PanelId::Draft | PanelId::Drafted => PanelId::Gains,
                panel => panel,
            };
            places.extend([(PanelId::Drafted, above), (PanelId::Draft, middle), (last, below)]);
        }
        let mut all = [(None, Rect::ZERO); 7];
        for (place, (panel, area)) in all.iter_mut().zip(places) {
            *place = (Some(panel), area);
        }
        Self { all }
    }

    /// The panels that are shown, with their places.
    pub(super) fn all(self) -> impl Iterator<Item = (PanelId, Rect)> {
        self.all
            .into_iter()
            .filter_map(|(panel, area)| Some((panel?, area)))
            .filter(|(_, area)| !area.is_empty())
    }
}

/// Rows of a round whose draft is as long as it may be: two a drafted token, one for the last, the frame.
fn rows(state: &State) -> u16 {
    let settings = state.speculate().settings();
    let longest =
        [(settings.sources.model, settings.n_max), (settings.sources.lookup, settings.lookup.length)];
    let longest =
        longest.into_iter().filter(|(is_on, _)| *is_on).map(|(_, tokens)| tokens).max().unwrap_or(0);
    2 * longest as u16 + 3
}

/// A panel of this screen: the round, where the focus is on none of them.
fn of_this_screen(panel: PanelId) -> PanelId {
    match panel {
        PanelId::Drafted
        | PanelId::Place
        | PanelId::Gains
        | PanelId::DraftSweep
        | PanelId::Shares
        | PanelId::DraftSettings => panel,
        _ => PanelId::Draft,
    }
}
