//! `user/repo[:quant]` and `user/repo/FILE.gguf`.

use std::fmt;

use super::{NameError, is_plain};

/// The longest that the hub lets each half of a repository's name be.
const LONGEST_NAME: usize = 96;
/// Longer than any quantisation is called.
const LONGEST_TAG: usize = 64;
/// Longer than any path in a repository; file systems take 255 bytes a name.
const LONGEST_PATH: usize = 1024;
const LONGEST_FILE_NAME: usize = 255;

/// A model of the hub: a repository, and which of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubName {
    /// The repository.
    pub repository: Repository,
    /// Which of its models.
    pub pick: Pick,
}

/// Which model of a repository is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// `Q4_K_M`, else `Q8_0`, else the first.
    Usual,
    /// The one of this quantisation, whatever the case of its letters.
    Tag(String),
    /// This file: a path from the repository's folder on.
    File(String),
}

/// The name of a repository: `user/repo`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repository(String);

impl Repository {
    /// A repository of this name, if it can be one. The hub has no `--` in names, which the cache writes for `/`.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let half = |half: &str| is_plain(half, LONGEST_NAME) && !half.contains("--") && !half.ends_with('.');
        let (user, repository) = name.split_once('/')?;
        (half(user) && half(repository)).then(|| Self(name.to_owned()))
    }

    /// `user/repo`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the user.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, short)| short)
    }

    /// Its folder in the hub's cache: `models--user--repo`.
    #[must_use]
    pub fn folder(&self) -> String {
        format!("models--{}", self.0.replace('/', "--"))
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HubName {
    /// Reads `user/repo`, `user/repo:quant` or `user/repo/FILE.gguf`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let wrong = || NameError::Repository(text.to_owned());
        if let Some((name, tag)) = text.split_once(':') {
            let repository = Repository::new(name).ok_or_else(wrong)?;
            let tag = Some(tag).filter(|tag| is_plain(tag, LONGEST_TAG));
            let tag = tag.ok_or_else(|| NameError::Tag(text[name.len() + 1..].to_owned()))?;
            // What others call the newest, whichever that is.
            let pick =
                if tag.eq_ignore_ascii_case("latest") { Pick::Usual } else { Pick::Tag(tag.to_owned()) };
            return Ok(Self { repository, pick });
        }
        let slash = text.match_indices('/').nth(1).map_or(text.len(), |(at, _)| at);
        let repository = Repository::new(&text[..slash]).ok_or_else(wrong)?;
        match text[slash..].strip_prefix('/') {
            None | Some("") => Ok(Self { repository, pick: Pick::Usual }),
            Some(file) => Self { repository, pick: Pick::Usual }.with_file(file),
        }
    }

    /// This file of the same repository.
    pub fn with_file(self, file: &str) -> Result<Self, NameError> {
        if !is_file_path(file) || !ends_in_gguf(file) {
            return Err(NameError::File(file.to_owned()));
        }
        Ok(Self { pick: Pick::File(file.to_owned()), ..self })
    }

    /// What the address of a page of the hub means, after its host: `user/repo`, `user/repo/blob/main/FILE.gguf`.
    pub(super) fn of_page(page: &str) -> Result<Self, NameError> {
        let page = page.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let slash = page.match_indices('/').nth(1).map_or(page.len(), |(at, _)| at);
        let repository =
            Repository::new(&page[..slash]).ok_or_else(|| NameError::Repository(page.to_owned()))?;
        let name = Self { repository, pick: Pick::Usual };
        let rest = page[slash..].trim_start_matches('/');
        let Some((kind, rest)) = rest.split_once('/') else { return Ok(name) };
        match (kind, rest.split_once('/')) {
            ("blob" | "resolve", Some(("main", file))) => name.with_file(file),
            ("tree", None) if rest == "main" => Ok(name),
            _ => Err(NameError::Revision(page.to_owned())),
        }
    }
}

impl fmt::Display for HubName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { repository, pick } = self;
        match pick {
            Pick::Usual => repository.fmt(f),
            Pick::Tag(tag) => write!(f, "{repository}:{tag}"),
            Pick::File(file) => write!(f, "{repository}/{file}"),
        }
    }
}

/// Whether a text is the path of a file below a folder: names that any file system takes, none of which leads up.
#[must_use]
pub fn is_file_path(path: &str) -> bool {
    let name = |name: &str| {
        let bad = |c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
        !matches!(name, "" | "." | "..") && name.len() <= LONGEST_FILE_NAME && !name.contains(bad)
    };
    path.len() <= LONGEST_PATH && path.split('/').all(name)
}

fn ends_in_gguf(path: &str) -> bool {
    path.len() > ".gguf".len() && path.to_ascii_lowercase().ends_with(".gguf")
}
