//! The seeds screen: one setting, many seeds, on the tree of the step screen.
//!
//! The seeds begin where the step screen's prompt ends, under its settings. When a setting is changed they start again and
//! walk as far as they had, so that it can be seen how the shares change.

mod actions;
#[cfg(test)]
mod tests;

use std::{collections::HashSet, sync::Arc};

use super::{Effect, PanelId, State};
use crate::{
    decode::{
        Cursor, StopRules,
        forest::{Ending, Forest, Fork, Stretch},
    },
    engine::llama::CacheLayout,
    tree::NodeId,
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
    pub(super) small_panel: PanelId,
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

    /// The heads of the walks: what may not be pruned.
    pub fn heads(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.forest.iter().flat_map(Forest::heads)
    }

    pub(super) fn forest_mut(&mut self) -> Option<&mut Forest> {
        self.forest.as_mut()
    }

    /// Takes back the steps that were asked for and not taken yet.
    pub(super) fn pause(&mut self) {
        if let Some(forest) = &mut self.forest {
            forest.pause();
            self.asked = forest.length();
        }
    }

    /// Lets go of the tree; how many seeds there are to be is kept for the next.
    pub(super) fn leave_tree(&mut self) {
        *self = Self { count: self.count, small_panel: self.small_panel, ..Self::default() };
    }
}

impl State {
    /// Plants the forest, if there is a prompt and it is not there, or is one of other settings or stop conditions.
    pub(super) fn make_forest(&mut self) {
        let rules = self.forest_rules();
        let fits = |forest: &Forest| {
            *forest.settings() == self.desk.hand.sampling && *forest.cursor().rules() == rules
        };
        if !self.rooms.seeds.forest.as_ref().is_some_and(fits) {
            self.plant();
        }
    }

    /// The stop conditions of the seeds, which have no clock of their own.
    fn forest_rules(&self) -> StopRules {
        StopRules { max_time: None, ..self.rules() }
    }

    /// How many seeds can walk so many steps at the same time, each with its path in the KV cache: as many as it has
    /// sequences for, and cells.
    fn width_for(&self, steps: usize) -> usize {
        let (Some(ready), Some(session)) = (self.ready(), &self.desk.walk.session) else { return 1 };
        // A path of a model with a recurrent state cannot be copied in part: it has one.
        let sequences = if ready.info.file.is_recurrent() {
            1
        } else {
            self.desk.engines.loading.sequences.max(1) as usize
        };
        if ready.layout == CacheLayout::Apart {
            return sequences;
        }
        let steps = steps.min(self.rules().max_tokens.unwrap_or(usize::MAX)).max(1);
        // The cells are for all, and the prompt's are shared.
        let cells = session.context().saturating_sub(session.path().prompt_len());
        (cells / steps).clamp(1, sequences)
    }

    /// Has all seeds begin at the prompt's end, under the present settings, and walk as far as they were asked to.
    fn plant(&mut self) {
        let width = self.width_for(self.rooms.seeds.asked);
        let rules = self.forest_rules();
        let settings = self.desk.hand.sampling.clone();
        let Some(session) = &mut self.desk.walk.session else { return };
        let (vocabulary, context) = (Arc::clone(session.vocabulary()), session.context());
        let prompt = session.path().prompt_tokens().to_vec();
        match Cursor::new(session.tree_mut(), vocabulary, prompt, settings, rules, context) {
            Ok(cursor) => {
                let mut forest = Forest::new(cursor, COUNTS[self.rooms.seeds.count], width);
                forest.ask(self.rooms.seeds.asked);
                self.rooms.seeds.forest = Some(forest);
            }
            Err(error) => {
                self.rooms.seeds.forest = None;
                self.desk.notice = Some(error.to_string());
            }
        }
        self.rooms.seeds.shown = None;
        self.desk.stale = true;
    }

    /// Whether seeds have steps to take for which nothing has to be evaluated.
    pub(super) fn seeds_walk(&self) -> bool {
        self.desk.screen == super::Screen::Seeds && self.rooms.seeds.walks
    }

    /// The nodes that the seeds need next.
    pub(super) fn wanted_by_seeds(&mut self, limit: usize) -> Vec<NodeId> {
        let (Some(session), Some(forest)) = (&mut self.desk.walk.session, &mut self.rooms.seeds.forest)
        else {
            return Vec::new();
        };
        let tree = session.tree_mut();
        let nodes = match forest.advance_known(tree, STEPS_A_FRAME) {
            Ok(true) => {
                self.rooms.seeds.walks = true;
                self.desk.stale = true;
                return Vec::new();
            }
            Ok(false) => forest.wanted(tree, limit),
            Err(error) => Err(error),
        };
        self.rooms.seeds.walks = false;
        let nodes = match nodes {
            Ok(nodes) => nodes,
            Err(error) => {
                self.rooms.seeds.pause();
                self.fail("The seeds cannot go on", error.to_string());
                return Vec::new();
            }
        };
        self.desk.stale = true;
        if self.rooms.seeds.all_ended() {
            self.desk.play.pause();
            // Begun again they walk as far as they came.
            self.rooms.seeds.pause();
        }
        if !nodes.is_empty() || self.desk.engines.prefill.is_some() {
            return nodes;
        }
        // A new prompt is read at once.
        let prompt = self.rooms.seeds.forest.as_ref().and_then(|forest| forest.cursor().path().head());
        prompt.into_iter().collect()
    }

    /// One token more for every seed; at full speed all that are to come.
    pub(super) fn step_seeds(&mut self) -> Vec<Effect> {
        if self.rooms.seeds.all_ended() {
            self.desk.play.pause();
            self.desk.notice = Some("Every seed has ended. Restart to begin at the prompt again.".into());
            return Vec::new();
        }
        // In lockstep a path whose cells were given to another is evaluated from its fork at every token; walked to its
        // end before others are taken up, it is not.
        let whole = self.desk.play.playing() && self.desk.play.at_full_speed();
        let steps =
            if whole { self.desk.walk.session.as_ref().map_or(1, |session| session.context()) } else { 1 };
        let width = self.width_for(steps);
        let Some(forest) = &mut self.rooms.seeds.forest else { return self.say_no_prompt() };
        forest.set_width(width);
        forest.ask(steps);
        self.rooms.seeds.asked = self.rooms.seeds.asked.saturating_add(steps).min(forest.cursor().context());
        self.desk.revision += 1;
        self.want()
    }

    /// Brings what is shown in line with the forest.
    pub(super) fn prepare_seeds(&mut self) {
        let seeds = &mut self.rooms.seeds;
        let (Some(session), Some(forest)) = (&self.desk.walk.session, &seeds.forest) else {
            seeds.rows.clear();
            seeds.forks.clear();
            seeds.endings.clear();
            seeds.shown = None;
            return;
        };
        let tree = session.tree();
        // Each of them is a walk over all that the seeds wrote.
        let known = seeds.shown.as_ref();
        if known.is_none_or(|(changes, folded)| *changes != forest.changes() || *folded != seeds.folded) {
            seeds.rows = forest.stretches(tree, &seeds.folded);
            seeds.forks = forest.forks(tree);
            seeds.endings = forest.endings();
            seeds.shown = Some((forest.changes(), seeds.folded.clone()));
        }
        // Where what was selected is folded away or gone, it is the nearest row above it, else the prompt's.
        let up = |&node: &NodeId| tree.get(node).and_then(|node| node.parent);
        let row = |node: NodeId| seeds.rows.iter().position(|row| row.nodes.contains(&node));
        let found = std::iter::successors(seeds.selected, up).find_map(|node| Some((node, row(node)?)));
        seeds.selected = found.map(|(node, _)| node);
        seeds.row = found.map_or(0, |(_, row)| row);
    }
}
