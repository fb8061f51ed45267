//! The engines behind the screen: the model of each, what it is asked, and by whom.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use super::super::{Effect, Screen};
use crate::{
    engine::{
        Cost, EngineId, KvUse, Progress, Threads,
        worker::{Command, Ready, Ticket},
    },
    settings::ModelSettings,
    tree::NodeId,
};

/// Decode times kept for the sparkline.
const TIMES_KEPT: usize = 256;

/// The model of an engine.
#[derive(Debug)]
pub enum ModelState {
    /// It is being loaded; 0 to 1.
    Loading(f32),
    /// It is ready.
    Ready(Arc<Ready>),
    /// There is none, and why.
    Missing(String),
}

/// An engine, and what is known of its model.
pub(crate) struct Slot {
    /// The model.
    pub(in crate::app) model: ModelState,
    /// What the model that is loaded or being loaded is made from.
    pub(in crate::app) loading: ModelSettings,
    /// What the ready model was made from, while another one is being loaded, too.
    pub(in crate::app) loaded: Option<ModelSettings>,
    /// What the KV cache holds.
    pub(in crate::app) kv: KvUse,
    /// What the prompt's evaluation cost; None before it is done.
    pub(in crate::app) prefill: Option<Cost>,
    /// How far an evaluation of many tokens has come.
    pub(in crate::app) progress: Option<Progress>,
    /// How many threads computed last.
    pub(in crate::app) threads: Threads,
    /// What the last evaluation cost.
    pub(in crate::app) last: Option<Cost>,
    /// Milliseconds of the last decodes of one token, newest last.
    pub(in crate::app) decode_ms: VecDeque<f64>,
    /// Whether the next evaluation is the first of a new text, which lies in the cache as in a run of it by itself.
    pub(in crate::app) fresh: bool,
    /// The end of a prompt that goes on with what is in the cache: it is read on from there, whatever that was read as.
    pub(in crate::app) reads_on: Option<NodeId>,
}

impl Slot {
    /// An engine whose model is still to be loaded.
    pub(crate) fn new(loading: ModelSettings) -> Self {
        Self {
            model: ModelState::Loading(0.0),
            loading,
            loaded: None,
            kv: KvUse::default(),
            prefill: None,
            progress: None,
            threads: Threads::default(),
            last: None,
            decode_ms: VecDeque::with_capacity(TIMES_KEPT),
            fresh: true,
            reads_on: None,
        }
    }

    /// The ready model.
    pub(crate) fn ready(&self) -> Option<&Arc<Ready>> {
        match &self.model {
            ModelState::Ready(ready) => Some(ready),
            ModelState::Loading(_) | ModelState::Missing(_) => None,
        }
    }

    /// Counts the time of a decode of one token.
    pub(crate) fn note_time(&mut self, time: Duration) {
        if self.decode_ms.len() == TIMES_KEPT {
            self.decode_ms.pop_front();
        }
        self.decode_ms.push_back(time.as_secs_f64() * 1e3);
    }

    /// Forgets what was measured on the text before.
    pub(crate) fn forget_text(&mut self) {
        self.prefill = None;
        self.progress = None;
        self.last = None;
        self.decode_ms.clear();
        self.fresh = true;
        self.reads_on = None;
    }
}

/// Who asked an engine for something: the answer goes there, whatever is shown by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// The desk, for its prompt.
    Desk,
    /// A screen's room.
    Room(Screen),
    /// A screen's room, for a text of its own that is none of the tree's.
    Own(Screen),
}

/// What an engine was asked and has not answered yet.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The engine.
    pub(in crate::app) engine: EngineId,
    /// Who waits for the answer.
    pub(in crate::app) by: Asker,
    /// The nodes whose distributions it brings, in this order; empty where tokens or a model are waited for.
    pub(in crate::app) nodes: Vec<NodeId>,
}

/// The engines, and what they are asked.
pub(crate) struct Engines {
    slots: BTreeMap<EngineId, Slot>,
    asked: BTreeMap<Ticket, Asked>,
    last: Ticket,
    /// What is to be sent.
    out: Vec<Effect>,
    /// Nothing is asked for by itself until a person goes on: an evaluation was given up, or failed.
    pub(in crate::app) resting: bool,
}

impl Engines {
    /// One engine, whose model is still to be loaded.
    pub(crate) fn new(main: Slot) -> Self {
        let slots = BTreeMap::from([(EngineId::MAIN, main)]);
        Self { slots, asked: BTreeMap::new(), last: 0, out: Vec::new(), resting: false }
    }

    /// The engine that writes the text.
    pub(crate) fn main(&self) -> &Slot {
        &self.slots[&EngineId::MAIN]
    }

    /// The engine that writes the text, to be changed.
    pub(crate) fn main_mut(&mut self) -> &mut Slot {
        self.slots.get_mut(&EngineId::MAIN).expect("it is always there")
    }

    /// An engine, to be changed; None where there is none of this name.
    pub(crate) fn slot_mut(&mut self, engine: EngineId) -> Option<&mut Slot> {
        self.slots.get_mut(&engine)
    }

    /// An engine; None where there is none of this name.
    pub(crate) fn slot(&self, engine: EngineId) -> Option<&Slot> {
        self.slots.get(&engine)
    }

    /// Has a model loaded on an engine beside the main one, unless it is or will be; what it was asked for on another model is
    /// given up.
    pub(crate) fn load_beside(&mut self, engine: EngineId, by: Asker, settings: ModelSettings) {
        if self.slots.get(&engine).is_some_and(|slot| slot.loading == settings) {
            return;
        }
        self.forget(engine);
        self.slots.insert(engine, Slot::new(settings.clone()));
        self.ask(engine, by, Command::Load(Box::new(settings)));
    }

    /// Asks an engine for something that brings no distributions; the ticket names the answer.
    pub(crate) fn ask(&mut self, engine: EngineId, by: Asker, command: Command) -> Ticket {
        self.ask_for(engine, by, Vec::new(), command)
    }

    /// Asks an engine for the distributions of these nodes.
    pub(crate) fn ask_for(
        &mut self,
        engine: EngineId,
        by: Asker,
        nodes: Vec<NodeId>,
        command: Command,
    ) -> Ticket {
        self.last += 1;
        self.asked.insert(self.last, Asked { engine, by, nodes });
        self.out.push(Effect::Engine(engine, self.last, command));
        self.last
    }

    /// Takes an answer in: who waited for it, and for what. None for one that was given up, or comes from another engine.
    pub(crate) fn answered(&mut self, engine: EngineId, ticket: Ticket) -> Option<Asked> {
        self.asked.get(&ticket).filter(|asked| asked.engine == engine)?;
        self.asked.remove(&ticket)
    }

    /// Whether something that was asked for is not answered yet.
    pub(crate) fn awaits(&self, ticket: Ticket) -> bool {
        self.asked.contains_key(&ticket)
    }

    /// The evaluation of an engine that is under way.
    pub(crate) fn evaluating(&self, engine: EngineId) -> Option<Ticket> {
        let evaluates = |(_, asked): &(&Ticket, &Asked)| asked.engine == engine && !asked.nodes.is_empty();
        self.asked.iter().find(evaluates).map(|(ticket, _)| *ticket)
    }

    /// Whether an engine is at work for a text.
    pub(crate) fn busy(&self) -> bool {
        self.asked.values().any(|asked| !asked.nodes.is_empty())
    }

    /// Whether an answer is waited for: an evaluation, anything of the main engine, or a model that is being loaded.
    pub(crate) fn is_asked(&self) -> bool {
        let loads = self.slots.values().any(|slot| matches!(slot.model, ModelState::Loading(_)));
        // An engine beside the main one tells that its model is loaded without a word on who asked for it.
        loads || self.asked.values().any(|asked| !asked.nodes.is_empty() || asked.engine == EngineId::MAIN)
    }

    /// Has an engine stop what it was asked for; it tells when it has.
    pub(crate) fn cancel_all(&mut self, engine: EngineId) {
        let asked = self.asked.iter().filter(|(_, asked)| asked.engine == engine);
        self.out.extend(asked.map(|(&ticket, _)| Effect::Cancel(engine, ticket)));
    }

    /// Gives up one thing that was asked: nobody waits for the answer any more.
    pub(crate) fn give_up(&mut self, ticket: Ticket) {
        if let Some(asked) = self.asked.remove(&ticket) {
            self.out.push(Effect::Cancel(asked.engine, ticket));
        }
    }

    /// Gives up everything that an engine was asked: nobody waits for the answers any more.
    pub(crate) fn forget(&mut self, engine: EngineId) {
        self.forget_all_but(engine, |_, _| false);
    }

    /// The same, but for what is still waited for.
    pub(crate) fn forget_all_but(&mut self, engine: EngineId, waits: impl Fn(Ticket, &Asked) -> bool) {
        let out = &mut self.out;
        self.asked.retain(|&ticket, asked| {
            let kept = asked.engine != engine || waits(ticket, asked);
            if !kept {
                out.push(Effect::Cancel(engine, ticket));
            }
            kept
        });
    }

    /// An engine was lost, and what it was asked with it; another takes its place.
    pub(crate) fn restart(&mut self, engine: EngineId) {
        self.asked.retain(|_, asked| asked.engine != engine);
        self.out.push(Effect::RestartEngine(engine));
    }

    /// What is to be sent to the engines.
    pub(crate) fn take_out(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.out)
    }
}
