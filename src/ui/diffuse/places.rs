//! Where the parts of the diffuse screen lie. A pure function of size and focus, so that drawing and the mouse agree.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{CanvasKnob, PanelId, State};

/// Rows from which more than one panel has room.
const ROOM_FOR_MORE: u16 = 14;
/// Columns and rows from which the lower panels stand side by side.
const ROOM_FOR_TWO: (u16, u16) = (100, 28);
/// Columns and rows from which every panel has a place of its own.
const ROOM_FOR_ALL: (u16, u16) = (150, 44);
/// Rows of the sliders with their frame.
const SLIDERS: u16 = CanvasKnob::ALL.len() as u16 + 2;
/// Cells that a position takes, its mark included, and rows that the canvas has at least.
const CELLS_EACH: usize = 7;
const LEAST_CANVAS: u16 = 7;
/// Columns of the schedule at least.
const SCHEDULE: u16 = 26;

/// The places; empty ones are not shown.
///
/// ```text
/// ┌──────────────canvas───────────────┐   large: position │ settings      │ neighbours
/// ├───────scores───────────┬─schedule─┤                   ├───────────────┼───────────
/// │ position │ settings, …            │                   │ left to right │ sweep
/// └───────────────────────────────────┘
/// ```
pub(super) struct Places(Vec<(PanelId, Rect)>);

impl Places {
    /// The places in the space between header and footer.
    pub(super) fn of(state: &State, body: Rect) -> Self {
        let focus = state.focus();
        if body.height < ROOM_FOR_MORE {
            return Self(vec![(focus_or(focus, PanelId::Canvas), body)]);
        }
        let strip = match body.height {
            ..26 => 4,
            26..44 => 5,
            _ => 7,
        };
        // By its positions, not by what stands there now: nothing moves while it is written.
        let cells = state.diffuse().canvas().map_or(0, |canvas| canvas.canvas().len()) * CELLS_EACH;
        let rows = cells.div_ceil(usize::from(body.width.saturating_sub(4)).max(1)) as u16 + 3;
        let canvas = rows.clamp(LEAST_CANVAS, (body.height * 2 / 5).max(LEAST_CANVAS));
        let [canvas, strip, lower] =
            Layout::vertical([Constraint::Length(canvas), Constraint::Length(strip), Constraint::Min(0)])
                .areas(body);
        let schedule = (body.width * 3 / 10).max(SCHEDULE.min(body.width / 2));
        let [scores, schedule] =
            Layout::horizontal([Constraint::Min(0), Constraint::Length(schedule)]).areas(strip);
        let mut all =
            vec![(PanelId::Canvas, canvas), (PanelId::Scores, scores), (PanelId::Schedule, schedule)];
        all.extend(lower_places(focus, body, lower));
        Self(all)
    }

    /// The panels that are shown, with their places.
    pub(super) fn all(self) -> impl Iterator<Item = (PanelId, Rect)> {
        self.0.into_iter().filter(|(_, area)| !area.is_empty())
    }
}

fn lower_places(focus: PanelId, body: Rect, lower: Rect) -> Vec<(PanelId, Rect)> {
    use PanelId as P;
    if body.width < ROOM_FOR_TWO.0 || body.height < ROOM_FOR_TWO.1 {
        let panel = if focus == P::Canvas { P::Position } else { focus_or(focus, P::Position) };
        return vec![(panel, lower)];
    }
    let over = |area: Rect, upper: Constraint| -> [Rect; 2] {
        Layout::vertical([upper, Constraint::Min(0)]).areas(area)
    };
    let sliders = Constraint::Length(SLIDERS.min(lower.height * 2 / 3));
    if body.width >= ROOM_FOR_ALL.0 && body.height >= ROOM_FOR_ALL.1 {
        let [left, middle, right] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1), Constraint::Fill(1)]).areas(lower);
        let [settings, beside] = over(middle, sliders);
        let [neighbours, sweep] = over(right, Constraint::Percentage(50));
        return vec![
            (P::Position, left),
            (P::CanvasSettings, settings),
            (P::LeftToRight, beside),
            (P::Neighbours, neighbours),
            (P::StepSweep, sweep),
        ];
    }
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(lower);
    let [settings, below] = over(right, sliders);
    let shared = match focus {
        panel @ (P::Neighbours | P::StepSweep) => panel,
        _ => P::LeftToRight,
    };
    vec![(P::Position, left), (P::CanvasSettings, settings), (shared, below)]
}

/// The panel with the focus, where it is one of this screen's.
fn focus_or(focus: PanelId, other: PanelId) -> PanelId {
    use PanelId as P;
    match focus {
        P::Canvas | P::Position | P::CanvasSettings | P::LeftToRight | P::Neighbours | P::StepSweep => focus,
        _ => other,
    }
}
