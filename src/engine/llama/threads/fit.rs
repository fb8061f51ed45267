//! How many threads fit the machine as it is now: decided by the times that tokens take, before a text and while it is written.
//!
//! ggml's threads wait for each other by spinning, so a thread that has to share its core makes all of them late: two threads on
//! two cores of which another program holds one are slower than a single thread.

use std::{collections::VecDeque, time::Duration};

use super::{
    BETTER,
    calibration::{TimeToken, fastest},
    fewer,
};

/// Tokens that a judgement of the present number rests on.
const JUDGED: usize = 4;
/// Tokens of a trial: the first wakes threads up, so that more than it are looked at.
const TRIED: usize = 3;
/// Tokens before the first trial, where nothing could be found out before the text.
const FIRST: u32 = 3;
/// A token that takes so many times what one took at best is late.
const LATE: f64 = 1.5;
/// A token that takes so many times what one took at best needs no second one to be believed.
const VERY_LATE: f64 = 6.0;
/// Tokens between two trials, at least and at most: twice as many after each that did not help.
const PAUSE: (u32, u32) = (64, 1024);
/// Time between two trials, at least: one beside a program that keeps a core busy costs a turn of the scheduler's, however
/// fast the model is.
const REST: Duration = Duration::from_secs(1);

/// Chooses a number of threads, from 1 to as many as would be best on an idle machine.
#[derive(Clone, Debug)]
pub(in crate::engine::llama) struct ThreadFit {
    most: u32,
    present: u32,
    /// Times of the last tokens with the present number.
    recent: VecDeque<Duration>,
    /// The least that a token took with the present number where paths are about as long as now, by the middle one of a few.
    best: Option<Duration>,
    /// How long paths are: a token takes the longer the more come before it, on an idle machine, too.
    band: u32,
    trial: Option<Trial>,
    /// Tokens until the next trial, and how many there were before.
    pause: (u32, u32),
    /// A number of threads was changed, or at least tried.
    tried: bool,
    /// Tokens were late where nothing may be changed.
    late: bool,
}

#[derive(Clone, Debug)]
struct Trial {
    threads: u32,
    before: Duration,
    /// Whether it has a reason; else it is to find out how things are.
    reason: bool,
    times: Vec<Duration>,
}

impl ThreadFit {
    /// Begins with `most` threads.
    pub fn new(most: u32) -> Self {
        Self {
            most: most.max(1),
            present: most.max(1),
            recent: VecDeque::new(),
            best: None,
            band: 0,
            trial: None,
            pause: (FIRST, PAUSE.0),
            tried: false,
            late: false,
        }
    }

    /// The number for the next token. Where nothing may be changed a trial under way is given up.
    pub fn threads(&mut self, may_change: bool) -> u32 {
        if !may_change {
            self.trial = None;
        }
        self.trial.as_ref().map_or(self.present, |trial| trial.threads)
    }

    /// The number that was found to fit.
    pub fn present(&self) -> u32 {
        self.present
    }

    /// Times tokens before a text begins and takes the number with which they are fastest.
    pub fn calibrate(&mut self, time: &mut TimeToken<'_>) {
        if let Some(timed) = fastest(self.most, time) {
            self.take(timed.threads);
            (self.best, self.band) = (Some(timed.took), 0);
            (self.tried, self.late, self.trial) = (true, false, None);
            self.rest(timed.took);
        }
    }

    /// A token, the `length`th of its path, took so long with the number that [`ThreadFit::threads`] said.
    pub fn note(&mut self, took: Duration, length: usize, may_change: bool) {
        if self.most == 1 {
            return;
        }
        let band = band(length);
        if std::mem::replace(&mut self.band, band) != band {
            (self.best, self.trial) = (None, None);
            self.recent.clear();
        }
        if let Some(trial) = &mut self.trial {
            trial.times.push(took);
            if trial.times.len() == TRIED || trial.is_lost() {
                self.judge();
            }
            return;
        }
        if self.recent.len() == JUDGED {
            self.recent.pop_front();
        }
        self.recent.push_back(took);
        let late = self.is_late(took);
        if self.recent.len() == JUDGED && !late {
            let now = middle(self.recent.iter().copied());
            self.best = Some(self.best.map_or(now, |best| best.min(now)));
        }
        if !may_change {
            self.late |= late && self.present > 1;
            return;
        }
        self.pause.0 = self.pause.0.saturating_sub(1);
        self.consider(late);
    }

    /// Another text begins; whether tokens of the one before were late where nothing might be changed.
    pub fn text_begins(&mut self) -> bool {
        self.trial = None;
        self.pause.1 = PAUSE.0;
        self.pause.0 = self.pause.0.min(PAUSE.0);
        std::mem::take(&mut self.late)
    }

    /// Whether tokens take several times what they took.
    fn is_late(&self, took: Duration) -> bool {
        let Some(best) = self.best else { return false };
        let beyond = |time: Duration, times: f64| time > best.mul_f64(times);
        beyond(took, VERY_LATE)
            || (self.recent.len() == JUDGED && beyond(middle(self.recent.iter().copied()), LATE))
    }

    /// Begins a trial if one is due.
    fn consider(&mut self, late: bool) {
        if self.recent.len() < FIRST as usize && !late {
            return;
        }
        let due = self.pause.0 == 0;
        // The first time, unless it was found out before the text, it is not known how things are; later a reason is needed.
        let down = self.present > 1 && (due && !self.tried || late && (due || !self.tried_of_late()));
        let up = self.present < self.most && due;
        let threads = match (down, up) {
            (true, _) => fewer(self.present),
            (false, true) => (self.present * 2).min(self.most),
            (false, false) => return,
        };
        let before = middle(self.recent.iter().copied());
        // Of tokens that come to nothing all at once the middle one is an old one.
        let last = self.recent.back().copied().unwrap_or_default();
        let before = if late { before.max(last) } else { before };
        self.trial = Some(Trial { threads, before, reason: late || up, times: Vec::new() });
    }

    /// Whether a trial did not help and its pause is not over.
    fn tried_of_late(&self) -> bool {
        self.tried && self.pause.1 > PAUSE.0 && self.pause.0 > 0
    }

    /// Ends a trial.
    fn judge(&mut self) {
        let Some(trial) = self.trial.take() else { return };
        self.tried = true;
        let times = if trial.times.len() > 1 { &trial.times[1..] } else { &trial.times[..] };
        let now = middle(times.iter().copied());
        if trial.is_better(now) {
            self.take(trial.threads);
            self.best = Some(now);
            self.rest(now);
        } else {
            let pause = if trial.reason { (self.pause.1 * 2).min(PAUSE.1) } else { self.pause.1 };
            self.pause = (pause, pause);
        }
    }

    /// Waits until the next trial, where a token takes so long.
    fn rest(&mut self, took: Duration) {
        let tokens = u32::try_from(REST.as_micros() / took.as_micros().max(1)).unwrap_or(PAUSE.1);
        let pause = tokens.clamp(PAUSE.0, PAUSE.1);
        self.pause = (pause, pause);
    }

    fn take(&mut self, threads: u32) {
        self.present = threads;
        self.recent.clear();
        self.best = None;
    }
}

impl Trial {
    fn is_better(&self, took: Duration) -> bool {
        took < self.before.mul_f64(BETTER)
    }

    /// Whether it need not go on: one token was hopelessly late, or two were no better than before.
    fn is_lost(&self) -> bool {
        let hopeless = self.times.last().is_some_and(|&took| took > self.before * 3);
        hopeless || (self.times.len() == 2 && !self.times.iter().any(|&took| self.is_better(took)))
    }
}

/// Which paths are about as long: up to 255 tokens, then twice as many in each.
fn band(length: usize) -> u32 {
    (length / 256 + 1).ilog2()
}

/// The middle one of some times, the lower of two.
fn middle(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes `tokens` tokens on a machine where one takes `ms(threads)`; how long all took, in ms.
    fn write(fit: &mut ThreadFit, tokens: usize, ms: impl Fn(u32) -> u64) -> u64 {
        (0..tokens)
            .map(|_| {
                let took = ms(fit.threads(true));
                fit.note(Duration::from_millis(took), 1, true);
                took
            })
            .sum()
    }

    /// What a token takes on an idle machine of two cores.
    fn idle(threads: u32) -> u64 {
        if threads == 2 { 8 } else { 13 }
    }

    /// The same while another program holds one of them.
    fn busy(threads: u32) -> u64 {
        if threads == 2 { 30 } else { 13 }
    }

    #[test]
    fn on_an_idle_machine_all_threads_stay_and_one_trial_costs_little() {
        let mut fit = ThreadFit::new(2);
        let took = write(&mut fit, 1000, idle);
        assert_eq!(fit.present(), 2);
        assert!(took <= 8 * 1000 + 2 * 5, "{took}");
    }

    #[test]
    fn a_single_thread_is_never_judged() {
        let mut fit = ThreadFit::new(1);
        write(&mut fit, 100, |_| 1);
        write(&mut fit, 100, |_| 500);
        assert_eq!(fit.threads(true), 1);
    }

    #[test]
    fn on_a_busy_machine_fewer_are_found_soon_and_kept() {
        let mut fit = ThreadFit::new(2);
        let took = write(&mut fit, 128, busy);
        assert_eq!(fit.present(), 1);
        // What one thread takes from the first token on, but for the three before it is tried and a look for more.
        assert!(took <= 128 * 13 + 3 * 17 + 2 * 17, "{took}");
        // Looking whether the machine is idle again costs two tokens now and then.
        let took = write(&mut fit, 2000, busy);
        assert!(took < 2000 * 13 * 102 / 100, "{took}");
    }

    #[test]
    fn a_program_that_comes_is_noticed_and_one_that_goes_too() {
        let mut fit = ThreadFit::new(2);
        write(&mut fit, 200, idle);
        write(&mut fit, 16, busy);
        assert_eq!(fit.present(), 1, "after sixteen tokens at most");
        write(&mut fit, 100, idle);
        assert_eq!(fit.present(), 2);
    }

    #[test]
    fn a_fast_model_does_not_try_more_threads_the_oftener() {
        let mut fit = ThreadFit::new(2);
        fit.calibrate(&mut |threads, _| Some(Duration::from_millis(if threads == 2 { 100 } else { 5 })));
        let took = write(&mut fit, 190, |threads| if threads == 2 { 100 } else { 5 });
        assert_eq!(took, 190 * 5, "a second has not passed");
        let took = write(&mut fit, 20, |threads| if threads == 2 { 100 } else { 5 });
        assert_eq!(took, 19 * 5 + 100, "then one token is enough to see it");
    }

    #[test]
    fn a_collapse_is_believed_at_once() {
        let mut fit = ThreadFit::new(2);
        write(&mut fit, 200, idle);
        let took = write(&mut fit, 10, |threads| if threads == 2 { 300 } else { 14 });
        assert_eq!(fit.present(), 1);
        assert!(took < 500, "{took}");
    }

    #[test]
    fn a_machine_that_is_slower_as_a_whole_keeps_its_threads_and_is_asked_ever_less() {
        let mut fit = ThreadFit::new(4);
        write(&mut fit, 200, |threads| 40 / u64::from(threads));
        let mut trials = 0;
        for _ in 0..4000 {
            let threads = fit.threads(true);
            trials += u32::from(threads != 4);
            fit.note(Duration::from_millis(120 / u64::from(threads)), 1, true);
        }
        assert_eq!(fit.present(), 4);
        assert!(trials <= 12 * 2, "{trials}");
    }

    /// Finds out before a text how things are where a token takes `ms(threads)`.
    fn calibrate(fit: &mut ThreadFit, ms: impl Fn(u32) -> u64) {
        fit.calibrate(&mut |threads, _| Some(Duration::from_millis(ms(threads))));
    }

    #[test]
    fn what_is_found_out_before_a_text_counts_from_its_first_token_on_whatever_its_length() {
        let mut fit = ThreadFit::new(2);
        calibrate(&mut fit, busy);
        assert_eq!((fit.threads(false), fit.present()), (1, 1));
        calibrate(&mut fit, idle);
        assert_eq!((fit.threads(false), fit.present()), (2, 2), "and when the other program has gone");
        // No trial is needed any more: what an idle machine does costs nothing while a text is written.
        assert_eq!(write(&mut fit, 1000, idle), 8 * 1000);
        write(&mut fit, 1, |_| 300);
        assert_eq!(fit.threads(true), 1, "but a collapse is noticed");
    }

    #[test]
    fn where_bits_would_change_it_waits_for_the_next_text() {
        let mut fit = ThreadFit::new(2);
        calibrate(&mut fit, idle);
        let mut write_on = |ms| {
            for _ in 0..50 {
                assert_eq!(fit.threads(false), 2);
                fit.note(Duration::from_millis(ms), 300, false);
            }
            fit.text_begins()
        };
        assert!(!write_on(9));
        assert!(write_on(30), "there it is looked at anew");
        assert!(!fit.text_begins(), "once");
    }

    #[test]
    fn a_long_text_is_not_late_because_it_is_long() {
        let mut fit = ThreadFit::new(2);
        for may_change in [false, true] {
            calibrate(&mut fit, idle);
            for length in 1..7000 {
                let threads = fit.threads(may_change || length <= 256);
                assert_eq!(threads, 2, "token {length}");
                // As with a model that writes 125 tokens a second at first and 45 at the end.
                let took = Duration::from_micros(8000 + 2 * length as u64);
                fit.note(took, length, may_change || length <= 256);
            }
            assert!(!fit.text_begins());
        }
    }

    #[test]
    fn a_trial_ends_where_bits_would_change() {
        let mut fit = ThreadFit::new(2);
        while fit.threads(true) == 2 {
            fit.note(Duration::from_millis(8), 1, true);
        }
        assert_eq!(fit.threads(false), 2);
    }
}
