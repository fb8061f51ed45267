//! An evaluation under way, which is held for a moment when it is given up: what was read of a text stays read, in the middle
//! of a batch, too.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::RecvTimeoutError,
    },
    time::{Duration, Instant},
};

use super::{
    Command, Evaluated, Event, Ready, Ticket,
    serve::{Worker, tokenize},
};
use crate::engine::{EvaluateError, KvUse, Progress, Request};

/// How long an evaluation that was given up is held. ggml's other threads spin for so long.
const HELD: Duration = Duration::from_secs(10);

/// An evaluation under way. When it is given up that is told at once and the model waits where it is: if the same is asked for
/// again it goes on from there, and anything else ends it.
pub(super) struct Held<'a, F> {
    worker: &'a Worker<F>,
    /// Whose evaluation it is; None once it is given up.
    ticket: Option<Ticket>,
    given_up: Arc<AtomicBool>,
    request: &'a Request,
    ready: &'a Ready,
    /// What is to be done instead.
    next: Option<(Ticket, Command)>,
}

impl<'a, F: Fn(Event) + Send + Clone + 'static> Held<'a, F> {
    pub fn new(worker: &'a Worker<F>, ticket: Ticket, request: &'a Request, ready: &'a Ready) -> Self {
        let given_up = worker.given_up.flag(ticket);
        Self { worker, ticket: Some(ticket), given_up, request, ready, next: None }
    }

    pub fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Tells how far it has come, and whether it is to go on: perhaps after a while, for somebody else.
    pub fn proceed(&mut self, progress: Progress) -> bool {
        // The last of it is no progress worth telling: the logits are there.
        if let Some(ticket) = self.ticket
            && progress.total > progress.done
        {
            (self.worker.emit)(Event::Progress(ticket, progress));
        }
        !self.is_given_up() || self.hold()
    }

    /// Gives the evaluation up and waits for what comes next; whether that is the same.
    fn hold(&mut self) -> bool {
        self.tell(Err(EvaluateError::Cancelled));
        let until = Instant::now() + HELD;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.worker.incoming.recv_timeout(left) {
                // Needs no model.
                Ok((ticket, Command::Tokenize(prompt))) => {
                    self.worker.end(ticket);
                    (self.worker.emit)(tokenize(ticket, &prompt, self.ready));
                }
                Ok((ticket, Command::Evaluate(request))) if self.is_same(&request) => {
                    self.ticket = Some(ticket);
                    self.given_up = self.worker.given_up.flag(ticket);
                    if !self.is_given_up() {
                        return true;
                    }
                    self.tell(Err(EvaluateError::Cancelled));
                }
                Ok(next) => {
                    self.next = Some(next);
                    return false;
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    fn is_same(&self, request: &Request) -> bool {
        // A fresh one is on an empty cache; so is what goes on only if it began fresh itself.
        let as_fresh = !request.fresh || self.request.fresh;
        as_fresh && request.prompt == self.request.prompt && request.rows == self.request.rows
    }

    /// Tells what came of it, once.
    fn tell(&mut self, result: Result<Evaluated, EvaluateError>) {
        let Some(ticket) = self.ticket.take() else { return };
        self.worker.end(ticket);
        (self.worker.emit)(match result {
            Ok(evaluated) => Event::Evaluated(ticket, Box::new(evaluated)),
            Err(error) => Event::EvaluateFailed(ticket, error),
        });
    }

    /// Tells what came of it. The command that came while it was held, and is to be done next.
    pub fn end(mut self, result: Result<Evaluated, EvaluateError>, kv: KvUse) -> Option<(Ticket, Command)> {
        let failed = result.is_err();
        self.tell(result);
        if failed {
            (self.worker.emit)(Event::Kept(kv));
        }
        self.next
    }
}
