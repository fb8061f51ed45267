//! The seeds screen: one setting, many seeds, on the tree of the step screen.
//!
//! The seeds begin where the step screen's prompt ends, under its settings. When a setting is changed they start again and
//! walk as far as they had, so that it can be seen how the shares change.

mod actions;
mod glance;
#[cfg(test)]
mod tests;

use std::{collections::HashSet, sync::Arc};

use super::{Desk, Flow, Hit, PanelId, Room};
use crate::{
    decode::{
        Cursor, StopRules,
        forest::{Ending, Forest, Fork, Stretch},
    },
    engine::llama::CacheLayout,
    keymap::{Action, Context},
    sampling::{SamplingSettings, StageTrace},
    settings::MAX_SEQUENCES,
    tree::{Evaluation, NodeId},
};

/// How many seeds there can be on the screen.
const COUNTS: [usize; 6] = [8, 16, 32, 64, 128, Forest::MOST];
/// Steps that seeds take between two looks at the keys, where nothing has to be evaluated for them.
const STEPS_A_FRAME: usize = 64;
/// How many there are unless somebody has chosen, an index into [`COUNTS`].
const USUAL: usize = 2;

/// Many seeds of one setting, and what of them is looked at.
pub struct Seeds {
    forest: Option<Forest>,
    /// How many seeds there are to be, an index into [`COUNTS`].
    count: usize,
    /// Tokens that every seed was asked for since the forest was planted.
    asked: usize,
    /// Whether there are steps left to take for which nothing has to be evaluated.
    walks: bool,
    /// What the rows, forks and endings were made of: changes of the forest, and what was folded. None where they have to be made
    /// anew.
    shown: Option<(usize, HashSet<NodeId>)>,
    rows: Vec<Stretch>,
    /// Rows with something below them that is hidden, by their last node.
    folded: HashSet<NodeId>,
    /// The last node of the selected row.
    selected: Option<NodeId>,
    /// Its row, an index.
    row: usize,
    forks: Vec<Fork>,
    /// The node of the selected fork.
    fork: Option<NodeId>,
    endings: Vec<Ending>,
    /// A seed that came to the selected ending, an index.
    ending: Option<usize>,
    /// The panel in the place that small screens share.
    small_panel: PanelId,
}

impl Default for Seeds {
    fn default() -> Self {
        Self {
            forest: None,
            count: USUAL,
            asked: 0,
            walks: false,
            shown: None,
            rows: Vec::new(),
            folded: HashSet::new(),
            selected: None,
            row: 0,
            forks: Vec::new(),
            fork: None,
            endings: Vec::new(),
            ending: None,
            small_panel: PanelId::Forks,
        }
    }
}

impl Seeds {
    /// The seeds and their walks; None before there is a prompt.
    #[must_use]
    pub fn forest(&self) -> Option<&Forest> {
        self.forest.as_ref()
    }

    /// What they walked, each row before those below it.
    #[must_use]
    pub fn rows(&self) -> &[Stretch] {
        &self.rows
    }

    /// The selected row, an index.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.row
    }

    /// Where they part, the most critical first.
    #[must_use]
    pub fn forks(&self) -> &[Fork] {
        &self.forks
    }

    /// The selected fork, an index.
    #[must_use]
    pub fn selected_fork(&self) -> usize {
        self.fork.and_then(|node| self.forks.iter().position(|fork| fork.node == node)).unwrap_or(0)
    }

    /// Their texts, those that have ended first, and of each those of most seeds.
    #[must_use]
    pub fn endings(&self) -> &[Ending] {
        &self.endings
    }

    /// The selected text, an index.
    #[must_use]
    pub fn selected_ending(&self) -> usize {
        let of = |seed| self.endings.iter().position(|ending| ending.seeds.contains(&seed));
        self.ending.and_then(of).unwrap_or(0)
    }

    /// The panel in the place that small screens share.
    #[must_use]
    pub fn small_panel(&self) -> PanelId {
        self.small_panel
    }

    /// Whether all seeds have ended.
    #[must_use]
    pub fn all_ended(&self) -> bool {
        self.forest.as_ref().is_some_and(|forest| forest.ended() == forest.len())
    }

    /// Takes back the steps that were asked for and not taken yet.
    fn take_back(&mut self) {
        if let Some(forest) = &mut self.forest {
            forest.pause();
            self.asked = forest.length();
        }
    }

    /// Lets go of the tree; how many seeds there are to be is kept for the next.
    fn let_go(&mut self) {
        *self = Self { count: self.count, small_panel: self.small_panel, ..Self::default() };
    }
}

impl Seeds {
    /// Plants the forest, if there is a prompt and it is not there, or is one of other settings or stop conditions.
    pub(super) fn make_forest(&mut self, desk: &mut Desk) {
        let rules = Self::forest_rules(desk);
        let fits =
            |forest: &Forest| *forest.settings() == desk.hand.sampling && *forest.cursor().rules() == rules;
        if !self.forest.as_ref().is_some_and(fits) {
            self.plant(desk);
        }
    }

    /// The stop conditions of the seeds, which have no clock of their own.
    fn forest_rules(desk: &Desk) -> StopRules {
        StopRules { max_time: None, ..desk.rules() }
    }

    /// How many seeds can walk so many steps at the same time, each with its path in the KV cache: as many as it has
    /// sequences for, and cells.
    fn width_for(steps: usize, desk: &Desk) -> usize {
        let (Some(ready), Some(session)) = (desk.ready(), &desk.walk.session) else { return 1 };
        // A path of a model with a recurrent state cannot be copied in part: it has one.
        let sequences = if ready.info.is_recurrent() {
            1
        } else if ready.info.server.is_some() {
            // It keeps the paths itself; as many go out together as there are seeds.
            MAX_SEQUENCES as usize
        } else {
            desk.engines.main().loading.sequences.max(1) as usize
        };
        if ready.layout == CacheLayout::Apart {
            return sequences;
        }
        let steps = steps.min(desk.rules().max_tokens.unwrap_or(usize::MAX)).max(1);
        // The cells are for all, and the prompt's are shared.
        let cells = session.context().saturating_sub(session.path().prompt_len());
        (cells / steps).clamp(1, sequences)
    }

    /// Has all seeds begin at the prompt's end, under the present settings, and walk as far as they were asked to.
    fn plant(&mut self, desk: &mut Desk) {
        let width = Self::width_for(self.asked, desk);
        let rules = Self::forest_rules(desk);
        let settings = desk.hand.sampling.clone();
        let Some(session) = &mut desk.walk.session else { return };
        let (vocabulary, context) = (Arc::clone(session.vocabulary()), session.context());
        let prompt = session.path().prompt_tokens().to_vec();
        match Cursor::new(session.tree_mut(), vocabulary, prompt, settings, rules, context) {
            Ok(cursor) => {
                let mut forest = Forest::new(cursor, COUNTS[self.count], width);
                forest.ask(self.asked);
                self.forest = Some(forest);
            }
            Err(error) => {
                self.forest = None;
                desk.say(error.to_string());
            }
        }
        self.shown = None;
        desk.stale = true;
    }

    /// The nodes that the seeds need next.
    pub(super) fn wanted_by_seeds(&mut self, limit: usize, desk: &mut Desk) -> Vec<NodeId> {
        let (Some(session), Some(forest)) = (&mut desk.walk.session, &mut self.forest) else {
            return Vec::new();
        };
        let tree = session.tree_mut();
        let nodes = match forest.advance_known(tree, STEPS_A_FRAME) {
            Ok(true) => {
                self.walks = true;
                desk.stale = true;
                return Vec::new();
            }
            Ok(false) => forest.wanted(tree, limit),
            Err(error) => Err(error),
        };
        self.walks = false;
        let nodes = match nodes {
            Ok(nodes) => nodes,
            Err(error) => {
                self.take_back();
                desk.fail("The seeds cannot continue", error.to_string());
                return Vec::new();
            }
        };
        desk.stale = true;
        if self.all_ended() {
            desk.play.pause();
            // Begun again they walk as far as they came.
            self.take_back();
        }
        if !nodes.is_empty() || desk.engines.main().prefill.is_some() {
            return nodes;
        }
        // A new prompt is read at once.
        let prompt = self.forest.as_ref().and_then(|forest| forest.cursor().path().head());
        prompt.into_iter().collect()
    }

    /// One token more for every seed; at full speed all that are to come.
    pub(super) fn step_seeds(&mut self, desk: &mut Desk) {
        if self.all_ended() {
            desk.play.pause();
            desk.say_with_keys(
                Context::Seeds,
                "Every seed has stopped. {restart} starts over from the prompt.",
            );
            return;
        }
        // In lockstep a path whose cells were given to another is evaluated from its fork at every token; walked to its
        // end before others are taken up, it is not.
        let whole = desk.play.playing() && desk.play.at_full_speed();
        let steps = if whole { desk.walk.session.as_ref().map_or(1, |session| session.context()) } else { 1 };
        let width = Self::width_for(steps, desk);
        let Some(forest) = &mut self.forest else { return desk.say_no_path() };
        forest.set_width(width);
        forest.ask(steps);
        self.asked = self.asked.saturating_add(steps).min(forest.cursor().context());
    }

    /// Brings what is shown in line with the forest.
    pub(super) fn prepare_seeds(&mut self, desk: &mut Desk) {
        let (Some(session), Some(forest)) = (&desk.walk.session, &self.forest) else {
            self.rows.clear();
            self.forks.clear();
            self.endings.clear();
            self.shown = None;
            return;
        };
        let tree = session.tree();
        // Each of them is a walk over all that the seeds wrote.
        let known = self.shown.as_ref();
        if known.is_none_or(|(changes, folded)| *changes != forest.changes() || *folded != self.folded) {
            self.rows = forest.stretches(tree, &self.folded);
            self.forks = forest.forks(tree);
            self.endings = forest.endings();
            self.shown = Some((forest.changes(), self.folded.clone()));
        }
        // Where what was selected is folded away or gone, it is the nearest row above it, else the prompt's.
        let up = |&node: &NodeId| tree.get(node).and_then(|node| node.parent);
        let row = |node: NodeId| self.rows.iter().position(|row| row.nodes.contains(&node));
        let found = std::iter::successors(self.selected, up).find_map(|node| Some((node, row(node)?)));
        self.selected = found.map(|(node, _)| node);
        self.row = found.map_or(0, |(_, row)| row);
    }
}

/// The panels, in tab order.
const PANELS: [PanelId; 4] = [PanelId::Seeds, PanelId::Forks, PanelId::Endings, PanelId::Sampling];

impl Room for Seeds {
    fn panels(&self) -> &'static [PanelId] {
        &PANELS
    }

    fn context(&self, _desk: &Desk) -> Context {
        Context::Seeds
    }

    fn enter(&mut self, desk: &mut Desk) {
        self.make_forest(desk);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        self.action(action, desk)
    }

    fn press(&mut self, hit: Hit, _again: bool, desk: &mut Desk) -> Flow {
        let Hit::Row(panel, row) = hit else { return Flow::Pass };
        self.press_in_seeds(panel, row, desk);
        Flow::Done
    }

    fn wheel(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        let Hit::Row(panel, _) = hit else { return Flow::Pass };
        self.move_in_seeds(panel, 3 * rows, desk);
        Flow::Done
    }

    fn step(&mut self, desk: &mut Desk) {
        self.step_seeds(desk);
    }

    fn queued(&self) -> usize {
        self.forest.as_ref().map_or(0, Forest::due)
    }

    fn ignores(&self, action: Action) -> bool {
        matches!(action, Action::Search | Action::SameSeed)
    }

    fn light(&mut self, panel: PanelId, desk: &mut Desk) {
        if PANELS.contains(&panel) {
            self.focus_in_seeds(panel, desk);
        }
    }

    fn glance(&self, desk: &Desk) -> Option<minijinja::Value> {
        self.glance_at_seeds(desk)
    }

    fn wants(&mut self, desk: &mut Desk, limit: usize) -> Vec<NodeId> {
        self.wanted_by_seeds(limit, desk)
    }

    fn absorb(&mut self, node: NodeId, evaluation: Evaluation, desk: &mut Desk) -> Result<(), String> {
        let (Some(session), Some(forest)) = (&mut desk.walk.session, &mut self.forest) else { return Ok(()) };
        forest.absorb(session.tree_mut(), node, evaluation).map_err(|error| error.to_string())
    }

    fn is_busy(&self) -> bool {
        self.walks
    }

    fn prepare(&mut self, desk: &mut Desk) {
        self.prepare_seeds(desk);
    }

    fn pause(&mut self) {
        self.take_back();
    }

    fn leave_tree(&mut self) {
        self.let_go();
    }

    fn heads(&self) -> Vec<NodeId> {
        self.forest.iter().flat_map(Forest::heads).collect()
    }

    fn has_ended(&self, _desk: &Desk) -> bool {
        self.all_ended()
    }

    fn set_settings(&mut self, settings: SamplingSettings, desk: &mut Desk) {
        if desk.set_sampling(settings) {
            self.seeds_follow_settings(desk);
        }
    }

    /// Seeds are at many places, each with stages of its own.
    fn stages<'a>(&'a self, _desk: &'a Desk) -> &'a [StageTrace] {
        &[]
    }
}
