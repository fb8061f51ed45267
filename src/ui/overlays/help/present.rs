//! The keys of the present screen, so close together that they fit one page.
//!
//! ```text
//! Candidates  ↵ take this token   ↑ ↓ pgup pgdn home end move
//! Play        space play   → step   ← back   + faster   - slower   R restart
//!             r roll again   s same seed
//! ```

use ratatui::text::{Line, Span};

use crate::{
    app::State,
    keymap::{Action, Context, Group, HelpRow},
    ui::hints,
};

/// Cells of the column of headings.
const HEADING: usize = 12;
/// Cells between two keys.
const GAP: usize = 3;

/// The rows of the page.
pub(super) fn rows(state: &State, width: u16) -> Vec<Line<'static>> {
    let contexts = state.contexts();
    let keymap = state.keymap();
    // What means nothing here is no key here, and what has another name here has it in help too.
    let here = |mut rows: Vec<HelpRow>| {
        rows.retain(|row| !state.ignores(row.action));
        for row in &mut rows {
            row.label = hints::label_here(state, row.action).unwrap_or(row.label);
        }
        rows
    };
    let mut rows = Vec::new();
    for &context in &contexts {
        rows.extend(group(state, name(context), &here(keymap.rows_of(Some(context), context)), width));
    }
    let everywhere = here(keymap.rows_of(None, contexts[0]));
    for heading in Group::ALL {
        let of_group: Vec<HelpRow> =
            everywhere.iter().filter(|row| row.action.group() == heading).cloned().collect();
        rows.extend(group(state, heading.title(), &of_group, width));
    }
    rows
}

/// What a context is called for a person.
pub(super) const fn name(context: Context) -> &'static str {
    match context {
        Context::Global => "everywhere",
        Context::Text => "Text",
        Context::Candidates => "Candidates",
        Context::Sampling => "Sliders",
        Context::Xray => "X-ray",
        Context::Compare => "Compare",
        Context::Tree => "Tree",
        Context::Seeds => "Seeds",
        Context::Beam => "Beam",
        Context::Speculate => "Speculate",
        Context::Drafts => "Drafts",
        Context::Present => "Present",
        Context::Diffuse => "Diffuse",
        Context::Cost => "Cost",
        Context::Learn => "Lessons",
        Context::Lesson => "In a lesson",
        Context::Overlay => "Lists",
    }
}

/// Moving about in a list: the same everywhere.
const fn moves(action: Action) -> bool {
    matches!(
        action,
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last
    )
}

/// A heading and the keys beside it, as many in a row as have room.
fn group(state: &State, heading: &'static str, rows: &[HelpRow], width: u16) -> Vec<Line<'static>> {
    let theme = state.theme();
    let mut lines: Vec<Line<'static>> = Vec::new();
    let room = usize::from(width).saturating_sub(HEADING);
    let mut used = 0;
    for (key, label) in told(rows) {
        // Where all the keys of a row have no room the first of them stand for them.
        let key = first_keys(&key, room.saturating_sub(label.chars().count() + 1));
        let pair = [Span::styled(key, theme.key()), Span::styled(format!(" {label}"), theme.text())];
        let cells: usize = pair.iter().map(Span::width).sum();
        if lines.is_empty() || used + GAP + cells > room {
            let heading = if lines.is_empty() { heading } else { "" };
            lines.push(Line::from(Span::styled(format!("{heading:HEADING$}"), theme.title(true))));
            used = 0;
        }
        let line = lines.last_mut().expect("one was pushed");
        if used > 0 {
            line.push_span(" ".repeat(GAP));
            used += GAP;
        }
        line.spans.extend(pair);
        used += cells;
    }
    lines
}

/// As many of the keys, from the first on, as have room; always the first.
fn first_keys(keys: &str, room: usize) -> String {
    let mut fitting = String::new();
    for key in keys.split(' ') {
        if !fitting.is_empty() && Span::raw(&fitting).width() + 1 + Span::raw(key).width() > room {
            break;
        }
        if !fitting.is_empty() {
            fitting.push(' ');
        }
        fitting.push_str(key);
    }
    fitting
}

/// The first key of each action and what it does; those that move about together.
fn told(rows: &[HelpRow]) -> Vec<(String, String)> {
    let first = |row: &HelpRow| row.keys.first().cloned().unwrap_or_default();
    let (moving, others): (Vec<&HelpRow>, Vec<&HelpRow>) = rows.iter().partition(|row| moves(row.action));
    let mut told: Vec<(String, String)> =
        others.into_iter().map(|row| (first(row), row.label.to_owned())).collect();
    if !moving.is_empty() {
        let keys = moving.into_iter().map(first).collect::<Vec<_>>().join(" ");
        told.push((keys, "move".to_owned()));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Fixture;

    #[test]
    fn every_screens_keys_fit_a_page_at_80_columns() {
        for key in ["1", "2", "3", "4", "5", "6", "7"] {
            let mut fixture = Fixture::new();
            fixture.keys(&[key]);
            let rows = rows(&fixture.state, 76);
            assert!(rows.len() <= 20, "{key}: {} rows", rows.len());
            assert!(rows.iter().all(|row| row.width() <= 76), "{rows:#?}");
        }
    }

    #[test]
    fn a_key_stands_there_with_what_it_means_on_this_screen_alone() {
        let page = |key: &str| {
            let mut fixture = Fixture::new();
            fixture.keys(&[key]);
            rows(&fixture.state, 120).iter().map(|row| row.to_string() + "  ").collect::<String>()
        };
        let (step, tree) = (page("1"), page("4"));
        assert!(step.contains(" x end chart ") && !step.contains("expand"), "{step}");
        assert!(tree.contains(" x expand ") && !tree.contains("end chart"), "{tree}");
    }
}
