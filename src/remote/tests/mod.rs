//! Servers of every kind, and everything that can go wrong with one.

mod bad;
mod kinds;
mod llama_server;
mod model;
mod ollama;
mod recorded;
mod server;

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{Patience, RemoteError, RemoteModel};
use crate::{
    engine::{EvaluateError, Evaluator as _, Request, Tail},
    settings::{ModelSettings, RemoteCandidates},
    token::Token,
};

/// As patient as a test.
fn patience() -> Patience {
    Patience {
        silence: Duration::from_secs(5),
        connect: Duration::from_secs(5),
        pause: Duration::from_millis(5),
        attempts: 5,
        longest_wait: Duration::from_secs(5),
    }
}

fn settings(url: &str) -> ModelSettings {
    ModelSettings { path: Some(PathBuf::from(url)), ..ModelSettings::default() }
}

/// Opens with these settings, without a key.
fn open(settings: &ModelSettings) -> Result<RemoteModel, RemoteError> {
    RemoteModel::open_with(settings, patience(), &|_| None, &mut |_| true)
}

fn path(ids: &[u32]) -> Arc<[Token]> {
    ids.iter().map(|&id| Token(id)).collect()
}

/// A row: logits and what is known of the others.
type Row = (Vec<f32>, Option<Tail>);

/// What comes after each of these paths.
fn after(model: &RemoteModel, paths: &[&[u32]]) -> Result<Vec<Row>, EvaluateError> {
    let request = Request::after(paths.iter().map(|ids| path(ids)), None);
    let mut rows = Vec::new();
    model.remote_evaluator().evaluate(&request, &mut |_| true, &mut |id, row| {
        assert_eq!(id.path, rows.len(), "in order");
        rows.push((row.logits.to_vec(), row.tail));
    })?;
    Ok(rows)
}

/// Whether a row holds the log-probabilities of the small model after `ids`, the likeliest `known` of them.
fn agrees(row: &Row, ids: &[u32], known: usize) {
    let ids: Vec<u64> = ids.iter().map(|&id| id.into()).collect();
    let all = model::sorted(&ids);
    for (place, &(id, lp)) in all.iter().enumerate() {
        let found = row.0[id];
        if place < known {
            assert!((f64::from(found) - lp).abs() < 1e-5, "token {id}: {found} and {lp}");
        } else {
            assert!(found.is_infinite(), "token {id} was not told");
        }
    }
    let told: f64 = all[..known].iter().map(|(_, lp)| lp.exp()).sum();
    match row.1 {
        None => assert_eq!(known, all.len()),
        Some(tail) => {
            assert_eq!(tail.known, known);
            assert!((tail.mass - (1.0 - told)).abs() < 1e-5, "{tail:?}");
            assert!((tail.bound - all[known - 1].1.exp()).abs() < 1e-5, "{tail:?}");
        }
    }
}

const fn count(candidates: u32) -> RemoteCandidates {
    RemoteCandidates::Count(candidates)
}
