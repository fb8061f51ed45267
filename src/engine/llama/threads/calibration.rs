//! Which number of threads is fastest now, found by timing single tokens before a text begins.
//!
//! On an idle machine that takes one token with fewer threads and one or two with all; only where fewer look better are more
//! tokens timed.

use std::time::Duration;

use super::{BETTER, fewer};

/// More threads are timed for so long, or for [`TOKENS`] tokens: whoever else wants their cores comes to take a turn, which
/// schedulers let last some milliseconds.
const SPAN: Duration = Duration::from_millis(12);
/// Tokens that more threads are timed with at most.
const TOKENS: u32 = 3;
/// So many times in a row fewer threads have to be better.
const ROUNDS: u32 = 2;
/// More threads that take so many times what fewer take are not waited for.
const HOPELESS: u32 = 4;
/// A token that takes longer than this with fewer threads is not waited for: nothing is found out then.
const LONGEST: Duration = Duration::from_secs(1);

/// A number of threads, and what a token takes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timed {
    pub threads: u32,
    pub took: Duration,
}

/// Times a token with so many threads, and gives up soon after so long; None where a token cannot be timed.
pub(super) type TimeToken<'a> = dyn FnMut(u32, Duration) -> Option<Duration> + 'a;

/// The fastest of `most` threads, half of them, and so on down to where fewer are clearly slower. None where it cannot be found
/// out.
pub(super) fn fastest(most: u32, time: &mut TimeToken<'_>) -> Option<Timed> {
    let (mut best, mut few) = (None, most);
    while few > 1 {
        few = fewer(few);
        let more = best.map_or(most, |best: Timed| best.threads);
        let (timed, clear) = faster(more, few, time)?;
        if clear {
            return Some(timed);
        }
        // Even, too: half of the threads can still be one too many.
        best = Some(timed);
    }
    best
}

/// The better one of two numbers, the smaller only if it is that in every round; and whether the smaller is clearly worse.
fn faster(more: u32, few: u32, time: &mut TimeToken<'_>) -> Option<(Timed, bool)> {
    let mut took = Duration::ZERO;
    for _ in 0..ROUNDS {
        took = time(few, LONGEST).filter(|&took| took <= LONGEST)?;
        let with_more = spell(more, took * HOPELESS, time)?;
        if took >= with_more.mul_f64(BETTER) {
            return Some((Timed { threads: more, took: with_more }, with_more < took.mul_f64(BETTER)));
        }
    }
    Some((Timed { threads: few, took }, false))
}

/// What a token takes on average, over some time.
fn spell(threads: u32, at_most: Duration, time: &mut TimeToken<'_>) -> Option<Duration> {
    let (mut sum, mut tokens) = (Duration::ZERO, 0);
    while tokens < TOKENS && sum < SPAN {
        sum += time(threads, at_most)?;
        tokens += 1;
    }
    Some(sum / tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found where a token takes `ms(threads, how many were timed before)`, and what finding it took, in ms.
    fn found(most: u32, ms: impl Fn(u32, usize) -> u64) -> (Option<u32>, Duration, Vec<u32>) {
        let (mut spent, mut timed) = (Duration::ZERO, Vec::new());
        let mut time = |threads, at_most: Duration| {
            let took =
                Duration::from_millis(ms(threads, timed.len())).min(at_most + Duration::from_millis(1));
            timed.push(threads);
            spent += took;
            Some(took)
        };
        let timed_best = fastest(most, &mut time);
        (timed_best.map(|timed| timed.threads), spent, timed)
    }

    #[test]
    fn on_an_idle_machine_all_threads_are_fastest_and_three_tokens_show_it() {
        let (threads, spent, timed) = found(2, |threads, _| if threads == 2 { 8 } else { 13 });
        assert_eq!((threads, timed), (Some(2), vec![1, 2, 2]));
        assert_eq!(spent, Duration::from_millis(29));
        // A large model shows it with two.
        let (threads, _, timed) = found(8, |threads, _| 1600 / u64::from(threads));
        assert_eq!((threads, timed), (Some(8), vec![4, 8]));
    }

    #[test]
    fn beside_a_busy_core_fewer_are_found_and_nobody_waits_long() {
        let (threads, spent, _) = found(2, |threads, _| if threads == 2 { 900 } else { 13 });
        assert_eq!(threads, Some(1));
        assert!(spent <= Duration::from_millis(2 * (13 + 4 * 13 + 1)), "{spent:?}");
        // Six of eight cores are free.
        let (threads, ..) = found(8, |threads, _| if threads == 8 { 500 } else { 400 / u64::from(threads) });
        assert_eq!(threads, Some(4));
        // Only one is.
        let (threads, ..) = found(8, |threads, _| if threads > 1 { 300 } else { 90 });
        assert_eq!(threads, Some(1));
    }

    #[test]
    fn one_accident_is_not_believed() {
        // The first token with two threads is late for another reason.
        let (threads, ..) =
            found(2, |threads, before| if before == 1 { 60 } else { 13 - 5 * u64::from(threads == 2) });
        assert_eq!(threads, Some(2));
    }

    #[test]
    fn nothing_is_found_where_a_token_takes_too_long_or_cannot_be_timed() {
        assert_eq!(found(2, |_, _| 5000).0, None);
        assert_eq!(fastest(2, &mut |_, _| None), None);
        assert_eq!(fastest(1, &mut |_, _| panic!("there is nothing to choose")), None);
    }
}
