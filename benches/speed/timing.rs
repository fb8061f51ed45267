//! Repeating work with a clock.

use std::time::Instant;

/// Times of a repeated piece of work, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// The shortest: what the work takes when nothing interferes.
    pub best: f64,
    /// The one in the middle.
    pub median: f64,
}

impl Sample {
    /// The median as a remark.
    pub fn note(&self) -> String {
        format!("median {:.3} ms", self.median)
    }
}

/// Does the work once to warm up, then `repetitions` times with the clock running.
pub fn repeat(repetitions: usize, mut work: impl FnMut()) -> Sample {
    let [sample] = alternate(repetitions, [&mut work]);
    sample
}

/// The same for several pieces of work that are compared: they take turns, so that all see the same machine.
pub fn alternate<const N: usize>(repetitions: usize, mut works: [&mut dyn FnMut(); N]) -> [Sample; N] {
    let mut times = [const { Vec::new() }; N];
    for round in 0..=repetitions {
        for (work, times) in works.iter_mut().zip(&mut times) {
            let start = Instant::now();
            work();
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    times.map(sample)
}

/// Best and median of some times.
pub fn sample(times: Vec<f64>) -> Sample {
    let best = times.iter().copied().fold(f64::INFINITY, f64::min);
    Sample { best, median: median(times) }
}

/// The value in the middle; the upper one of two.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
