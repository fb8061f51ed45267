//! The speculate screen: drafted and verified tokens, round by round, on the tree of the step screen, beside plain decoding of
//! the same text.
//!
//! A round is done as a whole, and shown a token at a time: as many of its tokens stand in the text as were stepped through.

mod actions;
mod glance;
mod knobs;
mod models;
mod runs;
#[cfg(test)]
mod tests;
mod view;
mod work;

pub use knobs::DraftKnob;
pub use runs::{Swept, Tried};
pub use view::{Bonus, DraftRow, Likely, RoundView};

use runs::Runs;
use view::View;
use work::Flight;

use super::{Desk, Flow, Hit, PanelId, Room, Screen};
use crate::{
    decode::{
        Cursor, CursorError,
        speculative::{
            Gains, LookupSettings, Plain, Price, Rule, Speculation, SpeculativeSettings, SpeculativeSetup,
        },
    },
    engine::{
        EngineId,
        worker::{Evaluated, Ticket},
    },
    keymap::{Action, Context},
    sampling::SamplingSettings,
    tree::{NodeId, Tree},
};

/// The panels, in tab order.
const PANELS: [PanelId; 7] = [
    PanelId::Draft,
    PanelId::Drafted,
    PanelId::Place,
    PanelId::Gains,
    PanelId::DraftSweep,
    PanelId::Shares,
    PanelId::DraftSettings,
];

/// Tokens that are looked for, and copied at most, where nobody says otherwise: small enough for a short text to repeat itself.
const LOOKUP: LookupSettings = LookupSettings { n: 3, length: 6 };

/// How far a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stride {
    /// To the next token.
    Token,
    /// To the end of the round.
    Round,
}

/// Speculative decoding, and what of it is looked at.
#[derive(Default)]
pub struct Speculate {
    setup: SpeculativeSetup,
    settings: SpeculativeSettings,
    walk: Option<Speculation>,
    plain: Option<Plain>,
    /// Generated tokens that are shown.
    shown: usize,
    /// What to show once the round that was asked for is there.
    stride: Option<Stride>,
    /// The round that is looked at, an index; None for the newest.
    at: Option<usize>,
    /// Rounds before the first with the present settings.
    since: usize,
    /// The pass that is under way.
    flight: Option<Flight>,
    runs: Runs,
    knob: DraftKnob,
    /// The selected place of the draft, and the selected token there.
    place: usize,
    token: usize,
    scrolled: usize,
    view: View,
}

impl Speculate {
    /// With what a person asks of it.
    pub(super) fn new(setup: SpeculativeSetup) -> Self {
        let mut settings = setup.settings;
        if settings.lookup == LookupSettings::default() {
            settings.lookup = LOOKUP;
        }
        Self { setup, settings, ..Self::default() }
    }

    /// How tokens are drafted and verified.
    #[must_use]
    pub fn settings(&self) -> &SpeculativeSettings {
        self.walk.as_ref().map_or(&self.settings, Speculation::settings)
    }

    /// The walk; None before there is a prompt.
    #[must_use]
    pub fn walk(&self) -> Option<&Speculation> {
        self.walk.as_ref()
    }

    /// Plain decoding beside it.
    #[must_use]
    pub fn plain(&self) -> Option<&Plain> {
        self.plain.as_ref()
    }

    /// Generated tokens that are shown.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.shown
    }

    /// The round on view.
    #[must_use]
    pub fn round(&self) -> Option<&RoundView> {
        self.view.round.as_ref()
    }

    /// The tokens of prompt and text as shown.
    #[must_use]
    pub fn tokens(&self) -> &[super::ShownToken] {
        self.view.transcript.tokens()
    }

    /// The likeliest tokens at the selected place of the draft.
    #[must_use]
    pub fn likely(&self) -> &[Likely] {
        &self.view.likely
    }

    /// Sums over the rounds with the present settings.
    #[must_use]
    pub fn gains(&self) -> &Gains {
        &self.view.gains
    }

    /// What a round costs.
    #[must_use]
    pub fn price(&self) -> Option<Price> {
        self.view.price
    }

    /// How many times as fast as plain decoding, measured; None before there is something to compare.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.view.ratio
    }

    /// The slider with the focus.
    #[must_use]
    pub fn knob(&self) -> DraftKnob {
        self.knob
    }

    /// The sweep over γ.
    #[must_use]
    pub fn swept(&self) -> Option<&Swept> {
        self.runs.swept()
    }

    /// The seeds that were tried.
    #[must_use]
    pub fn tried(&self) -> Option<&Tried> {
        self.runs.tried()
    }

    /// Whether a sweep or many seeds are under way.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.runs.under_way()
    }

    /// The selected row of a panel.
    #[must_use]
    pub fn selected(&self, panel: PanelId) -> usize {
        match panel {
            PanelId::Draft => self.place.min(self.view.places().saturating_sub(1)),
            PanelId::Place => self.token.min(self.view.likely.len().saturating_sub(1)),
            PanelId::DraftSettings => self.knob as usize,
            _ => self.scrolled,
        }
    }

    /// Makes the walk, if there is a prompt and it is not there.
    fn make(&mut self, desk: &mut Desk) {
        self.load_models(desk);
        if self.walk.is_some() {
            return;
        }
        if desk.walk.session.is_none() {
            return;
        }
        match Self::cursor(desk) {
            Ok((cursor, beside)) => {
                let mut walk = Speculation::new(cursor, self.settings, None);
                walk.set_settings(self.settings_now(desk));
                self.walk = Some(walk);
                self.plain = Some(beside);
            }
            Err(error) => desk.say(error.to_string()),
        }
        (self.shown, self.since, self.at, self.stride) = (0, 0, None, None);
        desk.stale = true;
    }

    /// A cursor at the end of the prompt on the desk's tree, and plain decoding from there on a tree of its own.
    fn cursor(desk: &mut Desk) -> Result<(Cursor, Plain), CursorError> {
        let rules = desk.rules();
        let sampling = desk.hand.sampling.clone();
        let session = desk.walk.session.as_mut().expect("who asks has looked");
        let (vocabulary, context) = (session.vocabulary().clone(), session.context());
        let prompt = session.path().prompt_tokens().to_vec();
        let begin = |tree: &mut Tree, sampling: SamplingSettings| {
            Cursor::new(tree, vocabulary.clone(), prompt.clone(), sampling, rules.clone(), context)
        };
        let cursor = begin(session.tree_mut(), sampling)?;
        let mut tree = Tree::new(PLAIN_BUDGET);
        let beside = begin(&mut tree, cursor.settings().clone())?;
        Ok((cursor, Plain::new(tree, beside)))
    }

    /// The settings with the sources that there are.
    fn settings_now(&self, desk: &Desk) -> SpeculativeSettings {
        let mut settings = self.settings;
        if self.setup.sources.is_none() && !self.source_was_set() {
            settings.sources = self.setup.settings_for(&desk.engines.main().loading).sources;
        }
        settings
    }

    fn source_was_set(&self) -> bool {
        self.settings.sources != self.setup.settings.sources
    }

    /// Starts the text over with other settings; what was measured belongs to the ones before.
    fn start_over(&mut self, desk: &mut Desk) {
        desk.play.pause();
        self.runs.end();
        if let Some(walk) = &mut self.walk {
            walk.back_to(0);
        }
        if let Some(plain) = &mut self.plain {
            plain.back_to(0);
        }
        (self.shown, self.since, self.at, self.stride) = (0, 0, None, None);
        desk.stale = true;
    }

    /// Takes the settings of the step screen over where they have changed since.
    fn renew(&mut self, desk: &mut Desk) {
        let Some(walk) = &self.walk else { return };
        let sampling = walk.cursor().settings() != &desk.hand.sampling;
        if sampling || walk.cursor().rules() != &desk.rules() {
            self.walk = None;
            self.plain = None;
            self.make(desk);
        }
    }

    /// Lets go of the tree; what was set stays.
    fn let_go(&mut self) {
        let (setup, settings, knob) = (std::mem::take(&mut self.setup), self.settings, self.knob);
        *self = Self { setup, settings, knob, ..Self::default() };
    }

    /// Whether every token of the text is shown and it has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.walk
            .as_ref()
            .is_some_and(|walk| walk.cursor().stopped().is_some() && self.shown >= walk.arrivals().len())
    }

    /// The rule in use.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.walk.as_ref().map_or(self.settings.rule, Speculation::rule)
    }
}

/// Bytes of logits that plain decoding keeps, for the comparison with the other's.
const PLAIN_BUDGET: usize = 8 << 20;

impl Room for Speculate {
    fn panels(&self) -> &'static [PanelId] {
        &PANELS
    }

    fn context(&self, desk: &Desk) -> Context {
        if desk.focus == PanelId::DraftSettings { Context::Drafts } else { Context::Speculate }
    }

    fn enter(&mut self, desk: &mut Desk) {
        self.renew(desk);
        self.make(desk);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        self.action(action, desk)
    }

    fn press(&mut self, hit: Hit, again: bool, desk: &mut Desk) -> Flow {
        self.pressed(hit, again, desk)
    }

    fn drag(&mut self, hit: Hit, desk: &mut Desk) -> Flow {
        match (desk.pressed, hit) {
            (Some(Hit::Slider(held, _)), Hit::Slider(index, Some(_))) if held == index => {
                self.pressed(hit, false, desk)
            }
            _ => Flow::Pass,
        }
    }

    fn end_run(&mut self, desk: &mut Desk) -> bool {
        let runs = self.runs();
        if runs {
            self.runs.end();
            desk.say("Stopped; what was measured stays.");
        }
        runs
    }

    fn waits(&self, desk: &Desk) -> bool {
        desk.engines.busy()
    }

    fn wheel(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        self.turned(hit, rows, desk)
    }

    fn step(&mut self, desk: &mut Desk) {
        self.stride(Stride::Token, desk);
    }

    fn glance(&self, _desk: &Desk) -> Option<minijinja::Value> {
        self.glance_at_rounds()
    }

    fn rests(&self, desk: &Desk) -> bool {
        !self.waits(desk) && !self.runs() && self.queued() == 0
    }

    fn wants(&mut self, desk: &mut Desk, _limit: usize) -> Vec<NodeId> {
        self.work(desk);
        Vec::new()
    }

    fn brought(
        &mut self,
        of: (EngineId, Ticket),
        nodes: &[NodeId],
        evaluated: Evaluated,
        desk: &mut Desk,
    ) -> Option<Evaluated> {
        self.take_in(of, nodes, evaluated, desk)
    }

    fn prepare(&mut self, desk: &mut Desk) {
        self.look(desk);
    }

    fn pause(&mut self) {
        self.stride = None;
        self.runs.end();
        if let Some(walk) = &mut self.walk {
            walk.pause();
        }
    }

    fn leave_tree(&mut self) {
        self.let_go();
    }

    fn heads(&self) -> Vec<NodeId> {
        self.walk.iter().filter_map(|walk| walk.cursor().path().head()).collect()
    }

    fn has_ended(&self, _desk: &Desk) -> bool {
        self.is_over()
    }

    fn set_settings(&mut self, settings: SamplingSettings, desk: &mut Desk) {
        if desk.set_sampling(settings) {
            self.renew(desk);
        }
    }

    fn stops_changed(&mut self, desk: &mut Desk) {
        self.renew(desk);
    }
}

/// The room's name for what it asks.
const SCREEN: Screen = Screen::Speculate;
