//! Where the parts of the compare screen lie. A pure function of size, number of lanes and focus, so that drawing and the
//! mouse agree.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{PanelId, State};

/// The narrowest column in which a lane can be read.
const LEAST_COLUMN: u16 = 25;
/// On narrower screens lanes are rows, however few there are.
const ROOM_FOR_COLUMNS: u16 = 81;
/// Rows from which text, candidates and sliders stand there together; on lower screens they share a place.
const ROOM_FOR_ALL: u16 = 18;
/// Rows of the lower part, where it has one of its own: two fifths of the screen, and these at least, if that leaves half.
const LOWER: u16 = 12;
/// Columns of the sliders.
const SLIDERS: u16 = 40;

/// How the lanes are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lanes {
    /// Each lane in a column.
    Columns(Vec<Rect>),
    /// A table with a row for each lane, and the text of the lane in focus below; empty where another part has its place.
    Rows {
        /// The table.
        table: Rect,
        /// The text.
        text: Rect,
    },
}

/// The places.
///
/// ```text
/// wide enough for all lanes             otherwise                    low
///  prompt of all lanes
/// ┌───lane 1──┐┌───lane 2──┐┌lane 3┐    ┌─────────table────────┐     ┌───table───┐
/// │           ││           ││      │    ├──text of the focused─┤     │ text,     │
/// ├───────────┴┴─────┬─────┴┴──────┤    ├──────────────┬───────┤     │ candidates│
/// │   candidates     │   sliders   │    │  candidates  │sliders│     │ or sliders│
/// └──────────────────┴─────────────┘    └──────────────┴───────┘     └───────────┘
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    /// The end of the prompt that all lanes go on from; empty where the text of one lane alone is shown with it.
    pub prompt: Rect,
    /// The lanes.
    pub lanes: Lanes,
    /// The candidates of two lanes; may be empty.
    pub beside: Rect,
    /// The sliders; may be empty.
    pub sampling: Rect,
    /// Whether text, candidates and sliders share a place.
    pub shared: bool,
}

impl Places {
    /// The places in the space between header and footer.
    pub(super) fn of(state: &State, body: Rect) -> Self {
        let lanes = state.compare().lanes().len().max(1) as u16;
        let columns = body.width >= ROOM_FOR_COLUMNS && body.width / lanes >= LEAST_COLUMN;
        let prompt = Rect { height: u16::from(columns).min(body.height), ..body };
        let (table, body) = if columns {
            (Rect { height: 0, ..body }, below(body, prompt.height))
        } else {
            with_table(body, lanes)
        };
        let all = body.height >= if columns { ROOM_FOR_ALL } else { ROOM_FOR_ALL - 3 };
        let lower_height = if all { LOWER.max(body.height * 2 / 5).min(body.height / 2) } else { 0 };
        let [upper, lower] =
            Layout::vertical([Constraint::Min(0), Constraint::Length(lower_height)]).areas(body);
        let (mut upper, mut beside, mut sampling) = if all {
            let sliders = SLIDERS.min(body.width * 2 / 5);
            let [beside, sampling] =
                Layout::horizontal([Constraint::Min(0), Constraint::Length(sliders)]).areas(lower);
            (upper, beside, sampling)
        } else {
            (upper, Rect::default(), Rect::default())
        };
        if !all {
            match state.focus() {
                PanelId::Sampling => (sampling, upper) = (upper, Rect::default()),
                PanelId::Beside => (beside, upper) = (upper, Rect::default()),
                _ => {}
            }
        }
        let lanes = if columns {
            let widths = vec![Constraint::Fill(1); usize::from(lanes)];
            Lanes::Columns(Layout::horizontal(widths).split(upper).to_vec())
        } else {
            Lanes::Rows { table, text: upper }
        };
        Self { prompt, lanes, beside, sampling, shared: !all }
    }
}

/// The table's place and what is left below it. On a low screen it shows fewer lanes than there are.
fn with_table(body: Rect, lanes: u16) -> (Rect, Rect) {
    let wanted = lanes + 3;
    let most = (body.height / 2).max(4);
    let height = wanted.min(most).min(body.height);
    let table = Rect { height, ..body };
    (table, below(body, height))
}

/// What is left of an area below so many rows.
fn below(area: Rect, rows: u16) -> Rect {
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}
