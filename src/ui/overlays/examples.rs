//! Prompts that show something.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{EXAMPLES, Example, State},
    text::Shown,
};

pub(super) fn sheet(state: &State, selected: usize, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 104);
    let column = EXAMPLES.iter().map(|example| text(example).width()).max().unwrap_or(0) + 4;
    // What they show was measured on the model in the program; of another nothing is known.
    let measured = state.ready().is_none_or(|ready| ready.info.path.is_none());
    let about = |example: &Example| if measured { example.about } else { "" };
    let longest = EXAMPLES.iter().map(|example| about(example).width()).max().unwrap_or(0);
    // Beside one another where all fits; otherwise what the selected one shows stands below.
    let beside = column + longest <= usize::from(width);
    let width = if beside { (column + longest) as u16 } else { width };
    let row = |(index, example): (usize, &Example)| {
        let text = format!("{} {}", row_mark(index == selected), text(example));
        if beside {
            let text = format!("{text:column$}");
            Line::from(vec![
                Span::styled(text, theme.text()),
                Span::styled(about(example), theme.key_label()),
            ])
        } else {
            Line::styled(text, theme.text())
        }
    };
    let mut foot = Vec::new();
    if let (false, Some(example)) = (beside, EXAMPLES.get(selected)) {
        foot.push(Line::default());
        foot.extend(prose(about(example), width, theme.key_label()));
    }
    Sheet {
        title: Line::styled("Example prompts", theme.title(true)),
        border: theme.border(true),
        width,
        rows: EXAMPLES.iter().enumerate().map(row).collect(),
        selected: Some(selected),
        foot,
        ..Sheet::default()
    }
}

/// The prompt in one line.
fn text(example: &Example) -> String {
    Shown::inline(example.text).as_str().to_owned()
}
