//! What the engines' events do to the state.

use std::sync::Arc;

use super::{CanvasAnswer, Desk, ModelState, Screen, State, desk::Asker};
use crate::{
    engine::{
        Cost, EngineId, EvaluateError, Measured,
        canvas_thread::CanvasEvent,
        worker::{Distribution, Evaluated, Event, Ready, Ticket},
    },
    keymap::{Action, Context},
    sampling::without_effect,
    settings::ModelSettings,
    token::Token,
    tree::{Evaluation, Step},
};

impl State {
    pub(super) fn engine(&mut self, engine: EngineId, event: Event) {
        let event = match engine {
            EngineId::MAIN => event,
            engine => match self.side_engine(engine, event) {
                Some(event) => event,
                None => return,
            },
        };
        match event {
            Event::Loading(progress) => {
                // The model before is gone; a session would keep its memory.
                if self.desk.ready().is_some() {
                    self.end_session();
                }
                self.set_model(engine, ModelState::Loading(progress));
            }
            Event::Loaded(ready) => self.loaded(engine, ready),
            Event::LoadFailed { why, kept } => self.load_failed(engine, why, kept),
            Event::Diffusion { why, kept } => self.is_diffusion(engine, &why, kept),
            Event::LoadCancelled => {
                self.desk.engines.forget(engine);
                self.end_session();
                self.set_model(engine, ModelState::Missing("loading was cancelled".into()));
            }
            Event::Prompt(ticket, tokens) => self.tokenized(engine, ticket, tokens),
            Event::Progress(ticket, progress) => {
                if self.desk.engines.awaits(ticket) {
                    self.desk.engines.main_mut().progress = Some(progress);
                }
            }
            Event::Evaluated(ticket, evaluated) => self.evaluated(engine, ticket, *evaluated),
            Event::Measured(ticket, measured) => self.measured(engine, ticket, measured),
            Event::EvaluateFailed(ticket, error) => self.evaluate_failed(engine, ticket, &error),
            Event::Kept(kv) => {
                if let Some(slot) = self.desk.engines.slot_mut(engine) {
                    slot.kv = kv;
                }
            }
            Event::Aborted(message) => self.aborted(engine, &message),
        }
    }

    fn set_model(&mut self, engine: EngineId, model: ModelState) {
        if engine == EngineId::MAIN {
            self.rooms.model_changed();
        }
        if let Some(slot) = self.desk.engines.slot_mut(engine) {
            slot.model = model;
        }
    }

    fn loaded(&mut self, engine: EngineId, ready: Arc<Ready>) {
        self.desk.engines.forget(engine);
        self.desk.hand.take_defaults(&ready.info);
        self.end_session();
        self.desk.told_of_shared_cache = false;
        if let Some(told) = without_effect(&self.desk.hand.sampling, ready.vocabulary.len()) {
            self.desk.say(told);
        }
        if let Some(path) = ready.info.path.as_ref().filter(|_| ready.info.server.is_none()) {
            self.desk.ask(super::Effect::RememberModel(path.clone()));
        }
        if let Some(slot) = self.desk.engines.slot_mut(engine) {
            slot.loaded = Some(slot.loading.clone());
        }
        self.set_model(engine, ModelState::Ready(ready));
        self.list_loaded_first();
        self.leave_what_no_server_can();
        self.desk.begin();
    }

    /// Lets go of the path and all that belongs to it.
    pub(super) fn end_session(&mut self) {
        self.rooms.leave_tree();
        self.desk.end_session();
    }

    /// What was to be loaded is not: what is there was made from what it was.
    fn keep_loaded(&mut self, engine: EngineId) {
        if let Some(slot) = self.desk.engines.slot_mut(engine)
            && let Some(loaded) = &slot.loaded
        {
            slot.loading = loaded.clone();
        }
    }

    fn load_failed(&mut self, engine: EngineId, why: String, kept: bool) {
        self.desk.engines.forget(engine);
        if kept {
            self.keep_loaded(engine);
        } else {
            self.end_session();
            self.set_model(engine, ModelState::Missing(why.clone()));
        }
        self.desk.fail("The model could not be loaded", why);
    }

    /// The model that was to be loaded fills whole canvases: the diffuse screen has a place for it, and here the one before
    /// stays, or the one in the program takes its place.
    fn is_diffusion(&mut self, engine: EngineId, why: &str, kept: bool) {
        self.desk.engines.forget(engine);
        let key = self.desk.chrome.keymap.hints(Context::Global, &[Action::ShowDiffuse]).pop();
        let key =
            key.map_or_else(|| "the Diffuse screen".to_owned(), |hint| format!("{} (Diffuse)", hint.key));
        self.desk.offered = self.desk.engines.main_mut().loading.path.take();
        if kept {
            self.keep_loaded(engine);
        }
        let instead = if kept {
            "The model before stays here."
        } else {
            "Here the built-in storyteller takes its place."
        };
        let text = format!(
            "{why}.\n\nIt gives no next token to step to: no candidates after a text, no tree of paths, no seeds that \
             fork, no beams. On its own screen it can be watched at work: press {key} to load it there. {instead}"
        );
        self.desk.fail("A diffusion model", text);
        if !kept {
            let settings =
                ModelSettings { path: None, lora: Vec::new(), ..self.desk.engines.main().loading.clone() };
            self.load(settings);
        }
    }

    /// The thread of the diffusion model tells something.
    pub(super) fn canvas(&mut self, event: CanvasEvent<CanvasAnswer>) {
        self.rooms.diffuse.canvas_event(event, &mut self.desk);
        // As fast as it goes: the next step is due at once.
        if self.desk.screen == Screen::Diffuse {
            self.tick(std::time::Instant::now());
        }
    }

    /// The tokens of a prompt: the desk's begins another text, a room's is its own affair.
    fn tokenized(&mut self, engine: EngineId, ticket: Ticket, tokens: Result<Vec<Token>, String>) {
        match self.desk.engines.answered(engine, ticket).map(|asked| asked.by) {
            Some(Asker::Room(screen)) => {
                self.rooms.of_mut(screen).tokenized(ticket, &tokens, &mut self.desk);
            }
            Some(Asker::Desk) if self.desk.prompt.takes(ticket) => {
                if self.begin_session(tokens) {
                    self.desk.begin_conversation();
                }
            }
            Some(Asker::Desk | Asker::Own(_)) | None => {}
        }
    }

    /// Goes on with a text that begins with all that stands there: what was read stays read, and only what is new goes through
    /// the model. Whether it can, which is said otherwise.
    pub(super) fn go_on_with(&mut self, tokens: Result<Vec<Token>, String>) -> bool {
        let goes_on = self.begin_session(tokens);
        if goes_on {
            self.desk.read_on();
        }
        goes_on
    }

    /// Begins a path of these tokens; whether they can be used, which is said otherwise.
    fn begin_session(&mut self, tokens: Result<Vec<Token>, String>) -> bool {
        match tokens.and_then(|tokens| self.desk.begin_session(tokens)) {
            Ok(()) => {
                // What rooms hold is of the tree before.
                self.rooms.leave_tree();
                let screen = self.desk.screen;
                self.rooms.of_mut(screen).enter(&mut self.desk);
                self.tell_of_shared_cache();
                self.desk.path_changed();
                true
            }
            Err(why) => {
                self.desk.fail("This prompt cannot be used", why);
                false
            }
        }
    }

    fn evaluated(&mut self, engine: EngineId, ticket: Ticket, evaluated: Evaluated) {
        let Some(asked) = self.desk.engines.answered(engine, ticket) else { return };
        if let Some(slot) = self.desk.engines.slot_mut(engine) {
            (slot.progress, slot.kv) = (None, evaluated.kv);
        }
        let screen = match asked.by {
            Asker::Room(screen) => screen,
            Asker::Own(screen) => {
                return self.rooms.of_mut(screen).own_answer(ticket, Ok(evaluated), &mut self.desk);
            }
            Asker::Desk => return,
        };
        if self.desk.walk.session.is_none() {
            return;
        }
        let brought =
            self.rooms.of_mut(screen).brought((engine, ticket), &asked.nodes, evaluated, &mut self.desk);
        let Some(Evaluated { rows, cost, .. }) = brought else {
            self.desk.stale = true;
            return self.tick(std::time::Instant::now());
        };
        let Some(session) = &mut self.desk.walk.session else { return };
        // Between the tokens of a prompt that was scored: how likely each was.
        let steps: Vec<Step> = rows.iter().filter_map(|row| row.next).collect();
        if !steps.is_empty() {
            session.set_prompt_steps(steps);
        }
        let last = rows.into_iter().filter(|row| row.next.is_none());
        let distributions: Vec<Distribution> = last.filter_map(|row| row.distribution).collect();
        let share = cost.time / distributions.len().max(1) as u32;
        let alone = screen.follows_path() && session.path().head().is_some_and(|head| asked.nodes == [head]);
        let mut broken = None;
        for (&node, Distribution { summary, logits }) in asked.nodes.iter().zip(distributions) {
            let evaluation = Evaluation { summary, logits: Some(logits), time: share };
            broken = self.rooms.of_mut(screen).absorb(node, evaluation, &mut self.desk).err().or(broken);
        }
        let slot = self.desk.engines.main_mut();
        slot.reads_on = slot.reads_on.filter(|end| !asked.nodes.contains(end));
        self.desk.count(cost, alone);
        self.desk.stale = true;
        self.rooms.of_mut(screen).answered(&asked.nodes, &mut self.desk);
        self.desk.walk_on();
        if let Some(error) = broken {
            self.desk.fail("Generation cannot go on", error);
        }
        if self.desk.screen.follows_path() {
            self.desk.take_queued();
        }
        // As fast as it goes: the next token is due at once.
        self.tick(std::time::Instant::now());
    }

    /// A measured pass is done: whoever asked for it takes it in, whatever is shown.
    fn measured(&mut self, engine: EngineId, ticket: Ticket, measured: Result<Box<Measured>, EvaluateError>) {
        let Some(asked) = self.desk.engines.answered(engine, ticket) else { return };
        let Asker::Room(screen) = asked.by else { return };
        self.rooms.of_mut(screen).measured(measured.map(|measured| *measured), &mut self.desk);
        self.desk.stale = true;
    }

    fn evaluate_failed(&mut self, engine: EngineId, ticket: Ticket, error: &EvaluateError) {
        let Some(asked) = self.desk.engines.answered(engine, ticket) else { return };
        self.desk.engines.main_mut().progress = None;
        if let Asker::Own(screen) = asked.by {
            return self.rooms.of_mut(screen).own_answer(ticket, Err(error.clone()), &mut self.desk);
        }
        self.desk.engines.resting = true;
        self.desk.pause_all();
        match error {
            EvaluateError::Cancelled => {
                // A scoring that was given up is not begun again by the next key, and what it has read is not read again.
                if std::mem::take(&mut self.desk.prompt.scored) {
                    self.desk.read_on();
                }
                self.desk.say(if self.desk.engines.main().prefill.is_none() {
                    "Stopped before the text was read to its end; step goes on."
                } else {
                    "Stopped; step goes on."
                });
            }
            error => self.desk.fail("The model could not go on", error.to_string()),
        }
    }

    fn aborted(&mut self, engine: EngineId, message: &str) {
        self.desk.engines.restart(engine);
        self.end_session();
        self.set_model(engine, ModelState::Missing("llama.cpp failed".to_owned()));
        let hint = "The model cannot be used any further. Another one can be loaded, or the same one again.";
        self.desk.fail("llama.cpp failed inside", format!("{message}\n\n{hint}"));
    }
}

impl Desk {
    /// The prompt, which nothing is known of yet, is read on from what is in the cache.
    fn read_on(&mut self) {
        let Some(session) = &self.walk.session else { return };
        let path = session.path();
        let end = path.prompt_len().checked_sub(1).and_then(|last| path.nodes().get(last).copied());
        if let Some(end) = end.filter(|&end| !session.has_logits(end)) {
            let slot = self.engines.main_mut();
            (slot.fresh, slot.reads_on) = (false, Some(end));
        }
    }

    /// Counts what an evaluation cost; `alone` if it was the path's newest token's.
    fn count(&mut self, cost: Cost, alone: bool) {
        if cost.replayed {
            let tokens = cost.decoded;
            self.say(format!("This model cannot go back: the {tokens} tokens before were evaluated again."));
        }
        if cost.retokenised {
            self.say("The server takes texts, and reads this one as other tokens than those of the path.");
        }
        let served = self.ready().is_some_and(|ready| ready.info.server.is_some());
        let slot = self.engines.main_mut();
        (slot.threads, slot.last) = (cost.threads, Some(cost));
        if slot.prefill.is_none() {
            slot.prefill = Some(cost);
        } else if alone && (cost.decoded == 1 || served) {
            slot.note_time(cost.time);
            if let Some(session) = &mut self.walk.session {
                session.add_time(cost.time);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{Message, fixture::Fixture},
        engine::KvUse,
    };

    #[test]
    fn a_turn_of_a_conversation_goes_on_in_the_cache_and_then_as_every_prompt() {
        let mut f = Fixture::new();
        f.keys(&["right", "right"]);
        let mut tokens = f.state.session().expect("a path").path().tokens().to_vec();
        tokens.extend(f.state.session().expect("a path").vocabulary().tokenize(" the big dog"));
        assert!(f.state.go_on_with(Ok(tokens.clone())));
        f.hold();
        f.answer(Vec::new());
        f.act(Action::Step);
        let mut asked = Vec::new();
        for _ in 0..2 {
            let before = f.evaluated.len();
            while f.evaluated.len() == before && f.answer_next() {}
            asked.push(f.evaluated[before].clone());
            f.act(Action::Step);
        }
        assert_eq!((asked[0].0, &asked[0].1[..]), (0, &[Arc::from(tokens.as_slice())][..]), "it is read on");
        assert_eq!(asked[1].0, tokens.len(), "from there on token by token");
    }

    #[test]
    fn what_the_cache_holds_after_a_reading_that_was_given_up_is_shown() {
        let mut f = Fixture::new();
        let kv = KvUse { cells: 7, room: 512, ..KvUse::default() };
        f.send(Message::Engine(EngineId::MAIN, Event::Kept(kv)));
        assert_eq!(f.state.kv(), kv);
    }
}
