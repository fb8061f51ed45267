//! The diffuse screen: the canvas, its scores and its schedule, one position, the sliders, and what stands beside it.

mod beside;
mod canvas;
mod knobs;
mod neighbours;
mod places;
mod position;
mod schedule;
mod scores;
pub(super) mod status;
mod sweep;
#[cfg(test)]
mod tests;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::Line,
};

use super::{
    face::{Face, then},
    rows::{draw_row, wrap_words},
};
use crate::{
    app::{CanvasModel, Hit, PanelId, State},
    keymap::Action,
    text::Shown,
};
use places::Places;

pub(super) struct DiffuseFace;

impl Face for DiffuseFace {
    fn draw(&self, state: &State, places: &crate::ui::Places, buf: &mut Buffer) {
        draw(state, places.body, buf);
    }

    fn hit(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at)
    }

    fn along(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        let knob = state.diffuse().dragged()?;
        let (_, area) =
            Places::of(state, places.body).all().find(|(panel, _)| *panel == PanelId::CanvasSettings)?;
        knobs::along(state, area, knob, at)
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        use Action as A;
        if state.diffuse().canvas().is_none() {
            return vec![A::EditPrompt, A::ExamplePrompts, A::LoadModel, A::Help, A::Quit];
        }
        if state.play().playing() {
            return vec![A::PlayPause, A::Faster, A::Slower, A::Back, A::NextPanel, A::Help, A::Quit];
        }
        let mut actions = if state.diffuse().is_over() {
            vec![A::Back, A::Restart, A::Reroll]
        } else {
            vec![A::PlayPause, A::Step, A::Back]
        };
        match state.focus() {
            PanelId::CanvasSettings => {
                return then(
                    vec![A::Increase, A::Decrease, A::Up, A::Down, A::TypeValue, A::ResetSlider],
                    &[A::PlayPause, A::NextPanel, A::ResetAll, A::SweepSteps, A::Help, A::Quit],
                );
            }
            PanelId::Position => actions.insert(0, A::TakeCandidate),
            PanelId::StepSweep if state.diffuse().sweep().is_some() => actions.insert(0, A::TakeCandidate),
            PanelId::Neighbours if !state.diffuse().joints().is_empty() => {
                actions.insert(0, A::TakeCandidate);
            }
            _ => {}
        }
        let others = [
            A::NextPanel,
            A::PreviousToken,
            A::NextToken,
            A::MaskPosition,
            A::SweepSteps,
            A::EditPrompt,
            A::ColourBy,
            A::Reroll,
            A::LoadModel,
            A::Help,
            A::Quit,
        ];
        then(actions, &others)
    }

    fn label(&self, state: &State, action: Action) -> Option<&'static str> {
        match (action, state.focus()) {
            (Action::TakeCandidate, PanelId::StepSweep) => Some("write it so"),
            (Action::TakeCandidate, PanelId::Neighbours) => Some("look at it"),
            (Action::TakeCandidate, _) => Some("open with this"),
            (Action::PreviousToken, _) => Some("position before"),
            (Action::NextToken, _) => Some("position after"),
            (Action::EditPrompt, _) => Some("prompt or gaps"),
            (Action::Reroll, _) => Some("other seed"),
            _ => None,
        }
    }
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    for (panel, area) in Places::of(state, body).all() {
        match panel {
            PanelId::Scores => scores::draw(state, area, buf),
            PanelId::Schedule => schedule::draw(state, area, buf),
            PanelId::Position => position::draw(state, area, buf),
            PanelId::CanvasSettings => knobs::draw(state, area, buf),
            PanelId::LeftToRight => beside::draw(state, area, buf),
            PanelId::Neighbours => neighbours::draw(state, area, buf),
            PanelId::StepSweep => sweep::draw(state, area, buf),
            _ => canvas::draw(state, area, buf),
        }
    }
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let (panel, area) = Places::of(state, body).all().find(|(_, area)| area.contains(at))?;
    Some(match panel {
        PanelId::Scores => scores::hit(state, area, at),
        PanelId::Schedule => schedule::hit(state, area, at),
        PanelId::Position => position::hit(state, area, at),
        PanelId::CanvasSettings => knobs::hit(state, area, at),
        PanelId::LeftToRight => beside::hit(state, area, at),
        PanelId::Neighbours => neighbours::hit(state, area, at),
        PanelId::StepSweep => sweep::hit(state, area, at),
        _ => canvas::hit(state, area, at),
    })
}

/// A sentence where there is nothing else to show yet.
fn say(state: &State, sentence: &str, area: Rect, buf: &mut Buffer) {
    draw_words(sentence, state.theme().dim(), area, buf);
}

/// A text in as many rows as there are; where it goes on the last one ends in `…`.
fn draw_words(text: &str, style: Style, area: Rect, buf: &mut Buffer) {
    let lines = wrap_words(text, area.width.into());
    let rows = lines.len().min(area.height.into());
    for (row, line) in lines.iter().take(rows).enumerate() {
        let more = row + 1 == rows && rows < lines.len();
        let line = if more { format!("{line} …") } else { (*line).to_owned() };
        draw_row(area, row, &Line::styled(line, style), buf);
    }
}

/// The text that a panel is about, with what it is; None where there is none.
pub(super) fn whole_text(state: &State, panel: PanelId) -> Option<(String, String)> {
    let diffuse = state.diffuse();
    let (title, text) = match panel {
        PanelId::LeftToRight => {
            ("The text from left to right:".to_owned(), diffuse.beside().own()?.0.text.clone())
        }
        PanelId::StepSweep => {
            let row = diffuse.sweep()?.rows().get(diffuse.sweep_row())?;
            let steps = if row.steps == 1 { "1 step".to_owned() } else { format!("{} steps", row.steps) };
            (format!("The text in {steps}:"), row.text.clone())
        }
        _ => {
            let canvas = diffuse.canvas().filter(|canvas| canvas.is_over())?;
            ("The whole text:".to_owned(), canvas.text(canvas.vocabulary(), false))
        }
    };
    (!text.is_empty()).then_some((title, text))
}

/// The names of columns, each at the right end of its cells.
fn columns(columns: &[(&str, usize)]) -> String {
    columns.iter().fold(String::new(), |head, (name, cells)| format!("{head}{name:>cells$}"))
}

/// Why there is no canvas; None where there is one.
fn waiting(state: &State) -> Option<String> {
    let diffuse = state.diffuse();
    if let Some(why) = diffuse.trouble() {
        return Some(Shown::inline(why).as_str().to_owned());
    }
    match (diffuse.canvas(), diffuse.model()) {
        (Some(_), _) => None,
        (None, CanvasModel::Missing(why)) => {
            Some(format!("There is no diffusion model: {}", Shown::inline(why).as_str()))
        }
        (None, CanvasModel::Ready(_)) => Some("The prompt is being read.".to_owned()),
        (None, CanvasModel::Unasked | CanvasModel::Loading(_)) => {
            Some("The diffusion model is being loaded.".to_owned())
        }
    }
}

/// The title of a panel's step: `step 6 comes next`, `step 5`.
fn step_on_view(state: &State) -> Vec<String> {
    use crate::app::OnCanvas as On;
    match state.diffuse().view().on {
        On::Nothing => Vec::new(),
        On::Taken(number) => vec![format!("step {}", number + 1)],
        On::Next(number) => {
            vec![format!("step {} comes next", number + 1), format!("step {} next", number + 1)]
        }
    }
}
