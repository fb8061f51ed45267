//! Where the parts of the beam screen lie. A pure function of size, width of the search and focus, so that drawing and
//! the mouse agree.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{PanelId, State};

/// The smallest body in which everything has a place of its own.
const ROOM_FOR_ALL: (u16, u16) = (100, 28);
/// Rows from which the beams stand above another part; on lower screens the focus says which one is there.
const ROOM_FOR_TWO: u16 = 14;
/// Rows of the lowest part: three tenths of the body, and these at least.
const LOWEST: u16 = 11;
/// The frame and the head of the beams.
const AROUND_BEAMS: u16 = 3;

/// The places; empty ones are not shown.
///
/// ```text
/// large                        small                low
/// ┌─────────beams─────────┐    ┌────beams────┐      ┌─────────┐
/// ├─────────round─────────┤    ├─────────────┤      │ any of  │
/// │                       │    │ round,      │      │ the four│
/// ├──finished─┬───best────┤    │ finished or │      └─────────┘
/// │           │           │    │ best        │
/// └───────────┴───────────┘    └─────────────┘
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    beams: Rect,
    round: Rect,
    finished: Rect,
    winner: Rect,
}

impl Places {
    /// The places in the space between header and footer.
    pub(super) fn of(state: &State, body: Rect) -> Self {
        let beams = state.beam().settings().width as u16 + AROUND_BEAMS;
        let mut places = Self::default();
        if body.width >= ROOM_FOR_ALL.0 && body.height >= ROOM_FOR_ALL.1 {
            let lowest = LOWEST.max(body.height * 3 / 10);
            let upper = beams.min((body.height - lowest) / 2);
            let [upper, middle, lower] =
                Layout::vertical([Constraint::Length(upper), Constraint::Min(0), Constraint::Length(lowest)])
                    .areas(body);
            let [left, right] = Layout::horizontal([Constraint::Fill(2), Constraint::Fill(3)]).areas(lower);
            return Self { beams: upper, round: middle, finished: left, winner: right };
        }
        if body.height < ROOM_FOR_TWO {
            *places.of_panel(state.focus()) = body;
            return places;
        }
        let upper = beams.min(body.height * 2 / 5);
        let [upper, lower] = Layout::vertical([Constraint::Length(upper), Constraint::Min(0)]).areas(body);
        places.beams = upper;
        let below = match state.focus() {
            panel @ (PanelId::Finished | PanelId::Winner) => panel,
            _ => PanelId::Round,
        };
        *places.of_panel(below) = lower;
        places
    }

    fn of_panel(&mut self, panel: PanelId) -> &mut Rect {
        match panel {
            PanelId::Round => &mut self.round,
            PanelId::Finished => &mut self.finished,
            PanelId::Winner => &mut self.winner,
            _ => &mut self.beams,
        }
    }

    /// The panels that are shown, with their places.
    pub(super) fn all(self) -> impl Iterator<Item = (PanelId, Rect)> {
        let all = [
            (PanelId::Beam, self.beams),
            (PanelId::Round, self.round),
            (PanelId::Finished, self.finished),
            (PanelId::Winner, self.winner),
        ];
        all.into_iter().filter(|(_, area)| !area.is_empty())
    }
}
