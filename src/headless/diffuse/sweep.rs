//! The same canvas written in different numbers of steps.

use std::io::Write;

use serde::Serialize;

use super::{Measured, Run, text::written};
use crate::{
    decode::diffusion::{DiffusionSettings, Pace},
    headless::{RunError, json::write_line},
    text::Shown,
};

/// A text that was written in so many steps.
#[derive(Serialize)]
struct Row {
    #[serde(rename = "type")]
    kind: &'static str,
    steps: usize,
    passes: usize,
    tokens: usize,
    tokens_per_pass: f64,
    ms: f64,
    measured: Option<Measured>,
    text: String,
}

impl Run<'_> {
    /// A row for each number of steps: what it took, the perplexity under the model beside, and the text.
    pub(super) fn sweep(&mut self, out: &mut dyn Write) -> Result<(), RunError> {
        if !self.job.request.json {
            writeln!(
                out,
                "{:>6} {:>6} {:>7} {:>9} {:>11}  text",
                "steps", "passes", "a pass", "ms", "perplexity"
            )?;
        }
        let eps = match self.job.request.diffusion.pace {
            Pace::Steps { eps, .. } => eps,
            Pace::Tokens(_) | Pace::Threshold(_) => 0.0,
        };
        for &steps in &self.job.request.sweep {
            let settings =
                DiffusionSettings { pace: Pace::Steps { steps, eps }, ..self.job.request.diffusion };
            let Some(row) = self.row(steps, settings)? else { return Ok(()) };
            if self.job.request.json {
                write_line(out, &row)?;
                continue;
            }
            let perplexity =
                row.measured.map_or_else(|| "–".to_owned(), |found| format!("{:.2}", found.perplexity));
            writeln!(
                out,
                "{steps:>6} {:>6} {:>7.2} {:>9.1} {perplexity:>11}  {}",
                row.passes,
                row.tokens_per_pass,
                row.ms,
                Shown::inline(&row.text).as_str()
            )?;
            out.flush()?;
        }
        Ok(())
    }

    /// None where it was interrupted.
    fn row(&mut self, steps: usize, settings: DiffusionSettings) -> Result<Option<Row>, RunError> {
        let mut diffusion = self.diffusion(settings)?;
        while self.step(&mut diffusion)? {}
        if !diffusion.is_over() {
            return Ok(None);
        }
        let measured = match &mut self.beside {
            Some(beside) => beside.measure(&diffusion, self.interrupted)?,
            None => None,
        };
        let (passes, time) = diffusion.spent();
        let tokens = diffusion.order().opened.len();
        Ok(Some(Row {
            kind: "text",
            steps,
            passes,
            tokens,
            tokens_per_pass: tokens as f64 / passes.max(1) as f64,
            ms: time.as_secs_f64() * 1e3,
            measured,
            text: written(&diffusion, self.job),
        }))
    }
}
