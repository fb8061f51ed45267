//! What is shown of the canvas, worked out before a frame.

use std::ops::Range;

use super::super::Desk;
use super::Diffuse;
use crate::{
    decode::diffusion::{Diffusion, Guess, Look, PassStep, StepKind},
    text::{Shown, Spaces, TokenText},
};

/// What the colour of a token tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CanvasColour {
    /// At which step it opened.
    #[default]
    Step,
    /// How likely it was.
    Confidence,
    /// How open the choice was.
    Entropy,
}

impl CanvasColour {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Confidence => "confidence",
            Self::Entropy => "entropy",
        }
    }

    pub(super) const fn next(self) -> Self {
        match self {
            Self::Step => Self::Confidence,
            Self::Confidence => Self::Entropy,
            Self::Entropy => Self::Step,
        }
    }
}

/// The one step that all panels of a frame show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnCanvas {
    /// Nothing was read yet.
    #[default]
    Nothing,
    /// The step with this number, 0 the first, was just taken.
    Taken(usize),
    /// The step with this number comes next.
    Next(usize),
}

impl OnCanvas {
    /// The step's number, 0 the first.
    #[must_use]
    pub const fn number(self) -> Option<usize> {
        match self {
            Self::Nothing => None,
            Self::Taken(number) | Self::Next(number) => Some(number),
        }
    }
}

/// What stands at a position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellKind {
    /// A word that is given and stays.
    Given,
    /// A token, and how it came there.
    Open {
        /// The step it opened in, 0 the first.
        step: usize,
        /// Its probability then, and the entropy of the distribution it came from, in bits; None where a person wrote it.
        read: Option<(f64, f64)>,
        /// Whether it has just opened.
        fresh: bool,
    },
    /// A mask.
    Masked {
        /// Whether the best guess is another than in the pass before.
        changed: bool,
        /// Whether it opens in the step that comes next.
        opens: bool,
        /// The probability of the guess; None where nothing was read.
        p: Option<f64>,
    },
    /// Behind the end of the text.
    Beyond,
}

/// A position as it is shown.
#[derive(Clone, Debug)]
pub struct CanvasCell {
    /// Its token, or the best guess under the mask; empty where nothing is known.
    pub text: Shown<'static>,
    /// What it is.
    pub kind: CellKind,
    /// Whether the text goes to a new line after it.
    pub breaks: bool,
}

impl CanvasCell {
    /// Columns of the marks before and after the text.
    const MASK: usize = 1;

    /// Columns that it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        let text = self.text.width();
        match self.kind {
            CellKind::Masked { changed, .. } => Self::MASK + text + usize::from(changed),
            CellKind::Open { read: None, .. } => 1 + text,
            CellKind::Beyond => 1,
            _ => text,
        }
    }
}

/// What is shown of the canvas.
#[derive(Clone, Debug, Default)]
pub struct CanvasView {
    /// Every position.
    pub cells: Vec<CanvasCell>,
    /// The step on view.
    pub on: OnCanvas,
    /// What the position's candidates are read from: the step's number.
    pub read_in: Option<usize>,
    /// The candidates at the selected position, the likeliest first.
    candidates: Vec<Guess>,
    /// Masked positions after each step: those taken, then those to come as far as they can be told. The first is that of the
    /// beginning.
    pub masks: Vec<usize>,
    /// How many of these are of steps that were taken.
    pub taken: usize,
    /// Steps that the settings plan in all.
    pub planned: usize,
}

impl CanvasView {
    /// The candidates at the selected position, the likeliest first.
    #[must_use]
    pub fn candidates(&self) -> &[Guess] {
        &self.candidates
    }

    /// The rows of the text when one has `width` columns: which positions stand on each.
    #[must_use]
    pub fn rows(&self, width: usize) -> Vec<Range<usize>> {
        let mut rows = Vec::new();
        let (mut start, mut used) = (0, 0);
        for (index, cell) in self.cells.iter().enumerate() {
            let columns = cell.width();
            if used > 0 && used + columns > width {
                rows.push(start..index);
                (start, used) = (index, 0);
            }
            used += columns;
            if cell.breaks {
                rows.push(start..index + 1);
                (start, used) = (index + 1, 0);
            }
        }
        if start < self.cells.len() || rows.is_empty() {
            rows.push(start..self.cells.len());
        }
        rows
    }

    /// The position that stands so many rows below another one; None where there is none at all.
    pub(super) fn below(&self, position: usize, by: isize, width: usize) -> Option<usize> {
        let rows = self.rows(width);
        let row = rows.iter().position(|row| row.contains(&position))?;
        let column = |row: &Range<usize>, position: usize| -> usize {
            self.cells[row.start..position].iter().map(CanvasCell::width).sum()
        };
        let wanted = column(&rows[row], position);
        let other = &rows[row.saturating_add_signed(by).min(rows.len() - 1)];
        other.clone().min_by_key(|&position| column(other, position).abs_diff(wanted)).or(Some(position))
    }
}

impl Diffuse {
    /// Brings what is shown in line with the canvas.
    pub(super) fn prepare_canvas(&mut self, desk: &mut Desk) {
        let Some(canvas) = &self.canvas else {
            self.view = CanvasView::default();
            return;
        };
        self.joints.show(canvas);
        let on = on_view(canvas, desk.play.playing());
        let opened = canvas.opened_at();
        let sight = Sight { canvas, on, opened: &opened };
        let cells = sight.cells();
        let (read_in, look) = sight.read_at(self.position);
        let masks = masks(canvas);
        self.view = CanvasView {
            cells,
            on,
            read_in,
            candidates: look.map_or_else(Vec::new, candidates),
            taken: canvas.at(),
            masks,
            planned: canvas.planned(),
        };
    }
}

/// The likeliest tokens, and behind them the one that was drawn, where it is none of these.
fn candidates(look: &Look) -> Vec<Guess> {
    let mut guesses = look.reading.top.to_vec();
    if let Some(drawn) = look.reading.drawn
        && !guesses.iter().any(|guess| guess.token == drawn.token)
    {
        guesses.push(Guess { token: drawn.token, p: drawn.p });
    }
    guesses
}

/// The step that a frame shows: while it plays the one just taken; paused the one that comes next, once it is known.
fn on_view(canvas: &Diffusion, playing: bool) -> OnCanvas {
    let next = canvas.next().filter(|step| step.pass().is_some() && !playing);
    if next.is_some() {
        return OnCanvas::Next(canvas.at());
    }
    let taken = (0..canvas.at()).rev().find(|&step| canvas.steps()[step].pass().is_some());
    taken.map_or(OnCanvas::Nothing, OnCanvas::Taken)
}

/// Masked positions at the beginning, after each step taken, and after each to come.
fn masks(canvas: &Diffusion) -> Vec<usize> {
    let mut left = canvas.template().gaps();
    let mut masks = vec![left];
    for step in &canvas.steps()[..canvas.at()] {
        for change in &step.changes {
            let (was, is) = (change.before == canvas.mask(), change.after == canvas.mask());
            left = left + usize::from(is) - usize::from(was);
        }
        masks.push(left);
    }
    // What lies behind an end token is not written any more.
    if let Some(last) = masks.last_mut() {
        *last = canvas.masked().count();
    }
    masks.extend(canvas.forecast());
    masks
}

/// What cells are made from.
struct Sight<'a> {
    canvas: &'a Diffusion,
    on: OnCanvas,
    opened: &'a [Option<usize>],
}

impl Sight<'_> {
    fn cells(&self) -> Vec<CanvasCell> {
        let mut state = TokenText::new();
        (0..self.canvas.canvas().len()).map(|position| self.cell(position, &mut state)).collect()
    }

    fn cell(&self, position: usize, state: &mut TokenText) -> CanvasCell {
        let canvas = self.canvas;
        let (token, end) = (canvas.canvas()[position], canvas.text_end());
        let is_end = canvas.end() == Some(position);
        if position >= end && !is_end {
            return CanvasCell {
                text: Shown::inline("").into_owned(),
                kind: CellKind::Beyond,
                breaks: false,
            };
        }
        if token == canvas.mask() {
            *state = TokenText::new();
            return self.masked(position);
        }
        let piece = canvas.vocabulary().piece(token);
        let text = state.push(piece, Spaces::Marked);
        let kind = match self.opened[position] {
            None => CellKind::Given,
            Some(step) => {
                let by_hand = matches!(canvas.steps()[step].kind, StepKind::ByHand);
                let look = canvas.steps()[step].look(position).filter(|_| !by_hand);
                let read = look.map(|look| {
                    let drawn = look.reading.drawn.map_or(look.reading.sure.p, |drawn| drawn.p);
                    (drawn, look.reading.sure.entropy_bits)
                });
                CellKind::Open { step, read, fresh: step + 1 == canvas.at() }
            }
        };
        CanvasCell { text, kind, breaks: piece.ends_with(b"\n") }
    }

    fn masked(&self, position: usize) -> CanvasCell {
        let canvas = self.canvas;
        let look = self.on.number().and_then(|step| Some((step, canvas.steps().get(step)?.look(position)?)));
        let Some((step, look)) = look else {
            let kind = CellKind::Masked { changed: false, opens: false, p: None };
            return CanvasCell { text: Shown::inline("░░").into_owned(), kind, breaks: false };
        };
        let opens = look.fate.opens() && matches!(self.on, OnCanvas::Next(_));
        // What opens does so with the token that was drawn, which need not be the likeliest.
        let best = look.reading.best();
        let guess = if opens { look.reading.token() } else { best.map(|best| best.token) };
        let text = guess.map_or_else(
            || Shown::inline("").into_owned(),
            |token| TokenText::new().push(canvas.vocabulary().piece(token), Spaces::Marked),
        );
        let drawn = look.reading.drawn.filter(|_| opens).map(|drawn| drawn.p);
        let kind = CellKind::Masked {
            changed: canvas.changed_its_mind(step, position),
            opens,
            p: drawn.or(best.map(|best| best.p)),
        };
        CanvasCell { text, kind, breaks: false }
    }

    /// What was read at a position: for a mask in the step on view, for a token in the step it opened in.
    fn read_at(&self, position: usize) -> (Option<usize>, Option<&Look>) {
        let step = match self.opened.get(position).copied().flatten() {
            // A person may have written it: then what was read last counts.
            Some(step) => (0..=step).rev().find(|&step| self.canvas.steps()[step].look(position).is_some()),
            None => self.on.number(),
        };
        let look = step.and_then(|step| self.canvas.steps().get(step)?.look(position));
        (step.filter(|_| look.is_some()), look)
    }
}

impl Diffuse {
    /// The pass of the step on view.
    #[must_use]
    pub fn pass_on_view(&self) -> Option<&PassStep> {
        self.canvas.as_ref()?.steps().get(self.view.on.number()?)?.pass()
    }

    /// What was read at the selected position in the step that its panel shows, and how many opened then.
    #[must_use]
    pub fn look(&self) -> Option<(&Look, usize)> {
        let pass = self.canvas.as_ref()?.steps().get(self.view.read_in?)?.pass()?;
        Some((pass.look(self.position)?, pass.open))
    }
}
