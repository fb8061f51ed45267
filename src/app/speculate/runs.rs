//! What is measured on the side: drafts of every length, and many seeds.

use std::{collections::VecDeque, time::Duration};

use crate::{
    decode::{
        CursorError,
        speculative::{Gains, Plain, Price, Share, Shares, Speculation},
    },
    tree::Tree,
};

/// The longest draft of a sweep, and the tokens that each writes.
pub(super) const SWEEP: usize = 8;
pub(super) const SWEEP_TOKENS: usize = 48;
/// Seeds that are tried, and the tokens of each.
pub(super) const SEEDS: usize = 256;
pub(super) const SEED_TOKENS: usize = 2;

/// A text written with drafts of one length.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// γ.
    pub gamma: usize,
    /// Speed against plain decoding, measured.
    pub speed: Option<f64>,
    /// What the formula expects of it.
    pub expected: Option<f64>,
    /// The share of drafted tokens that was accepted.
    pub acceptance: Option<f64>,
    /// Tokens a target pass.
    pub tokens: Option<f64>,
}

/// A sweep over γ, as far as it has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Swept {
    /// A point for each γ.
    pub points: Vec<Point>,
    /// How many there will be.
    pub of: usize,
}

/// Seeds that were tried, as far as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tried {
    /// Seeds that have their tokens.
    pub seeds: usize,
    /// Of how many.
    pub of: usize,
    /// How many tokens each has.
    pub tokens: usize,
    /// What they begin with, as it is shown, how many do, and its exact probability.
    pub shares: Vec<(String, usize, f64)>,
    /// χ², its degrees of freedom.
    pub chi_square: Option<(f64, usize)>,
}

/// A text that is being written with drafts of one length.
pub(super) struct Lap {
    pub gamma: usize,
    pub tree: Tree,
    pub walk: Speculation,
    pub plain: Plain,
}

/// What is under way.
#[derive(Default)]
pub(super) enum Job {
    #[default]
    None,
    Sweep(Box<Lap>, VecDeque<usize>),
    Seeds(Box<(Shares, Tree)>),
}

/// What is measured on the side.
#[derive(Default)]
pub(super) struct Runs {
    pub job: Job,
    swept: Option<Swept>,
    tried: Option<Tried>,
}

impl Runs {
    pub fn swept(&self) -> Option<&Swept> {
        self.swept.as_ref()
    }

    pub fn tried(&self) -> Option<&Tried> {
        self.tried.as_ref()
    }

    pub fn under_way(&self) -> bool {
        !matches!(self.job, Job::None)
    }

    /// Gives up what is under way; what is known stays.
    pub fn end(&mut self) {
        self.job = Job::None;
    }

    /// Begins a sweep with its first text.
    pub fn sweep(&mut self, lap: Lap, further: VecDeque<usize>) {
        let of = further.len() + 1;
        self.swept = Some(Swept { points: Vec::new(), of });
        self.job = Job::Sweep(Box::new(lap), further);
    }

    /// Begins to try seeds.
    pub fn try_seeds(&mut self, shares: Shares, tree: Tree) {
        let (seeds, of) = shares.progress();
        self.tried = Some(Tried { seeds, of, tokens: shares.tokens(), ..Tried::default() });
        self.job = Job::Seeds(Box::new((shares, tree)));
    }

    /// Notes a text that is written.
    pub fn note_lap(&mut self, lap: &Lap) {
        let gains = Gains::of(lap.walk.rounds());
        let price = Price::of(&gains, lap.plain.pass());
        let point = Point {
            gamma: lap.gamma,
            speed: speed(&gains, &lap.plain),
            expected: price.and_then(|price| price.expected(&gains)),
            acceptance: gains.acceptance(),
            tokens: gains.tokens_a_pass(),
        };
        if let Some(swept) = &mut self.swept {
            swept.points.push(point);
        }
    }

    /// Notes how far the seeds are.
    pub fn note_seeds(&mut self, show: impl Fn(&Share) -> String) {
        let (Job::Seeds(seeds), Some(tried)) = (&self.job, &mut self.tried) else { return };
        let shares = &seeds.0;
        (tried.seeds, tried.of) = shares.progress();
        tried.shares = shares.shares().iter().map(|share| (show(share), share.seeds, share.exact)).collect();
        tried.chi_square = shares.chi_square();
    }
}

/// How many times as fast as plain decoding it was: the time of a plain token against that of one from the rounds. Rounds that
/// read nothing, for all was known, say nothing.
pub(super) fn speed(gains: &Gains, plain: &Plain) -> Option<f64> {
    let passes = plain.passes();
    let time = gains.target_time + gains.draft_time;
    if passes.is_empty() || gains.tokens == 0 || time.is_zero() {
        return None;
    }
    let each = |time: Duration, tokens: usize| time.as_secs_f64() / tokens as f64;
    Some(each(plain.time(), passes.len()) / each(time, gains.tokens))
}

/// Why a text could not be gone on with, for the footer.
pub(super) fn why(error: &CursorError) -> String {
    error.to_string()
}
