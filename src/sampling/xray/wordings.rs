//! What a stage did, in words: several wordings of each, from the fullest to the shortest, since rows differ in width. As
//! plain text each is its fullest wording.

use std::fmt;

use super::{Cause, Facts, Fate, Miss, number::short};

impl Fate {
    /// From the fullest to the shortest.
    #[must_use]
    pub fn wordings(&self) -> Vec<String> {
        match self {
            Self::Kept => vec!["kept".to_owned()],
            Self::Moved { from, to, cause } => {
                let by = signed(f64::from(*to) - f64::from(*from));
                let causes = cause.wordings().into_iter();
                causes.map(|cause| format!("{by}: {cause}")).chain([by.clone()]).collect()
            }
            Self::Cut(miss) => miss.wordings().iter().map(|miss| format!("cut: {miss}")).collect(),
            Self::Gone => vec!["cut earlier".to_owned()],
        }
    }
}

impl Cause {
    /// From the fullest to the shortest.
    #[must_use]
    pub fn wordings(&self) -> Vec<String> {
        match *self {
            Self::Bias { bias } => vec![format!("bias {}", signed(bias.into()))],
            Self::Seen { count, window } => {
                let often = if count == 1 { "once".to_owned() } else { format!("{count} times") };
                vec![
                    format!("seen {often} in the last {window} tokens"),
                    format!("seen {often} in {window}"),
                    format!("seen {count}×"),
                ]
            }
            Self::Repeats { length: None, .. } => {
                vec!["would continue a repeat".to_owned(), "repeats".to_owned()]
            }
            Self::Repeats { length: Some(length), .. } => {
                let tokens = length.saturating_add(1);
                vec![
                    format!("would make a repeat of {tokens} tokens"),
                    format!("repeats {tokens} tokens"),
                    format!("repeats {tokens}"),
                ]
            }
            Self::Temperature { t, entropy_share: None } => vec![format!("divided by {}", short(t))],
            Self::Temperature { t, entropy_share: Some(share) } => vec![
                format!("divided by {}, as the entropy is {} of its maximum", short(t), short(share)),
                format!("divided by {}", short(t)),
            ],
        }
    }
}

impl Miss {
    /// From the fullest to the shortest. The fullest tells the distance as well, which two rounded numbers may hide.
    #[must_use]
    pub fn wordings(&self) -> Vec<String> {
        match *self {
            Self::Banned(cause) => vec![format!("banned: {cause}"), "banned".to_owned()],
            Self::Grammar => {
                words(&["the grammar does not allow it here", "the grammar forbids it", "grammar"])
            }
            Self::BannedText => {
                words(&["it would complete a banned string", "ends a banned string", "banned string"])
            }
            Self::Rank { rank, k } if rank <= k => {
                vec![format!("as likely as the last of {k} kept"), format!("ties with the last of {k}")]
            }
            Self::Rank { rank, k } => {
                vec![format!("rank {rank}, top {k} kept"), format!("rank {rank} > {k}")]
            }
            Self::Nucleus { before, p } => nucleus(before, p),
            Self::MinP { p, threshold } => {
                let (own, bound, below) = (short(p), short(threshold), short(threshold - p));
                vec![format!("p {own}, {below} below min-p's {bound}"), format!("p {own} < {bound}")]
            }
            Self::Atypical { surprise, entropy, limit } => {
                let (own, mean, limit) = (short(surprise), short(entropy), short(limit));
                let far = short((surprise - entropy).abs());
                vec![
                    format!("surprisal {own} bits is {far} from the mean {mean}; up to {limit} is kept"),
                    format!("{far} bits from the mean > {limit}"),
                    format!("{far} bits off > {limit}"),
                ]
            }
            Self::Sigma { logit, floor } => {
                let (logit, floor) = (f64::from(logit), f64::from(floor));
                let (own, bound, below) = (short(logit), short(floor), short(floor - logit));
                vec![
                    format!("logit {own}, {below} below the cutoff {bound}"),
                    format!("logit {own} < {bound}"),
                ]
            }
            Self::TooLikely { p, threshold, drawn, probability } => {
                let likely = format!("p {} ≥ {}", short(p), short(threshold));
                let dice = format!("and XTC drew {} ≤ {}", short(drawn.into()), short(probability.into()));
                vec![format!("{likely}, {dice}"), likely]
            }
            Self::NotLargest { logit, largest } => {
                let (own, largest) = (short(logit.into()), short(largest.into()));
                vec![format!("logit {own}, the largest is {largest}"), format!("logit {own} < {largest}")]
            }
            Self::Surprise { surprise, mu } => {
                let (own, mu, above) = (short(surprise), short(mu), short(surprise - mu));
                vec![
                    format!("surprisal {own} bits, {above} above μ {mu}"),
                    format!("surprisal {own} > μ {mu}"),
                    format!("{own} bits > μ {mu}"),
                ]
            }
        }
    }
}

/// A mass that rounds to 1 is not 1: the token itself has the rest.
fn nucleus(before: f64, p: f64) -> Vec<String> {
    let mass = if before >= 0.999_5 { ">0.999".to_owned() } else { short(before) };
    let (bound, past) = (short(p), short(before - p));
    vec![
        format!("mass before it {mass}, {past} past {bound}"),
        format!("mass before it {mass} ≥ {bound}"),
        format!("before it {mass} ≥ {bound}"),
        format!("{mass} ≥ {bound}"),
    ]
}

impl Facts {
    /// From the fullest to the shortest; none where there is nothing to say.
    #[must_use]
    pub fn wordings(&self) -> Vec<String> {
        match self {
            Self::None | Self::Biases(_) | Self::Temperature { entropy_share: None, .. } => Vec::new(),
            Self::Grammar { fits: true, .. } => words(&["the token drawn fits; nothing was masked"]),
            Self::Grammar { fits: false, .. } => words(&[
                "the first draw did not fit: masked and drawn again",
                "first draw did not fit: masked, drawn again",
                "masked and drawn again",
            ]),
            Self::Window(window) => vec![format!("looked back over {} tokens", window.len())],
            Self::Repeats(repeats) => vec![match repeats.iter().filter_map(|repeat| repeat.length).max() {
                Some(longest) => format!("the longest repeat is {longest} tokens"),
                None => "nothing repeats".to_owned(),
            }],
            Self::Sigma { sigma, floor } => {
                vec![format!("σ {}, cutoff at logit {}", short(*sigma), short((*floor).into()))]
            }
            Self::Typical { entropy, .. } if entropy.is_nan() => words(&[
                "llama.cpp finds no entropy among masked candidates: kept in order",
                "no entropy among masked candidates: kept in order",
                "no entropy: kept in order",
            ]),
            Self::Typical { entropy, limit } => {
                vec![format!("kept surprisal {} ± {} bits", short(*entropy), short(*limit))]
            }
            Self::MinP { threshold } => vec![format!("cutoff at p {}", short(*threshold))],
            Self::Xtc { drawn: None, .. } => words(&["only one candidate: no draw"]),
            Self::Xtc { drawn: Some(drawn), probability, likely } => {
                let (drawn, probability) = (f64::from(*drawn), f64::from(*probability));
                let (sign, what) = if drawn <= probability { ("≤", "active") } else { (">", "inactive") };
                let dice = format!("drew {} {sign} {}: {what}", short(drawn), short(probability));
                vec![format!("{dice}, likely: {likely}"), dice]
            }
            Self::Temperature { t, entropy_share: Some(share) } => vec![
                format!("T {} from entropy {} of its maximum", short(*t), short(*share)),
                format!("T {} from entropy {}", short(*t), short(*share)),
            ],
            Self::Mirostat { mu, surprise, next_mu, .. } => {
                let (mu, surprise, next) = (short(*mu), short(*surprise), short(*next_mu));
                vec![
                    format!("μ {mu}, surprisal {surprise} bits, then μ {next}"),
                    format!("μ {mu} → {next}, {surprise} bits"),
                ]
            }
        }
    }
}

fn words(wordings: &[&str]) -> Vec<String> {
    wordings.iter().map(|wording| (*wording).to_owned()).collect()
}

fn signed(x: f64) -> String {
    if x > 0.0 { format!("+{}", short(x)) } else { short(x) }
}

fn fullest(wordings: &[String]) -> &str {
    wordings.first().map_or("", String::as_str)
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = if matches!(self, Self::Moved { .. }) { "moved by " } else { "" };
        write!(f, "{by}{}", fullest(&self.wordings()))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(fullest(&self.wordings()))
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(fullest(&self.wordings()))
    }
}

/// Empty where there is nothing to say.
impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(fullest(&self.wordings()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fullest wording and the shortest.
    fn ends(miss: Miss) -> [String; 2] {
        let wordings = miss.wordings();
        [wordings[0].clone(), wordings[wordings.len() - 1].clone()]
    }

    #[test]
    fn a_miss_tells_by_how_much() {
        assert_eq!(
            ends(Miss::MinP { p: 7.1e-5, threshold: 0.0467 }),
            ["p 7.1e-5, 0.0466 below min-p's 0.0467", "p 7.1e-5 < 0.0467"]
        );
        assert_eq!(
            ends(Miss::Nucleus { before: 0.98, p: 0.95 }),
            ["mass before it 0.98, 0.03 past 0.95", "0.98 ≥ 0.95"]
        );
        assert_eq!(
            ends(Miss::Surprise { surprise: 17.1, mu: 10.0 }),
            ["surprisal 17.1 bits, 7.1 above μ 10", "17.1 bits > μ 10"]
        );
        assert_eq!(
            ends(Miss::Sigma { logit: 2.0, floor: 2.5 }),
            ["logit 2, 0.5 below the cutoff 2.5", "logit 2 < 2.5"]
        );
    }

    #[test]
    fn a_mass_just_below_one_is_not_called_one() {
        let [fullest, shortest] = ends(Miss::Nucleus { before: 0.999_999, p: 0.95 });
        assert_eq!(
            (fullest.as_str(), shortest.as_str()),
            ("mass before it >0.999, 0.05 past 0.95", ">0.999 ≥ 0.95")
        );
    }

    #[test]
    fn a_half_of_120_columns_is_enough_for_some_wording_of_the_facts() {
        let nan = f64::NAN;
        for facts in [
            Facts::Grammar { first: crate::token::Token(1), fits: false },
            Facts::Typical { entropy: nan, limit: nan },
            Facts::Temperature { t: 0.777, entropy_share: Some(0.123) },
            Facts::Mirostat { mu: 10.01, tau: 5.0, surprise: 12.34, next_mu: 10.02, by_rank: false },
        ] {
            let wordings = facts.wordings();
            assert!(wordings.iter().any(|wording| wording.chars().count() <= 56), "{wordings:?}");
        }
    }

    #[test]
    fn every_miss_has_words_for_the_narrowest_column() {
        let misses = [
            Miss::Grammar,
            Miss::BannedText,
            Miss::Rank { rank: 151_936, k: 40 },
            Miss::Nucleus { before: 0.999_999, p: 0.95 },
            Miss::MinP { p: 7.1e-5, threshold: 0.0467 },
            Miss::Sigma { logit: -12.34, floor: 10.67 },
            Miss::TooLikely { p: 0.296, threshold: 0.1, drawn: 0.417, probability: 0.5 },
            Miss::NotLargest { logit: -12.34, largest: 13.45 },
            Miss::Surprise { surprise: 17.1, mu: 10.0 },
        ];
        for miss in misses {
            let shortest = miss.wordings().pop().unwrap_or_default();
            assert!(shortest.chars().count() <= 21, "{shortest}");
        }
    }
}
