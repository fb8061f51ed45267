//! The name and the formats of the files that the tree is to be written into.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{ExportForm, State, TreeFormat},
    text::Shown,
    theme::Marks,
};

/// ```text
/// ╭ Save the tree ────────────────────────────────────╮
/// │▸ name  logitscope-tree▏                           │
/// │  ✓ md   Markdown, a list to read                  │
/// │  ✓ dot  DOT, a graph for Graphviz                 │
/// │    json JSON, everything, for programs            │
/// ╰ ↵ save   space choose   esc cancel ───────────────╯
/// ```
pub(super) fn sheet(state: &State, form: &ExportForm, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 60);
    let on_name = form.selected == 0;
    let mut rows = vec![Line::from(vec![
        Span::styled(format!("{} name  ", row_mark(on_name)), theme.key_label()),
        Span::styled(Shown::inline(&form.name).as_str().to_owned(), theme.text()),
        Span::styled(if on_name { Marks::CARET } else { "" }, theme.key()),
    ])];
    for (index, (format, wanted)) in TreeFormat::ALL.into_iter().zip(form.formats).enumerate() {
        let mark = if wanted { Marks::LOADED } else { " " };
        let selected = row_mark(form.selected == index + 1);
        let row = format!("{selected} {mark} {:<4} {}", format.extension(), format.title());
        rows.push(Line::styled(row, theme.text()));
    }
    let about = "A file for each format, in the folder that the program was started in. Nothing is overwritten: if a name \
                 is taken, a number is added.";
    let mut foot = vec![Line::default()];
    foot.extend(prose(about, width, theme.key_label()));
    Sheet {
        title: Line::styled("Save the tree", theme.title(true)),
        border: theme.border(true),
        width,
        rows,
        selected: Some(form.selected),
        foot,
        ..Sheet::default()
    }
}
