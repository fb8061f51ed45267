//! What is asked of a server, whatever it is.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use super::{RemoteError, client::Client};
use crate::{
    engine::{ServedFormat, ServerInfo, Vocabulary},
    token::Token,
};

/// One of the likeliest tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub id: i64,
    pub log_probability: f64,
}

/// What comes after a path, as a server tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Step {
    pub candidates: Vec<Candidate>,
    /// The probability of the likeliest candidate that belongs to no known token; 0 for none.
    pub unnamed: f64,
    /// The log-probability of the token that the server drew, where it can be told besides the likeliest.
    pub drawn: Option<f64>,
    /// How long the model took, where it is told.
    pub model: Option<Duration>,
    /// Tokens that went through the model, and those that were in its cache.
    pub read: usize,
    pub reused: usize,
    /// The path was sent as text, and other tokens come of it.
    pub retokenised: bool,
}

/// How a kind of server is asked.
pub(super) trait Protocol: Send + Sync {
    /// The likeliest tokens after a path, `candidates` of them or as many as it gives. Blocks.
    ///
    /// # Errors
    ///
    /// It does not answer, or not with what is needed.
    fn step(
        &self,
        client: &Client,
        path: &[Token],
        candidates: usize,
        cancelled: &AtomicBool,
    ) -> Result<Step, RemoteError>;
}

/// A server that was found out about.
pub(super) struct Opened {
    pub protocol: Arc<dyn Protocol>,
    pub vocabulary: Arc<Vocabulary>,
    /// Its own way of writing conversations, and a template of which it is told.
    pub chat: Option<Arc<dyn ServedFormat>>,
    pub template: Option<String>,
    /// For a title.
    pub title: String,
    /// The largest path, in tokens.
    pub context: usize,
    pub info: ServerInfo,
}
