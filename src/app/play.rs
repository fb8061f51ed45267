//! Playing: token after token at the speed a person chose.

use std::time::{Duration, Instant};

/// The speeds that keys lead to, in tokens a second; 60 is one a frame. After them comes "as fast as it goes".
const SPEEDS: [f32; 7] = [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0];
/// Above these tokens a second it goes as fast as it can.
const FASTEST: f32 = 90.0;

/// Whether it plays, how fast, and when the next token is due.
#[derive(Clone, Copy, Debug)]
pub struct Play {
    playing: bool,
    /// Tokens a second; None is as fast as it goes.
    speed: Option<f32>,
    due: Option<Instant>,
}

impl Play {
    /// Paused, at so many tokens a second; 0, and what a screen cannot follow, is as fast as it goes.
    #[must_use]
    pub fn new(per_second: f32) -> Self {
        let speed = Some(per_second).filter(|&speed| speed > 0.0 && speed <= FASTEST);
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
        self.speed.is_none()
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

    /// The next speed of those that keys lead to.
    pub fn faster(&mut self) {
        self.speed = self.speed.and_then(|speed| SPEEDS.into_iter().find(|&faster| faster > speed));
        self.due = None;
    }

    /// The speed before, of those that keys lead to; the slowest stays.
    pub fn slower(&mut self) {
        let speed = self.speed.unwrap_or(f32::INFINITY);
        self.speed = SPEEDS.into_iter().rev().find(|&slower| slower < speed).or(self.speed);
        self.due = None;
    }

    /// The speed in words.
    #[must_use]
    pub fn speed_text(&self) -> String {
        match self.speed {
            Some(60.0) => "one a frame".to_owned(),
            Some(speed) => format!("{speed} tok/s"),
            None => "full speed".to_owned(),
        }
    }

    /// Whether a token is due at `now`; if so the next one is due an interval later.
    pub fn take_due(&mut self, now: Instant) -> bool {
        if !self.playing || self.due.is_some_and(|due| now < due) {
            return false;
        }
        if let Some(speed) = self.speed {
            let interval = Duration::from_secs_f64(1.0 / f64::from(speed));
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
        play.faster();
        assert_eq!(play.speed_text(), "full speed");
        play.slower();
        assert_eq!(play.speed_text(), "one a frame");
        (0..100).for_each(|_| play.slower());
        assert_eq!(play.speed_text(), "1 tok/s");
    }

    #[test]
    fn the_speed_is_the_one_that_was_asked_for_until_a_key_changes_it() {
        let mut play = Play::new(8.0);
        assert_eq!(play.speed_text(), "8 tok/s");
        play.faster();
        assert_eq!(play.speed_text(), "10 tok/s");
        let mut play = Play::new(8.0);
        play.slower();
        assert_eq!(play.speed_text(), "5 tok/s");
        let mut play = Play::new(0.5);
        play.slower();
        assert_eq!(play.speed_text(), "0.5 tok/s");
        play.faster();
        assert_eq!(play.speed_text(), "1 tok/s");
        assert_eq!(Play::new(1000.0).speed_text(), "full speed");
    }
}
