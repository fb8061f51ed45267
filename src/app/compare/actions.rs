//! What keys do on the compare screen.

use super::super::{Desk, Flow, Overlay, PanelId, keys::after};
use super::{Compare, FOCUSABLE, LaneChooser, NewLane};
use crate::{
    decode::{
        StopReason,
        lanes::{Lane, Lanes, Seeds, Which},
    },
    keymap::{Action, Context},
};

impl Compare {
    /// What an action means on the compare screen, where that is more than it means everywhere.
    pub(super) fn action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        match action {
            Action::Step => self.step_lanes(1, desk),
            Action::Back => self.lanes_back(1, desk),
            Action::Restart => self.lanes_back(usize::MAX, desk),
            Action::PlayPause => self.play_lanes(desk),
            Action::Reroll => self.draw_lanes_again(true, desk),
            Action::SameSeed => self.draw_lanes_again(false, desk),
            Action::GoOnHere => self.lane_goes_on_here(desk),
            Action::NextLane | Action::NextPanel => self.focus_lane(1, desk),
            Action::PreviousLane | Action::PreviousPanel => self.focus_lane(-1, desk),
            Action::OtherLane => self.next_other(desk),
            Action::Left => self.move_place(-1, desk),
            Action::Right => self.move_place(1, desk),
            Action::First => self.move_place(isize::MIN / 2, desk),
            Action::Last => self.move_place(isize::MAX / 2, desk),
            Action::OneLane => self.toggle_alone(desk),
            Action::SameDice => self.toggle_seeds(desk),
            Action::AddLane => self.add_present(desk),
            Action::AddPreset => self.choose(LaneChooser::Preset { selected: self.preset }, desk),
            Action::SweepLanes => self.choose(LaneChooser::Sweep { selected: 0, lanes: 6 }, desk),
            Action::DuplicateLane => self.duplicate_lane(desk),
            Action::RemoveLane => self.remove_lane(desk),
            Action::LanePrompt => self.edit_lane_prompt(desk),
            Action::LaneStops if self.lanes.is_some() => desk.list_stops(Some(self.focus())),
            Action::FocusText => desk.focus = PanelId::Lanes,
            Action::FocusCandidates => desk.focus = PanelId::Beside,
            Action::FocusSampling => desk.focus = PanelId::Sampling,
            Action::ShowPanel => desk.focus = after(&FOCUSABLE, desk.focus, 1),
            Action::Cancel if desk.hand.typing.is_none() && self.closes_something(desk) => {}
            Action::LaneStops | Action::TakeCandidate | Action::Search => {}
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    fn choose(&mut self, chooser: LaneChooser, desk: &mut Desk) {
        if self.lanes.is_some() {
            desk.overlays.push(Overlay::Lanes(chooser));
        }
    }

    /// Asks for so many steps of all lanes, or of the one in focus.
    pub(in crate::app) fn step_lanes(&mut self, steps: usize, desk: &mut Desk) {
        let which = self.which();
        if !self.running() {
            desk.play.pause();
            if self.lanes.is_some() {
                let all = || self.lanes().iter().map(Lane::cursor);
                let goes_back = all().any(|lane| lane.path().generated() > 0);
                let limit = all().any(|lane| lane.stopped().is_some_and(StopReason::is_limit));
                let ways = desk.ways_on(Context::Compare, goes_back, limit);
                desk.say(format!("Every lane has stopped.{ways}"));
            }
            return;
        }
        let Some(lanes) = &mut self.lanes else { return };
        lanes.ask(which, steps);
        self.lanes_moved(desk);
    }

    /// After lanes were told to move: what was looked at is over.
    fn lanes_moved(&mut self, desk: &mut Desk) {
        self.forget_sight();
        desk.stale = true;
    }

    fn play_lanes(&mut self, desk: &mut Desk) {
        if desk.play.playing() {
            self.pause_lanes(desk);
            return;
        }
        if !self.running() {
            return self.step_lanes(1, desk);
        }
        desk.play.start();
    }

    /// Stops playing, and gives up steps that were asked for.
    pub(in crate::app) fn pause_lanes(&mut self, desk: &mut Desk) {
        desk.play.pause();
        if let Some(lanes) = &mut self.lanes {
            lanes.pause();
        }
    }

    fn lanes_back(&mut self, tokens: usize, desk: &mut Desk) {
        desk.play.pause();
        let which = self.which();
        let Some(lanes) = &mut self.lanes else { return desk.say_no_path() };
        let mut moved = lanes.lanes().iter().enumerate().filter(|(index, _)| matches(which, *index));
        if moved.all(|(_, lane)| lane.cursor().path().generated() == 0 && !lane.is_due()) {
            return desk.say("Nothing has been generated yet: this is the end of the prompt.");
        }
        lanes.back(which, tokens);
        self.lanes_moved(desk);
    }

    /// Draws the newest token of the lanes again, from new numbers or from those of their seeds; before the first token new
    /// numbers are those of the next seed.
    fn draw_lanes_again(&mut self, roll: bool, desk: &mut Desk) {
        self.pause_lanes(desk);
        let which = self.which();
        let Some(lanes) = &mut self.lanes else { return };
        let mut drawn = Vec::new();
        for index in 0..lanes.lanes().len() {
            let Some(lane) = lanes.lane_mut(index).filter(|_| matches(which, index)) else { continue };
            let generated = lane.cursor().path().generated();
            if generated == 0 {
                continue;
            }
            if roll {
                lane.cursor_mut().roll_again();
            } else {
                lane.cursor_mut().same_seed();
            }
            lanes.ask(Which::One(index), 1);
            drawn.push(generated);
        }
        if drawn.is_empty() {
            return self.begin_lanes_with_seed(roll, desk);
        }
        desk.say(drawn_again(&drawn));
        self.lanes_moved(desk);
    }

    /// Before the first token of the lanes is drawn: to draw it again is another seed.
    fn begin_lanes_with_seed(&mut self, other: bool, desk: &mut Desk) {
        let lane = self.lanes().get(self.focus()).filter(|_| other);
        let settings = lane.map(|lane| lane.cursor().settings().with_next_seed());
        let Some(settings) = settings else { return desk.say("Nothing has been drawn yet.") };
        let seed = settings.seed.unwrap_or_default();
        self.set_lane_settings(settings, desk);
        desk.say(format!("Nothing has been drawn yet: token 1 will be drawn with seed {seed}."));
    }

    /// Takes the focused lane back to the choice that is looked at, so that it goes on from there under its settings.
    fn lane_goes_on_here(&mut self, desk: &mut Desk) {
        let (focus, place) = (self.focus(), self.place());
        let Some(lanes) = &mut self.lanes else { return };
        let generated = lanes.lanes().get(focus).map_or(0, |lane| lane.cursor().path().generated());
        let Some(tokens) = place.and_then(|place| generated.checked_sub(place)).filter(|&n| n > 0) else {
            desk.say("This is the end of the lane; step continues it.");
            return;
        };
        desk.play.pause();
        lanes.back(Which::One(focus), tokens);
        // The token that the settings say here now; the rest follows with the others.
        lanes.ask(Which::One(focus), 1);
        self.lanes_moved(desk);
    }

    pub(in crate::app) fn focus_lane(&mut self, by: isize, desk: &mut Desk) {
        let lanes = self.lanes().len();
        if lanes > 0 {
            let next = (self.focus() as isize + by).rem_euclid(lanes as isize);
            self.set_focused_lane(next as usize, desk);
        }
    }

    pub(in crate::app) fn set_focused_lane(&mut self, lane: usize, desk: &mut Desk) {
        self.focus = lane;
        self.at = None;
        desk.hand.typing = None;
        desk.stale = true;
    }

    /// Compares with the lane after the one compared with now.
    fn next_other(&mut self, desk: &mut Desk) {
        let lanes = self.lanes().len();
        let Some(other) = self.other() else { return };
        let after = (other + 1) % lanes;
        self.other = if after == self.focus() { (after + 1) % lanes } else { after };
        self.at = None;
        desk.stale = true;
    }

    fn toggle_alone(&mut self, desk: &mut Desk) {
        self.alone = !self.alone;
        self.pause_lanes(desk);
        let number = self.focus() + 1;
        desk.notice = Some(if self.alone {
            format!("Keys act on lane {number} only; the others wait.")
        } else {
            "Keys act on all lanes, in lockstep.".into()
        });
    }

    fn toggle_seeds(&mut self, desk: &mut Desk) {
        self.seeds = match self.seeds {
            Seeds::Same => Seeds::Own,
            Seeds::Own => Seeds::Same,
        };
        desk.notice = Some(match self.seeds {
            Seeds::Same => {
                "From here on all lanes draw with the same random numbers: only the settings differ.".into()
            }
            Seeds::Own => {
                "From here on each lane has its own seed, counting up from the first lane's.".into()
            }
        });
        self.lanes_changed(desk);
    }

    /// Adds a lane with the settings of the step screen.
    fn add_present(&mut self, desk: &mut Desk) {
        desk.play.pause();
        let settings = desk.hand.sampling.clone();
        self.add_and_focus(NewLane::of(super::OWN, settings), desk);
    }

    fn duplicate_lane(&mut self, desk: &mut Desk) {
        let focus = self.focus();
        let Some(lanes) = &mut self.lanes else { return };
        match lanes.duplicate(focus) {
            Ok(Some(copy)) => {
                let own = self.own[focus].clone();
                self.own.insert(copy, own);
                self.focus = copy;
            }
            Ok(None) => {}
            Err(error) => desk.notice = Some(error.to_string()),
        }
        self.forget_sight();
        self.lanes_changed(desk);
    }

    fn remove_lane(&mut self, desk: &mut Desk) {
        let focus = self.focus();
        let Some(lanes) = &mut self.lanes else { return };
        if lanes.lanes().len() < 2 {
            desk.say("This is the only lane: add another one before removing it.");
            return;
        }
        lanes.remove(focus);
        self.own.remove(focus);
        self.transcripts.clear();
        self.forget_sight();
        self.lanes_changed(desk);
    }

    /// What Escape closes here; false if there is nothing.
    fn closes_something(&mut self, desk: &mut Desk) -> bool {
        if self.at.is_some() || self.what_if.is_some() {
            self.leave_place(desk);
        } else if !desk.return_to(PanelId::Lanes) {
            return false;
        }
        desk.stale = true;
        true
    }

    /// Whether as many lanes stand there as can.
    #[must_use]
    pub fn lanes_are_full(&self) -> bool {
        self.lanes().len() == Lanes::MOST
    }
}

/// Which tokens are drawn again, those of lanes that have so many: `Token 12 is drawn again.`
fn drawn_again(generated: &[usize]) -> String {
    let same = generated.windows(2).all(|pair| pair[0] == pair[1]);
    match generated {
        [number] => format!("Token {number} is drawn again."),
        [number, ..] if same => format!("Token {number} is drawn again in {} lanes.", generated.len()),
        lanes => format!("The newest token of {} lanes is drawn again.", lanes.len()),
    }
}

fn matches(which: Which, index: usize) -> bool {
    match which {
        Which::All => true,
        Which::One(one) => one == index,
    }
}
