//! The address of a server, as it is typed after `-m`.

use std::fmt;

use ureq::http::Uri;

use super::RemoteError;
use crate::text::Shown;

/// The longest address.
const LONGEST: usize = 2048;

/// Where a server is: scheme, host, port, and a path that its own paths follow. Nothing secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Reads `http(s)://host[:port][/path]`; what a browser or a client's setting has at its end, a slash or `/v1`, is left out.
    ///
    /// # Errors
    ///
    /// It is no such address, or holds a name and a password, or a question.
    pub fn parse(text: &str) -> Result<Self, RemoteError> {
        let wrong = |what: &str| RemoteError::Address { what: what.to_owned(), given: without_secret(text) };
        if text.len() > LONGEST {
            return Err(wrong("this is too long for an address"));
        }
        let uri: Uri = text.parse().map_err(|_| wrong("this is no address"))?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
        let (Some(scheme), Some(authority)) = (scheme, uri.authority()) else {
            return Err(wrong("this is no address"));
        };
        if authority.as_str().contains('@') {
            return Err(wrong(
                "a key does not belong into an address, where it can be seen: put it into LOGITSCOPE_API_KEY",
            ));
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(wrong("what follows ? or # does not belong to the address of a server"));
        }
        if uri.host().is_none_or(str::is_empty) {
            return Err(wrong("there is no host in this address"));
        }
        let path = uri.path().trim_end_matches('/');
        let path = path.strip_suffix("/v1").unwrap_or(path).trim_end_matches('/');
        Ok(Self(format!("{scheme}://{authority}{path}")))
    }

    /// The address of a path of the server's, which begins with a slash.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a server on this machine.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        let host = self.host();
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or(rest),
            None => host.split(':').next().unwrap_or(host),
        };
        let address: Option<std::net::IpAddr> = name.parse().ok();
        name.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
    }

    /// Host and port, for a title.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was typed, without what may be a password, a question that may hold a key, and control characters.
fn without_secret(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let shown = match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, after))) => format!("{scheme}://…@{after}"),
        _ => text.to_owned(),
    };
    Shown::inline(&shown).truncate(80).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_and_their_ends_left_out() {
        for (given, expected) in [
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("https://h/v1", "https://h"),
            ("https://h/v1/", "https://h"),
            ("http://h:1/llama/v1", "http://h:1/llama"),
            ("http://[::1]:8080/a/", "http://[::1]:8080/a"),
        ] {
            assert_eq!(Address::parse(given).expect(given).as_str(), expected);
        }
        let address = Address::parse("http://h:1/a").expect("an address");
        for (given, here) in [
            ("http://localhost:1", true),
            ("http://127.3.0.1", true),
            ("http://[::1]:8080/x", true),
            ("http://localhost.example.com", false),
            ("http://10.0.0.1:80", false),
        ] {
            assert_eq!(Address::parse(given).expect(given).is_this_machine(), here, "{given}");
        }
        assert_eq!((address.join("/props").as_str(), address.host()), ("http://h:1/a/props", "h:1"));
    }

    #[test]
    fn what_is_none_is_refused_and_a_password_is_not_shown() {
        for wrong in ["http://", "ftp://h", "h:1", "http://h?key=s3cret", "http://h#s3cret", "http:///x", ""]
        {
            let error = Address::parse(wrong).expect_err(wrong).to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
        let error = Address::parse("http://me:s3cret@h:1/x").expect_err("a password").to_string();
        assert!(error.contains("LOGITSCOPE_API_KEY") && error.contains("h:1"), "{error}");
        assert!(!error.contains("s3cret") && !error.contains("me:"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_an_address_or_refused(text in "(http://)?[ -~é\u{1b}]{0,40}") {
            match Address::parse(&text) {
                Ok(address) => prop_assert!(Address::parse(address.as_str()).is_ok()),
                Err(error) => {
                    let shown = error.to_string();
                    prop_assert!(!shown.contains('\u{1b}'), "a control character");
                }
            }
        }
    }
}
