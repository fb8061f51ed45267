//! The compare screen: lanes side by side on the tree of the step screen, in lockstep.
//!
//! The lanes begin where the step screen's prompt ends and share its tree, so that as long as they choose the same
//! tokens they share every evaluation.

mod actions;
mod chooser;
mod glance;
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

use super::{Desk, Flow, Hit, PanelId, Room, Transcript};
use crate::{
    decode::lanes::{Differing, Lane, LaneError, LaneSetup, Lanes, Seeds, Which},
    engine::{PromptText, worker::Ticket},
    keymap::{Action, Context},
    sampling::{SamplingSettings, StageTrace, diff},
    token::Token,
    tree::{Evaluation, NodeId},
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

    fn which(&self) -> Which {
        if self.alone { Which::One(self.focus()) } else { Which::All }
    }

    /// Lets go of the tree; the lanes' settings are kept for the next.
    fn let_go(&mut self) {
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

impl Compare {
    /// Makes the lanes, if there is a prompt and they are not there.
    pub(super) fn make_lanes(&mut self, desk: &mut Desk) {
        if desk.walk.session.is_none() || self.lanes.is_some() {
            return;
        }
        let mut setups = std::mem::take(&mut self.kept);
        if setups.is_empty() {
            let at = |temperature: f32| SamplingSettings { temperature, ..desk.hand.sampling.clone() };
            setups = vec![
                NewLane::of("certain", at(CERTAIN)),
                NewLane::of(OWN, desk.hand.sampling.clone()),
                NewLane::of("wild", at(WILD)),
            ];
        }
        self.set_lanes(setups, desk);
    }

    /// These lanes in place of those that are there.
    fn set_lanes(&mut self, setups: Vec<NewLane>, desk: &mut Desk) {
        let Some(session) = &desk.walk.session else { return };
        let lanes = Lanes::new(Arc::clone(session.vocabulary()), session.context());
        self.lanes = Some(lanes);
        self.own.clear();
        self.forget_sight();
        for setup in setups {
            if let Err(error) = self.add_lane(setup, desk) {
                desk.say(error.to_string());
                break;
            }
        }
        self.focus = self.focus();
        self.lanes_changed(desk);
    }

    /// Adds a lane at the end of the prompt of all lanes; where it has one of its own, it goes there once its tokens are
    /// known.
    fn add_lane(&mut self, lane: NewLane, desk: &mut Desk) -> Result<(), LaneError> {
        let rules = Self::rules_of(&lane.own, desk);
        let NewLane { name, settings, own } = lane;
        let (Some(session), Some(lanes)) = (&mut desk.walk.session, &mut self.lanes) else {
            return Ok(());
        };
        let prompt = session.path().prompt_tokens().to_vec();
        lanes.add(session.tree_mut(), LaneSetup { name, prompt, settings, rules })?;
        self.own.push(own);
        Ok(())
    }

    /// After lanes or their settings have changed: seeds, and what differs.
    fn lanes_changed(&mut self, desk: &mut Desk) {
        let Some(lanes) = &mut self.lanes else { return };
        if let Err(error) = lanes.set_seeds(self.seeds) {
            desk.say(error.to_string());
        }
        self.settings_changed(desk);
    }

    /// After the settings of a lane have changed: what differs now.
    fn settings_changed(&mut self, desk: &mut Desk) {
        let settings: Vec<&SamplingSettings> =
            self.lanes().iter().map(|lane| lane.cursor().settings()).collect();
        let differing = crate::decode::lanes::differing(&settings);
        let same = |settings: &&SamplingSettings| {
            desk.hand.presets.iter().position(|preset| diff(settings, preset).is_empty())
        };
        let presets = settings.iter().map(same).collect();
        self.differing = differing;
        self.presets = presets;
        desk.stale = true;
    }

    /// The nodes that the lanes need next: for a step, for what a changed setting would have said, for what is looked at.
    pub(super) fn wanted_by_lanes(&mut self, limit: usize, desk: &mut Desk) -> Vec<NodeId> {
        let (Some(session), Some(lanes)) = (&mut desk.walk.session, &mut self.lanes) else {
            return Vec::new();
        };
        match lanes.wanted(session.tree_mut(), limit) {
            Ok(nodes) if !nodes.is_empty() => return nodes,
            Ok(_) => {}
            Err(error) => {
                lanes.pause();
                desk.fail("The lanes cannot continue", error.to_string());
                return Vec::new();
            }
        }
        if !self.running() {
            desk.play.pause();
        }
        desk.stale = true;
        let what_if = self.what_if.as_ref().and_then(WhatIf::missing);
        what_if.or_else(|| self.missing_at_sight(desk)).into_iter().collect()
    }

    /// Changes the settings of the lane in focus. What is written stays; where it would have been otherwise is looked up.
    pub(super) fn set_lane_settings(&mut self, settings: SamplingSettings, desk: &mut Desk) {
        let focus = self.focus();
        let Some(lanes) = &mut self.lanes else { return };
        let Some(before) = lanes.lanes().get(focus).map(|lane| lane.cursor().settings().clone()) else {
            return;
        };
        let (seed, seed_before) = (settings.seed, before.seed);
        // Its name says what it was made with, whatever the dice.
        if (SamplingSettings { seed, ..before }) != settings {
            lanes.rename(focus, OWN.to_owned());
        }
        let mut result = lanes.set_settings(focus, settings);
        if seed != seed_before && self.seeds == Seeds::Same {
            for lane in 0..lanes.lanes().len() {
                let own = lanes.lanes()[lane].cursor().settings().clone();
                result = result.and(lanes.set_settings(lane, SamplingSettings { seed, ..own }));
            }
        }
        if let Err(error) = result {
            desk.say(error.to_string());
        }
        self.settings_changed(desk);
        self.ask_what_if(desk);
    }
}

/// The parts that can have the focus, in tab order.
const FOCUSABLE: [PanelId; 3] = [PanelId::Lanes, PanelId::Beside, PanelId::Sampling];

impl Room for Compare {
    fn panels(&self) -> &'static [PanelId] {
        &FOCUSABLE
    }

    fn context(&self, _desk: &Desk) -> Context {
        Context::Compare
    }

    fn enter(&mut self, desk: &mut Desk) {
        self.make_lanes(desk);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        self.action(action, desk)
    }

    fn press(&mut self, hit: Hit, _again: bool, desk: &mut Desk) -> Flow {
        let Hit::Lane(lane, token) = hit else { return Flow::Pass };
        desk.focus = PanelId::Lanes;
        self.set_focused_lane(lane, desk);
        if let Some(position) = token {
            self.look_at_lane_token(position, desk);
        }
        Flow::Done
    }

    fn step(&mut self, desk: &mut Desk) {
        self.step_lanes(1, desk);
    }

    fn queued(&self) -> usize {
        self.lanes().iter().map(Lane::due).max().unwrap_or(0)
    }

    fn ignores(&self, action: Action) -> bool {
        action == Action::Search
    }

    fn glance(&self, _desk: &Desk) -> Option<minijinja::Value> {
        self.glance_at_lanes()
    }

    fn wants(&mut self, desk: &mut Desk, limit: usize) -> Vec<NodeId> {
        self.ask_lane_prompt(desk);
        if self.is_busy() {
            self.go_on_asking(desk);
        }
        self.wanted_by_lanes(limit, desk)
    }

    fn absorb(&mut self, node: NodeId, evaluation: Evaluation, desk: &mut Desk) -> Result<(), String> {
        let (Some(session), Some(lanes)) = (&mut desk.walk.session, &mut self.lanes) else { return Ok(()) };
        lanes.add_time(node, evaluation.time);
        lanes.absorb(session.tree_mut(), node, evaluation).map_err(|error| error.to_string())
    }

    fn answered(&mut self, nodes: &[NodeId], desk: &mut Desk) {
        self.what_if_has(nodes, desk);
    }

    fn tokenized(&mut self, ticket: Ticket, tokens: &Result<Vec<Token>, String>, desk: &mut Desk) {
        self.lane_prompt_ready(ticket, tokens, desk);
    }

    fn prompt_length(&self, node: NodeId, desk: &Desk) -> usize {
        let mut lanes = self.lanes().iter().map(|lane| lane.cursor().path());
        let on_lane = lanes.find(|path| path.head() == Some(node)).map(crate::decode::Path::prompt_len);
        on_lane.unwrap_or_else(|| desk.prompt_length(node))
    }

    fn is_busy(&self) -> bool {
        self.what_if.as_ref().is_some_and(WhatIf::walks)
    }

    fn prepare(&mut self, desk: &mut Desk) {
        self.prepare_lanes(desk);
    }

    fn pause(&mut self) {
        if let Some(lanes) = &mut self.lanes {
            lanes.pause();
        }
    }

    fn leave_tree(&mut self) {
        self.let_go();
    }

    fn heads(&self) -> Vec<NodeId> {
        self.lanes.iter().flat_map(Lanes::heads).collect()
    }

    fn has_ended(&self, _desk: &Desk) -> bool {
        !self.running() && !self.lanes().is_empty()
    }

    fn settings(&self) -> Option<&SamplingSettings> {
        Some(self.lanes().get(self.focus())?.cursor().settings())
    }

    fn set_settings(&mut self, settings: SamplingSettings, desk: &mut Desk) {
        if self.lanes.is_some() {
            self.set_lane_settings(settings, desk);
        } else {
            desk.set_sampling(settings);
        }
    }

    fn preset_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.preset)
    }

    fn preset(&self) -> Option<usize> {
        Some(self.preset)
    }

    fn stages<'a>(&'a self, _desk: &'a Desk) -> &'a [StageTrace] {
        self.beside().map_or(&[], |beside| &beside.stages)
    }

    fn stops_changed(&mut self, desk: &mut Desk) {
        self.share_stops(&desk.settings.stop);
    }
}
