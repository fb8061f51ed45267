//! Moving through what lies over the screen: the selection of a list, and whatever is larger than the screen.
//!
//! A list is scrolled by its selection. What stands above and below its rows can be longer than the screen too: once the
//! selection is at an end, the same keys scroll on from there.

use std::ops::RangeInclusive;

use crossterm::event::{KeyCode, KeyEvent};

use super::{
    EXAMPLES, ExportForm, Growth, LaneChooser, Overlay, PasteOffer, State, StopRow, SweepRange, keys::PAGE,
};

impl State {
    /// Rows that the overlay on top is scrolled by beside its selection, or from its first row where it has none.
    #[must_use]
    pub fn overlay_offset(&self) -> isize {
        self.desk.overlay_offset
    }

    /// Moves the selection of the list on top, or scrolls it.
    pub(super) fn scroll_overlay(&mut self, rows: isize) {
        let offset = self.desk.overlay_offset;
        let presets = self.desk.hand.presets.len();
        let Some(overlay) = self.desk.overlays.last_mut() else { return };
        if let Some(scroll) = overlay.scroll_mut() {
            // How far it goes is known when it is drawn: see `bound_scroll`.
            *scroll = scroll.saturating_add_signed(rows);
            return;
        }
        let Some((selected, len)) = selection(overlay, presets) else {
            self.desk.overlay_offset = offset.saturating_add(rows).max(0);
            return;
        };
        let last = len.saturating_sub(1);
        let back = offset != 0 && (offset > 0) == (rows < 0) && rows.abs() <= PAGE;
        let moved = if back { *selected } else { selected.saturating_add_signed(rows).min(last) };
        self.desk.overlay_offset = match moved == *selected {
            // Back to where the selection is in its usual place, and not beyond.
            true if back && offset > 0 => offset.saturating_add(rows).max(0),
            true if back => offset.saturating_add(rows).min(0),
            true => offset.saturating_add(rows),
            false => 0,
        };
        *selected = moved;
    }

    /// Scrolls while a line is typed into the overlay on top; false if the key is none for that.
    pub(super) fn scroll_while_typing(&mut self, key: KeyEvent) -> bool {
        let rows = match key.code {
            KeyCode::Up => -1,
            KeyCode::Down => 1,
            KeyCode::PageUp => -PAGE,
            KeyCode::PageDown => PAGE,
            _ => return false,
        };
        self.desk.overlay_offset = self.desk.overlay_offset.saturating_add(rows);
        true
    }

    /// Keeps the overlay on top from being scrolled further than it goes: beside its selection, or from its first row where
    /// it has none. The runtime calls it before a frame.
    pub fn bound_scroll(&mut self, bounds: &RangeInclusive<isize>) {
        let within = |rows: isize| rows.clamp(*bounds.start(), *bounds.end());
        match self.desk.overlays.last_mut().and_then(Overlay::scroll_mut) {
            Some(scroll) => *scroll = within(isize::try_from(*scroll).unwrap_or(isize::MAX)).unsigned_abs(),
            None => self.desk.overlay_offset = within(self.desk.overlay_offset),
        }
    }
}

/// The selected row of a list, and how many rows it has; None for what is read, and for the editor.
fn selection(overlay: &mut Overlay, presets: usize) -> Option<(&mut usize, usize)> {
    Some(match overlay {
        Overlay::Examples { selected } => (selected, EXAMPLES.len()),
        Overlay::Models(list) => {
            let len = list.len();
            (&mut list.selected, len)
        }
        Overlay::Surprises(list) => (&mut list.selected, list.rows.len()),
        Overlay::Adapters { selected, count } => (selected, *count),
        Overlay::Export(form) => (&mut form.selected, ExportForm::ROWS),
        Overlay::Grow(growth) => (&mut growth.selected, Growth::ROWS),
        Overlay::StopList(stops) => {
            stops.typing = None;
            (&mut stops.selected, StopRow::ALL.len())
        }
        Overlay::Softmax(bench) => (&mut bench.selected, bench.words.len()),
        Overlay::Pasted(offer) => (&mut offer.selected, PasteOffer::CHOICES.len()),
        Overlay::Lanes(LaneChooser::Preset { selected }) => (selected, presets),
        Overlay::Lanes(LaneChooser::Sweep { selected, .. }) => (selected, SweepRange::ALL.len()),
        Overlay::Welcome
        | Overlay::Help { .. }
        | Overlay::Explain { .. }
        | Overlay::Formula { .. }
        | Overlay::Copy { .. }
        | Overlay::Prompt(_)
        | Overlay::Stops { .. }
        | Overlay::SavePreset { .. }
        | Overlay::Rendered { .. }
        | Overlay::ModelDetails(_)
        | Overlay::Fetching(_)
        | Overlay::Error { .. } => return None,
    })
}
