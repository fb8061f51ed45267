//! What the mouse does. [`crate::ui`] tells what lies under it.

use super::{Flow, Hit, Knob, MouseMove, Overlay, State};

impl State {
    pub(super) fn mouse(&mut self, action: MouseMove, hit: Option<Hit>) {
        match action {
            MouseMove::Press => self.press(hit),
            MouseMove::Drag => self.drag(hit),
            MouseMove::Release => {
                self.desk.hand.dragged = None;
                self.rooms.of_mut(self.desk.screen).release();
            }
            MouseMove::WheelUp => self.wheel(hit, -1),
            MouseMove::WheelDown => self.wheel(hit, 1),
        }
    }

    fn press(&mut self, hit: Option<Hit>) {
        self.desk.notice = None;
        self.desk.hand.typing = None;
        // What is found stays; the next key is a key again.
        self.desk.end_search(false);
        self.desk.hand.let_go();
        let again = std::mem::replace(&mut self.desk.pressed, hit) == hit;
        if !self.desk.overlays.is_empty() {
            return self.press_overlay(hit);
        }
        let Some(hit) = hit else { return };
        if self.press_lesson(hit) == Flow::Done {
            return;
        }
        if let (Some(player), false) = (&mut self.player, matches!(hit, Hit::Hint(_))) {
            player.leave_keys();
        }
        if self.rooms.of_mut(self.desk.screen).press(hit, again, &mut self.desk) == Flow::Done {
            return;
        }
        match hit {
            // The keys stay where they are: only the mouse is on the slider.
            Hit::Slider(index, _) => {
                self.desk.hand.dragged = Knob::ALL.get(index).copied();
                self.drag(Some(hit));
            }
            Hit::Hint(action) => self.act(action),
            Hit::Explain(panel) => self.desk.overlays.push(Overlay::Explain { panel, scroll: 0 }),
            Hit::Panel(panel) if self.rooms.of(self.desk.screen).focusable().contains(&panel) => {
                self.desk.focus = panel;
            }
            _ => {}
        }
    }

    fn press_overlay(&mut self, hit: Option<Hit>) {
        match (hit, self.desk.top_overlay()) {
            (Some(Hit::OverlayRow(row)), Some(Overlay::Examples { selected })) => {
                *selected = row;
                self.confirm();
            }
            (Some(Hit::OverlayRow(row)), Some(Overlay::Models(list))) => {
                list.selected = row;
                self.confirm();
            }
            (Some(Hit::OverlayRow(row)), Some(Overlay::Surprises(list))) => {
                list.selected = row;
                self.confirm();
            }
            (Some(Hit::OverlayRow(row)), Some(Overlay::Pasted(offer))) => {
                offer.selected = row;
                self.confirm();
            }
            (Some(Hit::OverlayRow(row)), Some(Overlay::Grow(growth))) => {
                growth.selected = row;
            }
            (Some(Hit::OverlayRow(row)), Some(Overlay::Adapters { selected, .. })) => *selected = row,
            (Some(Hit::OverlayRow(row)), Some(Overlay::Export(form))) => {
                form.selected = row;
                form.toggle();
            }
            (Some(Hit::OverlayRow(row)), Some(Overlay::StopList(list))) => {
                (list.selected, list.typing) = (row, None);
            }
            (Some(Hit::OverlayRow(row)), Some(Overlay::Softmax(bench))) => {
                bench.selected = row.min(bench.words.len().saturating_sub(1));
            }
            (Some(Hit::OverlayRow(row)), Some(Overlay::Lanes(chooser))) => {
                chooser.select(row);
                self.confirm();
            }
            (Some(Hit::Hint(action)), Some(Overlay::Fetching(_))) => self.act(action),
            // A click beside the editor must not lose what is written, nor one beside a fetch end it.
            (_, Some(Overlay::Prompt(_) | Overlay::Fetching(_)))
            | (Some(Hit::Overlay | Hit::OverlayRow(_)), _) => {}
            (Some(Hit::Hint(action)), _) => self.act(action),
            _ => self.act(crate::keymap::Action::Cancel),
        }
    }

    /// Moves the slider that is held, and no other that comes under the mouse: on its row to the place under the mouse,
    /// beside it by a finest step a column, so that every value can be reached however short the track is.
    fn drag(&mut self, hit: Option<Hit>) {
        if let (Some(hit), true) = (hit, self.desk.overlays.is_empty())
            && self.rooms.of_mut(self.desk.screen).drag(hit, &mut self.desk) == Flow::Done
        {
            return;
        }
        let hand = &mut self.desk.hand;
        let (Some(knob), true) = (hand.dragged, self.desk.overlays.is_empty()) else { return };
        let held = |index: usize| Knob::ALL.get(index) == Some(&knob);
        match hit {
            Some(Hit::Slider(index, fraction)) if held(index) => {
                hand.drag_on_track(knob);
                if let Some(fraction) = fraction.filter(|_| knob.has_track()) {
                    self.set_knob(knob, knob.value_at(fraction));
                }
            }
            Some(Hit::BesideSlider(index, column)) if held(index) && knob.has_track() => {
                let value = knob.value(self.settings_in_hand());
                let (from, began) = self.desk.hand.drag_beside(column, value);
                let steps = i32::from(column) - i32::from(from);
                let value = if steps == 0 { began } else { knob.moved(began, steps, false) };
                self.set_knob(knob, value);
            }
            _ => {}
        }
    }

    fn wheel(&mut self, hit: Option<Hit>, rows: isize) {
        if !self.desk.overlays.is_empty() {
            self.scroll_overlay(rows);
            return;
        }
        let Some(hit) = hit else { return };
        if self.rooms.of_mut(self.desk.screen).wheel(hit, rows, &mut self.desk) == Flow::Done {
            return;
        }
        if let Hit::Slider(index, _) = hit {
            self.desk.hand.knob = Knob::ALL.get(index).copied().unwrap_or(self.desk.hand.knob);
            self.turn_knob(-rows as i32, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{Message, fixture::Fixture},
        decode::Session,
        keymap::Action,
    };

    fn session(f: &Fixture) -> &Session {
        f.state.desk.walk.session.as_ref().expect("a session")
    }

    #[test]
    fn the_mouse_sets_sliders_takes_candidates_and_goes_to_tokens() {
        let mut f = Fixture::new();
        f.keys(&["right"; 3]);
        f.send(Message::Mouse(MouseMove::Press, Some(Hit::Slider(0, Some(0.75)))));
        f.send(Message::Mouse(MouseMove::Drag, Some(Hit::Slider(0, Some(1.0)))));
        assert!((f.state.desk.hand.sampling.temperature - 2.0).abs() < 1e-6);
        // Another slider that comes under the mouse stays as it is, and after the button is up all do.
        f.send(Message::Mouse(MouseMove::Drag, Some(Hit::Slider(1, Some(0.5)))));
        f.send(Message::Mouse(MouseMove::Release, None));
        f.send(Message::Mouse(MouseMove::Drag, Some(Hit::Slider(0, Some(0.5)))));
        assert!((f.state.desk.hand.sampling.temperature - 2.0).abs() < 1e-6);
        assert!((f.state.desk.hand.sampling.top_p - 0.95).abs() < 1e-6);
        f.send(Message::Mouse(MouseMove::WheelDown, Some(Hit::Slider(0, None))));
        assert!((f.state.desk.hand.sampling.temperature - 1.95).abs() < 1e-6);
        let second = f.state.desk.walk.frame.candidates.row(1).unwrap().token;
        f.send(Message::Mouse(MouseMove::Press, Some(Hit::Candidate(1))));
        f.send(Message::Mouse(MouseMove::Press, Some(Hit::Candidate(1))));
        assert_eq!(session(&f).path().tokens().last(), Some(&second));
        f.send(Message::Mouse(MouseMove::Press, Some(Hit::TextToken(2))));
        assert_eq!((f.state.desk.walk.cursor, f.state.desk.focus), (Some(2), crate::app::PanelId::Text));
        f.send(Message::Mouse(MouseMove::Press, Some(Hit::Hint(Action::Help))));
        assert!(matches!(f.state.desk.overlays.last(), Some(Overlay::Help { .. })));
    }

    #[test]
    fn beside_its_row_a_slider_moves_by_its_finest_step_a_column() {
        let mut f = Fixture::new();
        let mut mouse = |action, hit| {
            f.send(Message::Mouse(action, Some(hit)));
            f.state.desk.hand.sampling.top_k
        };
        assert_eq!(mouse(MouseMove::Press, Hit::Slider(2, Some(0.5))), 50);
        assert_eq!(
            mouse(MouseMove::Drag, Hit::BesideSlider(2, 30)),
            50,
            "it stays when the mouse leaves the row"
        );
        assert_eq!(mouse(MouseMove::Drag, Hit::BesideSlider(2, 33)), 53);
        assert_eq!(mouse(MouseMove::Drag, Hit::BesideSlider(2, 28)), 48);
        assert_eq!(mouse(MouseMove::Drag, Hit::BesideSlider(1, 60)), 48, "another slider is not held");
        assert_eq!(
            mouse(MouseMove::Drag, Hit::Slider(2, Some(0.2))),
            20,
            "on the row it follows the mouse again"
        );
        assert_eq!(mouse(MouseMove::Drag, Hit::BesideSlider(2, 90)), 20);
        assert_eq!(mouse(MouseMove::Drag, Hit::BesideSlider(2, 91)), 21);
    }

    #[test]
    fn a_first_click_selects_and_a_second_one_takes() {
        let mut f = Fixture::new();
        let press = |f: &mut Fixture, hit| f.send(Message::Mouse(MouseMove::Press, Some(hit)));
        // The first row is selected from the start.
        press(&mut f, Hit::Candidate(0));
        assert_eq!(session(&f).path().generated(), 0);
        f.keys(&["i", "esc"]);
        press(&mut f, Hit::Candidate(0));
        assert_eq!(session(&f).path().generated(), 0, "a key was pressed between");
        let second = f.state.desk.walk.frame.candidates.row(1).unwrap().token;
        press(&mut f, Hit::RulerToken(second));
        assert_eq!((session(&f).path().generated(), f.state.desk.walk.frame.candidates.selected()), (0, 1));
        press(&mut f, Hit::RulerToken(second));
        assert_eq!(session(&f).path().generated_tokens(), [second]);
        // What comes next under the mouse is another candidate.
        press(&mut f, Hit::Candidate(0));
        assert_eq!(session(&f).path().generated(), 1);
    }
}
