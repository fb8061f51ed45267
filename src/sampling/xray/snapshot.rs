//! The candidates as one stage left them.

use std::sync::Arc;

use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use crate::{
    distribution::{Bounds, Candidate, Summary, Tail, by_rank},
    sampling::partial::Partial,
    token::Token,
};

/// All candidates as one stage left them, in the order of llama.cpp's array.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// None while the array is the vocabulary in order: a token's place is its id.
    tokens: Option<Box<[Token]>>,
    logits: Arc<[f32]>,
    kept: usize,
    log_sum_exp: f64,
    entropy_bits: Bounds,
    max_logit: f32,
    rest: Option<Rest>,
}

/// The tokens of a [`Snapshot`] that nobody has named.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rest {
    count: usize,
    /// The logit that stands for each of them.
    each: f32,
    /// No logit of theirs is larger.
    top: f64,
}

impl Rest {
    /// ln Σ exp(logit) over them.
    fn log_sum_exp(&self) -> f64 {
        f64::from(self.each) + (self.count as f64).ln()
    }
}

/// A candidate of a [`Snapshot`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// The token.
    pub token: Token,
    /// Its logit after the stage; −∞ for one that the stage masks.
    pub logit: f32,
    /// Its probability: softmax over what the stage left, 0 to 1.
    pub p: f64,
}

impl Snapshot {
    /// The model's own distribution: every token of the vocabulary.
    pub(super) fn raw(logits: &Arc<[f32]>, partial: Option<&Partial>) -> Self {
        let rest = partial.map(|partial| Rest {
            count: partial.unnamed(),
            each: partial.even,
            top: partial.tail.bound.ln(),
        });
        Self::new(None, Arc::clone(logits), rest.filter(|rest| rest.count > 0))
    }

    /// What `array` holds now. Of a row with a tail the tokens that were not named are counted together; none of them has a
    /// larger logit than `top`.
    pub(super) fn of(array: &LlamaTokenDataArray, partial: Option<&Partial>, top: f64) -> Self {
        let id = |c: &llama_cpp_2::token::data::LlamaTokenData| c.id().0.cast_unsigned();
        let in_order = (0..).zip(&array.data).all(|(place, c)| id(c) == place);
        let tokens = (!in_order).then(|| array.data.iter().map(|c| Token(id(c))).collect());
        let named = |c: &llama_cpp_2::token::data::LlamaTokenData| partial.is_none_or(|row| row.names_in(c));
        let logit = |c| if named(c) { c.logit() } else { f32::NEG_INFINITY };
        let logits = array.data.iter().map(logit).collect();
        let unnamed = array.data.iter().filter(|c| !named(c) && c.logit() > f32::NEG_INFINITY);
        let rest = unnamed.fold(None, |rest: Option<Rest>, c| {
            let (count, each) = rest.map_or((0, c.logit()), |rest| (rest.count, rest.each));
            Some(Rest { count: count + 1, each: each.max(c.logit()), top })
        });
        Self::new(tokens, logits, rest)
    }

    fn new(tokens: Option<Box<[Token]>>, logits: Arc<[f32]>, rest: Option<Rest>) -> Self {
        let summary = Summary::of(&logits, 0);
        let kept = logits.iter().filter(|&&logit| logit > f32::NEG_INFINITY).count();
        let named = if kept == 0 {
            (f64::NEG_INFINITY, Bounds::default())
        } else {
            (summary.log_sum_exp, summary.entropy_bits)
        };
        let (log_sum_exp, entropy_bits) = match rest {
            Some(rest) => with_rest(named, rest),
            None => (summary.log_sum_exp, named.1),
        };
        Self { tokens, kept, log_sum_exp, entropy_bits, max_logit: summary.max_logit, logits, rest }
    }

    /// Tokens that are left and that nobody has named.
    #[must_use]
    pub fn unnamed(&self) -> usize {
        self.rest.map_or(0, |rest| rest.count)
    }

    /// The probability of all tokens together that nobody has named, 0 to 1.
    #[must_use]
    pub fn unnamed_mass(&self) -> f64 {
        self.rest.map_or(0.0, |rest| (rest.log_sum_exp() - self.log_sum_exp).exp())
    }

    /// The logits of all that are left: of those that nobody has named what stands for them.
    pub(super) fn all_logits(&self) -> impl Iterator<Item = f32> + '_ {
        let rest = self.rest.into_iter().flat_map(|rest| std::iter::repeat_n(rest.each, rest.count));
        self.logits.iter().copied().filter(|logit| *logit > f32::NEG_INFINITY).chain(rest)
    }

    /// Whether both hold the same candidates with the same logits in the same order.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        let same_bits = |(a, b): (&f32, &f32)| a.to_bits() == b.to_bits();
        self.logits.len() == other.logits.len()
            && self.tokens == other.tokens
            && self.rest == other.rest
            && self.logits.iter().zip(other.logits.iter()).all(same_bits)
    }

    /// Candidates with a probability above zero; of a row with a tail the named ones.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Places in llama.cpp's array, those masked with −∞ included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.logits.len()
    }

    /// Whether there is no place at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.logits.is_empty()
    }

    /// Entropy in bits.
    #[must_use]
    pub fn entropy_bits(&self) -> Bounds {
        self.entropy_bits
    }

    /// The largest logit.
    #[must_use]
    pub fn max_logit(&self) -> f32 {
        self.max_logit
    }

    /// ln Σ exp(logit) over all candidates.
    #[must_use]
    pub fn log_sum_exp(&self) -> f64 {
        self.log_sum_exp
    }

    /// The probability of a candidate with this logit, 0 to 1.
    #[must_use]
    pub fn probability(&self, logit: f32) -> f64 {
        if logit == f32::NEG_INFINITY { 0.0 } else { (f64::from(logit) - self.log_sum_exp).exp() }
    }

    /// A token's logit; None for one that is not in the array, or masked.
    #[must_use]
    pub fn logit(&self, token: Token) -> Option<f32> {
        let place = match &self.tokens {
            None => token.index(),
            Some(tokens) => tokens.iter().position(|other| *other == token)?,
        };
        self.logits.get(place).copied().filter(|&logit| logit > f32::NEG_INFINITY)
    }

    /// A token's rank among the candidates, 1 for the most likely (equal logits by ascending id); None for one that is
    /// not among them.
    #[must_use]
    pub fn rank(&self, token: Token) -> Option<usize> {
        let logit = self.logit(token)?;
        let own = Candidate { token, logit };
        Some(1 + self.candidates().filter(|other| by_rank(other, &own).is_lt()).count())
    }

    /// The mass of all candidates that rank before this one, 0 to 1.
    pub(super) fn mass_before(&self, own: Candidate) -> f64 {
        let before: Vec<f32> =
            self.candidates().filter(|other| by_rank(other, &own).is_lt()).map(|c| c.logit).collect();
        self.share(&before)
    }

    /// The share of the whole mass that these logits have, 0 to 1.
    pub(super) fn share(&self, logits: &[f32]) -> f64 {
        let sum = Summary::of(logits, 0);
        if sum.max_logit == f32::NEG_INFINITY {
            0.0
        } else {
            (sum.log_sum_exp - self.log_sum_exp).exp().min(1.0)
        }
    }

    /// The `n` most likely candidates, most likely first. The time goes with the number of candidates, not with its
    /// square or a sort of them all.
    #[must_use]
    pub fn top(&self, n: usize) -> Vec<Kept> {
        self.top_where(n, |_| true).into_iter().map(|c| self.with_probability(c)).collect()
    }

    /// The `n` most likely of the candidates that are wanted, most likely first.
    pub(super) fn top_where(&self, n: usize, wanted: impl Fn(Token) -> bool) -> Vec<Candidate> {
        if n == 0 {
            return Vec::new();
        }
        let mut all: Vec<Candidate> = self.candidates().filter(|c| wanted(c.token)).collect();
        if all.len() > n {
            all.select_nth_unstable_by(n - 1, by_rank);
            all.truncate(n);
        }
        all.sort_unstable_by(by_rank);
        all
    }

    /// The candidates in the order of llama.cpp's array, which is the order in which the draw walks them after the last
    /// stage; without those that are masked.
    pub fn in_order(&self) -> impl Iterator<Item = Kept> + '_ {
        self.candidates().map(|c| self.with_probability(c))
    }

    fn with_probability(&self, c: Candidate) -> Kept {
        Kept { token: c.token, logit: c.logit, p: self.probability(c.logit) }
    }

    /// The candidates that are not masked.
    pub(super) fn candidates(&self) -> impl Iterator<Item = Candidate> + '_ {
        let token = |place: usize| self.tokens.as_ref().map_or(Token(place as u32), |tokens| tokens[place]);
        self.logits
            .iter()
            .enumerate()
            .filter(|(_, logit)| **logit > f32::NEG_INFINITY)
            .map(move |(place, &logit)| Candidate { token: token(place), logit })
    }

    /// The logits, where a token's place is its id.
    pub(super) fn in_vocabulary_order(&self) -> Option<&[f32]> {
        self.tokens.is_none().then_some(&*self.logits)
    }

    /// Writes each candidate's logit to its token's place in `dense`, which has one a vocabulary entry; NaN for tokens
    /// that are not in the array.
    pub(super) fn scatter(&self, dense: &mut Vec<f32>, n_vocab: usize) {
        dense.clear();
        dense.resize(n_vocab, f32::NAN);
        for c in self.candidates() {
            dense[c.token.index()] = c.logit;
        }
    }
}

/// ln Σ exp(logit) and the entropy in bits of named candidates, whose own are these, and a rest.
fn with_rest((log_sum_exp, entropy): (f64, Bounds), rest: Rest) -> (f64, Bounds) {
    let (larger, smaller) = (log_sum_exp.max(rest.log_sum_exp()), log_sum_exp.min(rest.log_sum_exp()));
    let all = larger + (smaller - larger).exp().ln_1p();
    let share = (log_sum_exp - all).exp();
    let named = if share > 0.0 { share * entropy.low - share * share.log2() } else { 0.0 };
    let tail =
        Tail { known: 0, mass: (rest.log_sum_exp() - all).exp(), bound: (rest.top - all).exp().min(1.0) };
    let more = tail.entropy_bits(rest.count);
    (all, Bounds { low: named + more.low, high: named + more.high })
}
