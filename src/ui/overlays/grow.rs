//! How the tree is to be grown, and what that comes to.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{Growth, State},
    decode::Breadth,
    ui::numbers::thousands,
};

/// Cells of a row's name.
const NAME: usize = 15;

pub(super) fn sheet(state: &State, growth: &Growth, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 60);
    let row = |index: usize, name: &str, value: String| {
        let name = format!("{} {name:NAME$}", row_mark(growth.selected == index));
        Line::from(vec![Span::styled(name, theme.key_label()), Span::styled(value, theme.text())])
    };
    let breadth = match growth.breadth {
        Breadth::Top(1) => "the likeliest".to_owned(),
        Breadth::Top(n) => format!("the {n} likeliest"),
        Breadth::Nucleus(mass) => format!("the likeliest that reach {:.0} %", 100.0 * mass),
    };
    let room = state.session().map_or(0, |session| session.tree().room());
    let (nodes, fits) = (growth.nodes(), growth.nodes() <= room);
    let comes_to = if nodes == usize::MAX {
        "Too many nodes to count".to_owned()
    } else {
        format!("At most {}", count(nodes, "node"))
    };
    let comes_to = if fits {
        format!("{comes_to}, {}.", count(growth.evaluations(), "evaluation"))
    } else {
        format!(
            "{comes_to}; the tree has room for {}: choose fewer continuations or a smaller depth.",
            thousands(room)
        )
    };
    let mut foot = vec![Line::default()];
    foot.extend(prose(&comes_to, width, if fits { theme.text() } else { theme.warning() }));
    foot.push(Line::default());
    let about = "Every node below the selected one gets its likeliest continuations, at most 16, with their probabilities. \
     Paths end at end tokens and at the end of the context.";
    foot.extend(prose(about, width, theme.key_label()));
    Sheet {
        title: Line::styled("Grow the tree", theme.title(true)),
        border: theme.border(true),
        width,
        rows: vec![row(0, "continuations", breadth), row(1, "depth", count(growth.depth, "token"))],
        selected: Some(growth.selected),
        foot,
        ..Sheet::default()
    }
}

/// `1 token`, `4 tokens`.
fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(number), if number == 1 { "" } else { "s" })
}
