//! Where the panels of the cost screen lie. A pure function of size and focus, so that drawing and the mouse agree.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{Cost, PanelId, State};

/// The smallest body in which every panel has a place of its own.
const ROOM_FOR_ALL: (u16, u16) = (110, 33);
/// From this width on three panels stand side by side.
const ROOM_FOR_THREE: u16 = 180;
/// From this width on two panels stand side by side, where there is not room for all.
const ROOM_FOR_TWO: u16 = 110;

/// The places; empty ones are not shown.
///
/// ```text
/// wide                            large                   small
/// ┌─on/off──┬─batches─┬─vocab──┐  ┌─on/off──┬─batches──┐  ┌──────────┐
/// │         │         │        │  ├─vocab───┼─memory───┤  │ the one  │
/// ├─memory──┼─types───┼─token──┤  ├─types───┼─token────┤  │ in focus │
/// └─────────┴─────────┴────────┘  └─────────┴──────────┘  └──────────┘
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places(Vec<(PanelId, Rect)>);

impl Places {
    /// The places in the space between header and footer.
    pub(super) fn of(state: &State, body: Rect) -> Self {
        let panels = &Cost::PANELS;
        let columns = match body.width {
            width if width >= ROOM_FOR_THREE => 3,
            width if width >= ROOM_FOR_TWO => 2,
            _ => 1,
        };
        if body.width >= ROOM_FOR_ALL.0 && body.height >= ROOM_FOR_ALL.1 {
            return Self::grid(panels, columns, body);
        }
        let at = panels.iter().position(|&panel| panel == state.focus()).unwrap_or(0);
        if columns > 1 && body.height > 2 {
            // The one in focus and its neighbour.
            let first = at - at % 2;
            return Self::grid(&panels[first..(first + 2).min(panels.len())], 2, body);
        }
        Self(panels.get(at).map(|&panel| (panel, body)).into_iter().collect())
    }

    fn grid(panels: &[PanelId], columns: usize, body: Rect) -> Self {
        let rows = panels.len().div_ceil(columns);
        let each = |count: usize| vec![Constraint::Fill(1); count];
        let lines = Layout::vertical(each(rows)).split(body);
        let places = lines.iter().flat_map(|line| Layout::horizontal(each(columns)).split(*line).to_vec());
        Self(panels.iter().copied().zip(places).collect())
    }

    /// Whether not all panels are shown.
    pub(super) fn are_few(&self) -> bool {
        self.0.len() < Cost::PANELS.len()
    }

    /// The panels that are shown, with their places.
    pub(super) fn all(self) -> impl Iterator<Item = (PanelId, Rect)> {
        self.0.into_iter().filter(|(_, area)| !area.is_empty())
    }
}
