//! How a model on a server is asked.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Which program a server is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RemoteKind {
    /// It is found out by asking.
    #[default]
    Auto,
    /// llama.cpp's llama-server.
    #[serde(rename = "llama-server")]
    LlamaServer,
    /// vLLM.
    Vllm,
    /// `SGLang`.
    Sglang,
    /// Ollama.
    Ollama,
    /// Another one that has `/v1/completions` with log-probabilities.
    #[serde(rename = "openai")]
    OpenAi,
}

impl RemoteKind {
    /// Every kind, with what it is called as a setting.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("auto", Self::Auto),
        ("llama-server", Self::LlamaServer),
        ("vllm", Self::Vllm),
        ("sglang", Self::Sglang),
        ("ollama", Self::Ollama),
        ("openai", Self::OpenAi),
    ];
}

impl FromStr for RemoteKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind);
        found.ok_or_else(|| "expected auto, llama-server, vllm, sglang, ollama or openai".to_owned())
    }
}

/// How many of the likeliest tokens a server is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemoteCandidates {
    /// All of a small vocabulary, else a hundred, or as many as the server gives.
    #[default]
    Auto,
    /// The whole vocabulary: then nothing is unknown.
    All,
    /// This many, 1 and up.
    Count(u32),
}

const CANDIDATES: &str = "a whole number from 1 up, all or auto";

impl FromStr for RemoteCandidates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "all" => Ok(Self::All),
            number => match number.parse() {
                Ok(count) if count > 0 => Ok(Self::Count(count)),
                _ => Err(format!("expected {CANDIDATES}")),
            },
        }
    }
}

impl fmt::Display for RemoteCandidates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::All => f.write_str("all"),
            Self::Count(count) => count.fmt(f),
        }
    }
}

impl Serialize for RemoteCandidates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => serializer.serialize_u32(*count),
            word => serializer.collect_str(word),
        }
    }
}

impl<'de> Deserialize<'de> for RemoteCandidates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a whole number from 1 up, \"all\" or \"auto\"")]
        enum Written {
            Count(u32),
            Word(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Count(count) => count.to_string(),
            Written::Word(word) => word,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_numbers_are_read_as_they_are_written() {
        for (name, kind) in RemoteKind::NAMES {
            assert_eq!(name.parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).expect("plain data"), name);
        }
        assert!("tgi".parse::<RemoteKind>().is_err());
        for (text, candidates) in [
            ("auto", RemoteCandidates::Auto),
            ("all", RemoteCandidates::All),
            ("20", RemoteCandidates::Count(20)),
        ] {
            assert_eq!(text.parse(), Ok(candidates));
            let json = serde_json::to_value(candidates).expect("plain data");
            assert_eq!(serde_json::from_value::<RemoteCandidates>(json).expect("it is one"), candidates);
        }
        for wrong in ["0", "-1", "many", ""] {
            assert!(wrong.parse::<RemoteCandidates>().is_err(), "{wrong}");
        }
    }
}
