//! The wheel: turned, it slows down and stops where the random number of the step says.

use std::time::{Duration, Instant};

/// How long it turns.
const LASTS: Duration = Duration::from_millis(2400);
/// Between two pictures of it.
const FRAME: Duration = Duration::from_millis(33);
/// Whole turns before it stops.
const TURNS: f64 = 3.0;

/// The wheel while it turns towards a number.
#[derive(Clone, Copy, Debug)]
pub struct Spin {
    u: f64,
    began: Instant,
    /// The last picture.
    now: Instant,
}

impl Spin {
    /// Begins to turn towards `u`, 0 to 1.
    pub(super) fn to(u: f64, began: Instant) -> Self {
        Self { u, began, now: began }
    }

    pub(super) fn due(&self) -> Instant {
        self.now + FRAME
    }

    pub(super) fn turn(&mut self, now: Instant) {
        self.now = self.now.max(now);
    }

    /// Share of its time that has passed, 0 to 1.
    fn passed(&self) -> f64 {
        ((self.now - self.began).as_secs_f64() / LASTS.as_secs_f64()).min(1.0)
    }

    /// Whether it stands.
    pub(super) fn is_over(&self) -> bool {
        self.passed() >= 1.0
    }

    /// The number that the pointer is at now, 0 up to 1.
    #[must_use]
    pub fn at(&self) -> f64 {
        // It slows down as the cube of what is left.
        let left = (1.0 - self.passed()).powi(3);
        (self.u - TURNS * left).rem_euclid(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_slows_down_and_stops_at_u() {
        let began = Instant::now();
        let mut spin = Spin::to(0.62, began);
        let mut last = (spin.at(), f64::INFINITY);
        for ms in (100..=2400).step_by(100) {
            spin.turn(began + Duration::from_millis(ms));
            let moved = (spin.at() - last.0).rem_euclid(1.0);
            assert!(moved <= last.1 + 1e-9, "at {ms} ms it turns no faster");
            last = (spin.at(), moved);
        }
        assert!(spin.is_over() && (spin.at() - 0.62).abs() < 1e-12);
    }

    #[test]
    fn time_never_goes_back() {
        let began = Instant::now();
        let mut spin = Spin::to(0.5, began);
        spin.turn(began + Duration::from_secs(1));
        let at = spin.at();
        spin.turn(began);
        assert!((spin.at() - at).abs() < 1e-12);
    }
}
