//! The models to choose from: the loaded one, what lies beside it, those found on the machine, and the one in the program.

mod columns;
mod foot;
#[cfg(test)]
mod tests;

use ratatui::{layout::Rect, text::Line};

use self::columns::{Cells, Columns};
use super::sheet::{Sheet, text_width};
use crate::{
    app::{BUILT_IN, ModelList, ModelRow, State},
    models::{ModelSort, Place},
    text::Shown,
    ui::widgets::elide,
};

/// Cells of the sheet's text at most.
const WIDTH: u16 = 150;

/// ```text
/// ╭ Models, recent first ─────────────────────────────── reading 12 of 340 ╮
/// │   name                      memory          size  parameters  quantised │
/// │ ▸✓org/repo gemma.gguf       fits         230 MiB        270M  Q4_K_M    │
/// │   broken.gguf               cannot run   1.0 KiB                        │
/// │                                                                         │
/// │ /home/me/models/broken.gguf                                             │
/// │ cannot be run: …                                                        │
/// │ /: search, or enter a path or a name such as hf:user/repo               │
/// ╰ ↵ load   esc close ─────────────────────────────────────────────────────╯
/// ```
pub(super) fn sheet(state: &State, list: &ModelList, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, WIDTH);
    let columns = Columns::of(width);
    let rows = list.rows();
    // Of thousands of rows only those are made that can be in sight.
    let reach = usize::from(screen.height) + state.overlay_offset().unsigned_abs();
    let line = |(index, row): (usize, &ModelRow<'_>)| {
        if index.abs_diff(list.selected) > reach {
            return Line::default();
        }
        let loaded = is_loaded(state, *row);
        let cells = match row {
            ModelRow::BuiltIn => Cells::named(BUILT_IN),
            ModelRow::Found(model) => Cells::of(model, state.model_settings(), list.free),
        };
        columns.line(&cells, (list.selected == index, loaded), theme)
    };
    let unread = list.unread();
    let total = list.found.as_ref().map_or(0, Vec::len);
    let reading = if unread > 0 { format!("reading {} of {total}", total - unread) } else { String::new() };
    Sheet {
        title: Line::styled(title(list, width), theme.title(true)),
        top_right: Line::styled(reading, theme.key_label()),
        border: theme.border(true),
        width,
        head: vec![columns.head(theme)],
        rows: rows.iter().enumerate().map(line).collect(),
        selected: Some(list.selected),
        foot: foot::foot(state, list, rows.get(list.selected), width),
        ..Sheet::default()
    }
}

fn is_loaded(state: &State, row: ModelRow<'_>) -> bool {
    let loaded = state.model_info().map(|info| info.path.as_deref());
    match row {
        ModelRow::BuiltIn => loaded == Some(None),
        ModelRow::Found(model) => {
            model.found.place == Place::Loaded || loaded == Some(Some(model.found.path.as_path()))
        }
    }
}

fn title(list: &ModelList, width: u16) -> String {
    let order = match list.sort {
        ModelSort::Recent => "recent first",
        ModelSort::Name => "by name",
        ModelSort::Size => "largest first",
        ModelSort::Parameters => "most parameters first",
        ModelSort::Context => "longest context first",
    };
    match &list.folder {
        Some(folder) => {
            let room =
                usize::from(width).saturating_sub("Models in , reading 10000 of 10000".len() + order.len());
            format!("Models in {}, {order}", elide(Shown::path(folder).as_str(), room.max(8)))
        }
        None => format!("Models, {order}"),
    }
}
