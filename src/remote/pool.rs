//! Several requests at the same time, and an end to them at once.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{RecvTimeoutError, channel},
    },
    time::Duration,
};

/// How often it is asked whether to go on.
const LOOK: Duration = Duration::from_millis(10);

/// What is done for each job; it may block.
pub(super) type Work<J, R> = dyn Fn(&J, &AtomicBool) -> R + Send + Sync;

/// Does `jobs` on at most `parallel` threads and hands what came of each to `on`, with its number, in the order in which they
/// end, until that says no. `go_on` is asked now and then and may take its time; after a no of either nobody waits any longer: what
/// is under way ends by itself, and nothing more is begun. Whether all were done.
pub(super) fn concurrently<J: Send + 'static, R: Send + 'static>(
    jobs: Vec<J>,
    parallel: usize,
    work: &Arc<Work<J, R>>,
    go_on: &mut dyn FnMut() -> bool,
    on: &mut dyn FnMut(usize, R) -> bool,
) -> bool {
    let threads = parallel.clamp(1, jobs.len().max(1));
    let mut left = jobs.len();
    let queue: Arc<Mutex<VecDeque<(usize, J)>>> =
        Arc::new(Mutex::new(jobs.into_iter().enumerate().collect()));
    let ended = Ended(Arc::new(AtomicBool::new(false)));
    let (sender, results) = channel();
    for _ in 0..threads.min(left) {
        let (queue, work, ended, sender) =
            (Arc::clone(&queue), Arc::clone(work), Arc::clone(&ended.0), sender.clone());
        std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some((number, job)) = next else { return };
                // Nobody may wait any longer.
                if sender.send((number, work(&job, &ended))).is_err() {
                    return;
                }
            }
        });
    }
    drop(sender);
    while left > 0 {
        match results.recv_timeout(LOOK) {
            Ok((number, result)) => {
                left -= 1;
                if !on(number, result) {
                    return false;
                }
            }
            Err(RecvTimeoutError::Timeout) if go_on() => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}

/// Tells all threads when nobody waits any longer.
struct Ended(Arc<AtomicBool>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::atomic::AtomicUsize, time::Instant};

    use super::*;

    #[test]
    fn all_are_done_and_never_more_at_a_time_than_allowed() {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (present, highest) = (Arc::clone(&now), Arc::clone(&most));
        let work: Arc<Work<u64, u64>> = Arc::new(move |job, _| {
            highest.fetch_max(present.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(2));
            present.fetch_sub(1, Ordering::SeqCst);
            job * 2
        });
        let mut sum = 0;
        assert!(concurrently((0..30).collect(), 3, &work, &mut || true, &mut |number, result| {
            assert_eq!(result, number as u64 * 2);
            sum += result;
            true
        }));
        assert_eq!((sum, now.load(Ordering::SeqCst)), (870, 0));
        assert!(most.load(Ordering::SeqCst) <= 3);
    }

    #[test]
    fn nobody_waits_for_what_was_given_up() {
        let begun = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&begun);
        let work: Arc<Work<(), ()>> = Arc::new(move |(), ended| {
            count.fetch_add(1, Ordering::SeqCst);
            while !ended.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let started = Instant::now();
        assert!(!concurrently(vec![(); 100], 2, &work, &mut || false, &mut |_, ()| true));
        assert!(started.elapsed() < Duration::from_secs(2));
        assert!(begun.load(Ordering::SeqCst) <= 2);
    }

    #[test]
    fn none_are_done_at_once() {
        let work: Arc<Work<(), ()>> = Arc::new(|(), _| ());
        assert!(concurrently(Vec::new(), 4, &work, &mut || false, &mut |_, ()| false));
    }
}
