//! Two lanes side by side: where they diverge, and how similar their final distributions are.

use crate::{
    decode::{Cursor, Path},
    token::Token,
    tree::Tree,
};

/// A token chosen, with its probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The token.
    pub token: Token,
    /// Softmax of the logits, 0 to 1.
    pub p_raw: f64,
    /// Probability after the chooser's own chain, 0 to 1.
    pub p_final: f64,
}

/// The first token at which a path diverges from another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergence {
    /// Which generated token, 0 the first after the prompt.
    pub index: usize,
    /// What the reference chose there.
    pub reference: Choice,
    /// What the lane chose instead, from the same logits.
    pub lane: Choice,
}

/// Where `lane` first diverges from `reference`; None as long as one goes on from the other, and for paths of other prompts,
/// which never shared a prefix.
#[must_use]
pub fn divergence(reference: &Path, lane: &Path) -> Option<Divergence> {
    if reference.prompt_tokens() != lane.prompt_tokens() {
        return None;
    }
    let pairs = reference.generated_tokens().iter().zip(lane.generated_tokens());
    let index = pairs.clone().position(|(a, b)| a != b)?;
    let choice = |path: &Path| {
        let token = path.generated_tokens()[index];
        path.steps().get(index).map(|(step, _)| Choice { token, p_raw: step.p_raw, p_final: step.p_final })
    };
    Some(Divergence { index, reference: choice(reference)?, lane: choice(lane)? })
}

/// How alike two final distributions over the same logits are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// Candidates that the first keeps.
    pub kept: usize,
    /// Candidates that the second keeps.
    pub kept_other: usize,
    /// Candidates that both keep.
    pub both: usize,
    /// Kullback–Leibler divergence of the first from the second, Σ p·log₂(p/q), in bits, 0 and above; ∞ where the first
    /// keeps a token that the second cut.
    pub kl_bits: f64,
    /// The same the other way round, Σ q·log₂(q/p).
    pub kl_other_bits: f64,
}

impl Overlap {
    /// Of two lists of survivors (token and final probability), in any order, each token once.
    #[must_use]
    pub fn of(mut first: Vec<(Token, f64)>, mut second: Vec<(Token, f64)>) -> Self {
        first.sort_unstable_by_key(|&(token, _)| token);
        second.sort_unstable_by_key(|&(token, _)| token);
        let both = first.iter().filter(|(token, _)| find(&second, *token).is_some()).count();
        Self {
            kept: first.len(),
            kept_other: second.len(),
            both,
            kl_bits: kl_bits(&first, &second),
            kl_other_bits: kl_bits(&second, &first),
        }
    }

    /// Jaccard index of the kept sets: kept by both ÷ kept by any, 0 to 1; 1 where nothing is kept at all.
    #[must_use]
    pub fn jaccard(&self) -> f64 {
        let any = self.kept + self.kept_other - self.both;
        if any == 0 { 1.0 } else { self.both as f64 / any as f64 }
    }
}

/// The overlap of two lanes after the first `length` tokens of their paths; None where their prefixes differ or the
/// logits are not available. Applies both chains, traced: [`Cursor::chain`] of both tells afterwards what each cut.
pub fn overlap(tree: &mut Tree, a: &mut Cursor, b: &mut Cursor, length: usize) -> Option<Overlap> {
    let node = |cursor: &Cursor| cursor.path().nodes().get(length.checked_sub(1)?).copied();
    if node(a)? != node(b)? {
        return None;
    }
    a.look(tree, length)?;
    b.look(tree, length)?;
    let overlap = Overlap::of(a.chain().survivors().collect(), b.chain().survivors().collect());
    // How the parts without names diverge nobody can tell.
    let named = |cursor: &Cursor| cursor.chain().unnamed().is_none_or(|unnamed| unnamed.count == 0);
    let known = named(a) && named(b);
    Some(if known { overlap } else { Overlap { kl_bits: f64::NAN, kl_other_bits: f64::NAN, ..overlap } })
}

fn kl_bits(p: &[(Token, f64)], q: &[(Token, f64)]) -> f64 {
    let term = |&(token, p): &(Token, f64)| match find(q, token) {
        Some(q) => p * (p / q).log2(),
        None => f64::INFINITY,
    };
    // Rounding can bring equal distributions a little below 0.
    p.iter().map(term).sum::<f64>().max(0.0)
}

fn find(sorted: &[(Token, f64)], token: Token) -> Option<f64> {
    sorted.binary_search_by_key(&token, |&(token, _)| token).ok().map(|index| sorted[index].1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn survivors(list: &[(u32, f64)]) -> Vec<(Token, f64)> {
        list.iter().map(|&(id, p)| (Token(id), p)).collect()
    }

    #[test]
    fn overlap_by_hand() {
        let a = survivors(&[(3, 0.5), (1, 0.5)]);
        let b = survivors(&[(1, 0.25), (3, 0.25), (7, 0.5)]);
        let overlap = Overlap::of(a, b);
        assert_eq!((overlap.kept, overlap.kept_other, overlap.both), (2, 3, 2));
        // Each of the two: 0.5 · log₂(0.5 / 0.25) = 0.5.
        assert!((overlap.kl_bits - 1.0).abs() < 1e-12);
        assert!(overlap.kl_other_bits.is_infinite());
        assert!((overlap.jaccard() - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_distribution_is_wholly_like_itself() {
        let a = survivors(&[(1, 0.1), (2, 0.9)]);
        let overlap = Overlap::of(a.clone(), a);
        assert_eq!((overlap.jaccard(), overlap.kl_bits, overlap.kl_other_bits), (1.0, 0.0, 0.0));
        assert!((Overlap::of(Vec::new(), Vec::new()).jaccard() - 1.0).abs() < f64::EPSILON);
    }

    proptest! {
        #[test]
        fn kl_is_never_negative_nor_nan(
            weights in prop::collection::vec((1_u32..1000, 0_u32..1000), 1..40),
        ) {
            let total = |f: fn(&(u32, u32)) -> u32| f64::from(weights.iter().map(f).sum::<u32>());
            let (p_sum, q_sum) = (total(|w| w.0), total(|w| w.1));
            let list = |f: fn(&(u32, u32)) -> u32, sum: f64| -> Vec<(Token, f64)> {
                (0..).zip(&weights).map(|(id, w)| (Token(id), f64::from(f(w)) / sum))
                    .filter(|&(_, p)| p > 0.0).collect()
            };
            let overlap = Overlap::of(list(|w| w.0, p_sum), list(|w| w.1, q_sum.max(1.0)));
            prop_assert!(overlap.kl_bits >= 0.0 && overlap.kl_other_bits >= 0.0);
            prop_assert!((0.0..=1.0).contains(&overlap.jaccard()));
            prop_assert!(overlap.both <= overlap.kept.min(overlap.kept_other));
        }
    }
}
