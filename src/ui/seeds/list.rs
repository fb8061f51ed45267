//! What the three tables of the seeds screen have in common: a head, and a page of rows around the selected one.

use ratatui::layout::{Position, Rect};

use crate::app::{Hit, PanelId, State};
use crate::ui::{frame, rows::page, widgets::Panel};

/// The head's place, if there is room for it.
pub(super) fn head(inner: Rect) -> Option<Rect> {
    (inner.height >= 3).then_some(Rect { height: 1, ..inner })
}

/// The rows on view, page by page, with their places.
pub(super) fn places(inner: Rect, selected: usize, rows: usize) -> impl Iterator<Item = (usize, Rect)> {
    let top = u16::from(head(inner).is_some());
    page(rows, selected, Rect { y: inner.y + top, height: inner.height.saturating_sub(top), ..inner })
}

/// What lies at a place of a table that takes the whole inside of its panel.
pub(super) fn hit(panel: &Panel, id: PanelId, area: Rect, at: Position, rows: (usize, usize)) -> Hit {
    hit_in(panel, id, (area, frame::inner(area)), at, rows)
}

/// What lies at a place of a panel whose table takes a part of its inside.
pub(super) fn hit_in(
    panel: &Panel,
    id: PanelId,
    (area, table): (Rect, Rect),
    at: Position,
    (selected, rows): (usize, usize),
) -> Hit {
    let row = places(table, selected, rows).find(|(_, place)| place.contains(at));
    row.map_or_else(|| frame::hit(panel, id, area, at), |(row, _)| Hit::Row(id, row))
}

/// The bytes of nodes' tokens.
pub(super) fn pieces<'a>(
    state: &'a State,
    nodes: &'a [crate::tree::NodeId],
) -> impl DoubleEndedIterator<Item = &'a [u8]> {
    let session = state.session();
    nodes.iter().filter_map(move |&node| {
        let session = session?;
        let token = session.tree().get(node)?.token?;
        Some(session.vocabulary().piece(token))
    })
}
