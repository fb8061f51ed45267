//! Logits of which some are not known: a server names the likeliest tokens only.

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// The logits after one token of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    /// One logit a vocabulary entry. With a tail those of the known tokens are the natural logarithms of their
    /// probabilities, those of the unknown ones −∞.
    pub logits: &'a [f32],
    /// What is known of the tokens without a logit; None where all have one.
    pub tail: Option<Tail>,
}

impl<'a> Row<'a> {
    /// Logits of the whole vocabulary.
    #[must_use]
    pub const fn full(logits: &'a [f32]) -> Self {
        Self { logits, tail: None }
    }
}

impl<'a, T: AsRef<[f32]> + ?Sized> From<&'a T> for Row<'a> {
    fn from(logits: &'a T) -> Self {
        Self::full(logits.as_ref())
    }
}

/// What is known of the tokens that a server did not name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// Tokens with a logit. All of them where a server tells probabilities of all: then they are no logits of the model's
    /// still, and a penalty that goes by their sign is not exact.
    pub known: usize,
    /// The probability of all others together, 0 to 1.
    pub mass: f64,
    /// No other token is likelier than this, 0 to 1: the probability of the last of the likeliest tokens that were named.
    pub bound: f64,
}

impl Tail {
    /// What the unknown tokens, of which there are `unnamed`, add to the entropy, in bits: at least what they do in as few
    /// tokens as the bound allows, at most what they do when all are as likely.
    #[must_use]
    pub fn entropy_bits(&self, unnamed: usize) -> Bounds {
        let bits = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
        if self.mass <= 0.0 || unnamed == 0 {
            return Bounds::exactly(0.0);
        }
        let even = self.mass / unnamed as f64;
        let high = unnamed as f64 * bits(even);
        if self.bound <= even {
            return Bounds::exactly(high);
        }
        let full = (self.mass / self.bound).floor();
        let low = full * bits(self.bound) + bits(self.mass - full * self.bound);
        Bounds { low: low.min(high), high }
    }

    /// Whether a token with this logit is as likely as the last of the likeliest that were named: then it has a rank. A
    /// server can name another one besides, whose rank is not known.
    #[must_use]
    pub fn ranks(&self, logit: f32) -> bool {
        // The bound has gone through an exponential function; it can be 0.
        logit > f32::NEG_INFINITY && f64::from(logit) >= self.bound.ln() - 1e-6
    }
}

/// A number that is known, or known to lie between two others.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// It is not less.
    pub low: f64,
    /// It is not more.
    pub high: f64,
}

impl Bounds {
    /// A number that is known.
    #[must_use]
    pub const fn exactly(number: f64) -> Self {
        Self { low: number, high: number }
    }

    /// The number, if it is known.
    #[must_use]
    pub fn exact(self) -> Option<f64> {
        (self.low.to_bits() == self.high.to_bits()).then_some(self.low)
    }

    /// The number in the middle of the bounds: for a colour or the height of a bar.
    #[must_use]
    pub fn middle(self) -> f64 {
        self.exact().unwrap_or(f64::midpoint(self.low, self.high))
    }
}

impl std::iter::Sum for Bounds {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::default(), |sum, number| Self {
            low: sum.low + number.low,
            high: sum.high + number.high,
        })
    }
}

impl std::ops::Div<f64> for Bounds {
    type Output = Self;

    fn div(self, by: f64) -> Self {
        Self { low: self.low / by, high: self.high / by }
    }
}

/// `3.10`, or `3.10 to 3.42`: with the precision that is asked for, bounds rounded outwards.
impl std::fmt::Display for Bounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = f.precision().unwrap_or(2);
        let text = if let Some(number) = self.exact() {
            format!("{number:.digits$}")
        } else {
            // Rounded outwards, so that what is said is true.
            let places = 10_f64.powi(digits as i32);
            let (low, high) = ((self.low * places).floor() / places, (self.high * places).ceil() / places);
            format!("{low:.digits$} to {high:.digits$}")
        };
        match f.width() {
            Some(width) => write!(f, "{text:>width$}"),
            None => f.write_str(&text),
        }
    }
}

/// A number; with `at_least` and `at_most` where it is not known.
impl Serialize for Bounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(number) = self.exact() {
            return serializer.serialize_f64(number);
        }
        let mut bounds = serializer.serialize_struct("Bounds", 2)?;
        bounds.serialize_field("at_least", &self.low)?;
        bounds.serialize_field("at_most", &self.high)?;
        bounds.end()
    }
}

/// A token's place among all, the likeliest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// It is this one, 1 the likeliest.
    At(usize),
    /// So many tokens are at least as likely, and nobody has told how many more.
    Beyond(usize),
}

impl Rank {
    /// The rank, if it is known.
    #[must_use]
    pub const fn at(self) -> Option<usize> {
        match self {
            Self::At(rank) => Some(rank),
            Self::Beyond(_) => None,
        }
    }

    /// The rank, or the best that it can be.
    #[must_use]
    pub const fn at_best(self) -> usize {
        match self {
            Self::At(rank) => rank,
            Self::Beyond(before) => before + 1,
        }
    }
}

impl std::fmt::Display for Rank {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::At(rank) => write!(f, "{rank}"),
            Self::Beyond(before) => write!(f, "beyond {before}"),
        }
    }
}

/// The natural logarithms of the probabilities of the `k` likeliest tokens, −∞ for the others, and what is known of those:
/// what a server tells that names `k` candidates, 1 and above.
#[must_use]
pub fn cut(logits: &[f32], k: usize) -> (Vec<f32>, Tail) {
    let summary = super::Summary::of(logits, k.max(1));
    let mut known = vec![f32::NEG_INFINITY; logits.len()];
    let (mut sum, mut bound) = (0.0, 1.0);
    for candidate in &summary.top {
        let log_p = (f64::from(candidate.logit) - summary.log_sum_exp) as f32;
        known[candidate.token.index()] = log_p;
        bound = f64::from(log_p).exp();
        sum += bound;
    }
    (known, Tail { known: summary.top.len(), mass: (1.0 - sum).clamp(0.0, 1.0), bound })
}

/// A number; with `beyond` where it is not known.
impl Serialize for Rank {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(rank) => rank.serialize(serializer),
            Self::Beyond(before) => {
                let mut rank = serializer.serialize_struct("Rank", 1)?;
                rank.serialize_field("beyond", before)?;
                rank.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entropy_of_a_tail_by_hand() {
        // A quarter in one token of 1/4 at least: 1/4 · 2 bits; in 16 tokens of 1/64: 1/4 · 6 bits.
        let tail = Tail { known: 2, mass: 0.25, bound: 0.25 };
        assert_eq!(tail.entropy_bits(16), Bounds { low: 0.5, high: 1.5 });
        // A bound of 1/8 takes two tokens: 2 · 1/8 · 3 bits.
        let tail = Tail { known: 2, mass: 0.25, bound: 0.125 };
        assert_eq!(tail.entropy_bits(16), Bounds { low: 0.75, high: 1.5 });
        // Two tokens of 1/8 are all that is left: nothing is open.
        assert_eq!(tail.entropy_bits(2), Bounds::exactly(0.75));
        assert_eq!(Tail { mass: 0.0, ..tail }.entropy_bits(2), Bounds::exactly(0.0));
        // The rest beside whole tokens counts, too: 1/8 and 1/16.
        let tail = Tail { known: 2, mass: 0.1875, bound: 0.125 };
        assert_eq!(tail.entropy_bits(3), Bounds { low: 0.625, high: 3.0 * 0.0625 * 4.0 });
    }

    #[test]
    fn what_is_not_known_is_said_as_bounds() {
        assert_eq!(format!("{:.1}", Bounds { low: 3.15, high: 3.42 }), "3.1 to 3.5");
        assert_eq!(format!("{:.2}", Bounds { low: 3.411, high: 3.412 }), "3.41 to 3.42");
        assert_eq!(format!("{:.2}", Bounds::exactly(2.0)), "2.00");
        assert_eq!(
            (Rank::At(3).to_string(), Rank::Beyond(100).to_string()),
            ("3".into(), "beyond 100".into())
        );
        assert_eq!((Rank::At(3).at_best(), Rank::Beyond(100).at_best()), (3, 101));
        let mean = [Bounds::exactly(1.0), Bounds { low: 2.0, high: 4.0 }].into_iter().sum::<Bounds>() / 2.0;
        assert_eq!((mean, mean.middle(), mean.exact()), (Bounds { low: 1.5, high: 2.5 }, 2.0, None));
        let json = serde_json::to_string(&(mean, Bounds::exactly(3.0), Rank::At(2), Rank::Beyond(20)));
        assert_eq!(json.expect("plain data"), r#"[{"at_least":1.5,"at_most":2.5},3.0,2,{"beyond":20}]"#);
    }
}
