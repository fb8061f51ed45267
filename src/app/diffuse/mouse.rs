//! What the mouse does on the diffuse screen.

use super::super::{Desk, Flow, Hit, PanelId};
use super::{CanvasKnob, Diffuse};

impl Diffuse {
    /// A click: selects; on what is selected already it does what Enter does.
    pub(super) fn press_canvas(&mut self, hit: Hit, again: bool, desk: &mut Desk) -> Flow {
        self.typing = None;
        desk.stale = true;
        match hit {
            Hit::Slider(index, _) => {
                self.dragged = Some(index);
                self.knob = index.min(CanvasKnob::ALL.len() - 1);
                return self.drag_canvas(hit, desk);
            }
            Hit::Row(panel @ (PanelId::Canvas | PanelId::Scores), position) => {
                if panel == PanelId::Canvas {
                    desk.focus = panel;
                }
                self.select(position);
            }
            Hit::Row(panel, row) => {
                let selected = match panel {
                    PanelId::Position => &mut self.candidate,
                    PanelId::Neighbours => &mut self.pair,
                    PanelId::StepSweep => &mut self.row,
                    _ => return Flow::Pass,
                };
                let was = desk.focus == panel && *selected == row;
                (*selected, desk.focus) = (row, panel);
                if was && again {
                    self.take(desk);
                }
            }
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    /// The mouse moves with the button down: the slider that it holds follows it.
    pub(super) fn drag_canvas(&mut self, hit: Hit, desk: &mut Desk) -> Flow {
        let Some(held) = self.dragged else { return Flow::Pass };
        let Some(&knob) = CanvasKnob::ALL.get(held) else { return Flow::Done };
        let value = match hit {
            Hit::Slider(index, Some(fraction)) if index == held && knob.has_track() => {
                self.dragged_from = None;
                knob.value_at(&self.setup, fraction)
            }
            Hit::BesideSlider(index, column) if index == held && knob.has_track() => {
                let value = knob.value(&self.setup);
                let (from, began) = *self.dragged_from.get_or_insert((column, value));
                let steps = i32::from(column) - i32::from(from);
                if steps == 0 { began } else { knob.moved(&self.setup, began, steps, false) }
            }
            _ => return Flow::Done,
        };
        if value.total_cmp(&knob.value(&self.setup)).is_ne() {
            self.set_knob(knob, value, desk);
        }
        Flow::Done
    }

    /// The wheel: another position, candidate or row; over a slider its finest step.
    pub(super) fn wheel_canvas(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        desk.stale = true;
        match hit {
            Hit::Slider(index, _) => {
                self.knob = index.min(CanvasKnob::ALL.len() - 1);
                self.turn(-rows as i32, false, desk);
            }
            Hit::Row(panel, _) | Hit::Panel(panel) => {
                let focus = std::mem::replace(&mut desk.focus, panel);
                if matches!(panel, PanelId::Canvas | PanelId::Scores) {
                    self.move_position(rows, desk);
                } else {
                    self.move_in_panel(rows, desk);
                }
                desk.focus = focus;
                // Nobody needs to be told that a wheel is at its end.
                desk.notice = None;
            }
            _ => return Flow::Pass,
        }
        Flow::Done
    }
}
