//! How many threads decode when the user does not say.

mod calibration;
mod control;
mod fit;

use std::{collections::BTreeSet, num::NonZero};

pub(super) use control::ThreadControl;
use fit::ThreadFit;

/// Another number of threads is taken if a token takes less than this share of what it took.
const BETTER: f64 = 0.85;

/// The number of threads that is tried instead of so many.
fn fewer(threads: u32) -> u32 {
    (threads / 2).max(1)
}

/// Below this many parameters one thread is fastest: ggml's threads meet at a barrier for every
/// tensor operation, and the operations are shorter than the meeting.
const SMALL: u64 = 50_000_000;

/// One thread for a model of a few million parameters, the physical cores for larger ones.
///
/// A thread more than there are free cores is not a little slower but a thousand times: the others
/// spin at the barrier for a time slice. So this never exceeds what the process may use.
#[must_use]
pub fn default_threads(parameters: u64) -> u32 {
    if parameters < SMALL {
        return 1;
    }
    let available = std::thread::available_parallelism().map_or(1, NonZero::get);
    physical_cores().unwrap_or(available).min(available).max(1) as u32
}

/// Linux tells which logical processors share a core; elsewhere the logical count has to do.
fn physical_cores() -> Option<usize> {
    let mut cores = BTreeSet::new();
    for entry in std::fs::read_dir("/sys/devices/system/cpu").ok()? {
        let siblings = entry.ok()?.path().join("topology/thread_siblings_list");
        if let Ok(siblings) = std::fs::read_to_string(siblings) {
            cores.insert(siblings);
        }
    }
    (!cores.is_empty()).then_some(cores.len())
}

#[cfg(test)]
mod tests {
    use super::default_threads;

    #[test]
    fn a_small_model_gets_one_thread_and_a_large_one_no_more_than_there_are() {
        assert_eq!(default_threads(4_500_000), 1);
        let available = std::thread::available_parallelism().unwrap().get() as u32;
        assert!((1..=available).contains(&default_threads(500_000_000)));
    }
}
