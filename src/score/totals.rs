//! The sums over the scores of a text.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{token::Token, tree::Step};

/// Sums over the tokens that count.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Tokens that count.
    pub counted: usize,
    /// Bytes of the tokens that count.
    pub bytes: usize,
    /// Bits of surprisal of the tokens that count.
    pub bits: f64,
    /// Tokens that count and of which nobody has told how likely they were: then there are no sums.
    pub unknown: usize,
    /// Squares of these bits.
    squares: f64,
    /// Tokens listed as surprising at most.
    longest: usize,
    /// The most surprising ones, the least surprising of them on top.
    surprises: BinaryHeap<Reverse<Surprise>>,
}

/// A token that the model found unlikely.
#[derive(Clone, Copy, Debug)]
pub struct Surprise {
    /// Its index in the text.
    pub index: usize,
    /// The token.
    pub token: Token,
    /// How likely it was.
    pub step: Step,
}

/// By surprisal; of equal ones the later is the lesser.
impl Ord for Surprise {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let bits = self.step.surprisal_bits.total_cmp(&other.step.surprisal_bits);
        bits.then(other.index.cmp(&self.index))
    }
}

impl PartialOrd for Surprise {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Surprise {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Surprise {}

impl Totals {
    /// Nothing yet; so many surprising tokens will be listed.
    #[must_use]
    pub fn new(surprises: usize) -> Self {
        Self { longest: surprises, ..Self::default() }
    }

    /// Adds a token that counts and has so many bytes.
    pub fn add(&mut self, surprise: Surprise, bytes: usize) {
        let bits = surprise.step.surprisal_bits;
        self.counted += 1;
        self.bytes += bytes;
        if bits.is_nan() {
            self.unknown += 1;
        } else {
            self.bits += bits;
            self.squares += bits * bits;
        }
        self.surprises.push(Reverse(surprise));
        if self.surprises.len() > self.longest {
            self.surprises.pop();
        }
    }

    /// Bits of surprisal a token; None before the first, and where it is not known.
    #[must_use]
    pub fn bits_per_token(&self) -> Option<f64> {
        (self.counted > 0 && self.unknown == 0).then(|| self.bits / self.counted as f64)
    }

    /// Bits of surprisal a byte; None where no byte counts.
    #[must_use]
    pub fn bits_per_byte(&self) -> Option<f64> {
        (self.bytes > 0 && self.unknown == 0).then(|| self.bits / self.bytes as f64)
    }

    /// Perplexity: 2 to the bits a token.
    #[must_use]
    pub fn perplexity(&self) -> Option<f64> {
        self.bits_per_token().map(f64::exp2)
    }

    /// The standard error of the perplexity: that of the mean surprisal (in nats) times the perplexity, as
    /// `llama-perplexity` reports it. None for fewer than two tokens.
    #[must_use]
    pub fn perplexity_error(&self) -> Option<f64> {
        let mean = self.bits_per_token()?;
        let variance = (self.squares / self.counted as f64 - mean * mean).max(0.0);
        let freedom = self.counted.checked_sub(1).filter(|&n| n > 0)?;
        let error = (variance / freedom as f64).sqrt() * std::f64::consts::LN_2;
        self.perplexity().map(|perplexity| perplexity * error)
    }

    /// The most surprising tokens, the most surprising first.
    #[must_use]
    pub fn surprises(&self) -> Vec<Surprise> {
        self.surprises.clone().into_sorted_vec().into_iter().map(|Reverse(surprise)| surprise).collect()
    }
}
