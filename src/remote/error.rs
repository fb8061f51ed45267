//! What goes wrong between here and a server, in plain words, with what can be done.

use std::time::Duration;

use crate::text::Shown;

/// Why a server did not give what was asked for. Shown, it is a sentence; what servers say is shown harmless, and no key is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// The address is none.
    #[error("{given}: {what}; a server's address looks like http://localhost:8080")]
    Address {
        /// What is wrong.
        what: String,
        /// What was given, without what may be secret.
        given: String,
    },
    /// Adapters for a model that is elsewhere.
    #[error("LoRA adapters (--lora) are added to a model that runs here; start the server with them instead")]
    Adapters,
    /// A key cannot be sent.
    #[error(
        "the key in {variable} holds characters that no key has, such as blanks or line breaks: set it anew"
    )]
    Key {
        /// Where it was found.
        variable: &'static str,
    },
    /// Nobody answers.
    #[error(
        "{address} cannot be reached: {why}; see that the server runs and that address and port are right"
    )]
    Unreachable {
        /// Who was asked.
        address: String,
        /// What the system says.
        why: String,
    },
    /// The connection broke off.
    #[error(
        "{address} broke off in the middle of its answer: {why}; ask again, and look into the server's log if it happens again"
    )]
    Broken {
        /// Who was asked.
        address: String,
        /// What the system says.
        why: String,
    },
    /// It took too long.
    #[error("{address} did not answer within {} s; it may be busy with a long text: wait and ask again, or give it longer (--remote-timeout)", after.as_secs())]
    Timeout {
        /// Who was asked.
        address: String,
        /// How long it was waited.
        after: Duration,
    },
    /// 401 or 403.
    #[error("{address} {}{}", if *with_key { "does not take the key: set LOGITSCOPE_API_KEY to one that it takes" } else { "wants a key: put it into the environment variable LOGITSCOPE_API_KEY" }, says(said))]
    Unauthorized {
        /// Who was asked.
        address: String,
        /// Whether a key was sent.
        with_key: bool,
        /// What it says.
        said: String,
    },
    /// 404 or 405.
    #[error(
        "{address} has no {path}{}; see that the address is that of the server itself, or name its kind (--remote-kind)",
        says(said)
    )]
    NotFound {
        /// Who was asked.
        address: String,
        /// For what.
        path: String,
        /// What it says.
        said: String,
    },
    /// 429 or 503, again and again.
    #[error("{address} is {}{}; {}", if *status == 429 { "asked too much" } else { "busy, or still loading its model" }, says(said), wait(*after))]
    Busy {
        /// Who was asked.
        address: String,
        /// The status.
        status: u16,
        /// How long it asks to wait.
        after: Option<Duration>,
        /// What it says.
        said: String,
    },
    /// It does not do what it was asked for.
    #[error("{address} refuses the request ({status}){}", says(said))]
    Refused {
        /// Who was asked.
        address: String,
        /// The status.
        status: u16,
        /// What it says.
        said: String,
    },
    /// It failed.
    #[error("{address} failed ({status}){}; its log says more", says(said))]
    Failed {
        /// Who was asked.
        address: String,
        /// The status.
        status: u16,
        /// What it says.
        said: String,
    },
    /// What it answers cannot be used.
    #[error("{address} answers with {what}")]
    Answer {
        /// Who was asked.
        address: String,
        /// With what.
        what: String,
    },
    /// It is a server, but of no kind that is known.
    #[error(
        "{address} answers, but is none of llama-server, vLLM, SGLang, Ollama and servers with /v1/completions: {why}"
    )]
    UnknownKind {
        /// Who was asked.
        address: String,
        /// What was found.
        why: String,
    },
    /// It cannot do what is needed.
    #[error("{address} is {kind}: {why}")]
    CannotStep {
        /// Who was asked.
        address: String,
        /// Which program it is.
        kind: &'static str,
        /// What it lacks.
        why: String,
    },
    /// Setting and server do not go together.
    #[error("{address}: {why}")]
    Setting {
        /// Who was asked.
        address: String,
        /// What is wrong, and what to do.
        why: String,
    },
    /// The network may not be asked.
    #[error(
        "{address} is a server, and --offline (LLAMA_ARG_OFFLINE, or offline in the configuration) forbids the network; servers on this machine (localhost) are asked all the same"
    )]
    Offline {
        /// Which.
        address: String,
    },
    /// The caller asked to stop.
    #[error("loading was cancelled")]
    Cancelled,
}

impl RemoteError {
    /// Whether asking again may help: the server may be back, or have time.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Broken { .. } | Self::Busy { .. })
    }

    /// What the server said, if it refused.
    pub(super) fn refusal(&self) -> Option<&str> {
        match self {
            Self::Refused { said, .. } | Self::Failed { said, .. } => Some(said),
            _ => None,
        }
    }
}

/// The longest part of a server's words that is shown.
const LONGEST: usize = 300;

/// What a server said, made harmless and bounded.
pub(super) fn harmless(text: &str) -> String {
    Shown::inline(text.trim()).truncate(LONGEST).as_str().trim_end_matches('.').to_owned()
}

fn says(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": it says “{said}”") }
}

fn wait(after: Option<Duration>) -> String {
    match after {
        Some(after) => format!("it asks to be left alone for {} s", after.as_secs().max(1)),
        None => "ask again in a while".to_owned(),
    }
}
