//! Requests to a server, with time limits and further attempts.

use std::{
    io::Read as _,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::{
    Agent, Body,
    http::{HeaderMap, Response, header},
};

use super::{Address, RemoteError, error::harmless};

/// The longest answer: 262,144 tokens of a hundred bytes each.
const LONGEST_ANSWER: u64 = 128 << 20;
/// Connections that are kept for the next request.
const KEPT: usize = 256;
const USER_AGENT: &str = concat!("logitscope/", env!("CARGO_PKG_VERSION"));

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until a server answers.
    pub silence: Duration,
    /// Until a connection stands.
    pub connect: Duration,
    /// Before the second attempt; twice as long before each further one.
    pub pause: Duration,
    /// Attempts in all.
    pub attempts: u32,
    /// The longest wait that a server may ask for before the next attempt.
    pub longest_wait: Duration,
}

impl Patience {
    /// With a server that may be silent for so long.
    #[must_use]
    pub const fn of(silence: Duration) -> Self {
        Self {
            silence,
            connect: Duration::from_secs(10),
            pause: Duration::from_millis(200),
            attempts: 5,
            longest_wait: Duration::from_secs(60),
        }
    }
}

/// Asks a server. Redirects are not followed: the key is for this address alone.
pub(super) struct Client {
    agent: Agent,
    address: Address,
    bearer: Option<String>,
    patience: Patience,
}

/// An answer with a status of success.
pub(super) struct Answer {
    address: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The answer as what is expected.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, RemoteError> {
        serde_json::from_slice(&self.bytes).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Data => {
                    format!("something unexpected ({})", harmless(&error.to_string()))
                }
                serde_json::error::Category::Eof => "half a text of JSON: it broke off".to_owned(),
                _ => "something that is no JSON: is this the address of the server itself?".to_owned(),
            };
            RemoteError::Answer { address: self.address.clone(), what }
        })
    }
}

impl Client {
    pub fn new(address: Address, bearer: Option<String>, patience: Patience) -> Self {
        let silence = Some(patience.silence.max(Duration::from_millis(1)));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT)
            .max_idle_connections(KEPT)
            .max_idle_connections_per_host(KEPT)
            .timeout_resolve(Some(patience.connect))
            .timeout_connect(Some(patience.connect))
            .timeout_send_body(silence)
            .timeout_recv_response(silence)
            .timeout_recv_body(silence);
        // A proxy knows another machine by that name.
        let config = if address.is_this_machine() { config.proxy(None) } else { config }.build();
        Self { agent: config.new_agent(), address, bearer, patience }
    }

    /// The same for what somebody waits for at the keyboard: it is given up sooner.
    pub fn brief(&self) -> Self {
        let patience = Patience {
            silence: self.patience.silence.min(Duration::from_secs(10)),
            connect: self.patience.connect.min(Duration::from_secs(3)),
            attempts: self.patience.attempts.min(2),
            longest_wait: Duration::from_secs(1),
            ..self.patience
        };
        Self::new(self.address.clone(), self.bearer.clone(), patience)
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Asks once for a path.
    pub fn get(&self, path: &str) -> Result<Answer, RemoteError> {
        self.once(path, None)
    }

    /// Asks for a path with a body, and again where that may help.
    pub fn post(&self, path: &str, body: &Value, cancelled: &AtomicBool) -> Result<Answer, RemoteError> {
        let body = serde_json::to_vec(body).unwrap_or_default();
        let mut pause = Duration::ZERO;
        let mut attempt = 1;
        loop {
            let error = match self.once(path, Some(&body)) {
                Err(error) if error.passes() && attempt < self.patience.attempts => error,
                result => return result,
            };
            if let RemoteError::Busy { after, .. } = &error {
                let wait = after.unwrap_or_default();
                if wait > self.patience.longest_wait {
                    return Err(error);
                }
                pause = pause.max(self.patience.pause).max(wait);
            }
            // The first time at once: a connection that was kept may have been closed meanwhile.
            tracing::info!("asked again in {} ms: {error}", pause.as_millis());
            sleep(pause, cancelled)?;
            pause = (pause * 2).max(self.patience.pause);
            attempt += 1;
        }
    }

    fn once(&self, path: &str, body: Option<&[u8]>) -> Result<Answer, RemoteError> {
        let started = Instant::now();
        let url = self.address.join(path);
        let response = match body {
            None => self.with_key(self.agent.get(&url)).call(),
            Some(body) => {
                let request = self.agent.post(&url).header(header::CONTENT_TYPE, "application/json");
                self.with_key(request).send(body)
            }
        };
        let response = response.map_err(|error| self.network(&error, started))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = self.body(response, started)?;
        if (200..300).contains(&status) {
            return Ok(Answer { address: self.address.to_string(), bytes });
        }
        Err(self.refused(path, status, &headers, &bytes))
    }

    fn with_key<B>(&self, request: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
        match &self.bearer {
            Some(bearer) => request.header(header::AUTHORIZATION, bearer),
            None => request,
        }
    }

    fn body(&self, response: Response<Body>, started: Instant) -> Result<Vec<u8>, RemoteError> {
        let mut reader = response.into_body().into_with_config().limit(LONGEST_ANSWER + 1).reader();
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::TimedOut => self.timeout(started),
            _ => RemoteError::Broken { address: self.address.to_string(), why: error.to_string() },
        })?;
        if bytes.len() as u64 > LONGEST_ANSWER {
            let what = format!("more than {} MiB", LONGEST_ANSWER >> 20);
            return Err(RemoteError::Answer { address: self.address.to_string(), what });
        }
        Ok(bytes)
    }

    fn timeout(&self, started: Instant) -> RemoteError {
        RemoteError::Timeout { address: self.address.to_string(), after: started.elapsed() }
    }

    /// The library's error in plain words.
    fn network(&self, error: &ureq::Error, started: Instant) -> RemoteError {
        let address = self.address.to_string();
        let why = match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                "there is no answer".to_owned()
            }
            ureq::Error::Timeout(_) => return self.timeout(started),
            ureq::Error::HostNotFound => "there is no such host, or no network".to_owned(),
            ureq::Error::ConnectionFailed => "nothing answers there".to_owned(),
            ureq::Error::Io(error) => match error.kind() {
                std::io::ErrorKind::ConnectionRefused => "nothing answers there".to_owned(),
                std::io::ErrorKind::TimedOut => return self.timeout(started),
                _ => return RemoteError::Broken { address, why: error.to_string() },
            },
            ureq::Error::Protocol(error) => {
                return RemoteError::Broken { address, why: harmless(&error.to_string()) };
            }
            other => harmless(&other.to_string()),
        };
        RemoteError::Unreachable { address, why }
    }

    fn refused(&self, path: &str, status: u16, headers: &HeaderMap, bytes: &[u8]) -> RemoteError {
        let (address, said) = (self.address.to_string(), said(bytes));
        match status {
            300..=399 => {
                let to = headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
                let what = format!(
                    "a redirect to {}, which is not followed: give that address instead",
                    harmless(to)
                );
                RemoteError::Answer { address, what }
            }
            401 | 403 => RemoteError::Unauthorized { address, with_key: self.bearer.is_some(), said },
            404 | 405 => RemoteError::NotFound { address, path: path.to_owned(), said },
            429 | 502..=504 => RemoteError::Busy { address, status, after: retry_after(headers), said },
            500.. => RemoteError::Failed { address, status, said },
            _ => RemoteError::Refused { address, status, said },
        }
    }
}

/// Waits, unless nobody waits for the outcome any more.
fn sleep(time: Duration, cancelled: &AtomicBool) -> Result<(), RemoteError> {
    const SLICE: Duration = Duration::from_millis(20);
    let until = Instant::now() + time;
    loop {
        if cancelled.load(Ordering::Relaxed) {
            return Err(RemoteError::Cancelled);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(SLICE));
    }
}

/// Seconds to wait, as a header tells; dates are not read.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    let seconds: f64 = text.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// What an answer of failure says, in whichever of the usual forms.
fn said(bytes: &[u8]) -> String {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned();
        // A page of a proxy says nothing to a person.
        return if text.trim_start().starts_with('<') { String::new() } else { harmless(&text) };
    };
    let text = |value: &Value| value.as_str().map(harmless);
    let error = value.get("error");
    let found =
        [error.and_then(|error| error.get("message")), error, value.get("message"), value.get("detail")];
    found.into_iter().flatten().find_map(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_found_and_made_harmless() {
        let text = |body: &str| said(body.as_bytes());
        assert_eq!(text(r#"{"error":{"message":"no slot.","code":503}}"#), "no slot");
        assert_eq!(text(r#"{"error":"Unauthorized"}"#), "Unauthorized");
        assert_eq!(text(r#"{"object":"error","message":"too long"}"#), "too long");
        assert_eq!(text(r#"{"detail":"Not Found"}"#), "Not Found");
        assert_eq!(text("<html>502</html>"), "");
        assert!(!text("\u{1b}[31mred").contains('\u{1b}'));
        assert!(text(&"x".repeat(5000)).len() <= 400);
    }

    #[test]
    fn a_header_tells_how_long_to_wait() {
        let wait = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().expect("a value"));
            retry_after(&headers)
        };
        assert_eq!(wait("2"), Some(Duration::from_secs(2)));
        assert_eq!(wait("0.5"), Some(Duration::from_millis(500)));
        for wrong in ["-1", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "1e400", "nan"] {
            assert_eq!(wait(wrong), None, "{wrong}");
        }
    }
}
