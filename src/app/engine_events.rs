//! What the engine's events do to the state.

use std::sync::Arc;

use super::{Effect, ModelState, Overlay, Screen, State, StepFrame, Transcript};
use crate::{
    decode::{CursorError, Session},
    engine::{
        EvaluateError,
        worker::{Distribution, Evaluated, Event, Ready, Ticket},
    },
    sampling::without_effect,
    token::Token,
    tree::Evaluation,
};

impl State {
    pub(super) fn engine(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Loading(progress) => {
                // The model before is gone; a session would keep its memory.
                if self.ready().is_some() {
                    self.end_session();
                }
                self.desk.engines.model = ModelState::Loading(progress);
                Vec::new()
            }
            Event::Loaded(ready) => self.loaded(ready),
            Event::LoadFailed { why, kept } => self.load_failed(why, kept),
            Event::Prompt(ticket, tokens) => self.prompt_ready(ticket, tokens),
            Event::Progress(ticket, progress) => {
                if self.is_pending(ticket) {
                    self.desk.engines.progress = Some(progress);
                }
                Vec::new()
            }
            Event::Evaluated(ticket, evaluated) => self.evaluated(ticket, *evaluated),
            Event::Scored(ticket, steps, evaluated) => self.scored(ticket, steps, *evaluated),
            Event::EvaluateFailed(ticket, error) => self.evaluate_failed(ticket, &error),
            Event::Aborted(message) => self.aborted(&message),
        }
    }

    fn loaded(&mut self, ready: Arc<Ready>) -> Vec<Effect> {
        // A setting changed on the screen holds for the next model too; before, the file's own defaults count.
        if !self.desk.hand.changed {
            self.desk.hand.sampling = ready.info.sampling(&self.desk.hand.given);
        }
        self.end_session();
        self.desk.engines.told_of_shared_cache = false;
        if let Some(told) = without_effect(&self.desk.hand.sampling, ready.vocabulary.len()) {
            self.desk.notice = Some(told);
        }
        self.desk.engines.model = ModelState::Ready(ready);
        self.begin()
    }

    /// Lets go of the path and all that belongs to it.
    fn end_session(&mut self) {
        self.rooms.compare.leave_tree();
        self.rooms.seeds.leave_tree();
        self.rooms.beam.leave_tree();
        self.rooms.tree.leave_tree();
        self.desk.walk.session = None;
        self.desk.walk.again = None;
        self.desk.engines.pending = None;
        self.desk.engines.progress = None;
        self.desk.walk.queue = 0;
        self.desk.walk.cursor = None;
        self.desk.engines.prefill = None;
        self.desk.engines.decode_ms.clear();
        self.desk.walk.transcript = Transcript::default();
        self.desk.walk.frame = StepFrame::default();
    }

    fn load_failed(&mut self, why: String, kept: bool) -> Vec<Effect> {
        let cancelled = why == crate::engine::llama::LoadError::Cancelled.to_string();
        if !kept {
            self.end_session();
            self.desk.engines.model = ModelState::Missing(why.clone());
        }
        if !cancelled {
            self.fail("The model could not be loaded", why);
        }
        Vec::new()
    }

    fn prompt_ready(&mut self, ticket: Ticket, tokens: Result<Vec<Token>, String>) -> Vec<Effect> {
        if let Some(effects) = self.lane_prompt_ready(ticket, &tokens) {
            return effects;
        }
        if self.desk.prompt.ticket != Some(ticket) {
            return Vec::new();
        }
        self.desk.prompt.ticket = None;
        // The engine has taken the length of this prompt, whatever becomes of it.
        self.desk.engines.prompt_told = None;
        let Some(ready) = self.ready().cloned() else { return Vec::new() };
        let session = tokens.and_then(|tokens| {
            let vocabulary = Arc::clone(&ready.vocabulary);
            let sampling = self.desk.hand.sampling.clone();
            Session::new(vocabulary, tokens, sampling, self.rules(), ready.context, self.logits_budget())
                .map_err(|error| self.why_no_session(&error))
        });
        match session {
            Ok(mut session) => {
                let limit = self.desk.settings.model.tree_nodes as usize;
                session.tree_mut().set_limit(limit.max(ready.context + 1));
                self.end_session();
                self.desk.hand.sampling = session.settings().clone();
                self.desk.walk.session = Some(session);
                self.make_ready();
                self.tell_of_shared_cache();
                self.path_changed()
            }
            Err(why) => {
                self.fail("This prompt cannot be used", why);
                Vec::new()
            }
        }
    }

    pub(super) fn is_pending(&self, ticket: Ticket) -> bool {
        self.desk.engines.pending.as_ref().is_some_and(|pending| pending.ticket == ticket)
    }

    pub(super) fn evaluated(&mut self, ticket: Ticket, evaluated: Evaluated) -> Vec<Effect> {
        let Some(pending) = self.desk.engines.pending.take_if(|pending| pending.ticket == ticket) else {
            return Vec::new();
        };
        self.desk.engines.progress = None;
        self.desk.engines.kv = evaluated.kv;
        let Some(session) = &mut self.desk.walk.session else { return Vec::new() };
        let Evaluated { distributions, cost, .. } = evaluated;
        let first = self.desk.engines.prefill.is_none();
        let at_head = session.path().head().is_some_and(|head| pending.nodes == [head]);
        let share = cost.time / distributions.len().max(1) as u32;
        let mut broken = None;
        for (&node, Distribution { summary, logits }) in pending.nodes.iter().zip(distributions) {
            let evaluation = Evaluation { summary, logits: Some(logits), time: share };
            let tree = session.tree_mut();
            match (pending.screen, self.rooms.seeds.forest_mut(), self.rooms.compare.lanes_mut()) {
                (Screen::Seeds, Some(forest), _) => {
                    broken = forest.absorb(tree, node, evaluation).err().map(|e| e.to_string()).or(broken);
                }
                (Screen::Beam, ..) => {
                    let absorbed = self.rooms.beam.absorb(tree, node, evaluation);
                    broken = absorbed.err().map(|e| e.to_string()).or(broken);
                }
                (_, _, Some(lanes)) => {
                    lanes.add_time(node, share);
                    broken = lanes.absorb(tree, node, evaluation).err().map(|e| e.to_string()).or(broken);
                }
                (_, _, None) => tree.store(node, evaluation),
            }
        }
        if cost.replayed {
            self.desk.notice = Some(format!(
                "This model cannot go back: the {} tokens before were evaluated again.",
                cost.decoded
            ));
        }
        if first {
            self.desk.engines.prefill = Some(cost);
        } else if at_head && cost.decoded == 1 && pending.screen.follows_path() {
            session.add_time(cost.time);
            self.note_time(cost.time);
        }
        self.desk.stale = true;
        self.what_if_has(&pending.nodes);
        self.walk_on();
        if let Some(error) = broken {
            self.pause_all();
            self.fail("Generation cannot go on", error);
        }
        if self.desk.walk.queue > 0 && self.desk.screen.follows_path() {
            self.desk.walk.queue -= 1;
            return self.step();
        }
        let now = std::time::Instant::now();
        let effects = self.want();
        // As fast as it goes: the next token is due at once.
        if effects.is_empty() { self.tick(now) } else { effects }
    }

    /// A text that is to be scored can be longer than the context, but not on the screen.
    fn why_no_session(&self, error: &CursorError) -> String {
        match error {
            CursorError::PromptTooLong { .. } if self.desk.prompt.scored => {
                format!("{error}. Without a screen a text of any length is scored: logitscope score -f FILE")
            }
            error => error.to_string(),
        }
    }

    fn evaluate_failed(&mut self, ticket: Ticket, error: &EvaluateError) -> Vec<Effect> {
        if !self.is_pending(ticket) {
            return Vec::new();
        }
        self.desk.engines.pending = None;
        self.desk.engines.progress = None;
        self.desk.walk.queue = 0;
        self.pause_all();
        match error {
            EvaluateError::Cancelled => {
                // What was given up is not begun again by the next key.
                self.desk.prompt.scored = false;
                self.desk.notice = Some("Stopped before the text was read to its end; step goes on.".into());
            }
            error => self.fail("The model could not go on", error.to_string()),
        }
        Vec::new()
    }

    fn aborted(&mut self, message: &str) -> Vec<Effect> {
        self.end_session();
        self.desk.engines.model = ModelState::Missing("llama.cpp failed".to_owned());
        let hint = "The model cannot be used any further. Another one can be loaded, or the same one again.";
        self.fail("llama.cpp failed inside", format!("{message}\n\n{hint}"));
        vec![Effect::RestartEngine]
    }

    pub(super) fn top_overlay(&mut self) -> Option<&mut Overlay> {
        self.desk.overlays.last_mut()
    }
}
