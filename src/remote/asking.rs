//! What is asked of a server while its model is being opened.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    RemoteError,
    client::{Answer, Client},
    pool::{Work, concurrently},
};

/// Between two attempts while a server loads its model.
const LOADING: Duration = Duration::from_millis(500);

/// Asks, and gives up when nobody waits any longer.
pub(super) struct Asking<'a> {
    pub client: Arc<Client>,
    /// Is told how far it is, 0 to 1, and ends it by false.
    proceed: &'a mut dyn FnMut(f32) -> bool,
    progress: f32,
    /// How long a server may take to load its model.
    patience: Duration,
}

impl<'a> Asking<'a> {
    pub fn new(client: Arc<Client>, patience: Duration, proceed: &'a mut dyn FnMut(f32) -> bool) -> Self {
        Self { client, proceed, progress: 0.0, patience }
    }

    /// It is so far now, 0 to 1.
    pub fn at(&mut self, progress: f32) {
        self.progress = progress;
    }

    /// Does something that asks.
    pub fn ask<T: Send + 'static>(
        &mut self,
        work: impl Fn(&Client, &AtomicBool) -> Result<T, RemoteError> + Send + Sync + 'static,
    ) -> Result<T, RemoteError> {
        let mut found = self.ask_each(vec![()], 1, move |client, (), cancelled| work(client, cancelled))?;
        found.pop().ok_or(RemoteError::Cancelled)
    }

    /// The same for many things at a time: the answers, in the order of `jobs`.
    pub fn ask_each<J: Send + 'static, T: Send + 'static>(
        &mut self,
        jobs: Vec<J>,
        parallel: usize,
        work: impl Fn(&Client, &J, &AtomicBool) -> Result<T, RemoteError> + Send + Sync + 'static,
    ) -> Result<Vec<T>, RemoteError> {
        let client = Arc::clone(&self.client);
        let work: Arc<Work<J, Result<T, RemoteError>>> =
            Arc::new(move |job, cancelled| work(&client, job, cancelled));
        let mut found: Vec<Option<T>> = jobs.iter().map(|_| None).collect();
        let mut failed = None;
        let (proceed, progress) = (&mut *self.proceed, self.progress);
        let whole = concurrently(jobs, parallel, &work, &mut || proceed(progress), &mut |number, result| {
            match result {
                Ok(answer) => found[number] = Some(answer),
                Err(error) => failed = Some(error),
            }
            failed.is_none()
        });
        match failed {
            Some(error) => Err(error),
            None if whole => Ok(found.into_iter().flatten().collect()),
            None => Err(RemoteError::Cancelled),
        }
    }

    /// Asks for a path, and waits as long as the server says that it is loading.
    pub fn get(&mut self, path: &'static str) -> Result<Answer, RemoteError> {
        let until = Instant::now() + self.patience;
        loop {
            match self.ask(move |client, _| client.get(path)) {
                Err(RemoteError::Busy { status: 503, .. }) if Instant::now() < until => {
                    self.ask(|_, cancelled| {
                        let until = Instant::now() + LOADING;
                        while Instant::now() < until && !cancelled.load(std::sync::atomic::Ordering::Relaxed)
                        {
                            std::thread::sleep(Duration::from_millis(10));
                        }
                        Ok(())
                    })?;
                }
                result => return result,
            }
        }
    }

    /// Asks for a path with a body; the answer as what is expected.
    pub fn post<T: DeserializeOwned + Send + 'static>(
        &mut self,
        path: &'static str,
        body: Value,
    ) -> Result<T, RemoteError> {
        self.ask(move |client, cancelled| client.post(path, &body, cancelled)?.read())
    }
}
