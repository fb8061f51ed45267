//! What keys do on the beam screen.

use super::super::{
    Desk, Flow, PanelId,
    keys::{PAGE, after},
};
use super::{Beam, PANELS, place};
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

impl Beam {
    /// What an action means on the beam screen, where that is more than it means everywhere.
    pub(super) fn action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        match action {
            Action::Step => self.step_beam(desk),
            Action::Back => self.rounds_back(1, desk),
            Action::Restart => self.rounds_back(usize::MAX, desk),
            Action::PlayPause => self.play_beam(desk),
            Action::Left => self.look_at_round(-1, desk),
            Action::Right => self.look_at_round(1, desk),
            Action::Up => self.move_in_panel(-1, desk),
            Action::Down => self.move_in_panel(1, desk),
            Action::PageUp => self.move_in_panel(-PAGE, desk),
            Action::PageDown => self.move_in_panel(PAGE, desk),
            Action::First => self.move_in_panel(isize::MIN / 2, desk),
            Action::Last => self.move_in_panel(isize::MAX / 2, desk),
            Action::NextPanel | Action::ShowPanel => desk.focus = after(&PANELS, desk.focus, 1),
            Action::PreviousPanel => desk.focus = after(&PANELS, desk.focus, -1),
            Action::GoOnHere => self.go_to_beam(desk),
            Action::WiderBeams => self.set_beam_width(self.settings.width + 1, desk),
            Action::NarrowerBeams => self.set_beam_width(self.settings.width - 1, desk),
            Action::MorePenalty => self.set_length_penalty(self.settings.length_penalty + PENALTY_STEP, desk),
            Action::LessPenalty => self.set_length_penalty(self.settings.length_penalty - PENALTY_STEP, desk),
            Action::EarlyStop => self.next_early_stop(desk),
            Action::SortBeams => self.sort_beams(desk),
            Action::ToggleIgnoreEos => Self::toggle_ignore_eos_in_sample(desk),
            Action::Cancel if self.closes_in_beam(desk) => {}
            // There are no candidates of one step to be searched, taken or drawn again, and no sliders.
            Action::TakeCandidate
            | Action::Search
            | Action::Reroll
            | Action::SameSeed
            | Action::FocusText
            | Action::FocusCandidates
            | Action::FocusSampling => {}
            _ => return Flow::Pass,
        }
        desk.stale = true;
        Flow::Done
    }

    /// Bans end tokens, or allows them again: the search and greedy decoding do not mind.
    fn toggle_ignore_eos_in_sample(desk: &mut Desk) {
        let mut settings = desk.hand.sampling.clone();
        settings.ignore_eos = !settings.ignore_eos;
        let end = if settings.ignore_eos { "End tokens are banned" } else { "End tokens are allowed again" };
        desk.notice = Some(format!(
            "{end} in the sample; beams and greedy decoding use only the model's own probabilities."
        ));
        desk.set_sampling(settings);
    }

    fn play_beam(&mut self, desk: &mut Desk) {
        if desk.play.playing() {
            desk.pause_all();
            return;
        }
        if self.is_over() {
            return self.step_beam(desk);
        }
        self.at = None;
        desk.stale = true;
        desk.play.start();
    }

    /// Goes back by so many rounds: the search is done again up to there.
    fn rounds_back(&mut self, rounds: usize, desk: &mut Desk) {
        desk.play.pause();
        // Those that are still to be done count: keys can come faster than rounds.
        let asked = self.rounds_to_come();
        if asked == 0 {
            desk.say("No round has been done yet: this is the end of the prompt.");
            return;
        }
        self.redo_rounds(asked.saturating_sub(rounds), desk);
    }

    /// Does the search again from the prompt, so many rounds of it.
    fn redo_rounds(&mut self, rounds: usize, desk: &mut Desk) {
        desk.play.pause();
        self.begin_beams(rounds, desk);
        if let Some(lanes) = &mut self.beside {
            let spare: Vec<usize> =
                super::tokens(lanes).map(|tokens| tokens.saturating_sub(rounds)).collect();
            for (lane, tokens) in spare.into_iter().enumerate() {
                lanes.back(Which::One(lane), tokens);
            }
        }
        self.ask_beside();
    }

    /// Looks at a round before or after the one on view.
    fn look_at_round(&mut self, by: isize, desk: &mut Desk) {
        let Some(search) = &self.search else { return desk.say_no_path() };
        desk.play.pause();
        let (done, kept) = (search.done(), search.rounds().count());
        let at = self.at.unwrap_or(done).saturating_add_signed(by);
        // The oldest rounds of a long search are not kept.
        let at = at.max(done - kept + usize::from(kept > 0)).min(done);
        if at == self.at.unwrap_or(done) {
            return desk.say(match (done, by < 0) {
                (0, _) => "No round has been done yet.",
                (_, true) => "There is no earlier round to look at.",
                (_, false) => "This is the newest round.",
            });
        }
        self.at = (at < done).then_some(at);
    }

    fn move_in_panel(&mut self, by: isize, desk: &mut Desk) {
        let rows = self.view.rows(desk.focus);
        let at = self.selected(desk.focus).saturating_add_signed(by);
        self.select_in_beam(desk.focus, at.min(rows.saturating_sub(1)));
    }

    /// Selects a row of a panel.
    pub(in crate::app) fn select_in_beam(&mut self, panel: PanelId, row: usize) {
        if let Some(place) = place(panel) {
            self.selected[place] = row;
        }
    }

    /// A row of a panel was clicked: it is selected, and a second click goes on from there.
    pub(in crate::app) fn press_beam(&mut self, panel: PanelId, row: usize, desk: &mut Desk) {
        if desk.focus == panel && self.selected(panel) == row {
            return self.go_to_beam(desk);
        }
        desk.focus = panel;
        self.select_in_beam(panel, row);
    }

    /// The wheel turned over a panel.
    pub(in crate::app) fn wheel_beam(&mut self, panel: PanelId, rows: isize, desk: &mut Desk) {
        let focus = std::mem::replace(&mut desk.focus, panel);
        self.move_in_panel(rows, desk);
        desk.focus = focus;
    }

    /// Goes on from the selected text on the step screen.
    fn go_to_beam(&mut self, desk: &mut Desk) {
        let Some(node) = self.selected_node(desk) else {
            desk.notice = Some("This was pruned and is not in the tree: there is nothing to go to.".into());
            return;
        };
        desk.go_to(node);
    }

    /// The node at the end of the selected text; None where it was pruned.
    fn selected_node(&self, desk: &Desk) -> Option<NodeId> {
        let view = &self.view;
        let at = self.selected(desk.focus);
        let node = match desk.focus {
            PanelId::Round => {
                let candidate = view.candidates.get(at)?.candidate;
                let tree = desk.walk.session.as_ref()?.tree();
                tree.get(candidate.parent).filter(|_| candidate.fate != Fate::Pruned)?;
                tree.find_child(candidate.parent, candidate.token)?
            }
            PanelId::Finished => view.finished.get(at)?.node,
            PanelId::Winner => view.beside.get(at)?.node,
            _ => view.beams.get(at)?.node,
        };
        desk.walk.session.as_ref()?.tree().get(node).map(|_| node)
    }

    fn set_beam_width(&mut self, width: usize, desk: &mut Desk) {
        let width = width.clamp(1, BeamSettings::MOST);
        let BeamSettings { length_penalty, early_stop, .. } = self.settings;
        let settings = BeamSettings { length_penalty, early_stop, ..BeamSettings::of_width(width) };
        let beams = match width {
            1 => "1 beam: greedy decoding".to_owned(),
            width => format!("{width} beams, {} candidates each", settings.candidates),
        };
        self.search_with(settings, &beams, desk);
    }

    fn set_length_penalty(&mut self, alpha: f64, desk: &mut Desk) {
        // In whole steps, so that many of them do not leave a trail of digits.
        let alpha = (alpha / PENALTY_STEP).round().clamp(0.0, MOST_PENALTY / PENALTY_STEP) * PENALTY_STEP;
        let what = match alpha {
            0.0 => "No length penalty".to_owned(),
            alpha => format!("Length penalty α {alpha:.1}"),
        };
        self.search_with(BeamSettings { length_penalty: alpha, ..self.settings }, &what, desk);
    }

    fn next_early_stop(&mut self, desk: &mut Desk) {
        let (early_stop, what) = match self.settings.early_stop {
            EarlyStop::Never => (EarlyStop::Certain, "Stops early when no beam can beat the best text"),
            EarlyStop::Certain => (EarlyStop::First, "Stops early with the first finished text"),
            EarlyStop::First => (EarlyStop::Never, "Runs until every beam has ended"),
        };
        self.search_with(BeamSettings { early_stop, ..self.settings }, what, desk);
    }

    /// Does the search again with other settings, as many rounds of it.
    fn search_with(&mut self, settings: BeamSettings, what: &str, desk: &mut Desk) {
        if settings == self.settings {
            desk.say(format!("{what}: that is the limit."));
            return;
        }
        desk.say(format!("{what}: the search started over."));
        let rounds = self.rounds_to_come();
        self.settings = settings;
        self.redo_rounds(rounds, desk);
    }

    /// Continuations together with those of the same beam, or the best first; the same one stays selected.
    fn sort_beams(&mut self, desk: &mut Desk) {
        if self.view.candidates.is_empty() {
            return desk.say("There are no continuations to sort yet.");
        }
        let selected = self.view.candidates.get(self.selected(PanelId::Round));
        let selected = selected.map(|row| (row.candidate.beam, row.candidate.token));
        self.ranked = !self.ranked;
        self.view.sort_candidates(self.ranked);
        let same = |row: &super::RoundRow| selected == Some((row.candidate.beam, row.candidate.token));
        let at = self.view.candidates.iter().position(same);
        self.select_in_beam(PanelId::Round, at.unwrap_or(0));
    }

    /// What Escape closes here; false if there is nothing.
    fn closes_in_beam(&mut self, desk: &mut Desk) -> bool {
        self.at.take().is_some() || desk.return_to(PanelId::Beam)
    }
}
