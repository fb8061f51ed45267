//! How tokens are drafted and verified: llama.cpp's names and defaults.

/// How drafted tokens are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// The target's chain draws a token at every row; drafted tokens survive while they are equal to it. llama.cpp's default,
    /// which it calls greedy, for the draft then takes its likeliest token.
    #[default]
    Match,
    /// The draft draws its tokens from q; one is accepted with probability min(1, p/q), else one is drawn from what p has more
    /// than q.
    Probabilistic,
}

impl Rule {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Match, Self::Probabilistic];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Probabilistic => "probabilistic",
        }
    }

    /// The rule of this name; `greedy` is llama.cpp's for the first.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "match" | "greedy" => Some(Self::Match),
            "probabilistic" => Some(Self::Probabilistic),
            _ => None,
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Match => Self::Probabilistic,
            Self::Probabilistic => Self::Match,
        }
    }
}

/// Where drafts come from. With both, the text is looked through first, and the model asked where that finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sources {
    /// The draft model.
    pub model: bool,
    /// The text so far.
    pub lookup: bool,
}

impl Sources {
    /// The ways there are, with their names.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self { model: true, lookup: false }, "draft model"),
        (Self { model: false, lookup: true }, "lookup"),
        (Self { model: true, lookup: true }, "lookup, then draft model"),
        (Self { model: false, lookup: false }, "none"),
    ];

    /// What they are called.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(sources, _)| *sources == self).map_or("none", |(_, name)| name)
    }
}

/// How many tokens of the text are looked for, and how many are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupSettings {
    /// Tokens at the end of the text that are looked for earlier in it, 1 to 1024.
    pub n: usize,
    /// Tokens copied at most from what followed there, 1 to 1024.
    pub length: usize,
}

impl LookupSettings {
    /// The largest value of either.
    pub const MOST: usize = 1024;
}

impl Default for LookupSettings {
    /// llama.cpp's.
    fn default() -> Self {
        Self { n: 12, length: 48 }
    }
}

/// How tokens are drafted and verified.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeculativeSettings {
    /// Where drafts come from.
    pub sources: Sources,
    /// The lookup.
    pub lookup: LookupSettings,
    /// Tokens that the draft model proposes at most: γ.
    pub n_max: usize,
    /// A draft of the model with fewer tokens is thrown away.
    pub n_min: usize,
    /// The draft model stops before a token at which its likeliest one has a smaller share than this, 0 to 1.
    pub p_min: f64,
    /// How drafted tokens are verified.
    pub rule: Rule,
}

impl SpeculativeSettings {
    /// The longest draft of a model.
    pub const MOST: usize = 64;

    /// Whether every value is allowed; the first that is not, in a sentence that names it as the command line does.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let refuse = |flag, value: String, allowed| Err(SettingsError { flag, value, allowed });
        if self.n_max > Self::MOST {
            return refuse("--spec-draft-n-max", self.n_max.to_string(), "a whole number from 0 to 64");
        }
        if self.n_min > Self::MOST {
            return refuse("--spec-draft-n-min", self.n_min.to_string(), "a whole number from 0 to 64");
        }
        if !(0.0..=1.0).contains(&self.p_min) {
            return refuse("--spec-draft-p-min", self.p_min.to_string(), "a number from 0 to 1");
        }
        let range = 1..=LookupSettings::MOST;
        let allowed = "a whole number from 1 to 1024";
        if !range.contains(&self.lookup.n) {
            return refuse("--spec-ngram-simple-size-n", self.lookup.n.to_string(), allowed);
        }
        if !range.contains(&self.lookup.length) {
            return refuse("--spec-ngram-simple-size-m", self.lookup.length.to_string(), allowed);
        }
        Ok(())
    }
}

impl Default for SpeculativeSettings {
    fn default() -> Self {
        Self {
            sources: Sources { model: true, lookup: false },
            lookup: LookupSettings::default(),
            n_max: 3,
            n_min: 0,
            p_min: 0.0,
            rule: Rule::Match,
        }
    }
}

/// A value that is not allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{flag}: found {value}, expected {allowed}")]
pub struct SettingsError {
    flag: &'static str,
    value: String,
    allowed: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_allowed_is_named() {
        let wrong = |change: &dyn Fn(&mut SpeculativeSettings)| {
            let mut settings = SpeculativeSettings::default();
            change(&mut settings);
            settings.validate().unwrap_err().to_string()
        };
        assert_eq!(SpeculativeSettings::default().validate(), Ok(()));
        assert_eq!(
            wrong(&|s| s.p_min = f64::NAN),
            "--spec-draft-p-min: found NaN, expected a number from 0 to 1"
        );
        assert!(wrong(&|s| s.n_max = 65).starts_with("--spec-draft-n-max: found 65"));
        assert!(wrong(&|s| s.n_min = 65).starts_with("--spec-draft-n-min"));
        assert!(wrong(&|s| s.lookup.n = 0).starts_with("--spec-ngram-simple-size-n: found 0"));
        assert!(wrong(&|s| s.lookup.length = 1025).starts_with("--spec-ngram-simple-size-m"));
    }

    #[test]
    fn names_are_read_back() {
        for rule in Rule::ALL {
            assert_eq!(Rule::parse(rule.name()), Some(rule));
        }
        assert_eq!(Rule::parse("greedy"), Some(Rule::Match));
        assert_eq!(Rule::parse("exact"), None);
    }
}
