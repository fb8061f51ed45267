//! The compare screen: lanes side by side on the tree of the step screen, in lockstep.
//!
//! The lanes begin where the step screen's prompt ends and share its tree, so that as long as they choose the same
//! tokens they share every evaluation.

mod actions;
mod chooser;
mod own;
#[cfg(test)]
mod tests;
mod view;
mod what_if;

use std::sync::Arc;

pub use chooser::{LaneChooser, SweepRange};
pub use own::Own;
pub use view::{Beside, BesideRow, Chance, LaneView};
pub use what_if::WhatIf;

use super::{Effect, State, Transcript};
use crate::{
    decode::lanes::{Differing, Lane, LaneError, LaneSetup, Lanes, Seeds, Which},
    engine::{PromptText, worker::Ticket},
    sampling::{SamplingSettings, diff},
    tree::NodeId,
};

/// Temperatures of the lanes that stand there when nobody has chosen any: certain, as it is set, wild.
const CERTAIN: f32 = 0.0;
const WILD: f32 = 1.5;

/// What a lane is called whose settings nobody has named.
const OWN: &str = "own";

/// A lane that is to be made.
struct NewLane {
    name: String,
    settings: SamplingSettings,
    own: Own,
}

impl NewLane {
    /// One that has its settings alone.
    fn of(name: impl Into<String>, settings: SamplingSettings) -> Self {
        Self { name: name.into(), settings, own: Own::default() }
    }
}

/// Lanes side by side, and what of them is looked at.
#[derive(Default)]
pub struct Compare {
    lanes: Option<Lanes>,
    /// What each lane has of its own, in the order of the lanes.
    own: Vec<Own>,
    /// The prompt whose tokens are asked for.
    asked: Option<(Ticket, PromptText)>,
    /// What the lanes were, for those on the next prompt.
    kept: Vec<NewLane>,
    /// The lane in focus.
    focus: usize,
    /// The lane it is compared with.
    other: usize,
    /// Whether keys move the lane in focus alone.
    alone: bool,
    seeds: Seeds,
    /// The preset that the focused lane's settings are compared with.
    pub(super) preset: usize,
    /// Tokens of the focused lane's path before the choice that is looked at; None where the lanes part, or last agreed.
    at: Option<usize>,
    what_if: Option<WhatIf>,
    transcripts: Vec<Transcript>,
    views: Vec<LaneView>,
    differing: Vec<Differing>,
    presets: Vec<Option<usize>>,
    beside: Option<Beside>,
}

impl Compare {
    /// The lanes, in order; none before there is a prompt.
    #[must_use]
    pub fn lanes(&self) -> &[Lane] {
        self.lanes.as_ref().map_or(&[], Lanes::lanes)
    }

    /// What a lane has of its own.
    #[must_use]
    pub fn own(&self, lane: usize) -> Option<&Own> {
        self.own.get(lane)
    }

    /// Whether two lanes write on from different prompts: then there is nothing in which they could part.
    #[must_use]
    pub fn prompts_differ(&self, lane: usize, other: usize) -> bool {
        let prompt = |lane: usize| self.lanes().get(lane).map(|lane| lane.cursor().path().prompt_tokens());
        prompt(lane) != prompt(other)
    }

    /// The lane in focus, an index.
    #[must_use]
    pub fn focus(&self) -> usize {
        self.focus.min(self.lanes().len().saturating_sub(1))
    }

    /// The lane that the one in focus is compared with; None where there is only one.
    #[must_use]
    pub fn other(&self) -> Option<usize> {
        let (lanes, focus) = (self.lanes().len(), self.focus());
        match self.other.min(lanes.saturating_sub(1)) {
            _ if lanes < 2 => None,
            other if other != focus => Some(other),
            _ => Some(usize::from(focus == 0)),
        }
    }

    /// Whether keys move the lane in focus alone.
    #[must_use]
    pub fn alone(&self) -> bool {
        self.alone
    }

    /// Where the lanes' random numbers come from.
    #[must_use]
    pub fn seeds(&self) -> Seeds {
        self.seeds
    }

    /// The tokens of a lane as shown.
    #[must_use]
    pub fn transcript(&self, lane: usize) -> Option<&Transcript> {
        self.transcripts.get(lane)
    }

    /// The figures of a lane.
    #[must_use]
    pub fn view(&self, lane: usize) -> Option<&LaneView> {
        self.views.get(lane)
    }

    /// The settings in which the lanes differ.
    #[must_use]
    pub fn differing(&self) -> &[Differing] {
        &self.differing
    }

    /// The preset whose settings a lane has exactly, an index into the presets.
    #[must_use]
    pub fn preset_of(&self, lane: usize) -> Option<usize> {
        self.presets.get(lane).copied().flatten()
    }

    /// The candidates of the lane in focus beside those of another.
    #[must_use]
    pub fn beside(&self) -> Option<&Beside> {
        self.beside.as_ref()
    }

    /// What the focused lane's settings would have said, since they were changed.
    #[must_use]
    pub fn what_if(&self) -> Option<&WhatIf> {
        self.what_if.as_ref().filter(|what_if| what_if.lane() == self.focus())
    }

    /// Forward passes made for the lanes, and steps that needed none of their own.
    #[must_use]
    pub fn passes(&self) -> (usize, usize) {
        self.lanes().iter().fold((0, 0), |(paid, shared), lane| (paid + lane.paid(), shared + lane.shared()))
    }

    /// Whether a lane can still go on.
    #[must_use]
    pub fn running(&self) -> bool {
        self.lanes.as_ref().is_some_and(|lanes| match self.which() {
            Which::All => lanes.running(),
            Which::One(lane) => lanes.lanes().get(lane).is_some_and(|lane| lane.cursor().stopped().is_none()),
        })
    }

    /// The settings of the lane in focus.
    #[must_use]
    pub fn settings(&self) -> Option<&SamplingSettings> {
        Some(self.lanes().get(self.focus())?.cursor().settings())
    }

    /// The heads of the lanes: what may not be pruned.
    pub fn heads(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.lanes.iter().flat_map(Lanes::heads)
    }

    pub(super) fn lanes_mut(&mut self) -> Option<&mut Lanes> {
        self.lanes.as_mut()
    }

    fn which(&self) -> Which {
        if self.alone { Which::One(self.focus()) } else { Which::All }
    }

    /// Lets go of the tree; the lanes' settings are kept for the next.
    pub(super) fn leave_tree(&mut self) {
        let Some(lanes) = self.lanes.take() else { return };
        let kept = |(lane, own): (&Lane, &Own)| NewLane {
            name: lane.name().to_owned(),
            settings: lane.cursor().settings().clone(),
            own: own.anew(),
        };
        self.kept = lanes.lanes().iter().zip(&self.own).map(kept).collect();
        self.own.clear();
        self.asked = None;
        self.forget_sight();
        self.transcripts.clear();
        self.views.clear();
    }

    /// Looks at nothing in particular any more.
    fn forget_sight(&mut self) {
        self.at = None;
        self.what_if = None;
        self.beside = None;
    }
}

impl State {
    /// Makes the lanes, if there is a prompt and they are not there.
    pub(super) fn make_lanes(&mut self) {
        if self.desk.walk.session.is_none() || self.rooms.compare.lanes.is_some() {
            return;
        }
        let mut setups = std::mem::take(&mut self.rooms.compare.kept);
        if setups.is_empty() {
            let at = |temperature: f32| SamplingSettings { temperature, ..self.desk.hand.sampling.clone() };
            setups = vec![
                NewLane::of("certain", at(CERTAIN)),
                NewLane::of(OWN, self.desk.hand.sampling.clone()),
                NewLane::of("wild", at(WILD)),
            ];
        }
        self.set_lanes(setups);
    }

    /// These lanes in place of those that are there.
    fn set_lanes(&mut self, setups: Vec<NewLane>) {
        let Some(session) = &self.desk.walk.session else { return };
        let lanes = Lanes::new(Arc::clone(session.vocabulary()), session.context());
        self.rooms.compare.lanes = Some(lanes);
        self.rooms.compare.own.clear();
        self.rooms.compare.forget_sight();
        for setup in setups {
            if let Err(error) = self.add_lane(setup) {
                self.desk.notice = Some(error.to_string());
                break;
            }
        }
        self.rooms.compare.focus = self.rooms.compare.focus();
        self.lanes_changed();
    }

    /// Adds a lane at the end of the prompt of all lanes; where it has one of its own, it goes there once its tokens are
    /// known.
    fn add_lane(&mut self, lane: NewLane) -> Result<(), LaneError> {
        let rules = self.rules_of(&lane.own);
        let NewLane { name, settings, own } = lane;
        let (Some(session), Some(lanes)) = (&mut self.desk.walk.session, &mut self.rooms.compare.lanes)
        else {
            return Ok(());
        };
        let prompt = session.path().prompt_tokens().to_vec();
        lanes.add(session.tree_mut(), LaneSetup { name, prompt, settings, rules })?;
        self.rooms.compare.own.push(own);
        Ok(())
    }

    /// After lanes or their settings have changed: seeds, and what differs.
    fn lanes_changed(&mut self) {
        let Some(lanes) = &mut self.rooms.compare.lanes else { return };
        if let Err(error) = lanes.set_seeds(self.rooms.compare.seeds) {
            self.desk.notice = Some(error.to_string());
        }
        self.settings_changed();
    }

    /// After the settings of a lane have changed: what differs now.
    fn settings_changed(&mut self) {
        let settings: Vec<&SamplingSettings> =
            self.rooms.compare.lanes().iter().map(|lane| lane.cursor().settings()).collect();
        let differing = crate::decode::lanes::differing(&settings);
        let same = |settings: &&SamplingSettings| {
            self.desk.hand.presets.iter().position(|preset| diff(settings, preset).is_empty())
        };
        let presets = settings.iter().map(same).collect();
        self.rooms.compare.differing = differing;
        self.rooms.compare.presets = presets;
        self.desk.stale = true;
    }

    /// The nodes that the lanes need next: for a step, for what a changed setting would have said, for what is looked at.
    pub(super) fn wanted_by_lanes(&mut self, limit: usize) -> Vec<NodeId> {
        let (Some(session), Some(lanes)) = (&mut self.desk.walk.session, &mut self.rooms.compare.lanes)
        else {
            return Vec::new();
        };
        match lanes.wanted(session.tree_mut(), limit) {
            Ok(nodes) if !nodes.is_empty() => return nodes,
            Ok(_) => {}
            Err(error) => {
                lanes.pause();
                self.fail("The lanes cannot go on", error.to_string());
                return Vec::new();
            }
        }
        if !self.rooms.compare.running() {
            self.desk.play.pause();
        }
        self.desk.stale = true;
        let what_if = self.rooms.compare.what_if.as_ref().and_then(WhatIf::missing);
        what_if.or_else(|| self.missing_at_sight()).into_iter().collect()
    }

    /// Changes the settings of the lane in focus. What is written stays; where it would have been otherwise is looked up.
    pub(super) fn set_lane_settings(&mut self, settings: SamplingSettings) -> Vec<Effect> {
        let focus = self.rooms.compare.focus();
        let Some(lanes) = &mut self.rooms.compare.lanes else { return Vec::new() };
        let Some(before) = lanes.lanes().get(focus).map(|lane| lane.cursor().settings().clone()) else {
            return Vec::new();
        };
        let (seed, seed_before) = (settings.seed, before.seed);
        // Its name says what it was made with, whatever the dice.
        if (SamplingSettings { seed, ..before }) != settings {
            lanes.rename(focus, OWN.to_owned());
        }
        let mut result = lanes.set_settings(focus, settings);
        if seed != seed_before && self.rooms.compare.seeds == Seeds::Same {
            for lane in 0..lanes.lanes().len() {
                let own = lanes.lanes()[lane].cursor().settings().clone();
                result = result.and(lanes.set_settings(lane, SamplingSettings { seed, ..own }));
            }
        }
        if let Err(error) = result {
            self.desk.notice = Some(error.to_string());
        }
        self.settings_changed();
        self.ask_what_if();
        self.want()
    }
}
