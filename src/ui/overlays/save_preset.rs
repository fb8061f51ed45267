//! The name under which the settings are saved.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, prose, text_width};
use crate::{app::State, keymap::Context, text::Shown, theme::Marks};

pub(super) fn sheet(state: &State, name: &str, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 60);
    let typed = Line::from(vec![
        Span::styled("name ", theme.dim()),
        Span::styled(Shown::inline(name).as_str().to_owned(), theme.text()),
        Span::styled(Marks::CARET, theme.key()),
    ]);
    let about = "Settings that differ from llama.cpp's defaults are saved under this name. Choose the preset with \
        {next-preset} and {previous-preset}, or with --preset NAME.";
    let about = state.keymap().spell(Context::Global, about);
    let mut foot = vec![Line::default()];
    foot.extend(prose(&about, width, theme.key_label()));
    Sheet {
        title: Line::styled("Save as preset", theme.title(true)),
        border: theme.border(true),
        width,
        rows: vec![typed],
        foot,
        ..Sheet::default()
    }
}
