//! What keys do on the diffuse screen.

use super::super::{
    Desk, Flow, PanelId,
    keys::{PAGE, after},
};
use super::{CanvasKnob, CanvasSetup, Diffuse, FOCUSABLE};
use crate::{keymap::Action, sampling::Preset};

impl Diffuse {
    /// What an action means here, where that is more than it means everywhere.
    pub(super) fn action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        use Action as A;
        if desk.focus == PanelId::CanvasSettings && self.knob_action(action, desk) == Flow::Done {
            desk.stale = true;
            return Flow::Done;
        }
        match action {
            A::Step => self.step_canvas(desk),
            A::Back => self.steps_back(1, desk),
            A::Restart => self.steps_back(usize::MAX, desk),
            A::PlayPause => self.play_canvas(desk),
            A::Up => self.move_in_panel(-1, desk),
            A::Down => self.move_in_panel(1, desk),
            A::PageUp => self.move_in_panel(-PAGE, desk),
            A::PageDown => self.move_in_panel(PAGE, desk),
            A::First => self.move_in_panel(isize::MIN / 2, desk),
            A::Last => self.move_in_panel(isize::MAX / 2, desk),
            A::PreviousToken => self.move_position(-1, desk),
            A::NextToken => self.move_position(1, desk),
            A::NextPanel | A::ShowPanel => Self::focus_on(after(&FOCUSABLE, desk.focus, 1), desk),
            A::PreviousPanel => Self::focus_on(after(&FOCUSABLE, desk.focus, -1), desk),
            A::TakeCandidate => self.take(desk),
            A::MaskPosition => self.mask_position(desk),
            A::SweepSteps => self.begin_sweep(desk),
            A::ColourBy => {
                self.colour = self.colour.next();
                desk.say(format!("Tokens are coloured by {}", self.colour.name()));
            }
            A::Reroll => self.other_seed(desk),
            A::EditPrompt => self.edit_text(desk),
            A::FocusText => Self::focus_on(PanelId::Canvas, desk),
            A::FocusCandidates => Self::focus_on(PanelId::Position, desk),
            A::FocusSampling => Self::focus_on(PanelId::CanvasSettings, desk),
            A::ResetAll => self.reset_all(desk),
            A::Formula => desk.say(self.knob().about()),
            A::Cancel if desk.return_to(PanelId::Canvas) => {}
            _ => return Flow::Pass,
        }
        desk.stale = true;
        Flow::Done
    }

    fn knob_action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        let last = CanvasKnob::ALL.len() - 1;
        match action {
            Action::Up => self.knob = self.knob.saturating_sub(1),
            Action::Down => self.knob = (self.knob + 1).min(last),
            Action::First | Action::PageUp => self.knob = 0,
            Action::Last | Action::PageDown => self.knob = last,
            Action::Increase => self.turn(1, false, desk),
            Action::Decrease => self.turn(-1, false, desk),
            Action::IncreaseCoarse => self.turn(1, true, desk),
            Action::DecreaseCoarse => self.turn(-1, true, desk),
            Action::TypeValue => self.begin_typing(),
            Action::ResetSlider => {
                let (knob, usual) = (self.knob(), self.usual(desk));
                let value = knob.value(&usual);
                if value.total_cmp(&knob.value(&self.setup)).is_eq() && !knob.follows(&self.setup) {
                    desk.say(format!("{} is as at the start already.", knob.label()));
                } else {
                    self.set_knob(knob, value, desk);
                }
            }
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    pub(super) fn turn(&mut self, steps: i32, coarse: bool, desk: &mut Desk) {
        let knob = self.knob();
        let value = knob.moved(&self.setup, knob.value(&self.setup), steps, coarse);
        self.set_knob(knob, value, desk);
    }

    /// The settings as at the start, with the preset's temperature.
    pub(in crate::app) fn usual(&self, desk: &Desk) -> CanvasSetup {
        let preset = desk.hand.presets.get(self.preset).map(Preset::settings);
        let (given, gaps, longest) = self.setup.range;
        let ready = self.engine.ready().map_or(longest, |ready| ready.shape.longest);
        // Without a length of its own, a canvas goes on some positions after the prompt.
        let usual = if self.infill.is_some() { given + gaps } else { ready.min(given + super::walk::ROOM) };
        CanvasSetup {
            sampling: preset.unwrap_or_default(),
            range: self.setup.range,
            length: Some(usual),
            ..CanvasSetup::default()
        }
    }

    fn reset_all(&mut self, desk: &mut Desk) {
        let usual = self.usual(desk);
        let mut setup = CanvasSetup { diffusion: usual.diffusion, length: None, ..self.setup.clone() };
        CanvasKnob::Temperature.set(&mut setup, CanvasKnob::Temperature.value(&usual));
        if setup == self.setup {
            return desk.say("Every slider is as at the start already.");
        }
        desk.say("Every slider is as at the start again.");
        self.change(setup, true, desk);
    }

    pub(super) fn move_in_panel(&mut self, by: isize, desk: &mut Desk) {
        let moved = |at: usize, rows: usize| at.saturating_add_signed(by).min(rows.saturating_sub(1));
        match desk.focus {
            PanelId::Position => self.candidate = moved(self.candidate(), self.view.candidates().len()),
            PanelId::Neighbours => self.pair = moved(self.pair(), self.joints.rows().len()),
            PanelId::StepSweep => {
                let rows = self.sweep.as_ref().map_or(0, |sweep| sweep.rows().len());
                self.row = moved(self.sweep_row(), rows);
            }
            // To the first, and to the last.
            _ if by.unsigned_abs() > PAGE.unsigned_abs() => self.move_position(by, desk),
            _ => self.move_row(by, desk),
        }
    }

    /// Selects the position that stands above or below, so many rows further on.
    fn move_row(&mut self, by: isize, desk: &mut Desk) {
        match self.view.below(self.position, by, desk.chrome.text_width()) {
            Some(position) if position != self.position => self.select(position),
            Some(_) => desk.say(if by < 0 { "This is the first row." } else { "This is the last row." }),
            None => self.say_no_canvas(desk),
        }
    }

    /// Selects a position so many further on.
    pub(super) fn move_position(&mut self, by: isize, desk: &mut Desk) {
        let Some(canvas) = &self.canvas else { return self.say_no_canvas(desk) };
        let at = self.position.saturating_add_signed(by).min(canvas.canvas().len() - 1);
        if at == self.position {
            return desk.say(if by < 0 {
                "This is the first position."
            } else {
                "This is the last position."
            });
        }
        self.select(at);
    }

    /// Selects a position.
    pub(super) fn select(&mut self, position: usize) {
        self.position = position;
        self.candidate = 0;
    }

    /// Does what Enter does in the panel with the focus.
    pub(super) fn take(&mut self, desk: &mut Desk) {
        match desk.focus {
            PanelId::StepSweep => self.take_row(desk),
            PanelId::Neighbours => {
                let Some(row) = self.joints.rows().get(self.pair()) else {
                    return desk.say("No neighbours have opened together yet.");
                };
                self.position = row.joint.position;
                desk.focus = PanelId::Position;
            }
            _ => {
                let Some(guess) = self.view.candidates().get(self.candidate()) else {
                    return desk
                        .say("Nothing was read at this position yet: there is no token to choose from.");
                };
                self.open_position(guess.token, desk);
            }
        }
    }
}
