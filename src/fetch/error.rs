//! What can go wrong, in plain words.

use std::{io, path::PathBuf};

use crate::{
    models::{Repository, did_you_mean, listed},
    text::Shown,
};

/// Why a model was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It was given up.
    #[error("fetching was cancelled; asked for again, it goes on from where it was")]
    Cancelled,
    /// The environment's endpoint is no address.
    #[error(
        "{variable}: expected an address such as https://huggingface.co, without a name and password in it"
    )]
    Endpoint {
        /// The variable.
        variable: &'static str,
        /// What it says. It can hold a password, so it is not shown.
        value: String,
    },
    /// There is no home folder, and no variable that names a cache.
    #[error("there is no folder for fetched models: set HF_HOME or LLAMA_CACHE")]
    NoCache,
    /// The token cannot be sent.
    #[error("the token (HF_TOKEN or -hft) holds characters that no token has")]
    Token,
    /// The hub cannot be reached, or does not answer.
    #[error(
        "{} cannot be reached: {why}; is there a network? Models that are on this machine already need none (--offline, or m \
         on the screen lists them)",
        Shown::inline(.host)
    )]
    Network {
        /// Which host.
        host: String,
        /// What happened.
        why: String,
    },
    /// The connection broke, again and again.
    #[error(
        "{}: {why}; what has come so far is kept, and asked for again it goes on from there",
        Shown::inline(.host)
    )]
    Broken {
        /// Which host.
        host: String,
        /// What happened.
        why: String,
    },
    /// The repository is gated: its makers want their conditions accepted.
    #[error(
        "{repository} is gated: accept its conditions at {} in a browser, then {}",
        Shown::inline(.page),
        token_advice(*.with_token)
    )]
    Gated {
        /// The repository.
        repository: Repository,
        /// Where its conditions can be accepted.
        page: String,
        /// Whether a token was sent.
        with_token: bool,
    },
    /// The hub does not let this one in, and does not say why.
    #[error(
        "{} refuses {repository} ({status}): it is private, gated, or not there{}. Look at {}; {}",
        Shown::inline(.host), did_you_mean(.near), Shown::inline(.page), token_advice(*.with_token)
    )]
    Denied {
        /// The repository.
        repository: Repository,
        /// The host.
        host: String,
        /// 401 or 403.
        status: u16,
        /// Its page.
        page: String,
        /// Repositories of similar names.
        near: Vec<String>,
        /// Whether a token was sent.
        with_token: bool,
    },
    /// There is no such repository.
    #[error("{} has no repository {repository}{}", Shown::inline(.host), did_you_mean(.near))]
    NoRepository {
        /// The repository.
        repository: Repository,
        /// The host.
        host: String,
        /// Repositories of similar names.
        near: Vec<String>,
    },
    /// The repository has no GGUF model.
    #[error("{0} has no GGUF model; such models are often in another repository whose name ends in GGUF")]
    NoModel(Repository),
    /// The repository has no such quantisation.
    #[error("{repository} has no {}; it has {}", Shown::inline(.tag), listed(.there))]
    NoTag {
        /// The repository.
        repository: Repository,
        /// What was asked for.
        tag: String,
        /// What there is.
        there: Vec<String>,
    },
    /// The repository has no such file.
    #[error("{repository} has no file {}{}; it has {}", Shown::inline(.file), did_you_mean(.near), listed(.there))]
    NoFile {
        /// The repository.
        repository: Repository,
        /// What was asked for.
        file: String,
        /// Files of similar names.
        near: Vec<String>,
        /// The models there are.
        there: Vec<String>,
    },
    /// A part of the model is not in the repository.
    #[error("{repository} is incomplete: {} is missing", Shown::inline(.part))]
    MissingPart {
        /// The repository.
        repository: Repository,
        /// The file that is missing.
        part: String,
    },
    /// The hub does not say what a file holds.
    #[error("{}: the hub tells no SHA-256 of this file, so what is fetched could not be checked", Shown::inline(.0))]
    NoHash(String),
    /// There is not enough room.
    #[error(
        "{} more are needed in {}, which has {} left; make room, or set HF_HOME or LLAMA_CACHE to a folder on another disk",
        size(*.needed), Shown::path(.folder), size(*.free)
    )]
    NoRoom {
        /// Bytes that are missing of the model.
        needed: u64,
        /// Bytes that are free.
        free: u64,
        /// The cache.
        folder: PathBuf,
    },
    /// The server's answer is none.
    #[error("{} answered with something else than expected: {what}", Shown::inline(.host))]
    Answer {
        /// The host.
        host: String,
        /// What is wrong.
        what: String,
    },
    /// The server refuses, now.
    #[error("{} answered {status}{}; try again later", Shown::inline(.host), status_name(*.status))]
    Status {
        /// The host.
        host: String,
        /// The status of HTTP.
        status: u16,
    },
    /// What was sent is not what was announced.
    #[error(
        "{}: what came is not what the hub announced (its SHA-256 differs), so it was thrown away; something on the way \
         changes it, or the hub has an error",
        Shown::inline(.0)
    )]
    WrongHash(String),
    /// Somebody else is fetching it.
    #[error("{}: another program is fetching this file already", Shown::inline(.0))]
    Busy(String),
    /// The cache cannot be written.
    #[error("{} cannot be written: {source}", Shown::path(.path))]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

fn token_advice(with_token: bool) -> &'static str {
    if with_token {
        "check that your token (HF_TOKEN or -hft) may read it"
    } else {
        "give your token with HF_TOKEN or -hft"
    }
}

fn status_name(status: u16) -> String {
    let status = ureq::http::StatusCode::from_u16(status).ok();
    status
        .and_then(|status| status.canonical_reason())
        .map_or_else(String::new, |reason| format!(" ({reason})"))
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    crate::text::bytes(bytes as f64)
}
