//! What the thread does with its commands.

use std::sync::{Arc, atomic::Ordering, mpsc::Receiver};

use super::{
    Command, Evaluated, Event, OpenError, Ready, Source, Ticket, bunch, given_up::GivenUp, held::Held,
};
use crate::{
    engine::{EvaluateError, Evaluator, Measured, Pass, PromptText, Request, llama::abort},
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
                Command::Tokenize(_) | Command::Evaluate(_) | Command::Measure(_) | Command::Adapt(_) => {
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

    pub fn end(&self, ticket: Ticket) {
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
            Err(OpenError::Failed(why)) if S::is_diffusion(settings) => Event::Diffusion { why, kept: false },
            Err(OpenError::Failed(why)) => Event::LoadFailed { why, kept: false },
            Ok(()) => Event::LoadFailed { why: "there is no model".into(), kept: false },
        });
        self.next()
    }

    fn serve<S: Source>(&self, ready: Ready, evaluator: &mut dyn Evaluator) -> Option<(Ticket, Command)> {
        let ready = Arc::new(ready);
        (self.emit)(Event::Loaded(Arc::clone(&ready)));
        let mut stashed = None;
        loop {
            let (ticket, command) = stashed.take().or_else(|| self.next())?;
            let event = match command {
                Command::Load(settings) => match S::check(&settings) {
                    Ok(()) => return Some((ticket, Command::Load(settings))),
                    Err(why) if S::is_diffusion(&settings) => Event::Diffusion { why, kept: true },
                    Err(why) => Event::LoadFailed { why, kept: true },
                },
                Command::Tokenize(prompt) => tokenize(ticket, &prompt, &ready),
                Command::Measure(Some(pass)) => {
                    Event::Measured(ticket, self.measure(ticket, &pass, evaluator, &ready))
                }
                Command::Measure(None) => {
                    evaluator.end_measuring();
                    self.end(ticket);
                    continue;
                }
                Command::Adapt(scales) => {
                    evaluator.adapt(&scales);
                    self.end(ticket);
                    continue;
                }
                Command::Evaluate(request) => {
                    stashed = self.evaluate(ticket, request, evaluator, &ready);
                    continue;
                }
            };
            self.end(ticket);
            (self.emit)(event);
        }
    }

    /// Goes through a pass that is measured.
    fn measure(
        &self,
        ticket: Ticket,
        pass: &Pass,
        evaluator: &mut dyn Evaluator,
        ready: &Ready,
    ) -> Result<Box<Measured>, EvaluateError> {
        let given_up = self.given_up.flag(ticket);
        if given_up.load(Ordering::Relaxed) {
            return Err(EvaluateError::Cancelled);
        }
        let mut proceed = |_| !given_up.load(Ordering::Relaxed);
        Measured::of(evaluator, pass, ready.vocabulary.eog(), &mut proceed).map(Box::new)
    }

    /// Evaluates `request` and tells what came of it. What was held (see [`Held`]) can bring a command that is to be done next.
    fn evaluate(
        &self,
        ticket: Ticket,
        mut request: Request,
        evaluator: &mut dyn Evaluator,
        ready: &Ready,
    ) -> Option<(Ticket, Command)> {
        request.rows.truncate(bunch(ready.vocabulary.len()));
        let mut held = Held::new(self, ticket, &request, ready);
        let result = if held.is_given_up() {
            Err(EvaluateError::Cancelled)
        } else {
            let eog = ready.vocabulary.eog();
            Evaluated::of(evaluator, &request, eog, &mut |progress| held.proceed(progress))
        };
        held.end(result, evaluator.kv_use())
    }
}

/// The tokens of a prompt.
pub(super) fn tokenize(ticket: Ticket, prompt: &PromptText, ready: &Ready) -> Event {
    let tokens = prompt.tokens(ready.info.chat.as_deref(), &ready.vocabulary);
    Event::Prompt(ticket, tokens.map_err(|error| error.to_string()))
}
