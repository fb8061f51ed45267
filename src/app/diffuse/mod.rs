//! The diffuse screen: a canvas that a diffusion model writes, all masked positions at once, step by step.
//!
//! It has a model of its own, on a thread of its own, and no part in the tree: a position's token depends on all others. Beside
//! it the model of the other screens writes after the same prompt, and judges both texts.

mod actions;
mod ask;
mod beside;
mod edit;
mod events;
mod glance;
mod joints;
mod knobs;
mod model;
mod mouse;
mod sweep;
#[cfg(test)]
mod tests;
mod view;
mod walk;

pub use ask::{CanvasAnswer, CanvasAsk};
pub use beside::{BesideCanvas, JudgedText};
pub use joints::JointRow;
pub use knobs::{CanvasKnob, CanvasSetup};
pub use model::CanvasModel;
pub use sweep::{StepSweep, SweepRow};
pub use view::{CanvasCell, CanvasColour, CanvasView, CellKind, OnCanvas};

use joints::Joints;
use model::Engine;

use super::{Desk, Flow, Hit, PanelId, Room};
use crate::{
    decode::diffusion::Diffusion,
    engine::{
        EvaluateError, PromptText,
        worker::{Evaluated, Ticket},
    },
    keymap::{Action, Context},
    sampling::SamplingSettings,
    token::Token,
    tree::NodeId,
};

/// The panels that are explained.
const PANELS: [PanelId; 8] = [
    PanelId::Canvas,
    PanelId::Scores,
    PanelId::Schedule,
    PanelId::Position,
    PanelId::CanvasSettings,
    PanelId::LeftToRight,
    PanelId::Neighbours,
    PanelId::StepSweep,
];

/// The panels that can have the focus, in tab order.
const FOCUSABLE: [PanelId; 6] = [
    PanelId::Canvas,
    PanelId::Position,
    PanelId::CanvasSettings,
    PanelId::LeftToRight,
    PanelId::Neighbours,
    PanelId::StepSweep,
];

/// What the thread of the diffusion model was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// A model.
    Load,
    /// The tokens of the prompt.
    Prompt,
    /// The pass of the next step.
    Step,
    /// Neighbours that opened together: the step, and the first position.
    Joint(usize, usize),
    /// The next step of a row of the sweep.
    Sweep(usize),
}

/// The canvas, and what of it is looked at.
#[derive(Default)]
pub struct Diffuse {
    engine: Engine,
    setup: CanvasSetup,
    canvas: Option<Diffusion>,
    /// The prompt that the canvas begins with, and its tokens once they are known.
    prompt: Option<PromptText>,
    tokens: Option<Vec<Token>>,
    /// A text with gaps in place of the prompt.
    infill: Option<String>,
    /// Steps that are to have been taken.
    target: usize,
    /// Steps that were taken before something was changed, and are taken again; `usize::MAX` is to the end.
    redo: usize,
    /// Why the canvas cannot go on; None where it can.
    trouble: Option<String>,
    /// The selected position, candidate, row of neighbours and row of the sweep.
    position: usize,
    candidate: usize,
    pair: usize,
    row: usize,
    knob: usize,
    /// A value that is typed into the selected slider, and whether nothing was typed yet.
    typing: Option<(String, bool)>,
    /// The slider that the mouse holds, and where a drag in finest steps began.
    dragged: Option<usize>,
    dragged_from: Option<(u16, f64)>,
    /// The preset that the sampling settings are compared with.
    preset: usize,
    colour: CanvasColour,
    joints: Joints,
    sweep: Option<StepSweep>,
    beside: BesideCanvas,
    view: CanvasView,
}

impl Diffuse {
    /// The diffusion model.
    #[must_use]
    pub fn model(&self) -> &CanvasModel {
        &self.engine.model
    }

    /// The canvas; None before there is a model and a prompt.
    #[must_use]
    pub fn canvas(&self) -> Option<&Diffusion> {
        self.canvas.as_ref()
    }

    /// What is set.
    #[must_use]
    pub fn setup(&self) -> &CanvasSetup {
        &self.setup
    }

    /// Why the canvas cannot go on.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// What is shown of the canvas.
    #[must_use]
    pub fn view(&self) -> &CanvasView {
        &self.view
    }

    /// The selected position.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// The selected candidate of the position.
    #[must_use]
    pub fn candidate(&self) -> usize {
        self.candidate.min(self.view.candidates().len().saturating_sub(1))
    }

    /// The selected slider, as an index of [`CanvasKnob::ALL`].
    #[must_use]
    pub fn knob(&self) -> CanvasKnob {
        CanvasKnob::ALL[self.knob.min(CanvasKnob::ALL.len() - 1)]
    }

    /// What is typed into the selected slider.
    #[must_use]
    pub fn typing(&self) -> Option<&str> {
        self.typing.as_ref().map(|(text, _)| text.as_str())
    }

    /// What colours tell.
    #[must_use]
    pub fn colour(&self) -> CanvasColour {
        self.colour
    }

    /// Neighbours that opened together, as far as they were measured; those of the step on view come first.
    #[must_use]
    pub fn joints(&self) -> &[JointRow] {
        self.joints.rows()
    }

    /// The selected row of the neighbours.
    #[must_use]
    pub fn pair(&self) -> usize {
        self.pair.min(self.joints.rows().len().saturating_sub(1))
    }

    /// The canvas written in other numbers of steps; None where nobody has asked for it.
    #[must_use]
    pub fn sweep(&self) -> Option<&StepSweep> {
        self.sweep.as_ref()
    }

    /// The selected row of the sweep.
    #[must_use]
    pub fn sweep_row(&self) -> usize {
        self.row.min(self.sweep.as_ref().map_or(0, |sweep| sweep.rows().len()).saturating_sub(1))
    }

    /// What the model of the other screens says of the text, and what it wrote itself.
    #[must_use]
    pub fn beside(&self) -> &BesideCanvas {
        &self.beside
    }

    /// Whether gaps of a text are filled, in place of going on from a prompt.
    #[must_use]
    pub fn is_infill(&self) -> bool {
        self.infill.is_some()
    }

    /// The slider that the mouse holds.
    #[must_use]
    pub fn dragged(&self) -> Option<CanvasKnob> {
        self.dragged.and_then(|index| CanvasKnob::ALL.get(index).copied())
    }

    /// Whether all is written.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.canvas.as_ref().is_some_and(Diffusion::is_over)
    }
}

impl Room for Diffuse {
    fn panels(&self) -> &'static [PanelId] {
        &PANELS
    }

    fn focusable(&self) -> &'static [PanelId] {
        &FOCUSABLE
    }

    fn context(&self, desk: &Desk) -> Context {
        if desk.focus == PanelId::CanvasSettings { Context::Sampling } else { Context::Diffuse }
    }

    fn enter(&mut self, desk: &mut Desk) {
        self.come_in(desk);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        self.action(action, desk)
    }

    fn press(&mut self, hit: Hit, again: bool, desk: &mut Desk) -> Flow {
        self.press_canvas(hit, again, desk)
    }

    fn drag(&mut self, hit: Hit, desk: &mut Desk) -> Flow {
        self.drag_canvas(hit, desk)
    }

    fn release(&mut self) {
        (self.dragged, self.dragged_from) = (None, None);
    }

    fn wheel(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        self.wheel_canvas(hit, rows, desk)
    }

    fn typed(&mut self, key: crossterm::event::KeyEvent, desk: &mut Desk) -> Flow {
        self.type_value(key, desk)
    }

    fn is_typing(&self, _desk: &Desk) -> bool {
        self.typing.is_some()
    }

    fn pasted(&mut self, line: &str, desk: &mut Desk) -> Flow {
        desk.stale = true;
        if self.paste_value(line) { Flow::Done } else { Flow::Pass }
    }

    fn ignores(&self, action: Action) -> bool {
        use Action as A;
        // There is no path whose next token could be drawn again, no stop condition, no single distribution.
        matches!(
            action,
            A::SameSeed
                | A::Search
                | A::ToggleIgnoreEos
                | A::ShowStops
                | A::ShowSurprises
                | A::Softmax
                | A::EndChart
                | A::ScoreText
        )
    }

    fn step(&mut self, desk: &mut Desk) {
        self.step_canvas(desk);
    }

    fn end_run(&mut self, desk: &mut Desk) -> bool {
        let sweeps = self.sweep.as_ref().is_some_and(|sweep| !sweep.is_done());
        if sweeps && !desk.play.playing() {
            self.stop_sweep(desk);
            return true;
        }
        false
    }

    fn rests(&self, desk: &Desk) -> bool {
        let sweeps = self.sweep.as_ref().is_some_and(|sweep| !sweep.is_done());
        !self.waits(desk) && !sweeps && !matches!(self.model(), CanvasModel::Loading(_))
    }

    fn glance(&self, _desk: &Desk) -> Option<minijinja::Value> {
        self.glance_at_canvas()
    }

    fn wants(&mut self, desk: &mut Desk, _limit: usize) -> Vec<NodeId> {
        self.go_on(desk);
        Vec::new()
    }

    fn own_answer(&mut self, ticket: Ticket, answer: Result<Evaluated, EvaluateError>, desk: &mut Desk) {
        self.judged(ticket, answer, desk);
    }

    fn stands_alone(&self) -> bool {
        true
    }

    fn waits(&self, _desk: &Desk) -> bool {
        self.engine.is_asked() && !self.is_over()
    }

    fn prepare(&mut self, desk: &mut Desk) {
        self.prepare_canvas(desk);
    }

    fn pause(&mut self) {
        self.take_back();
    }

    fn leave_tree(&mut self) {
        self.beside = BesideCanvas::default();
    }

    fn has_ended(&self, _desk: &Desk) -> bool {
        self.is_over()
    }

    fn settings(&self) -> Option<&SamplingSettings> {
        Some(&self.setup.sampling)
    }

    fn set_settings(&mut self, settings: SamplingSettings, desk: &mut Desk) {
        let setup = CanvasSetup { sampling: settings, ..self.setup.clone() };
        self.set_up(setup, desk);
    }

    fn preset_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.preset)
    }

    fn preset(&self) -> Option<usize> {
        Some(self.preset)
    }

    fn load(&mut self, file: Option<&std::path::Path>, desk: &mut Desk) -> Flow {
        self.load_model(file.map(Into::into), desk);
        Flow::Done
    }
}
