//! Guessing before seeing: what the class says, and what came of it.

/// What is guessed at each step before it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guessing {
    /// Nothing: everything is shown.
    #[default]
    Off,
    /// The next token; bars and wheel are hidden.
    Token,
    /// The probability of the likeliest token; bars and wheel are hidden.
    Probability,
    /// The token that the random number lands on; bars and number are shown.
    Place,
}

impl Guessing {
    /// In the order of the key.
    pub const ALL: [Self; 4] = [Self::Off, Self::Token, Self::Probability, Self::Place];

    /// What it is, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Off => "Nothing is guessed: everything is shown.",
            Self::Token => "Guess the next token: type it, or pick one with ↑↓.",
            Self::Probability => "Guess how likely the likeliest token is: type a percentage.",
            Self::Place => "Guess which token u lands on: type it, or pick one with ↑↓.",
        }
    }

    /// Whether bars and wheel are hidden until the guess is made.
    #[must_use]
    pub const fn hides(self) -> bool {
        matches!(self, Self::Token | Self::Probability)
    }
}

/// How far a guessed percentage may be from the true one to count, in percentage points.
pub const TOLERANCE: f64 = 10.0;

/// What came of a guess.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// A token was guessed.
    Token {
        /// What the class said.
        said: String,
        /// What was drawn.
        drawn: String,
        /// The likeliest token.
        likeliest: String,
        /// Whether the class was right.
        right: bool,
    },
    /// A probability was guessed.
    Probability {
        /// What the class said, in percent.
        said: f64,
        /// The probability, in percent.
        percent: f64,
    },
}

impl Verdict {
    /// Of a guessed token: case and spaces around it do not count.
    pub(super) fn of_token(said: &str, drawn: &str, likeliest: &str) -> Self {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        Self::Token {
            said: said.trim().to_owned(),
            drawn: drawn.to_owned(),
            likeliest: likeliest.to_owned(),
            right: same(said, drawn),
        }
    }

    /// Of a guessed percentage, with or without its sign, for a probability from 0 to 1; an error is what cannot be read.
    pub(super) fn of_probability(said: &str, p: f64) -> Result<Self, String> {
        let number = said.trim().trim_end_matches('%').trim().replace(',', ".");
        let percent = number.parse::<f64>().ok().filter(|said| (0.0..=100.0).contains(said));
        let said = percent.ok_or_else(|| "A percentage is a number from 0 to 100.".to_owned())?;
        Ok(Self::Probability { said, percent: 100.0 * p })
    }

    /// Whether the class was right.
    #[must_use]
    pub fn is_right(&self) -> bool {
        match self {
            Self::Token { right, .. } => *right,
            Self::Probability { said, percent } => (said - percent).abs() <= TOLERANCE,
        }
    }

    /// Whether the token of the step was drawn with it.
    pub(super) fn is_drawn(&self) -> bool {
        matches!(self, Self::Token { .. })
    }

    /// It in a few words, for a row without room for the sentence.
    #[must_use]
    pub fn in_short(&self) -> String {
        match self {
            Self::Token { drawn, right: true, .. } => format!("Right: “{drawn}”."),
            Self::Token { drawn, .. } => format!("Not this time: “{drawn}”."),
            Self::Probability { .. } => self.in_words(),
        }
    }

    /// It in a sentence.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Token { said, drawn, right: true, .. } if said.eq_ignore_ascii_case(drawn) => {
                format!("Right: the draw landed on “{drawn}”.")
            }
            Self::Token { said, drawn, right, likeliest } => {
                let verdict = if *right { "Right" } else { "Not this time" };
                let favourite = if drawn == likeliest {
                    "which was also the likeliest".to_owned()
                } else {
                    format!("the likeliest was “{likeliest}”")
                };
                format!("{verdict}: you said “{said}”, the draw landed on “{drawn}”; {favourite}.")
            }
            Self::Probability { said, percent } => {
                let verdict = if self.is_right() { "Close" } else { "Not close" };
                format!("{verdict}: you said {said:.0} %, it is {percent:.0} %.")
            }
        }
    }
}

/// How the guesses went, beside always saying the likeliest token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Guesses made.
    pub guesses: u32,
    /// Of these, right ones.
    pub right: u32,
    /// Guesses of a token; only with these the likeliest token can be compared.
    pub tokens: u32,
    /// How often the likeliest token would have been right.
    pub likeliest: u32,
}

impl Tally {
    pub(super) fn count(&mut self, verdict: &Verdict) {
        self.guesses += 1;
        self.right += u32::from(verdict.is_right());
        if let Verdict::Token { drawn, likeliest, .. } = verdict {
            self.tokens += 1;
            self.likeliest += u32::from(drawn == likeliest);
        }
    }

    /// `You: 3 of 5. Always the likeliest: 4 of 5.`; None before the first guess.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let Self { guesses, right, tokens, likeliest } = *self;
        let model = if tokens > 0 {
            format!(" Always the likeliest: {likeliest} of {tokens}.")
        } else {
            String::new()
        };
        (guesses > 0).then(|| format!("You: {right} of {guesses}.{model}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_counts_without_its_case_and_spaces() {
        let verdict = Verdict::of_token(" Cat ", "cat", "dog");
        assert!(verdict.is_right());
        assert_eq!(verdict.in_words(), "Right: the draw landed on “cat”.");
        let verdict = Verdict::of_token("bird", "cat", "dog");
        let told = "Not this time: you said “bird”, the draw landed on “cat”; the likeliest was “dog”.";
        assert_eq!((verdict.is_right(), verdict.in_words().as_str()), (false, told));
    }

    #[test]
    fn a_percentage_counts_within_ten_points() {
        let of = |said| Verdict::of_probability(said, 0.34);
        assert_eq!(of("60").unwrap().in_words(), "Not close: you said 60 %, it is 34 %.");
        assert!(of("44 %").unwrap().is_right() && !of("45").unwrap().is_right());
        assert!(of("24,0").unwrap().is_right());
        for bad in ["", "much", "101", "-1", "NaN", "inf"] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_likeliest_is_counted_beside_the_class() {
        let mut tally = Tally::default();
        assert_eq!(tally.in_words(), None);
        tally.count(&Verdict::of_token("cat", "cat", "cat"));
        tally.count(&Verdict::of_token("dog", "cat", "cat"));
        tally.count(&Verdict::of_token("dog", "dog", "cat"));
        assert_eq!(tally.in_words().as_deref(), Some("You: 2 of 3. Always the likeliest: 2 of 3."));
        let mut tally = Tally::default();
        tally.count(&Verdict::of_probability("50", 0.9).unwrap());
        assert_eq!(tally.in_words().as_deref(), Some("You: 0 of 1."));
    }
}
