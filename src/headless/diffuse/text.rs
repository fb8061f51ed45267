//! A canvas as text: what it says to standard output, what it took to standard error.

use std::io::{self, Write};

use super::{DiffuseJob, DiffuseOutput, End};
use crate::{
    decode::diffusion::{Diffusion, Joint, Pace},
    headless::output::counted,
    text::{Shown, Spaces, TokenText},
};

/// Stands for a masked position.
const MASK: char = '░';

pub(super) struct TextOutput<'a> {
    out: &'a mut dyn Write,
    report: &'a mut dyn Write,
    job: &'a DiffuseJob,
    /// A terminal gets text made harmless; a pipe or file the bytes as they are.
    terminal: bool,
}

impl<'a> TextOutput<'a> {
    pub(super) fn new(
        out: &'a mut dyn Write,
        report: &'a mut dyn Write,
        job: &'a DiffuseJob,
        terminal: bool,
    ) -> Self {
        Self { out, report, job, terminal }
    }

    /// Writes text made harmless for a terminal.
    fn text(&mut self, text: &str) -> io::Result<()> {
        if !self.terminal {
            self.out.write_all(text.as_bytes())?;
            return self.out.flush();
        }
        for line in Shown::lines(text) {
            writeln!(self.out, "{}", line.as_str())?;
        }
        self.out.flush()
    }

    fn write_joints(&mut self, joints: &[Joint]) -> io::Result<()> {
        if !self.job.request.joint {
            return Ok(());
        }
        let ratios = joints.iter().map(|joint| (joint.sequential() / joint.independent()).ln());
        let finite: Vec<f64> = ratios.filter(|ratio| ratio.is_finite()).collect();
        if finite.is_empty() {
            return writeln!(self.report, "no neighbours opened in the same step");
        }
        let worse = finite.iter().filter(|&&ratio| ratio < 0.0).count();
        let mean = (finite.iter().sum::<f64>() / finite.len() as f64).exp();
        writeln!(
            self.report,
            "neighbours that opened in the same step: {} · {worse} are less likely once the first is known · that changes \
             their joint probability {mean:.2} times (geometric mean)",
            finite.len(),
        )
    }

    fn write_beside(&mut self, end: &End<'_>) -> io::Result<()> {
        let Some(name) = end.name else { return Ok(()) };
        let name = Shown::inline(name);
        if let Some(measured) = end.measured {
            writeln!(
                self.report,
                "perplexity {:.2} under {} ({})",
                measured.perplexity,
                name.as_str(),
                counted(measured.tokens, "token")
            )?;
        }
        let Some(other) = &end.other else { return Ok(()) };
        let perplexity =
            other.measured.map_or_else(String::new, |found| format!(" · perplexity {:.2}", found.perplexity));
        writeln!(
            self.report,
            "beside it {}: {} in {} passes, {:.1} ms{perplexity}: {}",
            name.as_str(),
            counted(other.tokens, "token"),
            other.passes,
            other.ms,
            Shown::inline(&other.text).as_str(),
        )
    }
}

impl DiffuseOutput for TextOutput<'_> {
    fn start(&mut self, _: &Diffusion) -> io::Result<()> {
        Ok(())
    }

    fn step(&mut self, diffusion: &Diffusion, _: &[Joint]) -> io::Result<()> {
        if self.job.request.visual {
            writeln!(self.report, "{:>4} {}", diffusion.at(), canvas_line(diffusion))?;
        }
        Ok(())
    }

    fn finish(&mut self, diffusion: &Diffusion, end: &End<'_>) -> io::Result<()> {
        self.text(&written(diffusion, self.job))?;
        let (passes, time) = diffusion.spent();
        let order = diffusion.order();
        let count = order.opened.len();
        let seconds = time.as_secs_f64();
        let stopped = if end.interrupted { "interrupted" } else { "written" };
        writeln!(
            self.report,
            "\n{stopped}: {} in {passes} passes ({:.2} a pass), {:.1} ms ({:.0} passes/s)",
            counted(count, "token"),
            count as f64 / passes.max(1) as f64,
            seconds * 1e3,
            if seconds > 0.0 { passes as f64 / seconds } else { 0.0 },
        )?;
        let left = order.left_first.map_or_else(String::new, |left| {
            format!(" · of two that opened apart the left one came first in {:.0} %", left * 100.0)
        });
        writeln!(
            self.report,
            "seed {} · {}{left}",
            diffusion.sampling().seed.unwrap_or_default(),
            how(diffusion)
        )?;
        self.write_joints(end.joints)?;
        self.write_beside(end)
    }
}

/// How positions opened, in a few words.
fn how(diffusion: &Diffusion) -> String {
    let settings = diffusion.settings();
    let pace = match settings.pace {
        Pace::Steps { steps, eps } if settings.block_length == 0 => format!("{steps} steps, eps {eps}"),
        Pace::Steps { steps, .. } => format!("{steps} steps"),
        Pace::Tokens(count) => format!("{count} a step"),
        Pace::Threshold(p) => format!("all from {p} on"),
    };
    let blocks = match settings.block_length {
        0 => String::new(),
        length => format!(", blocks of {length}"),
    };
    format!("{}, {pace}{blocks}", settings.score.name())
}

/// What was written: after a prompt without it, with gaps the whole text.
pub(super) fn written(diffusion: &Diffusion, job: &DiffuseJob) -> String {
    let skipped = if job.request.infill.is_some() { 0 } else { diffusion.template().prompt_len() };
    diffusion.text_from(skipped, job.request.special)
}

/// The whole canvas in a line, masks included.
fn canvas_line(diffusion: &Diffusion) -> String {
    let mut text = TokenText::new();
    let mut line = String::new();
    for &token in diffusion.canvas() {
        if token == diffusion.mask() {
            line.push(MASK);
            text = TokenText::new();
        } else {
            line.push_str(text.push(diffusion.vocabulary().piece(token), Spaces::Marked).as_str());
        }
    }
    line
}
