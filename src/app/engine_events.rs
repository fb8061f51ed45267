//! What the engine's events do to the state.

use std::sync::Arc;

use super::{Effect, ModelState, Overlay, Screen, State, Transcript, View};
use crate::{
    decode::{CursorError, Session},
    engine::{
        EvaluateError,
        worker::{Distribution, Evaluated, Event, Ready, Ticket},
    },
    sampling::without_effect,
    token::Token,
    tree::{Evaluation, Step},
};

impl State {
    pub(super) fn engine(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Loading(progress) => {
                // The model before is gone; a session would keep its memory.
                if self.ready().is_some() {
                    self.end_session();
                }
                self.model = ModelState::Loading(progress);
                Vec::new()
            }
            Event::Loaded(ready) => self.loaded(ready),
            Event::LoadFailed { why, kept } => self.load_failed(why, kept),
            Event::LoadCancelled => self.load_cancelled(),
            Event::Prompt(ticket, tokens) => self.prompt_ready(ticket, tokens),
            Event::Progress(ticket, progress) => {
                if self.is_pending(ticket) {
                    self.progress = Some(progress);
                }
                Vec::new()
            }
            Event::Evaluated(ticket, evaluated) => self.evaluated(ticket, *evaluated),
            Event::EvaluateFailed(ticket, error) => self.evaluate_failed(ticket, &error),
            Event::Aborted(message) => self.aborted(&message),
        }
    }

    fn loaded(&mut self, ready: Arc<Ready>) -> Vec<Effect> {
        // A setting changed on the screen holds for the next model too; before, the file's own defaults count.
        if !self.sampling_changed {
            self.sampling = ready.info.sampling(&self.given);
        }
        self.end_session();
        self.told_of_shared_cache = false;
        if let Some(told) = without_effect(&self.sampling, ready.vocabulary.len()) {
            self.notice = Some(told);
        }
        self.model = ModelState::Ready(ready);
        self.begin()
    }

    /// Lets go of the path and all that belongs to it.
    fn end_session(&mut self) {
        self.compare.leave_tree();
        self.seeds.leave_tree();
        self.beam.leave_tree();
        self.tree_view.leave_tree();
        self.session = None;
        self.again = None;
        self.pending = None;
        self.progress = None;
        self.queued_steps = 0;
        self.cursor = None;
        self.prefill = None;
        self.decode_ms.clear();
        self.transcript = Transcript::default();
        self.view = View::default();
    }

    fn load_failed(&mut self, why: String, kept: bool) -> Vec<Effect> {
        if !kept {
            self.end_session();
            self.model = ModelState::Missing(why.clone());
        }
        self.fail("The model could not be loaded", why);
        Vec::new()
    }

    fn load_cancelled(&mut self) -> Vec<Effect> {
        self.end_session();
        self.model = ModelState::Missing("loading was cancelled".into());
        Vec::new()
    }

    fn prompt_ready(&mut self, ticket: Ticket, tokens: Result<Vec<Token>, String>) -> Vec<Effect> {
        if let Some(effects) = self.lane_prompt_ready(ticket, &tokens) {
            return effects;
        }
        if self.prompt_ticket != Some(ticket) {
            return Vec::new();
        }
        self.prompt_ticket = None;
        let Some(ready) = self.ready().cloned() else { return Vec::new() };
        let session = tokens.and_then(|tokens| {
            let vocabulary = Arc::clone(&ready.vocabulary);
            let sampling = self.sampling.clone();
            Session::new(vocabulary, tokens, sampling, self.rules(), ready.context, self.logits_budget())
                .map_err(|error| self.why_no_session(&error))
        });
        match session {
            Ok(mut session) => {
                let limit = self.settings.model.tree_nodes as usize;
                session.tree_mut().set_limit(limit.max(ready.context + 1));
                self.end_session();
                self.sampling = session.settings().clone();
                self.session = Some(session);
                self.fresh = true;
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
        self.pending.as_ref().is_some_and(|pending| pending.ticket == ticket)
    }

    pub(super) fn evaluated(&mut self, ticket: Ticket, evaluated: Evaluated) -> Vec<Effect> {
        let Some(pending) = self.pending.take_if(|pending| pending.ticket == ticket) else {
            return Vec::new();
        };
        self.progress = None;
        self.kv = evaluated.kv;
        let Some(session) = &mut self.session else { return Vec::new() };
        let Evaluated { rows, cost, .. } = evaluated;
        // Between the tokens of a prompt that was scored: how likely each was.
        let steps: Vec<Step> = rows.iter().filter_map(|row| row.next).collect();
        if !steps.is_empty() {
            session.set_prompt_steps(steps);
        }
        let last = rows.into_iter().filter(|row| row.next.is_none());
        let distributions: Vec<Distribution> = last.filter_map(|row| row.distribution).collect();
        let first = self.prefill.is_none();
        let at_head = session.path().head().is_some_and(|head| pending.nodes == [head]);
        let share = cost.time / distributions.len().max(1) as u32;
        let mut broken = None;
        for (&node, Distribution { summary, logits }) in pending.nodes.iter().zip(distributions) {
            let evaluation = Evaluation { summary, logits: Some(logits), time: share };
            let tree = session.tree_mut();
            match (pending.screen, self.seeds.forest_mut(), self.compare.lanes_mut()) {
                (Screen::Seeds, Some(forest), _) => {
                    broken = forest.absorb(tree, node, evaluation).err().map(|e| e.to_string()).or(broken);
                }
                (Screen::Beam, ..) => {
                    let absorbed = self.beam.absorb(tree, node, evaluation);
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
            self.notice = Some(format!(
                "This model cannot go back: the {} tokens before were evaluated again.",
                cost.decoded
            ));
        }
        if first {
            self.prefill = Some(cost);
        } else if at_head && cost.decoded == 1 && pending.screen.follows_path() {
            session.add_time(cost.time);
            self.note_time(cost.time);
        }
        self.stale = true;
        self.what_if_has(&pending.nodes);
        self.walk_on();
        if let Some(error) = broken {
            self.pause_all();
            self.fail("Generation cannot go on", error);
        }
        if self.queued_steps > 0 && self.screen.follows_path() {
            self.queued_steps -= 1;
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
            CursorError::PromptTooLong { .. } if self.score_prompt => {
                format!("{error}. Without a screen a text of any length is scored: logitscope score -f FILE")
            }
            error => error.to_string(),
        }
    }

    fn evaluate_failed(&mut self, ticket: Ticket, error: &EvaluateError) -> Vec<Effect> {
        if !self.is_pending(ticket) {
            return Vec::new();
        }
        self.pending = None;
        self.progress = None;
        self.queued_steps = 0;
        self.pause_all();
        match error {
            EvaluateError::Cancelled => {
                // What was given up is not begun again by the next key.
                self.score_prompt = false;
                self.notice = Some("Stopped before the text was read to its end; step goes on.".into());
            }
            error => self.fail("The model could not go on", error.to_string()),
        }
        Vec::new()
    }

    fn aborted(&mut self, message: &str) -> Vec<Effect> {
        self.end_session();
        self.model = ModelState::Missing("llama.cpp failed".to_owned());
        let hint = "The model cannot be used any further. Another one can be loaded, or the same one again.";
        self.fail("llama.cpp failed inside", format!("{message}\n\n{hint}"));
        vec![Effect::RestartEngine]
    }

    pub(super) fn top_overlay(&mut self) -> Option<&mut Overlay> {
        self.overlays.last_mut()
    }
}
