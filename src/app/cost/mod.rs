//! The cost screen: what a token costs, computed from the model's shape and measured on this machine.
//!
//! What is measured goes through contexts of its own, on the engine's thread and in between what other screens ask for: the
//! text and its cache stay as they are, and nothing else computes while a pass is timed. It goes on while other screens are
//! shown, and is kept until another model is loaded.

mod actions;
mod glance;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Asker, Desk, Flow, Hit, PanelId, Room, Screen};
use crate::{
    cost::{
        Costs, KvShape, Plan, Projection,
        measure::{ChainClock, Limits, Wish},
        weights::{self, Group},
    },
    engine::{
        EngineId, EvaluateError, Measured,
        worker::{Command, Ready, Ticket},
    },
    keymap::{Action, Context},
    tree::NodeId,
};

/// How many panels there are.
const COUNT: usize = 6;

/// What follows from the shape of a model.
#[derive(Clone, Debug)]
pub struct Shape {
    /// What each block keeps of a text.
    pub kv: KvShape,
    /// The output projection.
    pub projection: Projection,
    /// The weights by what they are for.
    pub weights: Vec<Group>,
}

/// What a token costs, and what of it is looked at.
#[derive(Default)]
pub struct Cost {
    /// The model that all of this is about.
    model: Option<Arc<Ready>>,
    shape: Option<Shape>,
    costs: Option<Costs>,
    /// Whether it is being measured.
    running: bool,
    /// The pass that is under way.
    ticket: Option<Ticket>,
    /// Rows that each panel is scrolled by, in the order of [`Cost::PANELS`].
    scrolled: [usize; COUNT],
    /// How far each panel can be scrolled.
    ends: [usize; COUNT],
    wish: Wish,
}

impl Cost {
    /// The panels, in tab order.
    pub const PANELS: [PanelId; COUNT] = [
        PanelId::CacheOnOff,
        PanelId::Batches,
        PanelId::Vocabulary,
        PanelId::Memory,
        PanelId::CacheTypes,
        PanelId::OneToken,
    ];

    /// What follows from the model's shape; None before there is a model.
    #[must_use]
    pub fn shape(&self) -> Option<&Shape> {
        self.shape.as_ref()
    }

    /// What was measured; None before there is a prompt.
    #[must_use]
    pub fn costs(&self) -> Option<&Costs> {
        self.costs.as_ref()
    }

    /// Whether it is being measured.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// How far it has come, 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        let (done, all) = self.costs.as_ref().map_or((0, 0), Costs::rows);
        done as f64 / all.max(1) as f64
    }

    /// Rows that a panel is scrolled by.
    #[must_use]
    pub fn scrolled(&self, panel: PanelId) -> usize {
        place(panel).map_or(0, |place| self.scrolled[place])
    }

    /// Whether a panel has rows out of sight.
    #[must_use]
    pub fn can_scroll(&self, panel: PanelId) -> bool {
        place(panel).is_some_and(|place| self.ends[place] > 0)
    }

    /// Bounds how far panels can be scrolled; the drawing side knows how long they are.
    pub fn bound(&mut self, panel: PanelId, end: usize) {
        if let Some(place) = place(panel) {
            self.ends[place] = end;
            self.scrolled[place] = self.scrolled[place].min(end);
        }
    }

    /// The model, if what is here is about it.
    #[must_use]
    pub fn model(&self) -> Option<&Ready> {
        self.model.as_deref()
    }

    /// What is about another model is dropped; what can be computed is computed.
    fn of_model(&mut self, desk: &Desk) {
        let Some(ready) = desk.ready() else { return };
        if self.model.as_ref().is_some_and(|model| Arc::ptr_eq(model, ready)) {
            return;
        }
        // A server does not tell.
        let Some(file) = &ready.info.file else { return };
        let shape =
            Shape { kv: KvShape::of(file), projection: Projection::of(file), weights: weights::groups(file) };
        *self =
            Self { model: Some(Arc::clone(ready)), shape: Some(shape), wish: self.wish, ..Self::default() };
    }

    /// Plans the measurement of the present prompt, unless something was measured already.
    fn plan(&mut self, desk: &Desk) {
        self.of_model(desk);
        if self.costs.as_ref().is_some_and(|costs| costs.rows().0 > 0 || self.running) {
            return;
        }
        let (Some(ready), Some(session)) = (desk.ready(), desk.session()) else { return };
        if ready.info.file.is_none() {
            return;
        }
        let model = &desk.engines.main().loading;
        let limits = Limits {
            context: ready.context,
            micro_batch: model.ubatch_size.min(model.batch_size).max(1) as usize,
            vocabulary: ready.vocabulary.len(),
            cache: model.cache_type_k,
        };
        let plan = Plan::new(session.path().prompt_tokens(), self.wish, limits);
        let settings = session.settings();
        let chain = ChainClock::new(settings, &ready.vocabulary, ready.context, plan.prompt.len());
        self.costs = Some(Costs::new(plan, chain.ok(), ready.vocabulary.eog()));
    }

    /// Asks for the next pass, if it is being measured and none is under way.
    fn go_on(&mut self, desk: &mut Desk) {
        if !self.running || self.ticket.is_some_and(|ticket| desk.engines.awaits(ticket)) {
            return;
        }
        let pass = self.costs.as_ref().and_then(Costs::wanted);
        if pass.is_none() {
            self.running = false;
            desk.say("Everything is measured. It is kept until another model is loaded.");
        }
        let done = pass.is_none();
        let by = Asker::Room(Screen::Cost);
        let ticket = desk.engines.ask(EngineId::MAIN, by, Command::Measure(pass.map(Box::new)));
        if done {
            // The contexts are given up; nothing comes back.
            desk.engines.answered(EngineId::MAIN, ticket);
        }
        self.ticket = (!done).then_some(ticket);
        desk.stale = true;
    }
}

/// Where a panel stands among those of the screen.
fn place(panel: PanelId) -> Option<usize> {
    Cost::PANELS.iter().position(|&other| other == panel)
}

impl Room for Cost {
    fn panels(&self) -> &'static [PanelId] {
        &Self::PANELS
    }

    fn context(&self, _desk: &Desk) -> Context {
        Context::Cost
    }

    fn enter(&mut self, desk: &mut Desk) {
        self.plan(desk);
    }

    fn ignores(&self, action: Action) -> bool {
        use Action::{
            Back, Faster, FocusCandidates, FocusSampling, FocusText, Reroll, SameSeed, Search, Slower,
        };
        matches!(
            action,
            Back | Faster | FocusCandidates | FocusSampling | FocusText | Reroll | SameSeed | Search | Slower
        )
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        self.action(action, desk)
    }

    fn press(&mut self, hit: Hit, _again: bool, desk: &mut Desk) -> Flow {
        let Hit::Panel(panel) = hit else { return Flow::Pass };
        desk.focus = panel;
        desk.stale = true;
        Flow::Done
    }

    fn wheel(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        let (Hit::Row(panel, _) | Hit::Panel(panel) | Hit::Explain(panel)) = hit else { return Flow::Pass };
        self.scroll(panel, rows);
        desk.stale = true;
        Flow::Done
    }

    fn step(&mut self, desk: &mut Desk) {
        desk.play.pause();
        self.start(desk);
    }

    fn end_run(&mut self, desk: &mut Desk) -> bool {
        let runs = self.running;
        if runs {
            self.stop(desk);
        }
        runs
    }

    fn glance(&self, _desk: &Desk) -> Option<minijinja::Value> {
        self.glance_at_costs()
    }

    fn rests(&self, _desk: &Desk) -> bool {
        !self.running
    }

    fn wants(&mut self, _desk: &mut Desk, _limit: usize) -> Vec<NodeId> {
        Vec::new()
    }

    fn background(&mut self, desk: &mut Desk) {
        // A pass that was given up with the prompt before is asked for again.
        self.go_on(desk);
    }

    fn model_changed(&mut self) {
        *self = Self { wish: self.wish, ..Self::default() };
    }

    fn measured(&mut self, measured: Result<Measured, EvaluateError>, _desk: &mut Desk) {
        self.ticket = None;
        match measured {
            // Everything that the engine was asked was given up: it is asked again.
            Err(EvaluateError::Cancelled) => {}
            measured => {
                if let Some(costs) = &mut self.costs {
                    costs.absorb(measured);
                }
            }
        }
    }

    fn prepare(&mut self, desk: &mut Desk) {
        self.plan(desk);
    }

    fn has_ended(&self, _desk: &Desk) -> bool {
        self.costs.as_ref().is_some_and(Costs::is_done)
    }
}
