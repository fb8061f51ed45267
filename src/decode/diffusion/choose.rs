//! Which positions open.

use super::Fate;

/// Numbers the candidates by their scores, 1 the best; of equal ones the one further left comes first, as in llama.cpp.
pub(super) fn ranks(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    let mut ranks = vec![0; scores.len()];
    for (rank, candidate) in (1..).zip(order) {
        ranks[candidate] = rank;
    }
    ranks
}

/// The `open` best.
pub(super) fn best(ranks: &[usize], open: usize) -> Vec<Fate> {
    if open >= ranks.len() {
        return vec![Fate::All; ranks.len()];
    }
    ranks.iter().map(|&rank| if rank <= open { Fate::Best } else { Fate::Outranked }).collect()
}

/// `open` of them, drawn one after the other without replacement with weights e^(score / temperature); `dice` gives numbers in
/// [0, 1). (llama.cpp's example draws with replacement, so that fewer open.)
pub(super) fn by_chance(
    scores: &[f64],
    open: usize,
    temperature: f64,
    dice: &mut dyn FnMut() -> f64,
) -> Vec<Fate> {
    if open >= scores.len() {
        return vec![Fate::All; scores.len()];
    }
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut weights: Vec<f64> = scores.iter().map(|score| ((score - largest) / temperature).exp()).collect();
    let mut fates = vec![Fate::NotDrawn; scores.len()];
    for _ in 0..open {
        let candidate = pick(&weights, &fates, dice());
        fates[candidate] = Fate::Drawn;
        weights[candidate] = 0.0;
    }
    fates
}

/// The candidate still waiting at which the running weight exceeds its part `u` of the whole. Where all weights are too small
/// to be told from 0 every one is as likely.
fn pick(weights: &[f64], fates: &[Fate], u: f64) -> usize {
    let waiting = || (0..weights.len()).filter(|&candidate| fates[candidate] == Fate::NotDrawn);
    let sum: f64 = waiting().map(|candidate| weights[candidate]).sum();
    let even = sum <= 0.0;
    let weight = |candidate: usize| if even { 1.0 } else { weights[candidate] };
    let target = u * if even { waiting().count() as f64 } else { sum };
    let mut running = 0.0;
    let mut found = None;
    for candidate in waiting().filter(|&candidate| weight(candidate) > 0.0) {
        running += weight(candidate);
        found = Some(candidate);
        if running > target {
            break;
        }
    }
    found.expect("fewer are drawn than there are")
}

/// Each by itself with probability `open` / all; one at least.
pub(super) fn each_by_chance(candidates: usize, open: usize, dice: &mut dyn FnMut() -> f64) -> Vec<Fate> {
    if open >= candidates {
        return vec![Fate::All; candidates];
    }
    let drawn: Vec<f64> = (0..candidates).map(|_| dice()).collect();
    let share = open as f64 / candidates as f64;
    let least = drawn.iter().copied().fold(f64::INFINITY, f64::min);
    let fate = |&u: &f64| if u < share || u <= least { Fate::Drawn } else { Fate::NotDrawn };
    drawn.iter().map(fate).collect()
}

/// All whose probability reaches `threshold`, or else the best one.
pub(super) fn likely(probabilities: &[f64], ranks: &[usize], threshold: f64) -> Vec<Fate> {
    let reaches = |&p: &f64| if p >= threshold { Fate::Likely } else { Fate::Unlikely };
    let mut fates: Vec<Fate> = probabilities.iter().map(reaches).collect();
    if !fates.contains(&Fate::Likely)
        && let Some(best) = ranks.iter().position(|&rank| rank == 1)
    {
        fates[best] = Fate::OnlyOne;
    }
    fates
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn opened(fates: &[Fate]) -> Vec<usize> {
        (0..fates.len()).filter(|&candidate| fates[candidate].opens()).collect()
    }

    #[test]
    fn equal_scores_go_from_left_to_right() {
        assert_eq!(ranks(&[0.5, 0.9, 0.5, 0.1]), [2, 1, 3, 4]);
        assert_eq!(opened(&best(&ranks(&[0.5, 0.9, 0.5, 0.1]), 2)), [0, 1]);
        assert_eq!(best(&[1, 2], 2), [Fate::All; 2]);
    }

    #[test]
    fn chance_follows_the_weights_without_replacement() {
        // Weights ½, ¼, ¼ at a temperature of 1.
        let scores = [0.5_f64.ln(), 0.25_f64.ln(), 0.25_f64.ln()];
        let first = |u: f64| opened(&by_chance(&scores, 1, 1.0, &mut || u));
        assert_eq!((first(0.49), first(0.51), first(0.76)), (vec![0], vec![1], vec![2]));
        // With the first gone, the others share the whole: one half each.
        let mut numbers = [0.1, 0.6].into_iter();
        assert_eq!(opened(&by_chance(&scores, 2, 1.0, &mut || numbers.next().unwrap_or(0.0))), [0, 2]);
    }

    #[test]
    fn weights_too_small_to_add_up_are_even() {
        let scores = [0.0, -1e9, -1e9];
        let mut numbers = [0.9, 0.9].into_iter();
        assert_eq!(opened(&by_chance(&scores, 2, 1e-3, &mut || numbers.next().unwrap_or(0.0))), [0, 2]);
    }

    #[test]
    fn a_threshold_opens_what_reaches_it_or_the_best() {
        let p = [0.5, 0.9, 0.95];
        assert_eq!(opened(&likely(&p, &ranks(&p), 0.9)), [1, 2]);
        let none = likely(&p, &ranks(&p), 0.99);
        assert_eq!(none, [Fate::Unlikely, Fate::Unlikely, Fate::OnlyOne]);
    }

    #[test]
    fn each_by_itself() {
        let numbers = [0.9, 0.4, 0.6, 0.2];
        let mut drawn = numbers.into_iter();
        assert_eq!(opened(&each_by_chance(4, 2, &mut || drawn.next().unwrap_or(0.0))), [1, 3]);
        let mut drawn = [0.9, 0.8].into_iter();
        assert_eq!(opened(&each_by_chance(2, 0, &mut || drawn.next().unwrap_or(0.0))), [1], "one at least");
    }

    proptest! {
        #[test]
        fn chance_opens_as_many_as_it_should(
            scores in prop::collection::vec(-50.0_f64..50.0, 1..40), open in 1_usize..50, seed in any::<u32>(),
            temperature in 1e-3_f64..100.0,
        ) {
            let mut draws = crate::sampling::Draws::new(seed);
            let mut at = 0;
            let mut dice = || { at += 1; draws.u(at) };
            let fates = by_chance(&scores, open, temperature, &mut dice);
            prop_assert_eq!(opened(&fates).len(), open.min(scores.len()));
            prop_assert!(!opened(&each_by_chance(scores.len(), open, &mut dice)).is_empty());
        }
    }
}
