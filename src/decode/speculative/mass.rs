//! The arithmetic of accepting a drafted token: p is the target's distribution after its chain, q the draft's. Both are lists
//! of tokens with their probabilities; a token that is in none of the places has probability 0. Tokens are told by their
//! ids, never by their places: the two lists are in different orders.

use crate::token::Token;

/// Tokens with probabilities.
pub type Masses = Vec<(Token, f64)>;

/// The probability of a token, 0 where it is not listed.
#[must_use]
pub fn mass(of: &[(Token, f64)], token: Token) -> f64 {
    of.iter().find(|(other, _)| *other == token).map_or(0.0, |(_, p)| *p)
}

/// Σ min(p, q): how likely a token drawn from q is accepted, 1 less the total variation distance.
#[must_use]
pub fn overlap(p: &[(Token, f64)], q: &[(Token, f64)]) -> f64 {
    q.iter().map(|&(token, q)| q.min(mass(p, token))).sum()
}

/// Whether a token of probabilities p and q is accepted on u in [0, 1): always where p ≥ q, else where u < p/q.
#[must_use]
pub fn accepts(p: f64, q: f64, u: f64) -> bool {
    q > 0.0 && (p >= q || u < p / q)
}

/// What p has more than q, as probabilities, the largest first. Where p has nowhere more than q, which is where both are the
/// same but for rounding, it is p itself.
#[must_use]
pub fn residual(p: &[(Token, f64)], q: &[(Token, f64)]) -> Masses {
    let rest = |&(token, p): &(Token, f64)| (token, p - mass(q, token));
    let mut left: Masses = p.iter().map(rest).filter(|(_, rest)| *rest > 0.0).collect();
    if left.is_empty() {
        left = p.to_vec();
    }
    let sum: f64 = left.iter().map(|(_, rest)| rest).sum();
    for (_, rest) in &mut left {
        *rest /= sum;
    }
    left.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    left
}

/// The token at which the running sum reaches u in [0, 1); None of no tokens.
#[must_use]
pub fn pick(masses: &[(Token, f64)], u: f64) -> Option<Token> {
    let sum: f64 = masses.iter().map(|(_, p)| p).sum();
    let mut running = 0.0;
    let reached = |(_, p): &&(Token, f64)| {
        running += p;
        running > u * sum
    };
    let found = masses.iter().find(reached).or_else(|| masses.iter().rfind(|(_, p)| *p > 0.0));
    found.map(|(token, _)| *token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masses(list: &[(u32, f64)]) -> Masses {
        list.iter().map(|&(id, p)| (Token(id), p)).collect()
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }

    #[test]
    fn overlap_and_residual_by_hand() {
        let p = masses(&[(1, 0.5), (2, 0.3), (3, 0.2)]);
        let q = masses(&[(3, 0.1), (1, 0.7), (4, 0.2)]);
        // min: 0.1 of 3, 0.5 of 1, 0 of 4.
        close(overlap(&p, &q), 0.6);
        // p has 0.3 of 2 and 0.1 of 3 more: three quarters and one.
        let left = residual(&p, &q);
        assert_eq!(left.iter().map(|(token, _)| token.0).collect::<Vec<_>>(), [2, 3]);
        close(left[0].1, 0.75);
        close(left[1].1, 0.25);
    }

    #[test]
    fn disjoint_ones_are_never_accepted_and_leave_all_of_p() {
        let (p, q) = (masses(&[(1, 0.6), (2, 0.4)]), masses(&[(3, 1.0)]));
        close(overlap(&p, &q), 0.0);
        assert!(!accepts(0.0, 1.0, 0.0));
        assert_eq!(residual(&p, &q), p);
    }

    #[test]
    fn equal_ones_are_always_accepted() {
        let p = masses(&[(1, 0.6), (2, 0.4)]);
        close(overlap(&p, &p), 1.0);
        for u in [0.0, 0.5, 1.0_f64.next_down()] {
            assert!(accepts(0.6, 0.6, u) && accepts(0.7, 0.6, u));
        }
        assert_eq!(residual(&p, &p), p);
    }

    #[test]
    fn u_decides_at_p_over_q() {
        assert!(accepts(0.2, 0.8, 0.249));
        assert!(!accepts(0.2, 0.8, 0.25));
        assert!(!accepts(0.2, 0.0, 0.0));
    }

    #[test]
    fn picking_walks_the_running_sum() {
        let list = masses(&[(5, 0.75), (6, 0.0), (7, 0.25)]);
        let picked = |u| pick(&list, u).unwrap().0;
        assert_eq!((picked(0.0), picked(0.7499), picked(0.75), picked(0.999)), (5, 5, 7, 7));
        assert_eq!(pick(&[], 0.5), None);
    }
}
