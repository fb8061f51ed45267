//! A text that is never shown.

use std::fmt;

/// A token: it goes into a request's header and nowhere else. Printing it for whatever reason shows that it is there.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Without the blanks around it; None for an empty one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// Whether nothing was given.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The header's value; None if it holds what no header can.
    pub(crate) fn bearer(&self) -> Option<String> {
        self.0.bytes().all(|byte| byte.is_ascii_graphic()).then(|| format!("Bearer {}", self.0))
    }
}

impl From<String> for Secret {
    /// Also of an empty text, which is then sent as none.
    fn from(text: String) -> Self {
        Self(text.trim().to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn it_is_never_shown() {
        let secret = Secret::new(" hf_abc\n").expect("there is one");
        assert_eq!(format!("{secret} {secret:?} {:#?}", Some(&secret)).matches("hf_abc").count(), 0);
        assert_eq!(secret.bearer().as_deref(), Some("Bearer hf_abc"));
        assert_eq!(Secret::new("a\r\nb").and_then(|secret| secret.bearer()), None, "two headers");
        assert_eq!(Secret::new(" \n"), None);
    }
}
