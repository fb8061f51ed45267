//! Where conditions would have ended generation, those that are switched off too.

use serde::Serialize;

use crate::{
    decode::{Path, Repetition},
    distribution::Bounds,
    tree::Step,
};

/// A number of the distributions along a path at its largest or smallest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Extreme {
    /// The number.
    pub value: f64,
    /// The generated token that was drawn there, 0 the first: a limit just short of the number ends generation before it.
    pub token: usize,
}

/// Where each condition would have ended generation, whether it is on or off. Tokens count from the first generated
/// one, which is 0; each is the last one that would have been generated.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Hindsight {
    /// Tokens in whose place an end token would have been drawn, had end tokens not been banned.
    pub ignored_ends: Vec<usize>,
    /// For a limit of 1, 2, 3 … sentences the token at which it would have been met.
    pub sentences: Vec<usize>,
    /// The same for lines.
    pub lines: Vec<usize>,
    /// The loops of the text, in the order they were found.
    pub loops: Vec<Repetition>,
    /// The lowest and the highest entropy so far, in bits.
    pub entropy: Option<[Extreme; 2]>,
    /// The lowest and the highest probability that the likeliest token had so far.
    pub top_probability: Option<[Extreme; 2]>,
}

impl Hindsight {
    /// Looks back along a path. Linear in its length.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let text = path.text();
        let tokens = |ends: &[super::End]| ends.iter().map(|end| text.token_at(end.known - 1)).collect();
        Self {
            ignored_ends: path.ignored_ends().to_vec(),
            sentences: tokens(text.sentences()),
            lines: tokens(text.lines()),
            loops: path.loops().found().to_vec(),
            entropy: Self::entropy(path),
            top_probability: Self::top_probability(path),
        }
    }

    /// The lowest and the highest entropy along a path, in bits.
    #[must_use]
    pub fn entropy(path: &Path) -> Option<[Extreme; 2]> {
        extremes(path, |step| step.entropy_bits)
    }

    /// The lowest and the highest probability that the likeliest token had along a path.
    #[must_use]
    pub fn top_probability(path: &Path) -> Option<[Extreme; 2]> {
        extremes(path, |step| Bounds::exactly(step.p_top))
    }
}

/// The lowest and the highest of a number of the steps, of equal ones the first; of a number that is known within bounds
/// what it is at most and at least, for no other limit would have ended generation for certain.
fn extremes(path: &Path, number: impl Fn(&Step) -> Bounds) -> Option<[Extreme; 2]> {
    let mut found: Option<[Extreme; 2]> = None;
    for (token, (step, _)) in path.steps().iter().enumerate() {
        let at = |value| Extreme { value, token };
        let here = number(step);
        let [low, high] = found.get_or_insert([at(here.high), at(here.low)]);
        if here.high < low.value {
            *low = at(here.high);
        }
        if here.low > high.value {
            *high = at(here.low);
        }
    }
    found
}
