//! Answers: how one is read from what was typed, what the right one is, and whether they agree.

use minijinja::{Value, value::ValueKind};

use super::{Ask, Kind, expression::percent};
use crate::text::{Shown, Spaces};

/// What still counts as right where a question does not say: this share of the number, or of the ruler.
const TOLERANCE: f64 = 0.05;

/// An answer, given or right.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The option of this index.
    Choice(usize),
    /// A number, in the unit of the expression.
    Number(f64),
    /// A token's text.
    Token(String),
    /// A place on the ruler, 0 to 1.
    Place(f64),
    /// Indices of options in their order.
    Order(Vec<usize>),
}

/// What came of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Whether it was right, or near enough.
    pub right: bool,
    /// What was said, in words.
    pub said: String,
    /// The right answer, in words.
    pub truth: String,
}

impl Ask {
    /// Reads what was typed; an error says what is expected.
    pub fn read(&self, typed: &str) -> Result<Answer, String> {
        let typed = typed.trim_matches(|c: char| c.is_whitespace() && c != '\n');
        let options = self.options.len();
        if typed.is_empty() {
            return Err(match self.kind {
                Kind::Choice => "Choose one first: ↑ ↓ or its digit.".to_owned(),
                Kind::Order => "Type the digits in your order first.".to_owned(),
                Kind::Number => "Type a number first.".to_owned(),
                Kind::Token => "Type a token first, or pick one with ↑ ↓.".to_owned(),
                Kind::Place => "Type a number from 0 to 1 first, or move the mark with ↑ ↓.".to_owned(),
            });
        }
        match self.kind {
            Kind::Choice => typed
                .parse::<usize>()
                .ok()
                .filter(|number| (1..=options).contains(number))
                .map(|number| Answer::Choice(number - 1))
                .ok_or_else(|| format!("A digit from 1 to {options} is expected.")),
            Kind::Number => {
                let unit = self.unit.as_deref().unwrap_or_default();
                let number = number(typed.strip_suffix(unit).unwrap_or(typed))
                    .ok_or_else(|| format!("“{}” is not a number.", Shown::inline(typed).as_str()))?;
                Ok(Answer::Number(if unit == "%" { number / 100.0 } else { number }))
            }
            Kind::Token => Ok(Answer::Token(typed.to_owned())),
            Kind::Place => {
                let place = match typed.strip_suffix('%') {
                    Some(percent) => number(percent).map(|percent| percent / 100.0),
                    None => number(typed),
                };
                place
                    .filter(|place| (0.0..=1.0).contains(place))
                    .map(Answer::Place)
                    .ok_or_else(|| "A place is a number from 0 to 1.".to_owned())
            }
            Kind::Order => order(typed, options)
                .map(Answer::Order)
                .ok_or_else(|| format!("Each digit from 1 to {options} is expected once, as in 2 1 3.")),
        }
    }

    /// The right answer, from the value of `right`; `options` are those shown. An error says what the value should be.
    pub fn truth(&self, value: &Value, options: &[String]) -> Result<Answer, String> {
        let wrong = |expected: String| {
            Err(format!("it is {}, expected {expected}", Shown::inline(&value.to_string()).as_str()))
        };
        match self.kind {
            Kind::Choice => {
                let index = match value.as_str() {
                    Some(text) => options.iter().position(|option| option == text),
                    None => index(value, options.len()),
                };
                match index {
                    Some(index) => Ok(Answer::Choice(index)),
                    None => wrong(format!(
                        "an option's text, or its index from 0 to {}",
                        options.len().saturating_sub(1)
                    )),
                }
            }
            Kind::Number => match finite(value) {
                Some(number) => Ok(Answer::Number(number)),
                None => wrong("a number".to_owned()),
            },
            Kind::Token => match value.as_str() {
                Some(text) => Ok(Answer::Token(text.to_owned())),
                None => wrong("the text of a token".to_owned()),
            },
            Kind::Place => match finite(value).filter(|place| (0.0..=1.0).contains(place)) {
                Some(place) => Ok(Answer::Place(place)),
                None => wrong("a number from 0 to 1".to_owned()),
            },
            Kind::Order => {
                let indices: Option<Vec<usize>> = value
                    .try_iter()
                    .ok()
                    .and_then(|items| items.map(|item| index(&item, options.len())).collect());
                match indices.filter(|indices| is_order(indices, options.len())) {
                    Some(indices) => Ok(Answer::Order(indices)),
                    None => {
                        wrong(format!("a list of all indices from 0 to {}", options.len().saturating_sub(1)))
                    }
                }
            }
        }
    }

    /// Compares what was said with the right answer.
    #[must_use]
    pub fn judge(&self, said: &Answer, truth: &Answer, options: &[String]) -> Verdict {
        let right = match (said, truth) {
            (Answer::Number(said), Answer::Number(truth)) => {
                let default = if *truth == 0.0 { TOLERANCE } else { TOLERANCE * truth.abs() };
                near(*said, *truth, self.tolerance.unwrap_or(default))
            }
            (Answer::Place(said), Answer::Place(truth)) => {
                near(*said, *truth, self.tolerance.unwrap_or(TOLERANCE))
            }
            (Answer::Token(said), Answer::Token(truth)) => word(said) == word(truth),
            (said, truth) => said == truth,
        };
        Verdict { right, said: self.in_words(said, options), truth: self.in_words(truth, options) }
    }

    /// An answer as it is shown.
    #[must_use]
    pub fn in_words(&self, answer: &Answer, options: &[String]) -> String {
        let option = |index: &usize| options.get(*index).cloned().unwrap_or_default();
        match answer {
            Answer::Choice(index) => format!("“{}”", option(index)),
            Answer::Number(number) => match self.unit.as_deref() {
                Some("%") => percent(*number),
                Some(unit) => format!("{} {unit}", short(*number)),
                None => short(*number),
            },
            Answer::Token(text) => format!("“{}”", Shown::with_spaces(text, Spaces::Marked).as_str()),
            Answer::Place(place) => format!("{place:.2}"),
            Answer::Order(indices) => indices.iter().map(option).collect::<Vec<_>>().join(", "),
        }
    }

    /// A right answer as one would type it.
    #[must_use]
    pub fn typed(&self, answer: &Answer) -> String {
        match answer {
            Answer::Choice(index) => (index + 1).to_string(),
            Answer::Number(number) if self.unit.as_deref() == Some("%") => (100.0 * number).to_string(),
            Answer::Number(number) | Answer::Place(number) => number.to_string(),
            Answer::Token(text) => text.clone(),
            Answer::Order(indices) => {
                indices.iter().map(|index| (index + 1).to_string()).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// A number as people type it: a comma is a decimal point, too.
fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

fn finite(value: &Value) -> Option<f64> {
    let number = matches!(value.kind(), ValueKind::Number);
    number.then(|| f64::try_from(value.clone()).ok()).flatten().filter(|number| number.is_finite())
}

fn index(value: &Value, options: usize) -> Option<usize> {
    let number = matches!(value.kind(), ValueKind::Number);
    number.then(|| usize::try_from(value.clone()).ok()).flatten().filter(|index| *index < options)
}

/// Digits with or without something between them.
fn order(typed: &str, options: usize) -> Option<Vec<usize>> {
    let separator = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-' | '>' | '<');
    let digits = typed.chars().filter(|c| !separator(*c)).map(|c| c.to_digit(10)?.checked_sub(1));
    let indices: Vec<usize> = digits.map(|digit| digit.map(|digit| digit as usize)).collect::<Option<_>>()?;
    Some(indices).filter(|indices| is_order(indices, options))
}

/// Whether it names each of so many options once.
fn is_order(indices: &[usize], options: usize) -> bool {
    let mut sorted = indices.to_vec();
    sorted.sort_unstable();
    sorted.iter().copied().eq(0..options)
}

fn near(said: f64, truth: f64, tolerance: f64) -> bool {
    // A little more, for what is lost in decimals.
    (said - truth).abs() <= tolerance + 1e-9 * truth.abs().max(1.0)
}

/// What of a token counts in an answer: not the space before a word, nor its case.
fn word(text: &str) -> String {
    let text = text.replace('␣', " ");
    let trimmed = text.trim();
    if trimmed.is_empty() { text } else { trimmed.to_lowercase() }
}

/// A number with as many decimals as say something.
fn short(number: f64) -> String {
    let digits = match number.abs() {
        size if size == 0.0 || number.fract() == 0.0 => 0,
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 0.1 => 2,
        _ => 4,
    };
    format!("{number:.digits$}")
}
