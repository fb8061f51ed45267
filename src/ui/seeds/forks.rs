//! The critical tokens: the places at which seeds part, those that decide most about the text first.
//!
//! ```text
//! ╭ Critical tokens ⁱ ────────────────── texts: 3.12 of 5.00 bits ╮
//! │ bits          at  after         seeds chose            apart  │
//! │  .99 ████████    5  …␣was␣a       ␣little 15  ␣big 7 +2  .12  │
//! ╰ token 5, 31 seeds · p .031 drawn by none ─────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr;

use super::list;
use crate::{
    app::{Hit, PanelId, State},
    decode::forest::{Branch, Forest, Fork},
    ui::{
        columns::{Column, cells, put, put_right},
        frame,
        numbers::{probability, thousands},
        rows::fitting,
        tokens,
        widgets::{Bar, Panel},
    },
};

/// Tokens before a fork that are shown at most.
const SHOWN_BEFORE: usize = 24;
/// Insides from which there is a bar, and how far shares and probabilities are apart.
const ROOM_FOR_BAR: u16 = 44;
const ROOM_FOR_DISTANCE: u16 = 50;
/// Cells of a token among what seeds chose.
const TOKEN: usize = 14;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    panel(state, area.width).render(area, buf);
    let inner = frame::inner(area);
    let (seeds, theme) = (state.seeds(), state.theme());
    let Some(forest) = seeds.forest().filter(|_| !inner.is_empty()) else { return };
    if seeds.forks().is_empty() {
        buf.set_stringn(
            inner.x,
            inner.y,
            "All seeds have the same text so far.",
            inner.width.into(),
            theme.dim(),
        );
        return;
    }
    let columns = Columns::of(inner.width);
    if let Some(place) = list::head(inner) {
        columns.head(state, place, buf);
    }
    for (index, place) in list::places(inner, seeds.selected_fork(), seeds.forks().len()) {
        let Some(fork) = seeds.forks().get(index) else { continue };
        columns.row(state, forest, fork, place, buf);
        if index == seeds.selected_fork() && state.focus() == PanelId::Forks {
            buf.set_style(place, theme.selected_row());
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let seeds = state.seeds();
    list::hit(
        &panel(state, area.width),
        PanelId::Forks,
        area,
        at,
        (seeds.selected_fork(), seeds.forks().len()),
    )
}

fn panel<'a>(state: &State, width: u16) -> Panel<'a> {
    let theme = state.theme();
    // Between the corners and a space on either side.
    let room = usize::from(width.saturating_sub(4));
    let (forks, panel) = (state.seeds().forks(), frame::frame(state, PanelId::Forks));
    let (Some(forest), Some(fork)) = (state.seeds().forest(), forks.get(state.seeds().selected_fork()))
    else {
        return panel;
    };
    // By the chain rule the splits add up to the entropy of the texts.
    let bits: f64 = forks.iter().map(|fork| fork.split_bits).sum();
    let most = (forest.len() as f64).log2();
    let came = format!("token {}, {} seeds", thousands(fork.index + 1), fork.seeds);
    // Less than this is what is left of the sum's rounding.
    let missed = Some(fork.p_missed()).filter(|&p| p > 1e-6 && forest.is_exact());
    let missed = missed.map(percent);
    let below = missed.map_or_else(
        || vec![came.clone()],
        |p| {
            vec![
                format!("{came} · {p} went to tokens no seed drew"),
                format!("{came} · {p} not drawn"),
                came.clone(),
            ]
        },
    );
    let title = panel.title.width() + panel.hint.width() + 4;
    let above = [
        format!("entropy of the texts: {bits:.2} of at most {most:.2} bits"),
        format!("texts: {bits:.2} of at most {most:.2} bits"),
        format!("{bits:.2} of {most:.2} bits"),
        String::new(),
    ];
    Panel {
        top_right: Line::styled(fitting(&above, room.saturating_sub(title)).to_owned(), theme.text()),
        bottom_left: Line::styled(fitting(&below, room).to_owned(), theme.key_label()),
        ..panel
    }
}

/// A part of one in hundreds, with a digit more where it is small: `3 %`, `0.4 %`.
fn percent(p: f64) -> String {
    match 100.0 * p {
        percent if percent < 0.05 => "< 0.1 %".to_owned(),
        percent if percent < 1.0 => format!("{percent:.1} %"),
        percent => format!("{percent:.0} %"),
    }
}

/// The last tokens up to a fork, as far as the prompt's end.
fn before(state: &State, fork: &Fork, width: usize) -> String {
    let Some(session) = state.session() else { return String::new() };
    let tree = session.tree();
    let up = |node: &crate::tree::NodeId| tree.get(*node).and_then(|node| node.parent);
    let mut nodes: Vec<_> = std::iter::successors(Some(fork.node), up).take(SHOWN_BEFORE).collect();
    nodes.reverse();
    tokens::ending(list::pieces(state, &nodes), width)
}

/// What seeds chose, each with their number, as many as fit whole; then how many more there are.
fn said(state: &State, branches: &[Branch], width: usize) -> String {
    let mut said = String::new();
    for (index, branch) in branches.iter().enumerate() {
        let left = branches.len() - index;
        let token = tokens::beginning(list::pieces(state, &[branch.node]), TOKEN);
        let next = format!("{}{token} {}", if index == 0 { "" } else { "  " }, branch.seeds);
        let rest = if left > 1 { format!("  +{}", left - 1).len() } else { 0 };
        if said.width() + next.width() + rest > width && index > 0 {
            return format!("{said}  +{left}");
        }
        said.push_str(&next);
    }
    said
}

/// Where things stand.
struct Columns {
    bits: Column,
    bar: Column,
    at: Column,
    before: Column,
    said: Column,
    distance: Option<Column>,
}

impl Columns {
    fn of(width: u16) -> Self {
        let bar = if width >= ROOM_FOR_BAR { (width / 12).clamp(4, 12) } else { 0 };
        let distance = if width >= ROOM_FOR_DISTANCE { 9 } else { 0 };
        let bits = (0, 4);
        let at = (bits.1 + 1 + bar, 5);
        let text = width.saturating_sub(at.0 + at.1 + 2 + 2 + distance);
        let before = (at.0 + at.1 + 2, text / 3);
        let said = (before.0 + before.1 + 2, text - before.1);
        let distance = (distance > 0).then_some((width.saturating_sub(distance), distance));
        Self { bits, bar: (bits.1 + 1, bar), at, before, said, distance }
    }

    fn head(&self, state: &State, place: Rect, buf: &mut Buffer) {
        let style = state.theme().dim();
        put_right("bits", self.bits, style, place, buf);
        put_right("at", self.at, style, place, buf);
        put("after", self.before, style, place, buf);
        put("seeds chose", self.said, style, place, buf);
        if let Some(distance) = self.distance {
            put_right("distance", distance, style, place, buf);
        }
    }

    fn row(&self, state: &State, forest: &Forest, fork: &Fork, place: Rect, buf: &mut Buffer) {
        let theme = state.theme();
        put_right(&format!("{:.2}", fork.split_bits), self.bits, theme.strong(), place, buf);
        let most = state.seeds().forks().first().map_or(0.0, |first| first.split_bits);
        let bar = Bar { fraction: fork.split_bits / most, style: theme.sparkline() };
        (&bar).render(cells(self.bar, place), buf);
        put_right(&thousands(fork.index + 1), self.at, theme.key_label(), place, buf);
        let before = before(state, fork, self.before.1.into());
        put(&before, self.before, theme.key_label(), place, buf);
        let said = said(state, &fork.branches, self.said.1.into());
        put(&said, self.said, theme.text(), place, buf);
        if let Some(distance) = self.distance {
            let apart = if forest.is_exact() { probability(fork.distance()) } else { "–".to_owned() };
            put_right(&apart, distance, theme.computed(), place, buf);
        }
    }
}
