//! Requests to the hub, and to where it sends us.

use std::{io::Read, sync::atomic::AtomicBool, time::Duration};

use ureq::{
    Agent, Body,
    http::{Response, StatusCode, Uri, header},
};

use super::{FetchError, Source, stop_if};

/// Answers of the programming interface are at most this long: a list of thousands of files takes a megabyte.
const LONGEST_ANSWER: u64 = 16 << 20;
/// Redirects that are followed.
const REDIRECTS: u32 = 8;
const USER_AGENT: &str = concat!("logitscope/", env!("CARGO_PKG_VERSION"));

/// Asks the hub. Redirects are followed here and not by the library, so that the token goes to the hub alone: to the same
/// scheme, host and port.
pub(super) struct Client<'a> {
    agent: Agent,
    /// Where the token may go.
    home: Origin,
    bearer: Option<String>,
    pub(super) cancelled: &'a AtomicBool,
}

/// Scheme, host and port of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin(String, String, u16);

impl Origin {
    fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let usual = if scheme == "https" { 443 } else { 80 };
        Some(Self(scheme, uri.host()?.to_ascii_lowercase(), uri.port_u16().unwrap_or(usual)))
    }
}

/// What comes back for a request, redirects followed.
pub(super) struct Answer {
    pub(super) response: Response<Body>,
    /// Who answered.
    pub(super) host: String,
    /// Whether that is the hub itself, not somebody it sent us to.
    pub(super) is_hub: bool,
}

impl Answer {
    pub(super) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// A header's value, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// The whole body, as far as an answer of the interface may go.
    pub(super) fn text(self, cancelled: &AtomicBool) -> Result<String, FetchError> {
        let host = self.host;
        let mut reader = self.response.into_body().into_reader().take(LONGEST_ANSWER + 1);
        let (mut bytes, mut piece) = (Vec::new(), vec![0; 1 << 16]);
        loop {
            stop_if(cancelled)?;
            let read = reader.read(&mut piece);
            match read.map_err(|error| FetchError::Network { host: host.clone(), why: error.to_string() })? {
                0 => break,
                length => bytes.extend_from_slice(&piece[..length]),
            }
        }
        if bytes.len() as u64 > LONGEST_ANSWER {
            let what = "more than 16 MiB".to_owned();
            return Err(FetchError::Answer { host, what });
        }
        String::from_utf8(bytes)
            .map_err(|_| FetchError::Answer { host, what: "bytes that are no text".to_owned() })
    }
}

impl<'a> Client<'a> {
    pub(super) fn new(source: &Source, cancelled: &'a AtomicBool) -> Result<Self, FetchError> {
        let silence = Some(source.patience.silence.max(Duration::from_millis(1)));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT)
            .timeout_resolve(silence)
            .timeout_connect(silence)
            .timeout_recv_response(silence)
            .timeout_per_read(silence)
            .timeout_per_write(silence)
            .build();
        let token = source.token.as_ref().filter(|token| !token.is_empty());
        let bearer = token.map(|token| token.bearer().ok_or(FetchError::Token)).transpose()?;
        let home: Option<Uri> = source.endpoint.as_str().parse().ok();
        let home = home.as_ref().and_then(Origin::of).ok_or(FetchError::NoCache)?;
        Ok(Self { agent: config.new_agent(), home, bearer, cancelled })
    }

    pub(super) fn has_token(&self) -> bool {
        self.bearer.is_some()
    }

    /// Asks for an address, from byte `from` on where that is not 0.
    pub(super) fn get(&self, url: &str, from: u64) -> Result<Answer, FetchError> {
        let mut uri: Uri = url.parse().map_err(|_| odd_address(&self.home.1))?;
        for _ in 0..=REDIRECTS {
            stop_if(self.cancelled)?;
            let host = uri.host().unwrap_or_default().to_owned();
            let response = self.one(&uri, from).map_err(|error| network(&host, &error))?;
            if !is_redirect(response.status()) {
                let is_hub = Origin::of(&uri).as_ref() == Some(&self.home);
                return Ok(Answer { response, host, is_hub });
            }
            let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            let next =
                location.and_then(|location| target(&uri, location)).ok_or_else(|| odd_address(&host))?;
            if uri.scheme_str() == Some("https") && next.scheme_str() != Some("https") {
                let what = "a redirect from https to an address that is not encrypted".to_owned();
                return Err(FetchError::Answer { host, what });
            }
            uri = next;
        }
        let what = format!("more than {REDIRECTS} redirects");
        Err(FetchError::Answer { host: uri.host().unwrap_or_default().to_owned(), what })
    }

    fn one(&self, uri: &Uri, from: u64) -> Result<Response<Body>, ureq::Error> {
        let mut request = self.agent.get(uri.clone());
        if let Some(bearer) = self.bearer.as_ref().filter(|_| Origin::of(uri).as_ref() == Some(&self.home)) {
            request = request.header(header::AUTHORIZATION, bearer);
        }
        if from > 0 {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        request.call()
    }
}

const fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads: an address, or a path on the same host.
fn target(from: &Uri, location: &str) -> Option<Uri> {
    let whole = if location.starts_with("//") {
        format!("{}:{location}", from.scheme_str()?)
    } else if location.starts_with('/') {
        format!("{}://{}{location}", from.scheme_str()?, from.authority()?)
    } else {
        location.to_owned()
    };
    let uri: Uri = whole.parse().ok()?;
    matches!(uri.scheme_str(), Some("http" | "https")).then_some(uri)
}

fn odd_address(host: &str) -> FetchError {
    FetchError::Answer { host: host.to_owned(), what: "an address that is none".to_owned() }
}

/// The library's error in plain words.
fn network(host: &str, error: &ureq::Error) -> FetchError {
    let why = match error {
        ureq::Error::HostNotFound => "there is no such host, or no network".to_owned(),
        ureq::Error::ConnectionFailed => "nothing answers there".to_owned(),
        ureq::Error::Timeout(_) => "it did not answer in time".to_owned(),
        ureq::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    };
    FetchError::Network { host: host.to_owned(), why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_lead_to_addresses_and_paths() {
        let from: Uri = "https://hub:444/a/b".parse().expect("an address");
        let to = |location: &str| target(&from, location).map(|uri| uri.to_string());
        assert_eq!(to("/c?d"), Some("https://hub:444/c?d".into()));
        assert_eq!(to("//cdn/x"), Some("https://cdn/x".into()));
        assert_eq!(to("http://cdn/x"), Some("http://cdn/x".into()));
        for wrong in ["file:///etc/passwd", "c", "", "https://", "ftp://a/b"] {
            assert_eq!(to(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_port_is_part_of_who_one_talks_to() {
        let origin = |address: &str| Origin::of(&address.parse().expect("an address"));
        assert_eq!(origin("https://Hub/a"), origin("https://hub:443/b"));
        assert_ne!(origin("https://hub/a"), origin("https://hub:8443/a"));
        assert_ne!(origin("https://hub/a"), origin("http://hub/a"));
    }
}
