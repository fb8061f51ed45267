//! What the thread does with its commands.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::Receiver,
};

use super::{Command, Evaluated, Event, OpenError, Ready, Source, Ticket, bunch, given_up::GivenUp};
use crate::{
    engine::{EvaluateError, Evaluator, Progress, Request, llama::abort},
    settings::ModelSettings,
};

/// The thread's own end.
pub(super) struct Worker<F> {
    pub incoming: Receiver<(Ticket, Command)>,
    pub given_up: Arc<GivenUp>,
    pub emit: F,
}

impl<F: Fn(Event) + Send + Clone + 'static> Worker<F> {
    /// Serves until nobody can send any more.
    pub fn run<S: Source>(self, mut source: S) {
        let mut next = self.next();
        while let Some((ticket, command)) = next.take() {
            next = match command {
                Command::Load(settings) => self.load(ticket, &settings, &mut source),
                // Without a model there is nothing to do; the screen knows that there is none.
                Command::Tokenize(_) | Command::Evaluate(_) => {
                    self.end(ticket);
                    self.next()
                }
            };
        }
    }

    /// The next command; None when nobody can send any more.
    fn next(&self) -> Option<(Ticket, Command)> {
        abort::set_at_work(false);
        let next = self.incoming.recv().ok();
        abort::set_at_work(true);
        next
    }

    fn end(&self, ticket: Ticket) {
        self.given_up.end(ticket);
    }

    /// Loads a model and serves it until another is to be loaded: returns that command.
    fn load<S: Source>(
        &self,
        ticket: Ticket,
        settings: &ModelSettings,
        source: &mut S,
    ) -> Option<(Ticket, Command)> {
        let (flag, emit) = (self.given_up.flag(ticket), self.emit.clone());
        let proceed = move |progress| {
            emit(Event::Loading(progress));
            !flag.load(Ordering::Relaxed)
        };
        let mut served = None;
        let opened = source.open(settings, Box::new(proceed), &mut |ready, evaluator| {
            self.end(ticket);
            served = Some(self.serve::<S>(ready, evaluator));
        });
        if let Some(next) = served {
            return next;
        }
        self.end(ticket);
        (self.emit)(match opened {
            Err(OpenError::Cancelled) => Event::LoadCancelled,
            Err(OpenError::Failed(why)) => Event::LoadFailed { why, kept: false },
            Ok(()) => Event::LoadFailed { why: "there is no model".into(), kept: false },
        });
        self.next()
    }

    fn serve<S: Source>(&self, ready: Ready, evaluator: &mut dyn Evaluator) -> Option<(Ticket, Command)> {
        let ready = Arc::new(ready);
        (self.emit)(Event::Loaded(Arc::clone(&ready)));
        loop {
            let (ticket, command) = self.next()?;
            let event = match command {
                Command::Load(settings) => match S::check(&settings) {
                    Ok(()) => return Some((ticket, Command::Load(settings))),
                    Err(why) => Event::LoadFailed { why, kept: true },
                },
                Command::Tokenize(prompt) => {
                    let tokens = prompt.tokens(ready.info.chat.as_deref(), &ready.vocabulary);
                    Event::Prompt(ticket, tokens.map_err(|error| error.to_string()))
                }
                Command::Evaluate(request) => {
                    let flag = self.given_up.flag(ticket);
                    match self.evaluate((ticket, &flag), request, evaluator, &ready) {
                        Ok(evaluated) => Event::Evaluated(ticket, Box::new(evaluated)),
                        Err(error) => Event::EvaluateFailed(ticket, error),
                    }
                }
            };
            self.end(ticket);
            (self.emit)(event);
        }
    }

    fn evaluate(
        &self,
        (ticket, given_up): (Ticket, &AtomicBool),
        mut request: Request,
        evaluator: &mut dyn Evaluator,
        ready: &Ready,
    ) -> Result<Evaluated, EvaluateError> {
        if given_up.load(Ordering::Relaxed) {
            return Err(EvaluateError::Cancelled);
        }
        request.rows.truncate(bunch(ready.vocabulary.len()));
        let eog = ready.vocabulary.eog();
        Evaluated::of(evaluator, &request, eog, &mut |progress| self.proceed(ticket, given_up, progress))
    }

    /// Tells how far an evaluation has come, and whether it is to go on.
    fn proceed(&self, ticket: Ticket, given_up: &AtomicBool, progress: Progress) -> bool {
        // The last of it is no progress worth telling: the logits are there.
        if progress.total > progress.done {
            (self.emit)(Event::Progress(ticket, progress));
        }
        !given_up.load(Ordering::Relaxed)
    }
}
