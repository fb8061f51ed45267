//! Paths in, logits out, by a server.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
    time::Instant,
};

use super::{
    RemoteError,
    client::Client,
    pool::{Work, concurrently},
    protocol::{Protocol, Step},
    row::{Checked, checked},
};
use crate::{
    engine::{Cost, EvaluateError, Evaluator, KvUse, Progress, Request, Row, RowId, Rows},
    token::Token,
};

/// Evaluates on a server: a request for each row, several at a time.
pub struct RemoteEvaluator {
    client: Arc<Client>,
    protocol: Arc<dyn Protocol>,
    n_vocab: usize,
    /// The largest path, in tokens.
    context: usize,
    /// Candidates that are asked for.
    candidates: usize,
    /// Requests at a time.
    parallel: usize,
    /// Tokens of the newest path.
    newest: usize,
}

/// How a server is asked.
pub(super) struct Terms {
    pub n_vocab: usize,
    pub context: usize,
    pub candidates: usize,
    pub parallel: usize,
}

/// What came of a row.
type Answered = Result<Step, RemoteError>;

/// One row that is wanted.
struct Wanted {
    id: RowId,
    path: Arc<[Token]>,
}

impl RemoteEvaluator {
    pub(super) fn new(client: Arc<Client>, protocol: Arc<dyn Protocol>, terms: &Terms) -> Self {
        let &Terms { n_vocab, context, candidates, parallel } = terms;
        Self { client, protocol, n_vocab, context, candidates, parallel, newest: 0 }
    }

    /// What is done for a row, on a thread of its own.
    fn work(&self, candidates: usize) -> Arc<Work<Wanted, Answered>> {
        let (client, protocol) = (Arc::clone(&self.client), Arc::clone(&self.protocol));
        Arc::new(move |wanted: &Wanted, cancelled: &AtomicBool| {
            protocol.step(&client, &wanted.path[..=wanted.id.position], candidates, cancelled)
        })
    }

    fn check(&self, step: &Step) -> Result<Checked, EvaluateError> {
        let row = checked(&step.candidates, step.unnamed, self.n_vocab);
        let row = row.map(|row| match step.drawn {
            Some(drawn) => row.with_drawn(drawn),
            None => row,
        });
        row.map_err(|what| {
            let address = self.client.address().to_string();
            EvaluateError::Server(RemoteError::Answer { address, what }.to_string())
        })
    }
}

/// The rows that a request names, path by path.
fn wanted(request: &Request) -> Vec<Wanted> {
    let rows = |(path, rows): (usize, &Rows)| {
        let tokens = Arc::clone(&rows.tokens);
        let row = move |position| Wanted { id: RowId { path, position }, path: Arc::clone(&tokens) };
        (rows.from..rows.tokens.len()).map(row)
    };
    request.rows.iter().enumerate().flat_map(rows).collect()
}

impl Evaluator for RemoteEvaluator {
    fn context_size(&self) -> usize {
        self.context
    }

    fn evaluate(
        &mut self,
        request: &Request,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(RowId, Row<'_>),
    ) -> Result<Cost, EvaluateError> {
        request.check(self.context)?;
        let started = Instant::now();
        let candidates = request.candidates.unwrap_or(self.candidates).clamp(1, self.n_vocab.max(1));
        let jobs = wanted(request);
        let ids: Vec<RowId> = jobs.iter().map(|wanted| wanted.id).collect();
        let total = ids.len();
        // Answers come as they like, rows are handed on in order.
        let (mut waiting, mut next) = (BTreeMap::new(), 0);
        let (mut cost, mut failed) = (Cost::default(), None);
        let done = std::cell::Cell::new(0);
        let whole = concurrently(
            jobs,
            self.parallel,
            &self.work(candidates),
            &mut || proceed(Progress { done: done.get(), total }),
            &mut |number, answer| {
                let answer = answer.map_err(EvaluateError::from).and_then(|step| {
                    count(&mut cost, &step);
                    self.check(&step)
                });
                match answer {
                    Ok(row) => drop(waiting.insert(number, row)),
                    Err(error) => failed = Some(error),
                }
                while let Some(row) = waiting.remove(&next) {
                    sink(ids[next], Row { logits: &row.logits, tail: row.tail });
                    next += 1;
                }
                done.set(next);
                failed.is_none()
            },
        );
        if let Some(error) = failed {
            return Err(error);
        }
        if !whole {
            return Err(EvaluateError::Cancelled);
        }
        self.newest = request.rows.last().map_or(0, |rows| rows.tokens.len());
        cost.time = started.elapsed();
        Ok(cost)
    }

    fn kv_use(&self) -> KvUse {
        KvUse { newest: self.newest, ..KvUse::default() }
    }
}

/// Adds what a step cost.
fn count(cost: &mut Cost, step: &Step) {
    cost.decoded += step.read;
    cost.reused += step.reused;
    cost.retokenised |= step.retokenised;
    cost.on_server = cost.on_server.max(step.model);
}

impl From<RemoteError> for EvaluateError {
    fn from(error: RemoteError) -> Self {
        match error {
            RemoteError::Cancelled => Self::Cancelled,
            error => Self::Server(error.to_string()),
        }
    }
}
