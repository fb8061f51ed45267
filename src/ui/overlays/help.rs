//! The keys, from the keymap: those of the present screen first; and where the program's files are.

mod present;

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, hanging, prose, text_width};
use crate::{
    app::State,
    keymap::{Context, HelpGroup, HelpRow},
    text::Shown,
};

/// Cells of the column of keys.
const KEYS: usize = 13;
/// From this width on there are two columns.
const TWO_COLUMNS: u16 = 100;
/// From this width on every action of a single column has its sentence, below it a few words.
const SENTENCES: u16 = 66;
/// Cells between two columns.
const GAP: u16 = 3;

/// The present screen's keys on the first page; what differs elsewhere, every action in a sentence, and files on the
/// pages after it.
pub(super) fn sheet(state: &State, scroll: usize, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 150);
    let groups = state.keymap().help_rows();
    let mut rows = present::rows(state, width);
    // The next page begins below the first one's end.
    let page = usize::from(screen.height).saturating_sub(if screen.height >= 16 { 4 } else { 2 });
    rows.resize(rows.len().max(page), Line::default());
    rows.extend(several_meanings(state, width));
    if width >= TWO_COLUMNS {
        rows.extend(two_columns(state, &groups, width));
    } else {
        rows.extend(groups.iter().flat_map(|group| group_lines(state, group, width, width >= SENTENCES)));
    }
    rows.extend(files(state, width));
    Sheet {
        title: Line::styled(format!("Keys of the {} screen", state.screen().title()), theme.title(true)),
        border: theme.border(true),
        width,
        rows,
        scroll,
        ..Sheet::default()
    }
}

/// The keys that mean another thing elsewhere: `x   end chart; Tree: expand; Seeds: fewer seeds`.
fn several_meanings(state: &State, width: u16) -> Vec<Line<'static>> {
    let theme = state.theme();
    let ambiguous = state.keymap().ambiguous();
    if ambiguous.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::styled("Keys that mean another thing elsewhere", theme.title(true))];
    for (key, meanings) in ambiguous {
        let told = meanings.iter().map(|(context, action)| match context {
            Context::Global => action.label().to_owned(),
            context => format!("{}: {}", present::name(*context), action.label()),
        });
        let text = told.collect::<Vec<_>>().join("; ");
        lines.extend(hanging(&Span::styled(key, theme.key()), KEYS, &text, width, theme.text()));
    }
    lines.push(Line::default());
    lines
}

/// The groups in two columns of about the same height.
fn two_columns(state: &State, groups: &[HelpGroup], width: u16) -> Vec<Line<'static>> {
    let column = (width - GAP) / 2;
    let lines: Vec<_> = groups.iter().map(|group| group_lines(state, group, column, true)).collect();
    let height = |lines: &[Vec<Line>]| lines.iter().map(Vec::len).sum::<usize>();
    let split = (0..=lines.len())
        .min_by_key(|&split| height(&lines[..split]).max(height(&lines[split..])))
        .unwrap_or(0);
    let (left, right) = lines.split_at(split);
    let (mut left, mut right) = (left.iter().flatten(), right.iter().flatten());
    let beside = |left: Option<&Line<'static>>, right: Option<&Line<'static>>| {
        let mut line = left.cloned().unwrap_or_default();
        let pad = usize::from(column + GAP).saturating_sub(line.width());
        line.push_span(Span::raw(" ".repeat(pad)));
        line.spans.extend(right.cloned().unwrap_or_default().spans);
        line
    };
    std::iter::from_fn(|| match (left.next(), right.next()) {
        (None, None) => None,
        (left, right) => Some(beside(left, right)),
    })
    .collect()
}

fn group_lines(state: &State, group: &HelpGroup, width: u16, sentences: bool) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(Span::styled(group.group.title(), state.theme().title(true)))];
    lines.extend(group.rows.iter().flat_map(|row| row_lines(state, row, width, sentences)));
    lines.push(Line::default());
    lines
}

fn row_lines(state: &State, row: &HelpRow, width: u16, sentences: bool) -> Vec<Line<'static>> {
    let theme = state.theme();
    let keys = Span::styled(keys(row), theme.key());
    let mut text = if sentences { row.about } else { row.label }.to_owned();
    if let Some(place) = place(row) {
        text = format!("{text} ({place})");
    }
    hanging(&keys, KEYS, &text, width, theme.text())
}

/// As many of an action's keys as fit their column, the first one always.
fn keys(row: &HelpRow) -> String {
    let mut text = String::new();
    for key in &row.keys {
        let more = format!("{text}{}{key}", if text.is_empty() { "" } else { " " });
        if !text.is_empty() && Span::raw(more.as_str()).width() >= KEYS {
            break;
        }
        text = more;
    }
    text
}

/// Where an action's keys work, if not everywhere or in all lists.
fn place(row: &HelpRow) -> Option<String> {
    if row.contexts.contains(&Context::Global) || row.contexts.len() > 2 {
        return None;
    }
    Some(row.contexts.iter().map(|context| context.name()).collect::<Vec<_>>().join(", "))
}

fn files(state: &State, width: u16) -> Vec<Line<'static>> {
    let theme = state.theme();
    let mut lines = vec![Line::from(Span::styled("Files", theme.title(true)))];
    let own = "Your own settings and keys: config.toml and keymap.toml in $XDG_CONFIG_HOME/logitscope, \
               which is ~/.config/logitscope unless you set it.";
    lines.extend(prose(own, width, theme.text()));
    if let Some(file) = state.log_file() {
        lines.extend(prose(&format!("The log: {}", Shown::path(file).as_str()), width, theme.text()));
    }
    lines
}
