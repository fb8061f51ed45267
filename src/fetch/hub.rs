//! What the hub is asked: the commit, its files, and names of other repositories.

use serde::Deserialize;

use super::{
    Endpoint, FetchError,
    client::{Answer, Client},
};
use crate::models::{Repository, is_file_path, nearest};

/// Pages of a list of files that are read: fifty thousand files.
const MOST_PAGES: usize = 50;

pub(super) struct Hub<'a> {
    pub(super) client: &'a Client<'a>,
    pub(super) endpoint: &'a Endpoint,
}

/// A file of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RemoteFile {
    /// From the repository's folder on; checked to be no path that leads elsewhere.
    pub(super) path: String,
    /// Bytes.
    pub(super) size: u64,
    /// 64 hexadecimal digits in small letters; None where the hub tells none.
    pub(super) sha256: Option<String>,
}

#[derive(Deserialize)]
struct Refs {
    #[serde(default)]
    branches: Vec<Branch>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Branch {
    name: String,
    target_commit: String,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    size: u64,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    oid: String,
    size: Option<u64>,
}

#[derive(Deserialize)]
struct Found {
    id: String,
}

impl Hub<'_> {
    /// The commit of the branch main, or else of the first: 40 hexadecimal digits.
    pub(super) fn commit(&self, repository: &Repository) -> Result<String, FetchError> {
        let answer = self.client.get(&self.endpoint.api(&format!("/{repository}/refs")), 0)?;
        let host = answer.host.clone();
        if answer.status() != 200 {
            return Err(self.refusal(repository, &answer));
        }
        let refs: Refs = json(answer, self.client)?;
        let main = refs.branches.iter().find(|branch| branch.name == "main").or(refs.branches.first());
        let commit = main.map(|branch| branch.target_commit.as_str()).filter(|commit| is_hash(commit, 40));
        commit.map(str::to_owned).ok_or_else(|| FetchError::Answer { host, what: "no commit".to_owned() })
    }

    /// All files of a commit. A file whose path would lead elsewhere is left out.
    pub(super) fn files(&self, repository: &Repository, commit: &str) -> Result<Vec<RemoteFile>, FetchError> {
        let mut files = Vec::new();
        let mut next = Some(self.endpoint.api(&format!("/{repository}/tree/{commit}?recursive=true")));
        for _ in 0..MOST_PAGES {
            let Some(url) = next.take() else { break };
            let answer = self.client.get(&url, 0)?;
            if answer.status() != 200 {
                return Err(self.refusal(repository, &answer));
            }
            // Only pages of the hub itself: the token is sent along.
            next = answer
                .header("link")
                .and_then(next_page)
                .filter(|url| url.starts_with(self.endpoint.as_str()));
            let entries: Vec<Entry> = json(answer, self.client)?;
            files.extend(entries.into_iter().filter_map(remote_file));
        }
        Ok(files)
    }

    /// What an answer that is no success means.
    pub(super) fn refusal(&self, repository: &Repository, answer: &Answer) -> FetchError {
        let (host, status, with_token) = (answer.host.clone(), answer.status(), self.client.has_token());
        let (repository, page) = (repository.clone(), self.endpoint.page(repository));
        match (status, answer.header("x-error-code")) {
            (401 | 403, Some("GatedRepo")) => FetchError::Gated { repository, page, with_token },
            (404, _) => FetchError::NoRepository { near: self.similar(&repository), repository, host },
            // The hub says so to strangers, so that they do not learn what is private.
            (401, Some("RepoNotFound")) if with_token => {
                FetchError::NoRepository { near: self.similar(&repository), repository, host }
            }
            (401 | 403, _) => FetchError::Denied {
                near: self.similar(&repository),
                repository,
                host,
                status,
                page,
                with_token,
            },
            _ => FetchError::Status { host, status },
        }
    }

    /// Repositories of similar names, as far as the hub tells: a failure here is none.
    fn similar(&self, repository: &Repository) -> Vec<String> {
        let search = |words: &str| -> Vec<String> {
            let question = self.endpoint.api(&format!("?search={words}&limit=50"));
            let answer = self.client.get(&question, 0).ok().filter(|answer| answer.status() == 200);
            let found: Option<Vec<Found>> = answer.and_then(|answer| json(answer, self.client).ok());
            let names = found.into_iter().flatten().filter_map(|found| Repository::new(&found.id));
            names.map(|name| name.to_string()).collect()
        };
        let near = |names: Vec<String>| nearest(repository.as_str(), names);
        let found = near(search(repository.short()));
        if !found.is_empty() {
            return found;
        }
        // The first word of the name, where the whole one is written nowhere.
        let word = repository.short().split(['-', '_', '.']).next().unwrap_or_default();
        near(search(word))
    }
}

fn json<T: for<'de> Deserialize<'de>>(answer: Answer, client: &Client<'_>) -> Result<T, FetchError> {
    let host = answer.host.clone();
    let text = answer.text(client.cancelled)?;
    // What it says is not repeated: it can be a whole web page.
    serde_json::from_str(&text).map_err(|_| FetchError::Answer { host, what: "no list in JSON".to_owned() })
}

fn remote_file(entry: Entry) -> Option<RemoteFile> {
    let Entry { path, kind, size, lfs } = entry;
    if kind.is_some_and(|kind| kind != "file") || !is_file_path(&path) {
        return None;
    }
    let size = lfs.as_ref().and_then(|lfs| lfs.size).unwrap_or(size);
    let oid = lfs.map(|lfs| lfs.oid.trim_start_matches("sha256:").to_ascii_lowercase());
    Some(RemoteFile { path, size, sha256: oid.filter(|oid| is_hash(oid, 64)) })
}

fn is_hash(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The address of the next page in a header `link`: `<https://…>; rel="next"`.
fn next_page(link: &str) -> Option<String> {
    link.split(',').find_map(|link| {
        let (address, about) = link.trim().strip_prefix('<')?.split_once('>')?;
        about.contains("rel=\"next\"").then(|| address.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_files_with_their_hash() {
        let read = |text: &str| remote_file(serde_json::from_str(text).expect("an entry"));
        let oid = "AB".repeat(32);
        let file = read(&format!(
            r#"{{"type":"file","path":"x/a.gguf","size":7,"oid":"f","lfs":{{"oid":"{oid}","size":9,"pointerSize":1}}}}"#
        ));
        let sha256 = Some("ab".repeat(32));
        assert_eq!(file, Some(RemoteFile { path: "x/a.gguf".into(), size: 9, sha256 }));
        let plain = read(r#"{"type":"file","path":"README.md","size":7,"oid":"f"}"#);
        assert_eq!(plain.map(|file| (file.size, file.sha256)), Some((7, None)));
        assert_eq!(read(r#"{"type":"directory","path":"x","size":0}"#), None);
        for path in ["../x.gguf", "/x.gguf", "a//b.gguf", "a/../../b.gguf", "c:\\\\x.gguf"] {
            assert_eq!(read(&format!(r#"{{"type":"file","path":"{path}","size":7}}"#)), None, "{path}");
        }
        let short = read(r#"{"path":"a.gguf","size":7,"lfs":{"oid":"../../x"}}"#);
        assert_eq!(short.and_then(|file| file.sha256), None, "no hash: it would become a file name");
    }

    #[test]
    fn the_next_page_is_linked() {
        let link = r#"<https://h/a?cursor=x>; rel="next", <https://h/b>; rel="last""#;
        assert_eq!(next_page(link), Some("https://h/a?cursor=x".into()));
        assert_eq!(next_page(r#"<https://h/b>; rel="last""#), None);
        assert_eq!(next_page("nonsense, <"), None);
    }
}
