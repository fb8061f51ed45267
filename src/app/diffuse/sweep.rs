//! The same canvas written in different numbers of steps: few are fast and err, many are slow and better.

use std::{sync::Arc, time::Duration};

use super::super::Desk;
use super::{CanvasAsk, CanvasKnob, CanvasSetup, Diffuse, Wish};
use crate::{
    decode::diffusion::{Answer, Diffusion, DiffusionSettings, Pace},
    keymap::Context,
};

/// Canvases that are written one after the other.
pub struct StepSweep {
    rows: Vec<SweepRow>,
    canvases: Vec<Diffusion>,
}

/// A text that was written in so many steps.
#[derive(Clone, Debug, Default)]
pub struct SweepRow {
    /// Steps that were set.
    pub steps: usize,
    /// Passes that were taken.
    pub passes: usize,
    /// Positions that were written.
    pub tokens: usize,
    /// Time in the model.
    pub time: Duration,
    /// Its perplexity under the model of the other screens; None where it is not known.
    pub perplexity: Option<f64>,
    /// The text, without what was given at the front.
    pub text: String,
    /// Whether all is written.
    pub is_over: bool,
    /// Whether its perplexity was asked for.
    pub(super) judged: bool,
}

impl StepSweep {
    /// 1, 2, 4 … steps, and one for each gap.
    fn numbers(gaps: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = std::iter::successors(Some(1_usize), |n| n.checked_mul(2))
            .take_while(|&steps| steps < gaps)
            .collect();
        numbers.push(gaps.max(1));
        numbers
    }

    /// The rows, fewest steps first.
    #[must_use]
    pub fn rows(&self) -> &[SweepRow] {
        &self.rows
    }

    /// Whether all texts are written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.rows.iter().all(|row| row.is_over)
    }

    /// The first row whose text is not judged yet, though it is written, and its canvas.
    pub(super) fn unjudged(&self) -> Option<(usize, &Diffusion)> {
        let row = self.rows.iter().position(|row| row.is_over && !row.judged)?;
        Some((row, &self.canvases[row]))
    }

    pub(super) fn row_mut(&mut self, row: usize) -> Option<&mut SweepRow> {
        self.rows.get_mut(row)
    }

    /// Takes a step of a row.
    pub(super) fn take_in(&mut self, row: usize, answer: Answer) {
        if let Some(canvas) = self.canvases.get_mut(row) {
            canvas.absorb(answer);
            canvas.forward();
            self.note(row);
        }
    }

    fn note(&mut self, index: usize) {
        let (row, canvas) = (&mut self.rows[index], &self.canvases[index]);
        (row.passes, row.time) = canvas.spent();
        row.tokens = canvas.order().opened.len();
        row.is_over = canvas.is_over();
        row.text = written(canvas);
    }
}

/// The text without what was given at the front.
pub(super) fn written(canvas: &Diffusion) -> String {
    let text = canvas.text_tokens();
    let from =
        if canvas.template().is_prompt_only() { canvas.template().prompt_len().min(text.len()) } else { 0 };
    let vocabulary = canvas.vocabulary();
    let shown = text[from..].iter().filter(|&&token| !vocabulary.is_control(token));
    let bytes: Vec<u8> = shown.flat_map(|&token| vocabulary.piece(token)).copied().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Diffuse {
    /// Writes the canvas in 1, 2, 4 … steps.
    pub(super) fn begin_sweep(&mut self, desk: &mut Desk) {
        desk.pause_all();
        let Some(canvas) = &self.canvas else { return self.say_no_canvas(desk) };
        let eps = match self.setup.diffusion.pace {
            Pace::Steps { eps, .. } => eps,
            Pace::Tokens(_) | Pace::Threshold(_) => 0.0,
        };
        let shape = self.engine.ready().map(|ready| ready.shape);
        let make = |&steps: &usize| {
            let settings = DiffusionSettings { pace: Pace::Steps { steps, eps }, ..self.setup.diffusion };
            let (vocabulary, template) = (Arc::clone(canvas.vocabulary()), canvas.template().clone());
            Diffusion::new(vocabulary, shape?, template, settings, self.setup.sampling.clone()).ok()
        };
        let numbers = StepSweep::numbers(canvas.template().gaps());
        let canvases: Vec<Diffusion> = numbers.iter().filter_map(make).collect();
        let rows = numbers.iter().map(|&steps| SweepRow { steps, ..SweepRow::default() }).collect();
        desk.say("The canvas is written in 1, 2, 4 … steps.");
        desk.focus = super::PanelId::StepSweep;
        self.row = 0;
        self.sweep = Some(StepSweep { rows, canvases });
        self.go_on(desk);
    }

    /// Asks for the next step of the first row that is not written.
    pub(super) fn go_on_with_sweep(&mut self, desk: &mut Desk) {
        if self.engine.is_asked() || desk.play.playing() {
            return;
        }
        let Some(sweep) = &mut self.sweep else { return };
        for row in 0..sweep.canvases.len() {
            loop {
                if let Some(pass) = sweep.canvases[row].wanted() {
                    let vocabulary = Arc::clone(sweep.canvases[row].vocabulary());
                    let ask = CanvasAsk::Read { vocabulary, pass: Box::new(pass) };
                    return self.engine.ask(Wish::Sweep(row), ask, desk);
                }
                // A second look needs no pass of its own.
                if !sweep.canvases[row].forward() {
                    break;
                }
                sweep.note(row);
            }
        }
    }

    /// Leaves the rest of the sweep.
    pub(super) fn stop_sweep(&mut self, desk: &mut Desk) {
        if let Some(sweep) = &mut self.sweep {
            let done = sweep.rows.iter().take_while(|row| row.is_over).count();
            sweep.rows.truncate(done);
            sweep.canvases.truncate(done);
            if matches!(self.engine.wish(), Some(Wish::Sweep(_))) {
                self.engine.forget(desk);
            }
            desk.say("The sweep was stopped.");
        }
    }

    /// Writes the canvas as the selected row was written.
    pub(super) fn take_row(&mut self, desk: &mut Desk) {
        let row = self.sweep_row();
        let Some(steps) = self.sweep.as_ref().and_then(|sweep| sweep.rows.get(row)).map(|row| row.steps)
        else {
            return desk.say_with_keys(
                Context::Diffuse,
                "There is no sweep yet: {sweep-steps} writes the canvas in 1, 2, 4 … steps.",
            );
        };
        let mut setup = CanvasSetup { touched: true, ..self.setup.clone() };
        CanvasKnob::Steps.set(&mut setup, steps as f64);
        // The rows stay to be compared.
        let sweep = self.sweep.take();
        (self.target, self.redo) = (usize::MAX, usize::MAX);
        self.setup = setup;
        self.begin(desk);
        self.sweep = sweep;
        desk.say(format!("Written in {steps} steps."));
        self.go_on(desk);
    }
}
