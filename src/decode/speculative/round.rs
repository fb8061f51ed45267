//! A round as it went: what was drafted, what became of it, and what it cost.

use std::time::Duration;

use super::{lookup::Copied, mass::Masses};
use crate::{engine::Cost, token::Token};

/// Where a round's draft came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftSource {
    /// The draft model.
    Model,
    /// The text so far, from there.
    Lookup(Copied),
    /// Nothing was drafted.
    Nothing,
}

/// Why a draft has no more tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DraftEnd {
    /// It is as long as it may be: γ, or as much as there was to copy.
    Full,
    /// The draft model's likeliest token had a smaller share than p-min: this one.
    Unsure(f64),
    /// The context or the limit of tokens has room for no more.
    NoRoom,
    /// Nothing was to be drafted: a token was to be drawn alone, there is no source, or the text nowhere repeats itself.
    None,
    /// The draft model does not have a token of the text.
    Unknown,
}

/// What became of a drafted token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It stands in the text.
    Accepted,
    /// Another one stands in its place.
    Refused,
    /// The round had ended before it.
    NotLookedAt,
}

impl Verdict {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::NotLookedAt => "not looked at",
        }
    }
}

/// How the token of a place was decided on.
#[derive(Clone, Debug, PartialEq)]
pub enum Trial {
    /// The target's chain drew a token, which is the drafted one or not.
    Drawn {
        /// What it drew.
        token: Token,
        /// The random number in [0, 1) it drew with; None where mirostat took none.
        u: Option<f64>,
        /// Where the drafted token lies on the ruler of the target's draw: u between these draws it. None where it has no
        /// probability.
        share: Option<(f64, f64)>,
    },
    /// u against p/q.
    Weighed {
        /// The random number in [0, 1).
        u: f64,
    },
}

/// A drafted token.
#[derive(Clone, Debug, PartialEq)]
pub struct Drafted {
    /// The token.
    pub token: Token,
    /// Its probability under the draft, after the draft's chain; None for one that was copied.
    pub q: Option<f64>,
    /// The draft's likeliest tokens there, the largest first; empty for one that was copied.
    pub q_top: Masses,
    /// Its probability under the target, after the target's chain; None where it was not looked at.
    pub p: Option<f64>,
    /// The target's likeliest tokens there after its chain, the largest first, at most [`Drafted::LISTED`].
    pub p_top: Masses,
    /// Σ min(p, q) over all tokens; None where one of them is not known.
    pub overlap: Option<f64>,
    /// How it was decided on; None where it was not looked at.
    pub trial: Option<Trial>,
    /// What became of it.
    pub verdict: Verdict,
    /// What another token was drawn from in its place, and the random number that picked it: what p has more than q, at most
    /// [`Drafted::LISTED`] of it. None where it was not refused, or the rule draws no second time.
    pub residual: Option<(Masses, f64)>,
}

impl Drafted {
    /// Candidates that are listed at most.
    pub const LISTED: usize = 24;

    /// One that nobody has looked at.
    pub(super) fn new(token: Token, q: Option<Masses>) -> Self {
        let of = |q: &Masses| super::mass::mass(q, token);
        Self {
            token,
            q: q.as_ref().map(of),
            q_top: q.unwrap_or_default(),
            p: None,
            p_top: Vec::new(),
            overlap: None,
            trial: None,
            verdict: Verdict::NotLookedAt,
            residual: None,
        }
    }
}

/// How a token of the text came to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Drafted and accepted.
    Drafted,
    /// It stands in place of one that was refused.
    Corrected,
    /// All before it were accepted: the target's pass gives one more.
    Bonus,
    /// Nothing was drafted: the target alone drew it.
    Plain,
    /// Picked by hand.
    Hand,
}

impl Arrival {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Corrected => "corrected",
            Self::Bonus => "bonus",
            Self::Plain => "plain",
            Self::Hand => "by hand",
        }
    }
}

/// A pass through a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pass {
    /// Tokens that went through it.
    pub rows: usize,
    /// How long it took.
    pub time: Duration,
    /// The model cannot rewind, so it read the whole text again.
    pub replayed: bool,
}

impl From<&Cost> for Pass {
    fn from(cost: &Cost) -> Self {
        Self { rows: cost.decoded, time: cost.time, replayed: cost.replayed }
    }
}

/// A round: a draft, the target's pass over it, and the tokens that came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// Tokens generated before it.
    pub begin: usize,
    /// Where the draft came from.
    pub source: DraftSource,
    /// Why the draft has no more tokens.
    pub end: DraftEnd,
    /// What was drafted.
    pub drafted: Vec<Drafted>,
    /// Tokens drafted and thrown away, for they were fewer than n-min.
    pub thrown_away: usize,
    /// The tokens it added to the text.
    pub tokens: Vec<(Token, Arrival)>,
    /// The draft model's passes.
    pub draft_passes: Vec<Pass>,
    /// The target's pass, or passes where it read something before; none where all was known.
    pub target_passes: Vec<Pass>,
    /// Rows of the target's cache that hold what was not accepted: they are given up.
    pub target_back: usize,
    /// The same of the draft's cache.
    pub draft_back: usize,
}

impl Round {
    /// A round that begins.
    pub(super) fn new(begin: usize) -> Self {
        Self {
            begin,
            source: DraftSource::Nothing,
            end: DraftEnd::None,
            drafted: Vec::new(),
            thrown_away: 0,
            tokens: Vec::new(),
            draft_passes: Vec::new(),
            target_passes: Vec::new(),
            target_back: 0,
            draft_back: 0,
        }
    }

    /// Drafted tokens that were accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.drafted.iter().filter(|drafted| drafted.verdict == Verdict::Accepted).count()
    }

    /// Drafted tokens that were decided on.
    #[must_use]
    pub fn looked_at(&self) -> usize {
        self.drafted.iter().filter(|drafted| drafted.verdict != Verdict::NotLookedAt).count()
    }

    /// The passes through both models together.
    #[must_use]
    pub fn time(&self) -> Duration {
        self.draft_passes.iter().chain(&self.target_passes).map(|pass| pass.time).sum()
    }
}
