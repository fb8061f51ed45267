//! What keys do on the compare screen.

use super::super::{Effect, Overlay, PanelId, State};
use super::{LaneChooser, NewLane};
use crate::{
    decode::lanes::{Lanes, Seeds, Which},
    keymap::Action,
};

impl State {
    /// What an action means on the compare screen, where that is more than it means everywhere.
    pub(in crate::app) fn compare_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        if self.desk.focus == PanelId::Sampling
            && let Some(effects) = self.sampling_action(action)
        {
            return Some(effects);
        }
        match action {
            Action::Step => return Some(self.step_lanes(1)),
            Action::Back => return Some(self.lanes_back(1)),
            Action::Restart => return Some(self.lanes_back(usize::MAX)),
            Action::PlayPause => return Some(self.play_lanes()),
            Action::Reroll => return Some(self.draw_lanes_again(true)),
            Action::SameSeed => return Some(self.draw_lanes_again(false)),
            Action::GoOnHere => return Some(self.lane_goes_on_here()),
            Action::NextLane | Action::NextPanel => self.focus_lane(1),
            Action::PreviousLane | Action::PreviousPanel => self.focus_lane(-1),
            Action::OtherLane => self.next_other(),
            Action::Left => self.move_place(-1),
            Action::Right => self.move_place(1),
            Action::First => self.move_place(isize::MIN / 2),
            Action::Last => self.move_place(isize::MAX / 2),
            Action::OneLane => self.toggle_alone(),
            Action::SameDice => self.toggle_seeds(),
            Action::AddLane => return Some(self.add_present()),
            Action::AddPreset => self.choose(LaneChooser::Preset { selected: self.preset_index() }),
            Action::SweepLanes => self.choose(LaneChooser::Sweep { selected: 0, lanes: 6 }),
            Action::DuplicateLane => return Some(self.duplicate_lane()),
            Action::RemoveLane => self.remove_lane(),
            Action::LanePrompt => self.edit_lane_prompt(),
            Action::LaneStops if self.rooms.compare.lanes.is_some() => {
                self.list_stops(Some(self.rooms.compare.focus()))
            }
            Action::FocusText => self.desk.focus = PanelId::Lanes,
            Action::FocusCandidates => self.desk.focus = PanelId::Beside,
            Action::FocusSampling => self.desk.focus = PanelId::Sampling,
            Action::ShowPanel => self.next_part(),
            Action::Cancel if self.desk.hand.typing.is_none() && self.closes_something() => {}
            Action::LaneStops | Action::TakeCandidate | Action::Search => {}
            _ => return None,
        }
        Some(self.want())
    }

    fn choose(&mut self, chooser: LaneChooser) {
        if self.rooms.compare.lanes.is_some() {
            self.desk.overlays.push(Overlay::Lanes(chooser));
        }
    }

    /// Asks for so many steps of all lanes, or of the one in focus.
    pub(in crate::app) fn step_lanes(&mut self, steps: usize) -> Vec<Effect> {
        let which = self.rooms.compare.which();
        if !self.rooms.compare.running() {
            self.desk.play.pause();
            if self.rooms.compare.lanes.is_some() {
                self.desk.notice = Some("Every lane has ended. Go back to go on.".into());
            }
            return Vec::new();
        }
        let Some(lanes) = &mut self.rooms.compare.lanes else { return Vec::new() };
        lanes.ask(which, steps);
        self.lanes_moved()
    }

    /// After lanes were told to move: what was looked at is over.
    fn lanes_moved(&mut self) -> Vec<Effect> {
        self.rooms.compare.forget_sight();
        self.desk.stale = true;
        self.desk.revision += 1;
        self.want()
    }

    fn play_lanes(&mut self) -> Vec<Effect> {
        if self.desk.play.playing() {
            self.pause_lanes();
            return Vec::new();
        }
        if !self.rooms.compare.running() {
            return self.step_lanes(1);
        }
        self.desk.play.start();
        self.tick(std::time::Instant::now())
    }

    /// Stops playing, and gives up steps that were asked for.
    pub(in crate::app) fn pause_lanes(&mut self) {
        self.desk.play.pause();
        if let Some(lanes) = &mut self.rooms.compare.lanes {
            lanes.pause();
        }
    }

    fn lanes_back(&mut self, tokens: usize) -> Vec<Effect> {
        self.desk.play.pause();
        let which = self.rooms.compare.which();
        let Some(lanes) = &mut self.rooms.compare.lanes else { return Vec::new() };
        lanes.back(which, tokens);
        self.lanes_moved()
    }

    /// Draws the newest token of the lanes again, from new numbers or from those of their seeds.
    fn draw_lanes_again(&mut self, roll: bool) -> Vec<Effect> {
        self.pause_lanes();
        let which = self.rooms.compare.which();
        let Some(lanes) = &mut self.rooms.compare.lanes else { return Vec::new() };
        for index in 0..lanes.lanes().len() {
            let Some(lane) = lanes.lane_mut(index).filter(|_| matches(which, index)) else { continue };
            if lane.cursor().path().generated() == 0 {
                continue;
            }
            if roll {
                lane.cursor_mut().roll_again();
            } else {
                lane.cursor_mut().same_seed();
            }
            lanes.ask(Which::One(index), 1);
        }
        self.lanes_moved()
    }

    /// Takes the focused lane back to the choice that is looked at, so that it goes on from there under its settings.
    fn lane_goes_on_here(&mut self) -> Vec<Effect> {
        let (focus, place) = (self.rooms.compare.focus(), self.place());
        let Some(lanes) = &mut self.rooms.compare.lanes else { return Vec::new() };
        let generated = lanes.lanes().get(focus).map_or(0, |lane| lane.cursor().path().generated());
        let Some(tokens) = place.and_then(|place| generated.checked_sub(place)).filter(|&n| n > 0) else {
            self.desk.notice = Some("The lane ends here already; step goes on.".into());
            return Vec::new();
        };
        self.desk.play.pause();
        lanes.back(Which::One(focus), tokens);
        // The token that the settings say here now; the rest follows with the others.
        lanes.ask(Which::One(focus), 1);
        self.lanes_moved()
    }

    pub(in crate::app) fn focus_lane(&mut self, by: isize) {
        let lanes = self.rooms.compare.lanes().len();
        if lanes > 0 {
            let next = (self.rooms.compare.focus() as isize + by).rem_euclid(lanes as isize);
            self.set_focused_lane(next as usize);
        }
    }

    pub(in crate::app) fn set_focused_lane(&mut self, lane: usize) {
        self.rooms.compare.focus = lane;
        self.rooms.compare.at = None;
        self.desk.hand.typing = None;
        self.desk.stale = true;
    }

    /// Compares with the lane after the one compared with now.
    fn next_other(&mut self) {
        let lanes = self.rooms.compare.lanes().len();
        let Some(other) = self.rooms.compare.other() else { return };
        let after = (other + 1) % lanes;
        self.rooms.compare.other =
            if after == self.rooms.compare.focus() { (after + 1) % lanes } else { after };
        self.rooms.compare.at = None;
        self.desk.stale = true;
    }

    fn next_part(&mut self) {
        let order = PanelId::COMPARE;
        let at = order.iter().position(|&panel| panel == self.desk.focus).unwrap_or(0);
        self.desk.focus = order[(at + 1) % order.len()];
    }

    fn toggle_alone(&mut self) {
        self.rooms.compare.alone = !self.rooms.compare.alone;
        self.pause_lanes();
        let number = self.rooms.compare.focus() + 1;
        self.desk.notice = Some(if self.rooms.compare.alone {
            format!("Keys move lane {number} alone; the others wait.")
        } else {
            "Keys move all lanes, in lockstep.".into()
        });
    }

    fn toggle_seeds(&mut self) {
        self.rooms.compare.seeds = match self.rooms.compare.seeds {
            Seeds::Same => Seeds::Own,
            Seeds::Own => Seeds::Same,
        };
        self.desk.notice = Some(match self.rooms.compare.seeds {
            Seeds::Same => "The same random number u in all lanes: only the settings differ.".into(),
            Seeds::Own => "A seed of its own for each lane, counted up from the first lane's.".into(),
        });
        self.lanes_changed();
    }

    /// Adds a lane with the settings of the step screen.
    fn add_present(&mut self) -> Vec<Effect> {
        self.desk.play.pause();
        let settings = self.desk.hand.sampling.clone();
        self.add_and_focus(NewLane::of(super::OWN, settings))
    }

    fn duplicate_lane(&mut self) -> Vec<Effect> {
        let focus = self.rooms.compare.focus();
        let Some(lanes) = &mut self.rooms.compare.lanes else { return Vec::new() };
        match lanes.duplicate(focus) {
            Ok(Some(copy)) => {
                let own = self.rooms.compare.own[focus].clone();
                self.rooms.compare.own.insert(copy, own);
                self.rooms.compare.focus = copy;
            }
            Ok(None) => {}
            Err(error) => self.desk.notice = Some(error.to_string()),
        }
        self.rooms.compare.forget_sight();
        self.lanes_changed();
        self.want()
    }

    fn remove_lane(&mut self) {
        let focus = self.rooms.compare.focus();
        let Some(lanes) = &mut self.rooms.compare.lanes else { return };
        if lanes.lanes().len() < 2 {
            self.desk.notice = Some("This is the only lane; add another one before it is removed.".into());
            return;
        }
        lanes.remove(focus);
        self.rooms.compare.own.remove(focus);
        self.rooms.compare.transcripts.clear();
        self.rooms.compare.forget_sight();
        self.lanes_changed();
    }

    /// What Escape closes here; false if there is nothing.
    fn closes_something(&mut self) -> bool {
        if self.desk.play.playing() {
            self.pause_lanes();
        } else if self.rooms.compare.at.is_some() || self.rooms.compare.what_if.is_some() {
            self.leave_place();
        } else if self.desk.focus != PanelId::Lanes {
            self.desk.focus = PanelId::Lanes;
        } else {
            return false;
        }
        self.desk.stale = true;
        true
    }

    /// Whether as many lanes stand there as can.
    #[must_use]
    pub fn lanes_are_full(&self) -> bool {
        self.rooms.compare.lanes().len() == Lanes::MOST
    }
}

fn matches(which: Which, index: usize) -> bool {
    match which {
        Which::All => true,
        Which::One(one) => one == index,
    }
}
