//! How far a fetch is.

use std::time::{Duration, Instant};

use super::plan::Part;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The hub is asked what there is.
    Asking,
    /// What an earlier attempt has fetched is read again.
    Checking,
    /// Bytes come in.
    Fetching,
    /// A broken connection is tried again.
    Again,
}

/// How far a fetch is, all parts together.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// The file that is being fetched: foreign text.
    pub file: String,
    /// Which part of the model it is, from 1.
    pub part: usize,
    /// Parts of the model.
    pub parts: usize,
    /// Bytes that are there.
    pub done: u64,
    /// Bytes of the whole model; 0 while that is not known.
    pub total: u64,
    /// Bytes a second, lately; None until that can be told.
    pub speed: Option<f64>,
    /// Sizes and names of all parts.
    plan: Vec<(String, u64)>,
    /// When and where the speed was last taken.
    taken: Option<(Instant, u64)>,
}

/// The speed is taken anew after this time.
const INTERVAL: Duration = Duration::from_millis(500);
/// How much of the speed told before stays in the one told next.
const KEPT: f64 = 0.7;

impl Progress {
    /// Before anything is known.
    pub(super) fn asking() -> Self {
        Self {
            stage: Stage::Asking,
            file: String::new(),
            part: 0,
            parts: 0,
            done: 0,
            total: 0,
            speed: None,
            plan: Vec::new(),
            taken: None,
        }
    }

    /// So far in a file of this size, for tests of what is shown.
    #[cfg(test)]
    pub(crate) fn sample(file: &str, done: u64, total: u64, speed: Option<f64>) -> Self {
        let (file, stage) = (file.to_owned(), Stage::Fetching);
        Self { stage, file, part: 1, parts: 1, done, total, speed, ..Self::asking() }
    }

    /// Before the first of these parts.
    pub(super) fn new(parts: &[Part]) -> Self {
        let plan: Vec<(String, u64)> = parts.iter().map(|part| (part.path.clone(), part.size)).collect();
        Self {
            file: plan.first().map(|(path, _)| path.clone()).unwrap_or_default(),
            part: 1,
            parts: plan.len(),
            total: plan.iter().fold(0, |sum, (_, size)| sum.saturating_add(*size)),
            plan,
            ..Self::asking()
        }
    }

    /// So many bytes of the present part are there at this time.
    pub(super) fn at(&mut self, stage: Stage, bytes: u64, now: Instant) {
        let before = self.plan.iter().take(self.part - 1).map(|(_, size)| *size).fold(0, u64::saturating_add);
        self.done = before.saturating_add(bytes);
        self.stage = stage;
        match self.taken {
            Some((then, done)) if stage == Stage::Fetching && done <= self.done => {
                let passed = now.saturating_duration_since(then);
                if passed >= INTERVAL {
                    let lately = (self.done - done) as f64 / passed.as_secs_f64();
                    self.speed =
                        Some(self.speed.map_or(lately, |speed| KEPT * speed + (1.0 - KEPT) * lately));
                    self.taken = Some((now, self.done));
                }
            }
            // What was there already did not come over the network.
            _ => self.taken = Some((now, self.done)),
        }
    }

    /// The present part is there.
    pub(super) fn next_part(&mut self) {
        if let Some((path, _)) = self.plan.get(self.part) {
            self.file.clone_from(path);
        }
        self.part = (self.part + 1).min(self.parts.max(1));
    }

    /// The time that the rest takes at this speed.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        let speed = self.speed.filter(|speed| *speed >= 1.0)?;
        Duration::try_from_secs_f64(self.total.saturating_sub(self.done) as f64 / speed).ok()
    }

    /// From 0 to 1; None while the size is not known.
    #[must_use]
    pub fn fraction(&self) -> Option<f64> {
        (self.total > 0).then(|| (self.done as f64 / self.total as f64).min(1.0))
    }

    /// All of it in one line: `1.2 GiB of 4.6 GiB (26 %) · 12.5 MiB/s · 4 min left · part 1 of 3`.
    #[must_use]
    pub fn line(&self) -> String {
        use crate::text::bytes;
        let Some(fraction) = self.fraction() else { return "asking the hub".to_owned() };
        let amount = format!(
            "{} of {} ({:.0} %)",
            bytes(self.done as f64),
            bytes(self.total as f64),
            (fraction * 100.0).floor()
        );
        let mut parts = vec![amount];
        match self.stage {
            Stage::Checking => parts.push("checking what was fetched before".to_owned()),
            Stage::Again => parts.push("the connection broke; trying again".to_owned()),
            Stage::Asking | Stage::Fetching => {
                parts.extend(self.speed.map(|speed| format!("{}/s", bytes(speed))));
                parts.extend(self.time_left().map(|left| format!("{} left", in_words(left))));
            }
        }
        if self.parts > 1 {
            parts.push(format!("part {} of {}", self.part, self.parts));
        }
        parts.join(" · ")
    }
}

/// A time in one unit: `40 s`, `4 min`, `2.5 h`.
fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds < 100 => format!("{seconds} s"),
        seconds if seconds < 6000 => format!("{} min", (seconds + 30) / 60),
        seconds => format!("{:.1} h", seconds as f64 / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Vec<Part> {
        let part = |path: &str, size| Part { path: path.into(), size, sha256: String::new() };
        vec![part("a", 1 << 20), part("b", 3 << 20)]
    }

    #[test]
    fn speed_and_time_left_by_hand() {
        let mut progress = Progress::new(&parts());
        let start = Instant::now();
        progress.at(Stage::Fetching, 0, start);
        assert_eq!((progress.speed, progress.time_left()), (None, None));
        progress.at(Stage::Fetching, 1 << 20, start + Duration::from_secs(2));
        assert_eq!(progress.speed, Some(524_288.0));
        assert_eq!(progress.time_left(), Some(Duration::from_secs(6)));
        assert_eq!(progress.line(), "1.0 MiB of 4.0 MiB (25 %) · 512 KiB/s · 6 s left · part 1 of 2");
        progress.next_part();
        progress.at(Stage::Fetching, 1 << 20, start + Duration::from_secs(3));
        assert_eq!((progress.file.as_str(), progress.done), ("b", 2 << 20));
        // 0.7 · 512 KiB/s + 0.3 · 1024 KiB/s
        assert_eq!(progress.speed.map(f64::round), Some(681_574.0));
    }

    #[test]
    fn what_was_there_already_is_no_speed() {
        let mut progress = Progress::new(&parts());
        let start = Instant::now();
        progress.at(Stage::Checking, 1 << 19, start);
        progress.at(Stage::Checking, 1 << 20, start + Duration::from_secs(1));
        assert_eq!(progress.speed, None);
        assert!(progress.line().contains("checking"), "{}", progress.line());
        assert_eq!(Progress::asking().line(), "asking the hub");
    }

    #[test]
    fn times_in_words() {
        let words = |seconds| in_words(Duration::from_secs(seconds));
        assert_eq!([words(0), words(99), words(240), words(9000)], ["0 s", "99 s", "4 min", "2.5 h"]);
    }
}
