//! Fetching a model from the Hugging Face hub, or from whatever speaks like it, into the cache that llama.cpp shares.
//!
//! The steps and the layout of the cache are llama.cpp's (`common/{hf-cache,download}.cpp`): the branch's commit, the list of
//! its files, the choice among them, then each part of the model. What is here besides: room on the disk is checked before,
//! what a file holds is checked against its SHA-256 before it gets its name, and a token goes to the hub alone. A server is
//! not trusted: names, lengths and bytes are checked, answers are bounded, and nothing wrong ever stays in the cache.

mod cache;
mod client;
mod disk;
mod endpoint;
mod error;
mod hub;
mod obtain;
mod plan;
mod progress;
mod secret;
#[cfg(test)]
mod tests;
mod transfer;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use self::{cache::HubCache, client::Client, hub::Hub, plan::Plan, transfer::Transfer};
pub use self::{
    endpoint::Endpoint,
    error::FetchError,
    obtain::{ObtainError, Reach},
    progress::{Progress, Stage},
    secret::Secret,
};
use crate::models::{HubName, Places};

/// Where models come from and go to.
#[derive(Clone, Debug)]
pub struct Source {
    /// The hub.
    pub endpoint: Endpoint,
    /// Who asks, for repositories that not everybody may read.
    pub token: Option<Secret>,
    /// The folder of the hub cache.
    pub cache: PathBuf,
    /// How patient it is.
    pub patience: Patience,
}

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until a connection stands, and between two pieces of an answer.
    pub silence: Duration,
    /// Before the second attempt; twice as long before the third.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { silence: Duration::from_secs(30), pause: Duration::from_secs(1) }
    }
}

/// Attempts that bring nothing new after which it is given up, as in llama.cpp.
const ATTEMPTS: u32 = 3;

impl Source {
    /// As the environment says, which `get` looks variables up in: the hub by `MODEL_ENDPOINT` or `HF_ENDPOINT`, the cache
    /// as for [`Places::from_env`], the first of its folders.
    ///
    /// # Errors
    ///
    /// The endpoint is no address, or there is no folder for a cache.
    pub fn from_env(
        get: impl Fn(&str) -> Option<String>,
        home: Option<&Path>,
        token: Option<Secret>,
    ) -> Result<Self, FetchError> {
        let endpoint = Endpoint::from_env(&get)?;
        let cache =
            Places::from_env(&get, home).hugging_face.into_iter().next().ok_or(FetchError::NoCache)?;
        Ok(Self { endpoint, token, cache, patience: Patience::default() })
    }
}

/// Fetches a model with all its parts: the file to load. What is in the cache already is not fetched again, and what an
/// earlier attempt has begun is gone on with. Blocks; `tell` is told how far it is, and `cancelled` ends it within the time
/// that the next piece of the answer takes.
///
/// # Errors
///
/// The hub cannot be reached, refuses, does not have it, or sends something else than it announced; the disk is full or
/// cannot be written; it was cancelled. What has come so far and can be gone on with stays, under a name that nobody loads.
pub fn fetch(
    name: &HubName,
    source: &Source,
    tell: &mut dyn FnMut(&Progress),
    cancelled: &AtomicBool,
) -> Result<PathBuf, FetchError> {
    let client = Client::new(source, cancelled)?;
    tell(&Progress::asking());
    let hub = Hub { client: &client, endpoint: &source.endpoint };
    let commit = hub.commit(&name.repository)?;
    let files = hub.files(&name.repository, &commit)?;
    let plan = Plan::new(name, &files)?;
    let cache = HubCache::new(&source.cache, &name.repository);
    let left: u64 = plan.parts.iter().map(|part| cache.missing(part)).sum();
    disk::require(left, &source.cache)?;
    let mut progress = Progress::new(&plan.parts);
    for part in &plan.parts {
        if !cache.has(part) {
            let url = source.endpoint.file(&name.repository, &commit, &part.path);
            let transfer = Transfer {
                client: &client,
                hub: &hub,
                repository: &name.repository,
                url: &url,
                part,
                patience: source.patience,
            };
            transfer.run(&cache.partial(part), &cache.blob(part), &mut |stage, done, now| {
                progress.at(stage, done, now);
                tell(&progress);
            })?;
        }
        cache.link(&commit, part)?;
        progress.next_part();
    }
    cache.note_main(&commit)?;
    Ok(cache.snapshot(&commit, &plan.parts[0].path))
}

fn stop_if(cancelled: &AtomicBool) -> Result<(), FetchError> {
    if cancelled.load(Ordering::Relaxed) { Err(FetchError::Cancelled) } else { Ok(()) }
}
