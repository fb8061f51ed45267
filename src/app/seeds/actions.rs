//! What keys and the mouse do on the seeds screen.

use super::{
    super::{
        Desk, Flow, PanelId,
        keys::{PAGE, after},
    },
    COUNTS, PANELS, Seeds,
};
use crate::{keymap::Action, sampling::SamplingSettings, tree::NodeId};

impl Seeds {
    /// What an action means on the seeds screen, where that is more than it means everywhere.
    pub(super) fn action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        match action {
            Action::Step => self.step_seeds(desk),
            Action::PlayPause => self.play_seeds(desk),
            Action::Restart => self.restart_seeds(desk),
            Action::Back => self.seeds_back(desk),
            Action::Reroll => self.other_seeds(desk),
            Action::MoreSeeds => self.change_count(1, desk),
            Action::FewerSeeds => self.change_count(-1, desk),
            Action::Up => self.move_in_seeds(desk.focus, -1, desk),
            Action::Down => self.move_in_seeds(desk.focus, 1, desk),
            Action::PageUp => self.move_in_seeds(desk.focus, -PAGE, desk),
            Action::PageDown => self.move_in_seeds(desk.focus, PAGE, desk),
            Action::First => self.move_in_seeds(desk.focus, isize::MIN / 2, desk),
            Action::Last => self.move_in_seeds(desk.focus, isize::MAX / 2, desk),
            Action::Left => self.fold_seeds(desk),
            Action::Right => self.unfold_seeds(desk),
            Action::GoOnHere => self.go_to_seeds_node(desk),
            Action::NextPanel => self.focus_seeds_part(1, desk),
            Action::PreviousPanel => self.focus_seeds_part(-1, desk),
            Action::ShowPanel => self.next_small_part(desk),
            Action::FocusText => desk.focus = PanelId::Seeds,
            Action::FocusCandidates => self.focus_in_seeds(PanelId::Forks, desk),
            Action::FocusSampling => self.focus_in_seeds(PanelId::Sampling, desk),
            Action::Cancel if desk.hand.typing.is_none() && desk.return_to(PanelId::Seeds) => {}
            Action::TakeCandidate | Action::SameSeed | Action::Search => {}
            // From token by token to whole paths, or back.
            Action::Faster | Action::Slower => {
                self.take_back();
                return Flow::Pass;
            }
            _ => return Flow::Pass,
        }
        desk.stale = true;
        Flow::Done
    }

    fn play_seeds(&mut self, desk: &mut Desk) {
        if desk.play.playing() {
            desk.play.pause();
            self.take_back();
            return;
        }
        if self.forest.is_none() || self.all_ended() {
            return self.step_seeds(desk);
        }
        desk.play.start();
    }

    fn restart_seeds(&mut self, desk: &mut Desk) {
        desk.play.pause();
        if self.forest.as_ref().is_some_and(|forest| forest.length() == 0) && self.asked == 0 {
            return desk.say("Nothing has been generated yet: this is the end of the prompt.");
        }
        self.asked = 0;
        self.folded.clear();
        self.plant(desk);
    }

    /// The newest token of the longest texts is taken back; steps that were asked for and not taken yet are, too.
    fn seeds_back(&mut self, desk: &mut Desk) {
        desk.play.pause();
        self.take_back();
        let Some(forest) = &mut self.forest else { return desk.say_no_path() };
        match forest.length().checked_sub(1) {
            Some(length) => {
                forest.back_to(length);
                self.asked = length;
            }
            None => {
                desk.notice = Some("Nothing has been generated yet: this is the end of the prompt.".into());
            }
        }
    }

    /// Twice as many seeds, or half, from the same first one on.
    fn change_count(&mut self, by: isize, desk: &mut Desk) {
        let count = self.count.saturating_add_signed(by).min(COUNTS.len() - 1);
        if count == self.count {
            desk.say("The number of seeds is 8 to 256.");
            return;
        }
        self.count = count;
        self.plant(desk);
        desk.say(format!("{} seeds", COUNTS[count]));
    }

    /// As many seeds as now, those after them.
    fn other_seeds(&mut self, desk: &mut Desk) {
        let Some(forest) = &self.forest else { return desk.say_no_path() };
        let first = u64::from(forest.settings().seed.unwrap_or_default()) + forest.len() as u64;
        // The last is llama.cpp's word for a random one.
        let seed = (first % u64::from(u32::MAX)) as u32;
        desk.say(format!("Seeds starting at {seed}"));
        desk.set_sampling(SamplingSettings { seed: Some(seed), ..desk.hand.sampling.clone() });
        self.seeds_follow_settings(desk);
    }

    /// After the settings have changed: other seeds under the new ones, which walk as far.
    pub(in crate::app) fn seeds_follow_settings(&mut self, desk: &mut Desk) {
        self.make_forest(desk);
        if desk.notice.is_none() && self.forest.is_some() {
            desk.say("All seeds started over from the prompt with the new settings.");
        }
    }

    pub(super) fn focus_in_seeds(&mut self, panel: PanelId, desk: &mut Desk) {
        desk.focus = panel;
        if panel != PanelId::Seeds {
            self.small_panel = panel;
        }
        desk.hand.typing = None;
    }

    fn focus_seeds_part(&mut self, by: isize, desk: &mut Desk) {
        self.focus_in_seeds(after(&PANELS, desk.focus, by), desk);
    }

    /// Shows the next of the panels that share a place on a small screen.
    fn next_small_part(&mut self, desk: &mut Desk) {
        let next = after(&PANELS[1..], self.small_panel, 1);
        // The focus does not stay on what is hidden, and goes along where only one panel has room.
        self.focus_in_seeds(next, desk);
    }

    /// Moves the selection of a panel.
    pub(in crate::app) fn move_in_seeds(&mut self, panel: PanelId, by: isize, desk: &mut Desk) {
        let (at, count) = match panel {
            PanelId::Forks => (self.selected_fork(), self.forks.len()),
            PanelId::Endings => (self.selected_ending(), self.endings.len()),
            _ => (self.selected(), self.rows.len()),
        };
        self.select_in_seeds(panel, at.saturating_add_signed(by).min(count.saturating_sub(1)), desk);
    }

    /// Selects a row of a panel; what it is of is selected in the forest, too.
    fn select_in_seeds(&mut self, panel: PanelId, row: usize, desk: &mut Desk) {
        let node = match panel {
            PanelId::Forks => {
                self.fork = self.forks.get(row).map(|fork| fork.node);
                self.fork
            }
            PanelId::Endings => {
                let ending = self.endings.get(row);
                self.ending = ending.and_then(|ending| ending.seeds.first()).copied();
                ending.map(|ending| ending.node)
            }
            _ => {
                self.row = row;
                self.rows.get(row).and_then(|row| row.nodes.last()).copied()
            }
        };
        self.selected = node.or(self.selected);
        if panel != PanelId::Seeds {
            self.unfold_above(node, desk);
        }
        desk.stale = true;
    }

    /// Unfolds what hides a node.
    fn unfold_above(&mut self, node: Option<NodeId>, desk: &mut Desk) {
        let Some(session) = &desk.walk.session else { return };
        let up = |&node: &NodeId| session.tree().get(node).and_then(|node| node.parent);
        for above in std::iter::successors(node, up).skip(1) {
            self.folded.remove(&above);
        }
    }

    /// Hides what is below the selected row; where that is done already, goes to the row above.
    fn fold_seeds(&mut self, desk: &mut Desk) {
        let at = self.selected();
        let Some(row) = self.rows.get(at).filter(|_| desk.focus == PanelId::Seeds) else {
            return;
        };
        if let (Some(&last), true) = (row.nodes.last(), row.ways > 0 && !row.folded) {
            self.folded.insert(last);
            return;
        }
        let depth = row.depth;
        if let Some(above) = self.rows[..at].iter().rposition(|row| row.depth < depth) {
            self.select_in_seeds(PanelId::Seeds, above, desk);
        } else {
            desk.say("There is nothing to fold here.");
        }
    }

    fn unfold_seeds(&mut self, desk: &mut Desk) {
        let row = self.rows.get(self.selected()).filter(|_| desk.focus == PanelId::Seeds);
        let unfolded = row.and_then(|row| row.nodes.last()).is_some_and(|last| self.folded.remove(last));
        if !unfolded {
            desk.say("There is nothing to unfold here.");
        }
    }

    /// Makes what is selected in the panel in focus the end of the step screen's path.
    fn go_to_seeds_node(&mut self, desk: &mut Desk) {
        let node = match desk.focus {
            PanelId::Forks => self.forks.get(self.selected_fork()).map(|fork| fork.node),
            PanelId::Endings => self.endings.get(self.selected_ending()).map(|ending| ending.node),
            _ => self.rows.get(self.selected()).and_then(|row| row.nodes.last()).copied(),
        };
        match node {
            Some(node) => desk.go_to(node),
            None => desk.say("There is nothing to go to in this panel yet."),
        }
    }

    /// A click on a row of a panel: selects it; a second one goes on from there.
    pub(in crate::app) fn press_in_seeds(&mut self, panel: PanelId, row: usize, desk: &mut Desk) {
        let selected = match panel {
            PanelId::Forks => self.selected_fork(),
            PanelId::Endings => self.selected_ending(),
            _ => self.selected(),
        };
        if desk.focus == panel && selected == row {
            return self.go_to_seeds_node(desk);
        }
        self.focus_in_seeds(panel, desk);
        self.select_in_seeds(panel, row, desk);
    }
}
