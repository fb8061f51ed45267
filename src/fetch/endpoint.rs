//! The hub's address.

use std::fmt::Write as _;

use super::FetchError;
use crate::models::Repository;

/// Where the hub is, if nothing else is said.
const DEFAULT: &str = "https://huggingface.co";
/// The variables that say something else, llama.cpp's first.
const VARIABLES: [&str; 2] = ["MODEL_ENDPOINT", "HF_ENDPOINT"];

/// The address of the hub, or of a mirror, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// What the environment says, or the hub itself.
    pub(super) fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, FetchError> {
        let set =
            VARIABLES.iter().find_map(|name| Some((*name, get(name).filter(|value| !value.is_empty())?)));
        match set {
            None => Ok(Self(DEFAULT.to_owned())),
            Some((variable, value)) => Self::new(&value).ok_or(FetchError::Endpoint { variable, value }),
        }
    }

    /// This address, if it is one.
    #[must_use]
    pub fn new(address: &str) -> Option<Self> {
        let address = address.trim().trim_end_matches('/');
        let uri: ureq::http::Uri = address.parse().ok()?;
        let known = matches!(uri.scheme_str(), Some("http" | "https"));
        // A name and password in the address would be shown with it.
        let plain = uri.authority().is_some_and(|it| !it.as_str().contains('@')) && uri.query().is_none();
        (known && plain).then(|| Self(address.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The page of a repository.
    pub(super) fn page(&self, repository: &Repository) -> String {
        format!("{}/{repository}", self.0)
    }

    /// A question to its programming interface.
    pub(super) fn api(&self, question: &str) -> String {
        format!("{}/api/models{question}", self.0)
    }

    /// A file's content.
    pub(super) fn file(&self, repository: &Repository, commit: &str, path: &str) -> String {
        format!("{}/{repository}/resolve/{commit}/{}", self.0, escaped(path))
    }
}

/// A path as part of an address.
fn escaped(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/');
    path.bytes().fold(String::new(), |mut text, byte| {
        if plain(byte) {
            text.push(byte.into());
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(set: &[(&str, &str)]) -> Result<String, FetchError> {
        let get = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Endpoint::from_env(get).map(|endpoint| endpoint.0)
    }

    #[test]
    fn llama_cpps_variable_comes_first() {
        assert_eq!(from(&[]).expect("a default"), DEFAULT);
        assert_eq!(
            from(&[("HF_ENDPOINT", "http://mirror:8080/hf/")]).expect("valid"),
            "http://mirror:8080/hf"
        );
        let both = [("HF_ENDPOINT", "https://a"), ("MODEL_ENDPOINT", "https://b")];
        assert_eq!(from(&both).expect("valid"), "https://b");
        assert_eq!(
            from(&[("MODEL_ENDPOINT", ""), ("HF_ENDPOINT", "https://a")]).expect("valid"),
            "https://a"
        );
    }

    #[test]
    fn what_is_no_address_is_refused_by_the_variables_name() {
        for wrong in ["mirror", "ftp://a", "http://", "https://me:secret@a", "https://a?b"] {
            let error = from(&[("HF_ENDPOINT", wrong)]).expect_err(wrong).to_string();
            assert!(error.starts_with("HF_ENDPOINT: "), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn paths_are_escaped() {
        let repository = Repository::new("a/b").expect("a name");
        let endpoint = Endpoint::new("http://h").expect("an address");
        assert_eq!(
            endpoint.file(&repository, "c0", "x y/ü#.gguf"),
            "http://h/a/b/resolve/c0/x%20y/%C3%BC%23.gguf"
        );
    }
}
