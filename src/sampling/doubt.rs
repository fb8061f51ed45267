//! Why what a stage did to a row with a tail need not be what it would have done to the whole row.

use std::fmt;

/// What could differ, had every token a logit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Doubt {
    /// Top-k keeps more tokens than were named.
    TooFew {
        /// Tokens it keeps.
        k: usize,
        /// Named tokens that were left.
        named: usize,
    },
    /// The named tokens together do not reach top-p's mass.
    NotReached {
        /// The mass that is asked for.
        p: f32,
        /// The mass they have, 0 to 1; the least it can be.
        reached: f64,
    },
    /// A token that was not named may be as likely as those that the stage keeps or cuts.
    Bound,
    /// The stage goes by all logits.
    Shape,
    /// What the tail comes to after the stage depends on how it is split.
    Share,
    /// A repetition penalty goes by the sign of a logit, which a probability does not tell.
    Sign,
    /// The stage acts on single tokens of the tail.
    Single,
    /// Which of several equal candidates comes first is not known.
    Ties,
    /// Something before it was not exact.
    Earlier,
    /// Tokens of the tail are left, so the draw goes by rank, not in the order of the vocabulary.
    Order,
}

impl Doubt {
    /// What could differ, from the fullest wording to the shortest.
    #[must_use]
    pub fn wordings(self) -> Vec<String> {
        let words = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        match self {
            Self::TooFew { k, named } => vec![
                format!("it keeps {k}, but only {named} candidates are named: others would be among them"),
                format!("keeps {k}, only {named} are named"),
            ],
            Self::NotReached { p, reached } => vec![
                format!("the named tokens reach {reached:.3} of {p}: unnamed ones would be kept, too"),
                format!("named tokens reach {reached:.3} of {p}"),
            ],
            Self::Bound => {
                words(["unnamed tokens may be as likely as where it cuts", "it may cut among unnamed tokens"])
            }
            Self::Shape => {
                words(["it goes by all logits, and those of the tail are not known", "it goes by all logits"])
            }
            Self::Share => words([
                "what the tail comes to after it depends on how it is split",
                "the tail's share after it is not known",
            ]),
            Self::Sign => words([
                "repeat_penalty goes by the sign of a logit, and a server tells probabilities",
                "repeat_penalty needs the logits",
            ]),
            Self::Single => words([
                "it acts on unnamed tokens, and how likely each of them is is not known",
                "it acts on unnamed tokens",
            ]),
            Self::Ties => words([
                "which of equally likely candidates comes first is not known",
                "equal candidates may change places",
            ]),
            Self::Earlier => words(["a stage before it is not exact", "a stage before is not"]),
            Self::Order => words([
                "unnamed tokens are left: probabilities are right, but u goes through the candidates by rank and not in \
                 the order of the vocabulary",
                "u goes by rank, not in the vocabulary's order",
            ]),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wordings()[0])
    }
}
