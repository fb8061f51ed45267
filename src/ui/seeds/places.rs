//! Where the parts of the seeds screen lie. A pure function of size and focus, so that drawing and the mouse agree.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{PanelId, State};

/// Columns and rows from which all parts stand there together.
const ROOM_FOR_ALL: (u16, u16) = (100, 24);
/// Rows from which two of them do.
const ROOM_FOR_TWO: u16 = 15;
/// Columns of the sliders: a third of the screen, within these.
const SLIDERS: (u16, u16) = (36, 56);

/// The places. A part without one has an empty area.
///
/// ```text
/// wide                            narrow                        low
/// ┌────forest────────┬─sliders─┐  ┌────────forest─────────┐     ┌───────────────┐
/// │                  │         │  │                       │     │ one of four   │
/// ├─critical tokens─┬┴─endings─┤  ├───────────────────────┤     │               │
/// │                 │          │  │ one of the others     │     │               │
/// └─────────────────┴──────────┘  └───────────────────────┘     └───────────────┘
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// Where the seeds went.
    pub forest: Rect,
    /// The critical tokens.
    pub forks: Rect,
    /// The texts.
    pub endings: Rect,
    /// The sliders.
    pub sampling: Rect,
}

impl Places {
    /// The places in the space between header and footer.
    pub(super) fn of(state: &State, body: Rect) -> Self {
        if body.width >= ROOM_FOR_ALL.0 && body.height >= ROOM_FOR_ALL.1 {
            return Self::together(body);
        }
        if body.height < ROOM_FOR_TWO {
            return Self::default().with(state.focus(), body);
        }
        let below = (body.height * 2 / 5).max(7);
        let [forest, below] = Layout::vertical([Constraint::Min(0), Constraint::Length(below)]).areas(body);
        Self { forest, ..Self::default() }.with(state.seeds().small_panel(), below)
    }

    fn together(body: Rect) -> Self {
        let [upper, lower] = Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(body);
        let sliders = (body.width / 3).clamp(SLIDERS.0, SLIDERS.1);
        let [forest, sampling] =
            Layout::horizontal([Constraint::Min(0), Constraint::Length(sliders)]).areas(upper);
        let [forks, endings] = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(lower);
        Self { forest, forks, endings, sampling }
    }

    fn with(self, panel: PanelId, area: Rect) -> Self {
        match panel {
            PanelId::Forks => Self { forks: area, ..self },
            PanelId::Endings => Self { endings: area, ..self },
            PanelId::Sampling => Self { sampling: area, ..self },
            _ => Self { forest: area, ..self },
        }
    }
}
