//! A setting whose value is not allowed.

use std::fmt;

/// A value that is not allowed, with the setting it was given for. Shown, it is a sentence in the words of the command
/// line; [`Invalid::key`] names the setting as the config file does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    /// The config file's section.
    pub section: &'static str,
    /// The setting within the section.
    pub field: &'static str,
    /// The flag's long name, with its dashes.
    pub flag: &'static str,
    /// The value that was given.
    pub value: String,
    /// What is allowed, to follow "expected".
    pub allowed: &'static str,
}

impl Invalid {
    /// The setting's name in the config file, `section.field`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}.{}", self.section, self.field)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: expected {}", self.flag, self.value, self.allowed)
    }
}

/// The checks of one section.
#[derive(Clone, Copy)]
pub(super) struct Checks(pub &'static str);

impl Checks {
    /// Fails with the setting, its value and what is allowed, unless `ok`.
    pub fn require(
        self,
        ok: bool,
        field: &'static str,
        flag: &'static str,
        value: impl fmt::Display,
        allowed: &'static str,
    ) -> Result<(), Invalid> {
        if ok {
            return Ok(());
        }
        Err(Invalid { section: self.0, field, flag, value: value.to_string(), allowed })
    }
}
