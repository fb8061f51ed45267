//! `[HOST/][NAMESPACE/]NAME[:TAG]`, as Ollama reads it (`ParseName` in its types/model/name.go).

use std::{fmt, path::PathBuf};

use super::{NameError, is_plain};

/// Ollama's own library.
const HOST: &str = "registry.ollama.ai";
const NAMESPACE: &str = "library";
const TAG: &str = "latest";
/// Ollama's bounds are 350 for hosts and 80 for all else.
const LONGEST_HOST: usize = 350;
const LONGEST: usize = 80;

/// A model in Ollama's store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OllamaName {
    host: String,
    namespace: String,
    model: String,
    tag: String,
}

impl OllamaName {
    /// Reads a name; what is left out is Ollama's own library and the tag `latest`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let wrong = || NameError::Ollama(text.to_owned());
        let slash = text.rfind('/').map_or(0, |at| at + 1);
        let (before, last) = text.split_at(slash);
        let (model, tag) = last.split_once(':').unwrap_or((last, TAG));
        let (host, namespace) = match before.strip_suffix('/') {
            None => (HOST, NAMESPACE),
            Some(before) => before.rsplit_once('/').unwrap_or((HOST, before)),
        };
        let (host_name, port) = host.split_once(':').unwrap_or((host, "0"));
        let valid = is_plain(host_name, LONGEST_HOST)
            && port.parse::<u16>().is_ok()
            && [namespace, model, tag].iter().all(|part| is_plain(part, LONGEST));
        let [host, namespace, model, tag] = [host, namespace, model, tag].map(str::to_owned);
        if valid { Ok(Self { host, namespace, model, tag }) } else { Err(wrong()) }
    }

    /// Its manifest, from the store's folder on.
    #[must_use]
    pub fn manifest(&self) -> PathBuf {
        ["manifests", &self.host, &self.namespace, &self.model, &self.tag].iter().collect()
    }
}

impl fmt::Display for OllamaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, namespace, model, tag } = self;
        match (host.as_str(), namespace.as_str()) {
            (HOST, NAMESPACE) => write!(f, "{model}:{tag}"),
            (HOST, _) => write!(f, "{namespace}/{model}:{tag}"),
            _ => write!(f, "{host}/{namespace}/{model}:{tag}"),
        }
    }
}
