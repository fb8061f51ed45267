//! What keys and the mouse do on the seeds screen.

use super::{
    super::{Effect, PanelId, State, keys::PAGE},
    COUNTS,
};
use crate::{keymap::Action, sampling::SamplingSettings, tree::NodeId};

impl State {
    /// What an action means on the seeds screen, where that is more than it means everywhere.
    pub(in crate::app) fn seeds_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        if self.desk.focus == PanelId::Sampling
            && let Some(effects) = self.sampling_action(action)
        {
            return Some(effects);
        }
        match action {
            Action::Step => return Some(self.step_seeds()),
            Action::PlayPause => return Some(self.play_seeds()),
            Action::Restart => return Some(self.restart_seeds()),
            Action::Back => self.seeds_back(),
            Action::Reroll => return Some(self.other_seeds()),
            Action::MoreSeeds => return Some(self.change_count(1)),
            Action::FewerSeeds => return Some(self.change_count(-1)),
            Action::Up => self.move_in_seeds(self.desk.focus, -1),
            Action::Down => self.move_in_seeds(self.desk.focus, 1),
            Action::PageUp => self.move_in_seeds(self.desk.focus, -PAGE),
            Action::PageDown => self.move_in_seeds(self.desk.focus, PAGE),
            Action::First => self.move_in_seeds(self.desk.focus, isize::MIN / 2),
            Action::Last => self.move_in_seeds(self.desk.focus, isize::MAX / 2),
            Action::Left => self.fold_seeds(),
            Action::Right => self.unfold_seeds(),
            Action::GoOnHere => return Some(self.go_to_seeds_node()),
            Action::NextPanel => self.focus_seeds_part(1),
            Action::PreviousPanel => self.focus_seeds_part(-1),
            Action::ShowPanel => self.next_small_part(),
            Action::FocusText => self.desk.focus = PanelId::Seeds,
            Action::FocusCandidates => self.focus_in_seeds(PanelId::Forks),
            Action::FocusSampling => self.focus_in_seeds(PanelId::Sampling),
            Action::Cancel if self.desk.hand.typing.is_none() && self.stops_something() => {}
            Action::TakeCandidate | Action::SameSeed | Action::Search => {}
            // From token by token to whole paths, or back.
            Action::Faster | Action::Slower => {
                self.rooms.seeds.pause();
                return None;
            }
            _ => return None,
        }
        self.desk.stale = true;
        Some(self.want())
    }

    fn play_seeds(&mut self) -> Vec<Effect> {
        if self.desk.play.playing() {
            self.desk.play.pause();
            self.rooms.seeds.pause();
            return Vec::new();
        }
        if self.rooms.seeds.forest.is_none() || self.rooms.seeds.all_ended() {
            return self.step_seeds();
        }
        self.desk.play.start();
        self.tick(std::time::Instant::now())
    }

    fn restart_seeds(&mut self) -> Vec<Effect> {
        self.desk.play.pause();
        self.rooms.seeds.asked = 0;
        self.rooms.seeds.folded.clear();
        self.plant();
        self.want()
    }

    /// The newest token of the longest texts is taken back; steps that were asked for and not taken yet are, too.
    fn seeds_back(&mut self) {
        self.desk.play.pause();
        self.rooms.seeds.pause();
        let Some(forest) = &mut self.rooms.seeds.forest else { return };
        match forest.length().checked_sub(1) {
            Some(length) => {
                forest.back_to(length);
                self.rooms.seeds.asked = length;
            }
            None => self.desk.notice = Some("This is the prompt's end: nothing was generated yet.".into()),
        }
    }

    /// Twice as many seeds, or half, from the same first one on.
    fn change_count(&mut self, by: isize) -> Vec<Effect> {
        let count = self.rooms.seeds.count.saturating_add_signed(by).min(COUNTS.len() - 1);
        if count == self.rooms.seeds.count {
            self.desk.notice = Some("There can be 8 to 256 seeds.".into());
            return Vec::new();
        }
        self.rooms.seeds.count = count;
        self.plant();
        self.desk.notice = Some(format!("{} seeds", COUNTS[count]));
        self.want()
    }

    /// As many seeds as now, those after them.
    fn other_seeds(&mut self) -> Vec<Effect> {
        let Some(forest) = &self.rooms.seeds.forest else { return Vec::new() };
        let first = u64::from(forest.settings().seed.unwrap_or_default()) + forest.len() as u64;
        // The last is llama.cpp's word for a random one.
        let seed = (first % u64::from(u32::MAX)) as u32;
        self.desk.notice = Some(format!("The seeds from {seed} on"));
        self.set_sampling(SamplingSettings { seed: Some(seed), ..self.desk.hand.sampling.clone() })
    }

    /// After the settings have changed: other seeds under the new ones, which walk as far.
    pub(in crate::app) fn seeds_follow_settings(&mut self) -> Vec<Effect> {
        self.make_forest();
        if self.desk.notice.is_none() && self.rooms.seeds.forest.is_some() {
            self.desk.notice = Some("All seeds began at the prompt again, under the new settings.".into());
        }
        self.want()
    }

    /// What Escape ends here; false if there is nothing.
    fn stops_something(&mut self) -> bool {
        let due = self.rooms.seeds.forest.as_ref().is_some_and(crate::decode::forest::Forest::is_due);
        if self.desk.play.playing() || due {
            self.desk.play.pause();
            self.rooms.seeds.pause();
        } else if self.desk.focus != PanelId::Seeds {
            self.desk.focus = PanelId::Seeds;
        } else {
            return false;
        }
        true
    }

    fn focus_in_seeds(&mut self, panel: PanelId) {
        self.desk.focus = panel;
        if panel != PanelId::Seeds {
            self.rooms.seeds.small_panel = panel;
        }
        self.desk.hand.typing = None;
    }

    fn focus_seeds_part(&mut self, by: isize) {
        let order = PanelId::SEEDS;
        let at = order.iter().position(|&panel| panel == self.desk.focus).unwrap_or(0) as isize;
        self.focus_in_seeds(order[(at + by).rem_euclid(order.len() as isize) as usize]);
    }

    /// Shows the next of the panels that share a place on a small screen.
    fn next_small_part(&mut self) {
        let order = &PanelId::SEEDS[1..];
        let at = order.iter().position(|&panel| panel == self.rooms.seeds.small_panel).unwrap_or(0);
        let next = order[(at + 1) % order.len()];
        // The focus does not stay on what is hidden, and goes along where only one panel has room.
        self.focus_in_seeds(next);
    }

    /// Moves the selection of a panel.
    pub(in crate::app) fn move_in_seeds(&mut self, panel: PanelId, by: isize) {
        let seeds = &self.rooms.seeds;
        let (at, count) = match panel {
            PanelId::Forks => (seeds.selected_fork(), seeds.forks.len()),
            PanelId::Endings => (seeds.selected_ending(), seeds.endings.len()),
            _ => (seeds.selected(), seeds.rows.len()),
        };
        self.select_in_seeds(panel, at.saturating_add_signed(by).min(count.saturating_sub(1)));
    }

    /// Selects a row of a panel; what it is of is selected in the forest, too.
    fn select_in_seeds(&mut self, panel: PanelId, row: usize) {
        let seeds = &mut self.rooms.seeds;
        let node = match panel {
            PanelId::Forks => {
                seeds.fork = seeds.forks.get(row).map(|fork| fork.node);
                seeds.fork
            }
            PanelId::Endings => {
                let ending = seeds.endings.get(row);
                seeds.ending = ending.and_then(|ending| ending.seeds.first()).copied();
                ending.map(|ending| ending.node)
            }
            _ => {
                seeds.row = row;
                seeds.rows.get(row).and_then(|row| row.nodes.last()).copied()
            }
        };
        seeds.selected = node.or(seeds.selected);
        if panel != PanelId::Seeds {
            self.unfold_above(node);
        }
        self.desk.stale = true;
    }

    /// Unfolds what hides a node.
    fn unfold_above(&mut self, node: Option<NodeId>) {
        let Some(session) = &self.desk.walk.session else { return };
        let up = |&node: &NodeId| session.tree().get(node).and_then(|node| node.parent);
        for above in std::iter::successors(node, up).skip(1) {
            self.rooms.seeds.folded.remove(&above);
        }
    }

    /// Hides what is below the selected row; where that is done already, goes to the row above.
    fn fold_seeds(&mut self) {
        let at = self.rooms.seeds.selected();
        let Some(row) = self.rooms.seeds.rows.get(at).filter(|_| self.desk.focus == PanelId::Seeds) else {
            return;
        };
        if let (Some(&last), true) = (row.nodes.last(), row.ways > 0 && !row.folded) {
            self.rooms.seeds.folded.insert(last);
            return;
        }
        let depth = row.depth;
        if let Some(above) = self.rooms.seeds.rows[..at].iter().rposition(|row| row.depth < depth) {
            self.select_in_seeds(PanelId::Seeds, above);
        }
    }

    fn unfold_seeds(&mut self) {
        let row = self
            .rooms
            .seeds
            .rows
            .get(self.rooms.seeds.selected())
            .filter(|_| self.desk.focus == PanelId::Seeds);
        if let Some(&last) = row.and_then(|row| row.nodes.last()) {
            self.rooms.seeds.folded.remove(&last);
        }
    }

    /// Makes what is selected in the panel in focus the end of the step screen's path.
    fn go_to_seeds_node(&mut self) -> Vec<Effect> {
        let seeds = &self.rooms.seeds;
        let node = match self.desk.focus {
            PanelId::Forks => seeds.forks.get(seeds.selected_fork()).map(|fork| fork.node),
            PanelId::Endings => seeds.endings.get(seeds.selected_ending()).map(|ending| ending.node),
            _ => seeds.rows.get(seeds.selected()).and_then(|row| row.nodes.last()).copied(),
        };
        node.map_or_else(Vec::new, |node| self.go_to(node))
    }

    /// A click on a row of a panel: selects it; a second one goes on from there.
    pub(in crate::app) fn press_in_seeds(&mut self, panel: PanelId, row: usize) -> Vec<Effect> {
        let seeds = &self.rooms.seeds;
        let selected = match panel {
            PanelId::Forks => seeds.selected_fork(),
            PanelId::Endings => seeds.selected_ending(),
            _ => seeds.selected(),
        };
        if self.desk.focus == panel && selected == row {
            return self.act(Action::GoOnHere);
        }
        self.focus_in_seeds(panel);
        self.select_in_seeds(panel, row);
        Vec::new()
    }
}
