//! The canvas written in 1, 2, 4 … steps: what each took, and the texts.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{columns, draw_words, say, waiting};
use crate::{
    app::{Hit, PanelId, State, StepSweep, SweepRow},
    keymap::{Action, Context},
    text::Shown,
    ui::{
        format::milliseconds,
        frame,
        numbers::{perplexity, thousands},
        rows::{draw_row, page},
        widgets::{Panel, elide},
    },
};

/// Columns before the text, with their cells.
const COLUMNS: [(&str, usize); 4] = [("steps", 5), ("a pass", 8), ("time", 9), ("perpl.", 8)];
/// Cells of all of them, and two before the text.
const CELLS: usize = 32;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() || waiting(state).is_some() {
        return;
    }
    let Some(sweep) = state.diffuse().sweep() else {
        say(state, &offer(state), inner, buf);
        return;
    };
    let theme = state.theme();
    let parts = Parts::of(state, inner);
    if let Some(head) = parts.head {
        let columns = columns(&COLUMNS);
        draw_row(head, 0, &Line::styled(format!("{columns}  text"), theme.dim()), buf);
    }
    for (index, place) in page(sweep.rows().len(), state.diffuse().sweep_row(), parts.list) {
        draw_row(place, 0, &line(state, &sweep.rows()[index], place.width.into()), buf);
        if state.focus() == PanelId::StepSweep && index == state.diffuse().sweep_row() {
            buf.set_style(place, theme.selected_row());
        }
    }
    if let Some(row) = sweep.rows().get(state.diffuse().sweep_row()) {
        let text = Shown::inline(row.text.trim_start());
        draw_words(text.as_str(), theme.text(), parts.below, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let parts = Parts::of(state, frame::inner(area));
    let rows = state.diffuse().sweep().map_or(0, |sweep| sweep.rows().len());
    let found = page(rows, state.diffuse().sweep_row(), parts.list).find(|(_, place)| place.contains(at));
    found.map_or_else(
        || frame::hit(&panel(state), PanelId::StepSweep, area, at),
        |(row, _)| Hit::Row(PanelId::StepSweep, row),
    )
}

/// What stands where: the rows, and, where there is room, the selected text whole.
struct Parts {
    head: Option<Rect>,
    list: Rect,
    below: Rect,
}

impl Parts {
    fn of(state: &State, inner: Rect) -> Self {
        let rows = state.diffuse().sweep().map_or(0, |sweep| sweep.rows().len()) as u16;
        let head = (inner.height >= 3).then_some(Rect { height: 1, ..inner });
        let top = u16::from(head.is_some());
        let list = Rect { y: inner.y + top, height: rows.min(inner.height - top), ..inner };
        let left = inner.bottom() - list.bottom();
        // A row between the two.
        let below = Rect { y: list.bottom() + left.min(1), height: left.saturating_sub(1), ..inner };
        Self { head, list, below }
    }
}

fn line<'a>(state: &State, row: &SweepRow, width: usize) -> Line<'a> {
    let theme = state.theme();
    if row.passes == 0 {
        return Line::styled(format!("{:>5}  waits", thousands(row.steps)), theme.dim());
    }
    let text = Shown::inline(row.text.trim_start());
    let text = elide(text.as_str(), width.saturating_sub(CELLS));
    let judged = row.perplexity.map_or_else(|| "–".to_owned(), perplexity);
    vec![
        Span::styled(format!("{:>5}", thousands(row.steps)), theme.strong()),
        Span::styled(format!("{:>8.2}", row.tokens as f64 / row.passes as f64), theme.text()),
        Span::styled(format!("{:>9}", milliseconds(row.time.as_secs_f64() * 1e3)), theme.text()),
        Span::styled(format!("{judged:>8}"), theme.strong()),
        Span::styled(format!("  {text}"), if row.is_over { theme.text() } else { theme.dim() }),
    ]
    .into()
}

/// How a sweep is begun.
fn offer(state: &State) -> String {
    let key = state.keymap().hints(Context::Diffuse, &[Action::SweepSteps]).pop();
    let key = key.map_or_else(|| "A sweep".to_owned(), |hint| hint.key);
    format!("{key} writes this canvas in 1, 2, 4 … steps: few are fast and wrong, many slow and better.")
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let done = state.diffuse().sweep().map(|sweep: &StepSweep| {
        let done = sweep.rows().iter().filter(|row| row.is_over).count();
        format!("{done} of {}", sweep.rows().len())
    });
    Panel {
        top_right: Line::styled(done.unwrap_or_default(), state.theme().key_label()),
        ..frame::frame(state, PanelId::StepSweep)
    }
}
