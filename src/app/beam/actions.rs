//! What keys do on the beam screen.

use super::super::{Effect, PanelId, State, keys::PAGE};
use super::place;
use crate::{
    decode::{
        beam::{BeamSettings, EarlyStop, Fate},
        lanes::Which,
    },
    keymap::Action,
    tree::NodeId,
};

/// What a key changes the exponent of the length penalty by, and the largest there is.
const PENALTY_STEP: f64 = 0.1;
const MOST_PENALTY: f64 = 5.0;

impl State {
    /// What an action means on the beam screen, where that is more than it means everywhere.
    pub(in crate::app) fn beam_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        match action {
            Action::Step => return Some(self.step_beam()),
            Action::Back => self.rounds_back(1),
            Action::Restart => self.rounds_back(usize::MAX),
            Action::PlayPause => return Some(self.play_beam()),
            Action::Left => self.look_at_round(-1),
            Action::Right => self.look_at_round(1),
            Action::Up => self.move_in_panel(-1),
            Action::Down => self.move_in_panel(1),
            Action::PageUp => self.move_in_panel(-PAGE),
            Action::PageDown => self.move_in_panel(PAGE),
            Action::First => self.move_in_panel(isize::MIN / 2),
            Action::Last => self.move_in_panel(isize::MAX / 2),
            Action::NextPanel | Action::ShowPanel => self.next_beam_panel(1),
            Action::PreviousPanel => self.next_beam_panel(-1),
            Action::GoOnHere => return Some(self.go_to_beam()),
            Action::WiderBeams => self.set_beam_width(self.rooms.beam.settings.width + 1),
            Action::NarrowerBeams => self.set_beam_width(self.rooms.beam.settings.width - 1),
            Action::MorePenalty => {
                self.set_length_penalty(self.rooms.beam.settings.length_penalty + PENALTY_STEP)
            }
            Action::LessPenalty => {
                self.set_length_penalty(self.rooms.beam.settings.length_penalty - PENALTY_STEP)
            }
            Action::EarlyStop => self.next_early_stop(),
            Action::SortBeams => self.sort_beams(),
            Action::ToggleIgnoreEos => return Some(self.toggle_ignore_eos_in_sample()),
            Action::Cancel if self.closes_in_beam() => {}
            // There are no candidates of one step to be searched, taken or drawn again, and no sliders.
            Action::TakeCandidate
            | Action::Search
            | Action::Reroll
            | Action::SameSeed
            | Action::FocusText
            | Action::FocusCandidates
            | Action::FocusSampling => {}
            _ => return None,
        }
        self.desk.stale = true;
        Some(self.want())
    }

    /// Bans end tokens, or allows them again: the search and greedy decoding do not mind.
    fn toggle_ignore_eos_in_sample(&mut self) -> Vec<Effect> {
        let mut settings = self.settings_in_hand().clone();
        settings.ignore_eos = !settings.ignore_eos;
        let end = if settings.ignore_eos { "End tokens are banned" } else { "End tokens may be drawn again" };
        self.desk.notice = Some(format!(
            "{end} in the sample; beams and greedy decoding mind the model's own probabilities only."
        ));
        self.set_sampling(settings)
    }

    fn play_beam(&mut self) -> Vec<Effect> {
        if self.desk.play.playing() {
            self.pause_all();
            return Vec::new();
        }
        if self.rooms.beam.is_over() {
            return self.step_beam();
        }
        self.rooms.beam.at = None;
        self.desk.stale = true;
        self.desk.play.start();
        self.tick(std::time::Instant::now())
    }

    /// Goes back by so many rounds: the search is done again up to there.
    fn rounds_back(&mut self, rounds: usize) {
        self.desk.play.pause();
        // Those that are still to be done count: keys can come faster than rounds.
        let asked = self.rooms.beam.rounds_to_come();
        if asked == 0 {
            self.desk.notice = Some("This is the prompt's end: no round was done yet.".into());
            return;
        }
        self.redo_rounds(asked.saturating_sub(rounds));
    }

    /// Does the search again from the prompt, so many rounds of it.
    fn redo_rounds(&mut self, rounds: usize) {
        self.desk.play.pause();
        self.begin_beams(rounds);
        if let Some(lanes) = &mut self.rooms.beam.beside {
            let spare: Vec<usize> =
                super::tokens(lanes).map(|tokens| tokens.saturating_sub(rounds)).collect();
            for (lane, tokens) in spare.into_iter().enumerate() {
                lanes.back(Which::One(lane), tokens);
            }
        }
        self.rooms.beam.ask_beside();
    }

    /// Looks at a round before or after the one on view.
    fn look_at_round(&mut self, by: isize) {
        let Some(search) = &self.rooms.beam.search else { return };
        self.desk.play.pause();
        let (done, kept) = (search.done(), search.rounds().count());
        let at = self.rooms.beam.at.unwrap_or(done).saturating_add_signed(by);
        // The oldest rounds of a long search are not kept.
        let at = at.max(done - kept + usize::from(kept > 0)).min(done);
        self.rooms.beam.at = (at < done).then_some(at);
    }

    fn move_in_panel(&mut self, by: isize) {
        let rows = self.rooms.beam.view.rows(self.desk.focus);
        let at = self.rooms.beam.selected(self.desk.focus).saturating_add_signed(by);
        self.select_in_beam(self.desk.focus, at.min(rows.saturating_sub(1)));
    }

    /// Selects a row of a panel.
    pub(in crate::app) fn select_in_beam(&mut self, panel: PanelId, row: usize) {
        if let Some(place) = place(panel) {
            self.rooms.beam.selected[place] = row;
        }
    }

    /// A row of a panel was clicked: it is selected, and a second click goes on from there.
    pub(in crate::app) fn press_beam(&mut self, panel: PanelId, row: usize) -> Vec<Effect> {
        if self.desk.focus == panel && self.rooms.beam.selected(panel) == row {
            return self.act(Action::GoOnHere);
        }
        self.desk.focus = panel;
        self.select_in_beam(panel, row);
        Vec::new()
    }

    /// The wheel turned over a panel.
    pub(in crate::app) fn wheel_beam(&mut self, panel: PanelId, rows: isize) {
        let focus = std::mem::replace(&mut self.desk.focus, panel);
        self.move_in_panel(rows);
        self.desk.focus = focus;
    }

    fn next_beam_panel(&mut self, by: isize) {
        let order = PanelId::BEAM;
        let at = place(self.desk.focus).unwrap_or(0) as isize;
        self.desk.focus = order[(at + by).rem_euclid(order.len() as isize) as usize];
    }

    /// Goes on from the selected text on the step screen.
    fn go_to_beam(&mut self) -> Vec<Effect> {
        let Some(node) = self.selected_node() else {
            self.desk.notice =
                Some("What was pruned is no path of the tree: there is nothing to go to.".into());
            return Vec::new();
        };
        self.go_to(node)
    }

    /// The node at the end of the selected text; None where it was pruned.
    fn selected_node(&self) -> Option<NodeId> {
        let view = &self.rooms.beam.view;
        let at = self.rooms.beam.selected(self.desk.focus);
        let node = match self.desk.focus {
            PanelId::Round => {
                let candidate = view.candidates.get(at)?.candidate;
                let tree = self.desk.walk.session.as_ref()?.tree();
                tree.get(candidate.parent).filter(|_| candidate.fate != Fate::Pruned)?;
                tree.find_child(candidate.parent, candidate.token)?
            }
            PanelId::Finished => view.finished.get(at)?.node,
            PanelId::Winner => view.beside.get(at)?.node,
            _ => view.beams.get(at)?.node,
        };
        self.desk.walk.session.as_ref()?.tree().get(node).map(|_| node)
    }

    fn set_beam_width(&mut self, width: usize) {
        let width = width.clamp(1, BeamSettings::MOST);
        let BeamSettings { length_penalty, early_stop, .. } = self.rooms.beam.settings;
        let settings = BeamSettings { length_penalty, early_stop, ..BeamSettings::of_width(width) };
        let beams = match width {
            1 => "1 beam, which is greedy decoding".to_owned(),
            width => format!("{width} beams, {} candidates each", settings.candidates),
        };
        self.search_with(settings, &beams);
    }

    fn set_length_penalty(&mut self, alpha: f64) {
        // In whole steps, so that many of them do not leave a trail of digits.
        let alpha = (alpha / PENALTY_STEP).round().clamp(0.0, MOST_PENALTY / PENALTY_STEP) * PENALTY_STEP;
        let what = match alpha {
            0.0 => "No length penalty".to_owned(),
            alpha => format!("Length penalty α {alpha:.1}"),
        };
        self.search_with(BeamSettings { length_penalty: alpha, ..self.rooms.beam.settings }, &what);
    }

    fn next_early_stop(&mut self) {
        let (early_stop, what) = match self.rooms.beam.settings.early_stop {
            EarlyStop::Never => (EarlyStop::Certain, "It ends early when no beam can overtake the best"),
            EarlyStop::Certain => (EarlyStop::First, "It ends early with the first finished beam"),
            EarlyStop::First => (EarlyStop::Never, "It goes on until every beam has ended"),
        };
        self.search_with(BeamSettings { early_stop, ..self.rooms.beam.settings }, what);
    }

    /// Does the search again with other settings, as many rounds of it.
    fn search_with(&mut self, settings: BeamSettings, what: &str) {
        if settings == self.rooms.beam.settings {
            self.desk.notice = Some(format!("{what}: it goes no further."));
            return;
        }
        self.desk.notice = Some(format!("{what}: the search was done again."));
        let rounds = self.rooms.beam.rounds_to_come();
        self.rooms.beam.settings = settings;
        self.redo_rounds(rounds);
    }

    /// Continuations together with those of the same beam, or the best first; the same one stays selected.
    fn sort_beams(&mut self) {
        let selected = self.rooms.beam.view.candidates.get(self.rooms.beam.selected(PanelId::Round));
        let selected = selected.map(|row| (row.candidate.beam, row.candidate.token));
        self.rooms.beam.ranked = !self.rooms.beam.ranked;
        self.rooms.beam.view.sort_candidates(self.rooms.beam.ranked);
        let same = |row: &super::RoundRow| selected == Some((row.candidate.beam, row.candidate.token));
        let at = self.rooms.beam.view.candidates.iter().position(same);
        self.select_in_beam(PanelId::Round, at.unwrap_or(0));
    }

    /// What Escape closes here; false if there is nothing.
    fn closes_in_beam(&mut self) -> bool {
        if self.desk.play.playing() {
            self.pause_all();
        } else if self.rooms.beam.at.is_some() {
            self.rooms.beam.at = None;
        } else if self.desk.focus != PanelId::Beam {
            self.desk.focus = PanelId::Beam;
        } else {
            return false;
        }
        true
    }
}
