//! What new lanes can be: the settings of a preset, or a sweep of one setting.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{LaneChooser, State, SweepRange},
    keymap::Action,
    text::Shown,
};

/// A row: what it is called, and what there is to see.
struct Row {
    name: String,
    about: String,
}

pub(super) fn sheet(state: &State, chooser: LaneChooser, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let (title, rows, foot) = match chooser {
        LaneChooser::Preset { .. } => ("Add a lane from a preset".to_owned(), presets(state), Vec::new()),
        LaneChooser::Sweep { lanes, .. } => {
            (format!("Sweep: {lanes} lanes"), sweeps(state, lanes), how_many(state))
        }
    };
    let selected = chooser.selected();
    let width = text_width(screen, 96);
    let column = rows.iter().map(|row| row.name.width()).max().unwrap_or(0) + 4;
    let about = rows.iter().map(|row| row.about.width()).max().unwrap_or(0);
    // Beside one another where all fits; otherwise what the selected one does stands below.
    let beside = column + about <= usize::from(width);
    let width = if beside { (column + about) as u16 } else { width };
    let line = |(index, row): (usize, &Row)| {
        let name = format!("{} {:2$}", row_mark(index == selected), row.name, column - 2);
        let mut line = Line::styled(name, theme.text());
        if beside {
            line.push_span(Span::styled(row.about.clone(), theme.key_label()));
        }
        line
    };
    let mut below = Vec::new();
    if let (false, Some(row)) = (beside, rows.get(selected)) {
        below.push(Line::default());
        below.extend(prose(&row.about, width, theme.key_label()));
    }
    for text in foot {
        below.push(Line::default());
        below.extend(prose(&text, width, theme.text()));
    }
    Sheet {
        title: Line::styled(title, theme.title(true)),
        border: theme.border(true),
        width,
        rows: rows.iter().enumerate().map(line).collect(),
        selected: Some(selected),
        foot: below,
        ..Sheet::default()
    }
}

fn presets(state: &State) -> Vec<Row> {
    let text = |text: &str| Shown::inline(text).as_str().to_owned();
    state
        .presets()
        .iter()
        .map(|preset| Row { name: text(&preset.name), about: text(&preset.about) })
        .collect()
}

fn sweeps(state: &State, lanes: usize) -> Vec<Row> {
    let base = state.settings_in_hand();
    let row = |range: &SweepRange| {
        let values: Vec<String> = range.values(base, lanes).values.iter().map(ToString::to_string).collect();
        let values = match &values[..] {
            // As many as can be read at a glance.
            [first, second, .., last] if values.len() > 3 => format!("{first}, {second} … {last}"),
            values => values.join(", "),
        };
        Row { name: format!("{}  {values}", range.field.name()), about: range.about.to_owned() }
    };
    SweepRange::ALL.iter().map(row).collect()
}

/// How the number of lanes is changed.
fn how_many(state: &State) -> Vec<String> {
    let keys = state.keymap().hints(state.context(), &[Action::Left, Action::Right]);
    let keys: Vec<String> = keys.into_iter().map(|hint| hint.key).collect();
    if keys.len() < 2 {
        return Vec::new();
    }
    vec![format!("{} {}: fewer or more lanes. They replace the present lanes.", keys[0], keys[1])]
}
