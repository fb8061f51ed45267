//! The cost screen: what a token costs, in six panels, each computed, measured or both.

mod batches;
mod lines;
mod memory;
mod on_off;
mod one_token;
mod places;
#[cfg(test)]
mod tests;
mod types;
mod vocabulary;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::Widget,
};

use super::{
    face::Face,
    frame,
    rows::draw_row,
    widgets::{Panel, Shorter},
};
use crate::{
    app::{Cost, Hit, PanelId, State},
    cost::Costs,
    keymap::Action,
};
use lines::Lines;
use places::Places;

pub(super) struct CostFace;

impl Face for CostFace {
    fn draw(&self, state: &State, places: &crate::ui::Places, buf: &mut Buffer) {
        draw(state, places.body, buf);
    }

    fn hit(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at)
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        use Action as A;
        let done = state.cost().costs().is_some_and(Costs::is_done);
        let first = if done { A::Restart } else { A::PlayPause };
        let mut actions = vec![first, A::NextPanel, A::ExplainPanel];
        if state.cost().can_scroll(state.focus()) {
            actions.insert(2, A::Down);
        }
        if !done {
            actions.push(A::Restart);
        }
        let rests = !state.cost().is_running();
        if rests {
            actions.extend([A::Increase, A::Decrease]);
        }
        actions.extend([A::Help, A::Quit, A::EditPrompt, A::LoadModel]);
        if rests {
            actions.extend([A::IncreaseCoarse, A::DecreaseCoarse]);
        }
        actions
    }

    fn label(&self, state: &State, action: Action) -> Option<&'static str> {
        match action {
            Action::PlayPause if state.cost().is_running() => Some("stop"),
            Action::PlayPause => Some("measure"),
            Action::Restart => Some("measure again"),
            Action::Down => Some("scroll"),
            Action::Increase => Some("longer text"),
            Action::Decrease => Some("shorter text"),
            Action::IncreaseCoarse => Some("deeper"),
            Action::DecreaseCoarse => Some("less deep"),
            _ => None,
        }
    }
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    let places = Places::of(state, body);
    let alone = places.are_few();
    for (panel, area) in places.all() {
        draw_panel(state, (panel, alone), area, buf);
    }
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let places = Places::of(state, body);
    let alone = places.are_few();
    let (panel, area) = places.all().find(|(_, area)| area.contains(at))?;
    Some(frame::hit(&framed(state, (panel, alone), area), panel, area, at))
}

/// How far each panel that is shown can be scrolled, in rows.
pub(super) fn ends(state: &State, body: Rect) -> Vec<(PanelId, usize)> {
    let end = |(panel, area): (PanelId, Rect)| {
        let inner = frame::inner(area);
        (panel, content(state, panel, inner).len().saturating_sub(inner.height.into()))
    };
    Places::of(state, body).all().map(end).collect()
}

/// What a panel has to say in a place of this size, row by row.
fn content<'a>(state: &State, panel: PanelId, inner: Rect) -> Vec<Line<'a>> {
    if inner.is_empty() {
        return Vec::new();
    }
    let mut lines = Lines::new(state, inner);
    if state.cost().shape().is_none() {
        lines.prose(&frame::waiting(state, "What a token costs is worked out"));
        return lines.done();
    }
    match panel {
        PanelId::Batches => batches::tell(state, &mut lines),
        PanelId::Vocabulary => vocabulary::tell(state, &mut lines),
        PanelId::Memory => memory::tell(state, &mut lines),
        PanelId::CacheTypes => types::tell(state, &mut lines),
        PanelId::OneToken => one_token::tell(state, &mut lines),
        _ => on_off::tell(state, &mut lines),
    }
    lines.done()
}

fn draw_panel(state: &State, (panel, alone): (PanelId, bool), area: Rect, buf: &mut Buffer) {
    framed(state, (panel, alone), area).render(area, buf);
    let inner = frame::inner(area);
    let content = content(state, panel, inner);
    let end = content.len().saturating_sub(inner.height.into());
    let first = state.cost().scrolled(panel).min(end);
    for (row, line) in content.iter().skip(first).take(inner.height.into()).enumerate() {
        draw_row(inner, row, line, buf);
    }
}

/// The frame: whether what is in it was computed or measured, which of the panels it is where not all are shown, and what of
/// it is out of sight.
fn framed<'a>(state: &State, (panel, alone): (PanelId, bool), area: Rect) -> Panel<'a> {
    let theme = state.theme();
    let inner = frame::inner(area);
    let rows = content(state, panel, inner).len();
    let first = state.cost().scrolled(panel).min(rows.saturating_sub(inner.height.into()));
    let below = rows.saturating_sub(first + usize::from(inner.height));
    let mut more = Vec::new();
    if first > 0 || below > 0 {
        more.push(Line::styled(
            format!("rows {} to {} of {rows}", first + 1, rows - below),
            theme.key_label(),
        ));
        more.push(Line::styled(format!("{} of {rows}", rows - below), theme.key_label()));
    }
    let mut more = more.into_iter();
    let styled = |text: String| Line::styled(text, theme.key_label());
    let basis = basis(state, panel).to_owned();
    let number = Cost::PANELS.iter().position(|&other| other == panel).unwrap_or(0) + 1;
    let which = format!("{number} of {}", Cost::PANELS.len());
    let told = match (alone, basis.is_empty()) {
        (true, true) => which,
        (true, false) => format!("{basis} · {which}"),
        (false, _) => basis.clone(),
    };
    Panel {
        top_right: styled(told),
        bottom_right: more.next().unwrap_or_default(),
        shorter: Shorter {
            top_right: vec![styled(basis)],
            bottom_right: more.collect(),
            ..Shorter::default()
        },
        ..frame::frame(state, panel)
    }
}

/// Where the numbers of a panel come from.
fn basis(state: &State, panel: PanelId) -> &'static str {
    if state.cost().shape().is_none() {
        return "";
    }
    let costs = state.cost().costs();
    let measured = |has: fn(&Costs) -> bool| if costs.is_some_and(has) { "measured" } else { "" };
    match panel {
        PanelId::Vocabulary if costs.is_some_and(|costs| costs.batches().projection().is_some()) => {
            "computed and measured"
        }
        PanelId::Vocabulary | PanelId::Memory => "computed",
        PanelId::Batches => measured(|costs| costs.batches().rate(0).is_some()),
        PanelId::CacheTypes => measured(|costs| costs.types().iter().any(|run| !run.divergence.is_empty())),
        _ => measured(|costs| !costs.on_off().text_without.is_empty()),
    }
}
