//! What one pass over the logits tells: normaliser, entropy, the top candidates.

use super::exp::exp_at_most_one;
use super::top::{Candidate, TopK, by_rank};
use super::{Bounds, Rank, Row, Tail};
use crate::token::Token;

/// Logits read at a time: small enough for the first-level cache, so that the vocabulary comes
/// from memory once although each block is looked at three times (largest, sums, candidates).
const BLOCK: usize = 1024;
/// Independent sums, so that the additions of a block become SIMD code.
const LANES: usize = 16;

/// The statistics of one next-token distribution: softmax of the logits at temperature 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Vocabulary size: how many logits were read.
    pub n_vocab: usize,
    /// The largest logit.
    pub max_logit: f32,
    /// ln Σ exp(logit): a token's log-probability is its logit minus this.
    pub log_sum_exp: f64,
    /// Shannon entropy −Σ p·log₂ p, in bits, from 0 to log₂(`n_vocab`); not known but within bounds where there is a tail.
    pub entropy_bits: Bounds,
    /// Logits that are NaN or +∞: the model is broken when this is not 0, and nothing may be sampled.
    pub non_finite: usize,
    /// The most likely tokens, most likely first.
    pub top: Box<[Candidate]>,
    /// The likeliest of the tokens that end generation, and its rank (1 = the likeliest of all); None where none was named.
    pub end: Option<(Token, Rank)>,
    /// What is known of the tokens that have no logit; None where all have one.
    pub tail: Option<Tail>,
}

impl Summary {
    /// Candidates that are kept of each distribution on a path, as many as a tall screen shows.
    pub const TOP: usize = 256;

    /// Reads `logits` (one a vocabulary entry) once and keeps the `k` most likely candidates.
    #[must_use]
    pub fn of(logits: &[f32], k: usize) -> Self {
        Self::with_end(logits, k, &[])
    }

    /// As [`of`](Self::of), and ranks the likeliest of the tokens `eog`, which end generation, in the same pass.
    #[must_use]
    pub fn with_end(logits: &[f32], k: usize, eog: &[Token]) -> Self {
        let mut end = Above::likeliest(logits, eog);
        let mut sums = Sums { max: f32::NEG_INFINITY, z: 0.0, dz: 0.0 };
        let mut top = TopK::new(k.min(logits.len()));
        let mut non_finite = 0;
        for (i, block) in logits.chunks(BLOCK).enumerate() {
            let (largest, bad) = scan(block);
            non_finite += bad;
            sums.add(block, largest);
            if let Some(end) = &mut end {
                end.count(i * BLOCK, block);
            }
            if bad == 0 && top.wants(largest) {
                top.offer(i * BLOCK, block);
            }
        }
        let log_z = sums.z.ln();
        Self {
            n_vocab: logits.len(),
            max_logit: sums.max,
            log_sum_exp: f64::from(sums.max) + log_z,
            entropy_bits: Bounds::exactly(((log_z - sums.dz / sums.z) / std::f64::consts::LN_2).max(0.0)),
            non_finite,
            top: top.into_sorted(),
            end: end.map(|end| (end.token.token, Rank::At(end.count + 1))),
            tail: None,
        }
    }

    /// As [`with_end`](Self::with_end), of a row that may have a tail: then the logits are those of probabilities already,
    /// and only tokens that were named are candidates.
    #[must_use]
    pub fn of_row(row: Row<'_>, k: usize, eog: &[Token]) -> Self {
        let whole = Self::with_end(row.logits, k, eog);
        let Some(tail) = row.tail else { return whole };
        // ln Σ p of the known tokens, and their entropy as if they were all: H·Σp + Σp·ln Σp is Σ p·ln(1/p).
        let known = whole.log_sum_exp.exp();
        let entropy = if known > 0.0 {
            whole.entropy_bits.low * known - known * whole.log_sum_exp / std::f64::consts::LN_2
        } else {
            0.0
        };
        let more = tail.entropy_bits(row.logits.len().saturating_sub(tail.known));
        let named = whole.top.iter().filter(|c| c.logit > f32::NEG_INFINITY && tail.ranks(c.logit));
        Self {
            log_sum_exp: 0.0,
            entropy_bits: Bounds { low: entropy + more.low, high: entropy + more.high },
            top: named.copied().collect(),
            end: whole.end.map(|(token, rank)| (token, tail_rank(&tail, row.logits, token, rank.at_best()))),
            tail: Some(tail),
            ..whole
        }
    }

    /// The probability (softmax at temperature 1) of a token with this logit; NaN where it is not known, which is where a
    /// token was not named.
    #[must_use]
    pub fn probability(&self, logit: f32) -> f64 {
        if self.is_unknown(logit) { f64::NAN } else { (f64::from(logit) - self.log_sum_exp).exp() }
    }

    /// The probability of these tokens together.
    #[must_use]
    pub fn probability_of(&self, tokens: &[Token], logits: &[f32]) -> Bounds {
        let logits = tokens.iter().filter_map(|token| logits.get(token.index())).copied();
        let (unknown, known): (Vec<f32>, Vec<f32>) = logits.partition(|&logit| self.is_unknown(logit));
        let low = known.iter().map(|&logit| self.probability(logit)).sum();
        let tail = self.tail.filter(|_| !unknown.is_empty());
        let more = tail.map_or(0.0, |tail| (tail.bound * unknown.len() as f64).min(tail.mass));
        Bounds { low, high: low + more }
    }

    /// Whether this is the logit of a token that was not named.
    #[must_use]
    pub fn is_unknown(&self, logit: f32) -> bool {
        self.tail.is_some() && logit == f32::NEG_INFINITY
    }

    /// The probability of the likeliest token, 0 to 1.
    #[must_use]
    pub fn top_probability(&self) -> f64 {
        self.probability(self.max_logit)
    }

    /// The rank of a token (1 = most likely) if it is among the top candidates that are kept: no look at the logits.
    fn rank_in_top(&self, token: Token, logit: f32) -> Option<usize> {
        let own = Candidate { token, logit };
        self.top.binary_search_by(|c| by_rank(c, &own)).ok().map(|position| position + 1)
    }

    /// −log₂ p of a token with this logit, in bits; NaN where it is not known.
    #[must_use]
    pub fn surprisal_bits(&self, logit: f32) -> f64 {
        if self.is_unknown(logit) {
            return f64::NAN;
        }
        (self.log_sum_exp - f64::from(logit)) / std::f64::consts::LN_2
    }

    /// The rank of a token (1 = most likely): from the top candidates where it is among them,
    /// by counting through `logits` otherwise.
    #[must_use]
    pub fn rank(&self, token: Token, logits: &[f32]) -> Rank {
        let logit = logits[token.index()];
        if let Some(rank) = self.rank_in_top(token, logit) {
            return Rank::At(rank);
        }
        let above = logits.iter().filter(|&&l| l > logit).count();
        let ties = logits[..token.index()].iter().filter(|&&l| l.total_cmp(&logit).is_eq()).count();
        let rank = above + ties + 1;
        self.tail.map_or(Rank::At(rank), |tail| tail_rank(&tail, logits, token, rank))
    }

    /// The same summary with at most `k` candidates, for keeping many of them.
    pub fn keep_top(&mut self, k: usize) {
        if self.top.len() > k {
            self.top = self.top[..k].into();
        }
    }
}

/// The rank of a token whose rank among those that were named is `rank`.
fn tail_rank(tail: &Tail, logits: &[f32], token: Token, rank: usize) -> Rank {
    if logits.get(token.index()).is_some_and(|&logit| tail.ranks(logit)) {
        return Rank::At(rank);
    }
    Rank::Beyond(logits.iter().filter(|&&logit| tail.ranks(logit)).count())
}

/// How many tokens are likelier than one.
struct Above {
    token: Candidate,
    count: usize,
}

impl Above {
    /// None counted yet, for the likeliest of `tokens`.
    fn likeliest(logits: &[f32], tokens: &[Token]) -> Option<Self> {
        let candidate = |&token: &Token| Some(Candidate { token, logit: *logits.get(token.index())? });
        let token = tokens.iter().filter_map(candidate).min_by(by_rank)?;
        Some(Self { token, count: 0 })
    }

    /// Counts in the block that begins with token `first`: those of a larger logit, and those of an equal one before it.
    fn count(&mut self, first: usize, block: &[f32]) {
        let own = self.token.logit;
        self.count += block.iter().map(|&logit| u32::from(logit > own)).sum::<u32>() as usize;
        let before = self.token.token.index().saturating_sub(first).min(block.len());
        self.count +=
            block[..before].iter().map(|&logit| u32::from(logit.total_cmp(&own).is_eq())).sum::<u32>()
                as usize;
    }
}

/// The largest finite logit of a block, and how many logits are NaN or +∞.
fn scan(block: &[f32]) -> (f32, usize) {
    let mut largest = [f32::NEG_INFINITY; LANES];
    let mut bad = [0_u32; LANES];
    let mut chunks = block.chunks_exact(LANES);
    for chunk in &mut chunks {
        for lane in 0..LANES {
            let x = chunk[lane];
            // Written so that NaN counts as bad too.
            let fine = x < f32::INFINITY;
            bad[lane] += u32::from(!fine);
            largest[lane] = if fine && x > largest[lane] { x } else { largest[lane] };
        }
    }
    let mut max = f32::NEG_INFINITY;
    let mut count = 0;
    for lane in 0..LANES {
        max = max.max(largest[lane]);
        count += bad[lane] as usize;
    }
    for &x in chunks.remainder() {
        if x < f32::INFINITY {
            max = max.max(x);
        } else {
            count += 1;
        }
    }
    (max, count)
}

/// Running sums relative to the largest logit so far: z = Σ e^(x−max), dz = Σ (x−max)·e^(x−max).
struct Sums {
    max: f32,
    z: f64,
    dz: f64,
}

impl Sums {
    fn add(&mut self, block: &[f32], largest: f32) {
        if largest == f32::NEG_INFINITY {
            return;
        }
        if largest > self.max {
            self.rebase(largest);
        }
        let (z, dz) = block_sums(block, self.max);
        self.z += z;
        self.dz += dz;
    }

    /// Moves the reference point up to `max`: every term shrinks by e^(old − new).
    fn rebase(&mut self, max: f32) {
        if self.z > 0.0 {
            let delta = f64::from(self.max) - f64::from(max);
            let factor = delta.exp();
            self.dz = (self.dz + delta * self.z) * factor;
            self.z *= factor;
        }
        self.max = max;
    }
}

fn block_sums(block: &[f32], max: f32) -> (f64, f64) {
    let mut z = [0.0_f32; LANES];
    let mut dz = [0.0_f32; LANES];
    let mut chunks = block.chunks_exact(LANES);
    for chunk in &mut chunks {
        for lane in 0..LANES {
            let (e, de) = term(chunk[lane], max);
            z[lane] += e;
            dz[lane] += de;
        }
    }
    for (lane, &x) in chunks.remainder().iter().enumerate() {
        let (e, de) = term(x, max);
        z[lane] += e;
        dz[lane] += de;
    }
    (z.iter().map(|&x| f64::from(x)).sum(), dz.iter().map(|&x| f64::from(x)).sum())
}

/// e^d and d·e^d for d = x − max; NaN and what lies 87 below the largest count as nothing.
#[inline(always)]
#[allow(clippy::inline_always, reason = "the loop around it only vectorises when it is inlined")]
fn term(x: f32, max: f32) -> (f32, f32) {
    let d = x - max;
    let counts = d > -87.0 && d <= 0.0;
    let d = if counts { d } else { 0.0 };
    let e = if counts { exp_at_most_one(d) } else { 0.0 };
    (e, d * e)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-6 * (1.0 + b.abs()), "{a} is not {b}");
    }

    #[test]
    fn three_logits_by_hand() {
        // e³ + e² + e¹ = 20.085537 + 7.389056 + 2.718282 = 30.192875
        let s = Summary::of(&[3.0, 2.0, 1.0], 2);
        close(s.log_sum_exp, 3.407_605_964);
        close(s.probability(3.0), 0.665_240_956);
        close(s.probability(1.0), 0.090_030_573);
        // 0.665241·0.588052 + 0.244728·2.030747 + 0.090031·3.473443
        close(s.entropy_bits.low, 1.200_893_0);
        close(s.surprisal_bits(2.0), 2.030_746_8);
        assert_eq!(s.top.iter().map(|c| c.token.0).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_uniform_distribution_has_log2_n_bits() {
        close(Summary::of(&[0.25; 4096], 1).entropy_bits.low, 12.0);
    }

    #[test]
    fn minus_infinity_is_a_probability_of_zero_and_not_an_error() {
        let s = Summary::of(&[f32::NEG_INFINITY, 0.0, f32::NEG_INFINITY, 0.0], 4);
        assert_eq!(s.non_finite, 0);
        close(s.entropy_bits.low, 1.0);
        close(s.probability(f32::NEG_INFINITY), 0.0);
    }

    #[test]
    fn nan_and_infinity_are_counted() {
        let mut logits = vec![0.0; 2000];
        logits[3] = f32::NAN;
        logits[1500] = f32::INFINITY;
        logits[1999] = f32::NAN;
        assert_eq!(Summary::of(&logits, 5).non_finite, 3);
        assert_eq!(Summary::of(&[f32::NAN; 7], 5).non_finite, 7);
    }

    #[test]
    fn ranks_inside_and_outside_the_top() {
        let logits = [1.0, 5.0, 3.0, 3.0, 0.0];
        let s = Summary::of(&logits, 2);
        let rank = |id| s.rank(Token(id), &logits).at_best();
        assert_eq!((rank(1), rank(2), rank(3), rank(0), rank(4)), (1, 2, 3, 4, 5));
    }

    #[test]
    fn the_likeliest_end_token_is_ranked() {
        let logits = [1.0, 5.0, 3.0, 3.0, 0.0];
        let end = |eog: &[u32]| {
            let eog: Vec<Token> = eog.iter().copied().map(Token).collect();
            Summary::with_end(&logits, 2, &eog).end.map(|(token, rank)| (token.0, rank.at_best()))
        };
        assert_eq!(end(&[]), None);
        assert_eq!(end(&[9]), None, "there is no such token");
        assert_eq!(end(&[1]), Some((1, 1)));
        assert_eq!(end(&[4, 3]), Some((3, 3)));
        assert_eq!(end(&[2, 3]), Some((2, 2)));
        assert_eq!(end(&[4]), Some((4, 5)));
    }

    proptest! {
        #[test]
        fn the_rank_of_the_end_is_that_of_counting(
            logits in prop::collection::vec((-3_i8..3).prop_map(f32::from), 1..5000),
            eog in prop::collection::vec(0_u32..5000, 0..4),
        ) {
            let eog: Vec<Token> = eog.into_iter().map(Token).collect();
            let s = Summary::with_end(&logits, 8, &eog);
            let there = eog.iter().filter(|token| token.index() < logits.len());
            let best = there.map(|&token| s.rank(token, &logits).at_best()).min();
            prop_assert_eq!(s.end.map(|(_, rank)| rank.at_best()), best);
            prop_assert_eq!(s.end.map(|(token, _)| s.rank(token, &logits).at_best()), best);
        }

        #[test]
        fn equals_the_plain_double_precision_formulas(
            logits in prop::collection::vec(-60.0_f32..60.0, 1..5000),
        ) {
            let s = Summary::of(&logits, 16);
            let max = logits.iter().copied().fold(f32::MIN, f32::max);
            let z: f64 = logits.iter().map(|&x| f64::from(x - max).exp()).sum();
            let lse = f64::from(max) + z.ln();
            let entropy: f64 = logits.iter()
                .map(|&x| { let lp = f64::from(x) - lse; -lp.exp() * lp / std::f64::consts::LN_2 })
                .sum();
            prop_assert!((s.log_sum_exp - lse).abs() < 1e-5);
            prop_assert!((s.entropy_bits.low - entropy).abs() < 1e-4);
            prop_assert_eq!(s.max_logit.to_bits(), max.to_bits());
        }
    }
}
