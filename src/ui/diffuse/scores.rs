//! The scores of the masked positions as a row of bars, one column each.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::Widget,
};

use super::{canvas::draw_line, step_on_view, waiting};
use crate::{
    app::{Hit, PanelId, State},
    decode::diffusion::{Look, Score},
    ui::{
        frame,
        rows::first_of_page,
        widgets::{Panel, Shorter, bar_column},
    },
};

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() || waiting(state).is_some() {
        return;
    }
    let Some(pass) = state.diffuse().pass_on_view() else {
        let told = if state.diffuse().is_over() { "Nothing is masked." } else { "Nothing was read yet." };
        draw_line(inner, 0, told, state.theme().dim(), buf);
        return;
    };
    let scale = Scale::of(&pass.looks, state.diffuse().setup().diffusion.score);
    let theme = state.theme();
    for (position, x) in columns(state, inner) {
        let column = Rect { x, width: 1, ..inner };
        if position == state.diffuse().position() {
            let low = Rect { y: inner.bottom() - 1, height: 1, ..column };
            buf.set_style(column, theme.overlay());
            buf.set_string(low.x, low.y, "_", theme.pointer());
        }
        let Some(look) = pass.look(position) else { continue };
        let style = if look.fate.opens() { theme.bar_final() } else { theme.bar_cut() };
        match look.score {
            Some(score) => bar_column(column, scale.fraction(score), style, buf),
            None => buf.set_string(x, inner.bottom() - 1, "·", theme.dim()),
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let inner = frame::inner(area);
    let found = columns(state, inner).find(|&(_, x)| x == at.x && inner.contains(at));
    found.map_or_else(
        || frame::hit(&panel(state), PanelId::Scores, area, at),
        |(position, _)| Hit::Row(PanelId::Scores, position),
    )
}

/// The positions that are to be written, with their columns: the page with the selected one.
fn columns(state: &State, inner: Rect) -> impl Iterator<Item = (usize, u16)> + use<> {
    let canvas = state.diffuse().canvas();
    let positions: Vec<usize> = canvas.map_or_else(Vec::new, |canvas| {
        (0..canvas.canvas().len()).filter(|&position| !canvas.template().is_given(position)).collect()
    });
    let selected = positions.iter().position(|&position| position >= state.diffuse().position()).unwrap_or(0);
    let first = first_of_page(selected, inner.width.into());
    positions.into_iter().skip(first).zip(inner.x..inner.right())
}

/// What a bar of full height stands for.
struct Scale {
    least: f64,
    most: f64,
}

impl Scale {
    /// Scores that are probabilities go from 0 to 1, others from the least to the best of the step.
    fn of(looks: &[Look], score: Score) -> Self {
        if matches!(score, Score::Confidence | Score::Origin | Score::Margin | Score::Random) {
            return Self { least: 0.0, most: 1.0 };
        }
        let scores = || looks.iter().filter_map(|look| look.score);
        Self {
            least: scores().fold(f64::INFINITY, f64::min),
            most: scores().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    fn fraction(&self, score: f64) -> f64 {
        if self.most <= self.least { 1.0 } else { (score - self.least) / (self.most - self.least) }
    }
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let steps = step_on_view(state);
    let line = |text: &String| Line::styled(text.clone(), theme.key_label());
    let told = told(state);
    Panel {
        top_right: steps.first().map(line).unwrap_or_default(),
        bottom_left: told.first().map(line).unwrap_or_default(),
        shorter: Shorter {
            top_right: steps.iter().skip(1).map(line).collect(),
            bottom_left: told.iter().skip(1).map(line).collect(),
            ..Shorter::default()
        },
        ..frame::frame(state, PanelId::Scores)
    }
}

/// Which score it is, and on what scale, from the fullest wording to the shortest.
fn told(state: &State) -> Vec<String> {
    let score = state.diffuse().setup().diffusion.score;
    let what = match score {
        Score::Origin => "origin: every position with the same chance · p of the drawn token, 0 to 1",
        Score::Entropy => "minus the entropy, from the least certain to the most",
        Score::Margin => "first less second probability, 0 to 1",
        Score::Random => "random numbers, 0 to 1",
        Score::Confidence => "probability of the drawn token, 0 to 1",
        Score::LeftToRight => "left to right",
    };
    vec![what.to_owned(), score.name().to_owned()]
}
