//! The beam screen: beam search, round by round, on the tree of the step screen, its best text beside greedy decoding
//! and a sample.
//!
//! Greedy decoding and the sample get a token a round. Once the search is over, steps go on with them to their end.

mod actions;
mod glance;
#[cfg(test)]
mod tests;
mod text;
mod view;

use std::sync::Arc;

pub use text::BeamText;
pub use view::{BeamBeside, BeamRow, BeamView, RoundRow};

use super::{Desk, Flow, Hit, PanelId, Room};
use crate::{
    decode::{
        CursorError, StopRules,
        beam::{BeamError, BeamSearch, BeamSettings, beside},
        lanes::{LaneError, Lanes, Which},
    },
    keymap::{Action, Context},
    tree::{Evaluation, NodeId, Tree},
};

/// The panels, in tab order.
const PANELS: [PanelId; 4] = [PanelId::Beam, PanelId::Round, PanelId::Finished, PanelId::Winner];

/// A beam search, and what of it is looked at.
#[derive(Default)]
pub struct Beam {
    settings: BeamSettings,
    search: Option<BeamSearch>,
    /// Greedy decoding, then a sample with the settings of the step screen.
    beside: Option<Lanes>,
    /// Rounds that the search is to have done, and tokens that greedy decoding and the sample are to have.
    asked: usize,
    /// Rounds that were done before something was changed, and are done again.
    redo: usize,
    /// The round that is looked at, 1 the first; None for the newest.
    at: Option<usize>,
    /// Whether continuations stand the best first, not together with those of the same beam.
    ranked: bool,
    /// The selected row of each panel, in the order of [`PANELS`].
    selected: [usize; PANELS.len()],
    view: BeamView,
}

impl Beam {
    /// What was set about the search.
    #[must_use]
    pub fn settings(&self) -> &BeamSettings {
        &self.settings
    }

    /// The search; None before there is a prompt.
    #[must_use]
    pub fn search(&self) -> Option<&BeamSearch> {
        self.search.as_ref()
    }

    /// What is shown.
    #[must_use]
    pub fn view(&self) -> &BeamView {
        &self.view
    }

    /// Whether continuations stand the best first, not together with those of the same beam.
    #[must_use]
    pub fn is_ranked(&self) -> bool {
        self.ranked
    }

    /// The selected row of a panel; 0 where it has none.
    #[must_use]
    pub fn selected(&self, panel: PanelId) -> usize {
        let selected = place(panel).map_or(0, |place| self.selected[place]);
        selected.min(self.view.rows(panel).saturating_sub(1))
    }

    /// Whether nothing goes on any more: the search, greedy decoding and the sample have come to their end.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let search = self.search.as_ref().is_some_and(BeamSearch::is_over);
        search && !self.beside.as_ref().is_some_and(Lanes::running)
    }

    /// Stores a node's distribution, and moves what waits for its logits before others can push them out of memory.
    fn take_in(&mut self, tree: &mut Tree, node: NodeId, evaluation: Evaluation) -> Result<(), LaneError> {
        let Some(lanes) = &mut self.beside else {
            tree.store(node, evaluation);
            return Ok(());
        };
        match lanes.absorb(tree, node, evaluation) {
            // The search, or the next step, meets the same and says so.
            Err(LaneError::Cursor { source: CursorError::TreeFull(_), .. }) => Ok(()),
            result => result,
        }
    }

    /// Takes back the rounds that were asked for and not done yet.
    fn take_back(&mut self) {
        let Some(search) = &mut self.search else { return };
        search.pause();
        self.asked = search.done();
        if let Some(lanes) = &mut self.beside {
            lanes.pause();
            if search.is_over() {
                self.asked = tokens(lanes).fold(self.asked, usize::max);
            }
        }
        // Rounds that are done again were there before: they come whatever happens.
        if self.redo > self.asked && !search.is_over() {
            search.ask(self.redo - self.asked);
            self.asked = self.redo;
            self.ask_beside();
        }
    }

    /// The rounds that were done or will be, as far as the search and the texts beside it go.
    fn rounds_to_come(&self) -> usize {
        let Some(search) = self.search.as_ref().filter(|_| self.is_over()) else { return self.asked };
        self.beside.iter().flat_map(tokens).fold(search.done(), usize::max)
    }

    /// Lets go of the tree; what was set stays.
    fn let_go(&mut self) {
        *self = Self { settings: self.settings, ranked: self.ranked, ..Self::default() };
    }

    /// Has greedy decoding and the sample go on to as many tokens as rounds are asked for.
    fn ask_beside(&mut self) {
        let Some(lanes) = &mut self.beside else { return };
        lanes.pause();
        let missing: Vec<usize> = tokens(lanes).map(|tokens| self.asked.saturating_sub(tokens)).collect();
        for (lane, steps) in missing.into_iter().enumerate() {
            lanes.ask(Which::One(lane), steps);
        }
    }
}

/// Where a panel stands among those of the screen.
fn place(panel: PanelId) -> Option<usize> {
    PANELS.iter().position(|&other| other == panel)
}

/// The tokens that each lane has generated.
fn tokens(lanes: &Lanes) -> impl Iterator<Item = usize> + '_ {
    lanes.lanes().iter().map(|lane| lane.cursor().path().generated())
}

impl Beam {
    /// Makes the search, if there is a prompt and it is not there; under other stop conditions again, to as many rounds.
    pub(super) fn make_search(&mut self, desk: &mut Desk) {
        let rules = Self::beam_rules(desk);
        let others = self.search.as_ref().is_some_and(|search| *search.rules() != rules);
        if others || self.search.is_none() {
            self.begin_beams(self.rounds_to_come(), desk);
        }
        if others || self.beside.is_none() {
            self.begin_beside(desk);
        }
    }

    /// The stop conditions of the search and of what stands beside it.
    fn beam_rules(desk: &Desk) -> StopRules {
        desk.rules().of_the_text()
    }

    /// Begins the search anew from the prompt and asks for so many rounds. Where they were done before, nothing has to be
    /// evaluated for them: the tree keeps what it needs.
    fn begin_beams(&mut self, rounds: usize, desk: &mut Desk) {
        let rules = Self::beam_rules(desk);
        let Some(session) = &mut desk.walk.session else { return };
        let prompt = session.path().prompt_tokens().to_vec();
        let (vocabulary, context) = (Arc::clone(session.vocabulary()), session.context());
        let settings = self.settings;
        match BeamSearch::new(session.tree_mut(), vocabulary, &prompt, settings, rules, context) {
            Ok(mut search) => {
                search.ask(rounds);
                self.search = Some(search);
                self.asked = rounds;
                self.redo = rounds;
            }
            Err(error) => desk.notice = Some(error.to_string()),
        }
        self.at = None;
        self.selected = Default::default();
        desk.stale = true;
    }

    /// Begins greedy decoding and the sample anew, and asks for as many tokens as there are rounds.
    fn begin_beside(&mut self, desk: &mut Desk) {
        let rules = Self::beam_rules(desk);
        let Some(session) = &mut desk.walk.session else { return };
        let prompt = session.path().prompt_tokens().to_vec();
        let (vocabulary, context) = (Arc::clone(session.vocabulary()), session.context());
        match beside(session.tree_mut(), vocabulary, &prompt, &desk.hand.sampling, &rules, context) {
            Ok(lanes) => self.beside = Some(lanes),
            Err(error) => desk.notice = Some(error.to_string()),
        }
        self.ask_beside();
        desk.stale = true;
    }

    /// Takes another sample where the settings have changed since.
    fn renew_sample(&mut self, desk: &mut Desk) {
        let sample = self.beside.as_ref().and_then(|lanes| lanes.lanes().last());
        if sample.is_some_and(|sample| *sample.cursor().settings() != desk.hand.sampling) {
            self.begin_beside(desk);
        }
    }

    /// The nodes that the search needs next, and those that greedy decoding and the sample do.
    pub(super) fn wanted_by_beam(&mut self, limit: usize, desk: &mut Desk) -> Vec<NodeId> {
        self.renew_sample(desk);
        let Beam { search: Some(search), beside, .. } = self else { return Vec::new() };
        let Some(session) = &mut desk.walk.session else { return Vec::new() };
        let tree = session.tree_mut();
        desk.stale = true;
        let mut nodes = match search.wanted(tree, limit) {
            Ok(nodes) => nodes,
            Err(error) => return self.search_stops(&error, desk),
        };
        // The prompt is read before anybody asks for a round.
        if search.done() == 0 && nodes.is_empty() {
            let unread =
                search.live().iter().map(|beam| beam.node).filter(|&node| tree.summary(node).is_none());
            nodes.extend(unread);
        }
        if let Some(lanes) = beside {
            match lanes.wanted(tree, limit) {
                Ok(others) => {
                    let further: Vec<_> = others.into_iter().filter(|node| !nodes.contains(node)).collect();
                    nodes.extend(further);
                    nodes.truncate(limit.max(1));
                }
                Err(error) => self.beside_stops(&error, desk),
            }
        }
        if nodes.is_empty() && self.is_over() {
            desk.play.pause();
        }
        nodes
    }

    fn search_stops(&mut self, error: &BeamError, desk: &mut Desk) -> Vec<NodeId> {
        self.redo = 0;
        desk.pause_all();
        match error {
            BeamError::Full(full) => desk.notice = Some(full.to_string()),
            error => desk.fail("The search cannot continue", error.to_string()),
        }
        Vec::new()
    }

    /// Settings that leave nothing to draw end the sample: the search has no part in them and goes on.
    fn beside_stops(&mut self, error: &LaneError, desk: &mut Desk) {
        if let Some(lanes) = &mut self.beside {
            lanes.pause();
        }
        if self.search.as_ref().is_some_and(BeamSearch::is_over) {
            desk.play.pause();
        }
        desk.say(error.to_string());
    }

    /// One round more; once the search is over, one token more for greedy decoding and the sample.
    pub(super) fn step_beam(&mut self, desk: &mut Desk) {
        if self.is_over() {
            desk.play.pause();
            desk.say_with_keys(Context::Beam, "The search is over. {back} goes back through its rounds.");
            return;
        }
        let Some(search) = &mut self.search else { return };
        if !search.is_over() {
            search.ask(1);
        }
        let most = desk.walk.session.as_ref().map_or(0, |session| session.context());
        self.asked = (self.asked + 1).min(most);
        self.ask_beside();
        self.at = None;
        desk.stale = true;
    }
}

impl Room for Beam {
    fn panels(&self) -> &'static [PanelId] {
        &PANELS
    }

    fn context(&self, _desk: &Desk) -> Context {
        Context::Beam
    }

    fn enter(&mut self, desk: &mut Desk) {
        self.make_search(desk);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        self.action(action, desk)
    }

    fn press(&mut self, hit: Hit, _again: bool, desk: &mut Desk) -> Flow {
        let Hit::Row(panel, row) = hit else { return Flow::Pass };
        self.press_beam(panel, row, desk);
        Flow::Done
    }

    fn wheel(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        let (Hit::Row(panel, _) | Hit::Panel(panel)) = hit else { return Flow::Pass };
        self.wheel_beam(panel, rows, desk);
        Flow::Done
    }

    fn step(&mut self, desk: &mut Desk) {
        self.step_beam(desk);
    }

    fn queued(&self) -> usize {
        self.search.as_ref().map_or(0, BeamSearch::due)
    }

    fn ignores(&self, action: Action) -> bool {
        use Action::{FocusSampling, FocusText, Reroll, SameSeed, Search};
        matches!(action, FocusText | FocusSampling | Search | Reroll | SameSeed)
    }

    fn glance(&self, desk: &Desk) -> Option<minijinja::Value> {
        self.glance_at_beams(desk)
    }

    fn wants(&mut self, desk: &mut Desk, limit: usize) -> Vec<NodeId> {
        self.wanted_by_beam(limit, desk)
    }

    fn absorb(&mut self, node: NodeId, evaluation: Evaluation, desk: &mut Desk) -> Result<(), String> {
        let Some(session) = &mut desk.walk.session else { return Ok(()) };
        self.take_in(session.tree_mut(), node, evaluation).map_err(|error| error.to_string())
    }

    fn prepare(&mut self, desk: &mut Desk) {
        self.prepare_beam(desk);
    }

    fn pause(&mut self) {
        self.take_back();
    }

    fn leave_tree(&mut self) {
        self.let_go();
    }

    fn heads(&self) -> Vec<NodeId> {
        let beams = self.search.iter().flat_map(BeamSearch::heads);
        beams.chain(self.beside.iter().flat_map(Lanes::heads)).collect()
    }

    fn has_ended(&self, _desk: &Desk) -> bool {
        self.is_over()
    }
}
