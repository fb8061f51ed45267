//! Fetching from a small server on loopback that behaves, or does not.

mod answers;
mod bad;
mod names;
mod server;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    time::Duration,
};

use sha2::{Digest as _, Sha256};

use self::server::{Asked, Reply, Server};
use super::{Endpoint, FetchError, Patience, Progress, Secret, Source, fetch};
use crate::models::{HubName, ModelName, Places, locate};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const TOKEN: &str = "hf_topsecret";

fn hash(bytes: &[u8]) -> String {
    super::transfer::hex(&Sha256::digest(bytes))
}

/// A file's content: no two places alike, so that what is put together wrongly shows.
fn content(seed: u64, length: usize) -> Vec<u8> {
    (0..length as u64).map(|at| ((at * 31 + seed * 7 + at / 251) % 256) as u8).collect()
}

/// A repository `a/b` with these files, as the hub would serve it.
#[derive(Clone, Default)]
struct Shelf {
    files: Vec<(String, Vec<u8>)>,
}

impl Shelf {
    fn with(mut self, path: &str, bytes: &[u8]) -> Self {
        self.files.push((path.to_owned(), bytes.to_vec()));
        self
    }

    /// What a hub that behaves answers.
    fn answer(&self, asked: &Asked) -> Reply {
        if asked.path == "/api/models/a/b/refs" {
            let body = format!(
                r#"{{"tags":[],"branches":[{{"name":"x","ref":"r","targetCommit":"{}"}},{{"name":"main","targetCommit":"{COMMIT}"}}]}}"#,
                "f".repeat(40)
            );
            return Reply::json(&body);
        }
        if asked.path == format!("/api/models/a/b/tree/{COMMIT}?recursive=true") {
            let entry = |(path, bytes): &(String, Vec<u8>)| {
                format!(
                    r#"{{"type":"file","path":"{path}","size":{0},"oid":"1","lfs":{{"oid":"{1}","size":{0}}}}}"#,
                    bytes.len(),
                    hash(bytes)
                )
            };
            let entries: Vec<String> = self.files.iter().map(entry).collect();
            return Reply::json(&format!("[{}]", entries.join(",")));
        }
        let file = asked.path.strip_prefix(&format!("/a/b/resolve/{COMMIT}/"));
        match file.and_then(|path| self.files.iter().find(|(known, _)| known == path)) {
            Some((_, bytes)) => Reply::file(bytes, asked.range),
            None => Reply::status(404),
        }
    }
}

/// A cache folder, and a server.
struct Desk {
    folder: tempfile::TempDir,
    server: Server,
    token: Option<Secret>,
}

impl Desk {
    fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, server: Server::new(answer), token: None }
    }

    fn of(shelf: Shelf) -> Self {
        Self::new(move |asked| shelf.answer(asked))
    }

    fn source(&self) -> Source {
        Source {
            endpoint: Endpoint::new(&self.server.address()).expect("an address"),
            token: self.token.clone(),
            cache: self.cache(),
            patience: Patience { silence: Duration::from_millis(400), pause: Duration::ZERO },
        }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("hub")
    }

    fn fetch(&self, name: &str) -> Result<PathBuf, FetchError> {
        self.fetch_until(name, &mut |_, _| {})
    }

    /// Fetches, and `tell` may cancel it.
    fn fetch_until(
        &self,
        name: &str,
        tell: &mut dyn FnMut(&Progress, &AtomicBool),
    ) -> Result<PathBuf, FetchError> {
        let cancelled = AtomicBool::new(false);
        fetch(&hub_name(name), &self.source(), &mut |progress| tell(progress, &cancelled), &cancelled)
    }

    fn refusal(&self, name: &str) -> String {
        self.fetch(name).expect_err(name).to_string()
    }

    /// Every file and link below the cache, and what it holds.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.cache(), &self.cache(), &mut files);
        files.sort();
        files
    }

    /// Fails if anything in the cache could be taken for a model that is not exactly one of these contents.
    fn assert_nothing_wrong(&self, right: &[&[u8]]) {
        for (path, bytes) in self.files() {
            let model = path.contains("/snapshots/")
                || path.contains("/blobs/") && !path.ends_with(".downloadInProgress");
            assert!(!model || right.contains(&bytes.as_slice()), "{path} holds {} wrong bytes", bytes.len());
        }
    }
}

fn hub_name(name: &str) -> HubName {
    match ModelName::parse(name.as_ref()) {
        Ok(ModelName::Hub(name)) => name,
        other => panic!("{name}: {other:?}"),
    }
}

fn collect(root: &Path, folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, into);
        } else {
            let name = path.strip_prefix(root).expect("below").display().to_string();
            into.push((name, fs::read(&path).unwrap_or_default()));
        }
    }
}
