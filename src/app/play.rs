//! Playing: token after token at the speed a person chose.

use std::time::{Duration, Instant};

/// The speeds, in tokens a second; 60 is one a frame. After them comes "as fast as it goes".
const SPEEDS: [u32; 7] = [1, 2, 5, 10, 20, 30, 60];

/// Whether it plays, how fast, and when the next token is due.
#[derive(Clone, Copy, Debug)]
pub struct Play {
    playing: bool,
    /// Index into `SPEEDS`; its length stands for as fast as it goes.
    speed: usize,
    due: Option<Instant>,
}

impl Play {
    /// Paused, at the speed nearest to `per_second` tokens a second; 0 is as fast as it goes.
    #[must_use]
    pub fn new(per_second: f64) -> Self {
        let nearest = |s: &usize| (f64::from(SPEEDS[*s]) - per_second).abs();
        let speed = if per_second <= 0.0 || per_second > 90.0 {
            SPEEDS.len()
        } else {
            (0..SPEEDS.len()).min_by(|a, b| nearest(a).total_cmp(&nearest(b))).unwrap_or(3)
        };
        Self { playing: false, speed, due: None }
    }

    /// Whether it plays.
    #[must_use]
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// Whether it goes as fast as it can.
    #[must_use]
    pub fn at_full_speed(&self) -> bool {
        self.speed == SPEEDS.len()
    }

    /// Starts, the first token at once.
    pub fn start(&mut self) {
        self.playing = true;
        self.due = None;
    }

    /// Stops.
    pub fn pause(&mut self) {
        self.playing = false;
        self.due = None;
    }

    /// Changes the speed by so many levels.
    pub fn change_speed(&mut self, levels: isize) {
        self.speed = self.speed.saturating_add_signed(levels).min(SPEEDS.len());
        self.due = None;
    }

    /// The speed in words.
    #[must_use]
    pub fn speed_text(&self) -> String {
        match SPEEDS.get(self.speed) {
            Some(60) => "one a frame".to_owned(),
            Some(speed) => format!("{speed} tok/s"),
            None => "full speed".to_owned(),
        }
    }

    /// Whether a token is due at `now`; if so the next one is due an interval later.
    pub fn take_due(&mut self, now: Instant) -> bool {
        if !self.playing || self.due.is_some_and(|due| now < due) {
            return false;
        }
        if let Some(&speed) = SPEEDS.get(self.speed) {
            let interval = Duration::from_secs(1) / speed;
            // From the due time on, so that lateness does not add up; from now on after a pause.
            let late = self.due.filter(|&due| now < due + interval);
            self.due = Some(late.unwrap_or(now) + interval);
        }
        true
    }

    /// When the next token is due: None when paused or as fast as it goes.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.due.filter(|_| self.playing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_at_the_speed_chosen() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut play = Play::new(10.0);
        assert!(!play.take_due(at(0)), "paused");
        play.start();
        let due: Vec<u64> = (0..=400).step_by(10).filter(|&ms| play.take_due(at(ms))).collect();
        assert_eq!(due, [0, 100, 200, 300, 400]);
    }

    #[test]
    fn full_speed_is_always_due_and_the_levels_end() {
        let mut play = Play::new(0.0);
        play.start();
        assert!(play.take_due(Instant::now()) && play.take_due(Instant::now()));
        assert_eq!(play.due(), None);
        play.change_speed(1);
        assert_eq!(play.speed_text(), "full speed");
        play.change_speed(-100);
        assert_eq!(play.speed_text(), "1 tok/s");
    }
}
