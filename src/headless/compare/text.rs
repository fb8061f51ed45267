//! A comparison as text. Whatever a model or a person wrote is made harmless on its way.

use std::io::{self, Write};

use super::{Comparison, ForestReport, LaneReport, Row};
use crate::{
    headless::Spent,
    text::{Shown, Spaces},
};

/// Forks and endings that are listed; JSON has all.
const LISTED: usize = 10;

/// What is the same for all prompts.
pub(super) fn start(out: &mut dyn Write, comparison: &Comparison<'_>) -> io::Result<()> {
    writeln!(out, "model    {}", Shown::inline(&comparison.loaded.info.title))?;
    for differing in &comparison.differing {
        let values: Vec<Shown<'_>> = differing.values.iter().map(|value| Shown::inline(value)).collect();
        let values: Vec<&str> = values.iter().map(Shown::as_str).collect();
        writeln!(out, "differs  {}: {}", differing.field, values.join(" | "))?;
    }
    Ok(())
}

/// All lanes on one prompt.
pub(super) fn lanes(
    out: &mut dyn Write,
    comparison: &Comparison<'_>,
    prompt: usize,
    reports: &[LaneReport],
) -> io::Result<()> {
    writeln!(out, "\nprompt   {}", Shown::inline(&comparison.prompts[prompt].0))?;
    for report in reports {
        writeln!(out, "\n── {} ──", Shown::inline(&report.name))?;
        if let Some(own) = comparison.own_prompt(report.lane) {
            writeln!(out, "   prompt of its own: {}", Shown::inline(own))?;
        }
        lines(out, &report.text)?;
        if let Some(leaves) = &report.leaves {
            let first = reports.first().map_or("", |first| &first.name);
            writeln!(
                out,
                "   leaves {} at token {}: {} ({}) here, {} ({}) there",
                Shown::inline(first),
                leaves.index + 1,
                token(&leaves.lane.text),
                p(leaves.lane.p_raw),
                token(&leaves.reference.text),
                p(leaves.reference.p_raw),
            )?;
        }
        let s = &report.statistics;
        writeln!(
            out,
            "   {} tokens · ln P {:.1} · entropy {:.2} bits · perplexity {:.2} · {}",
            s.tokens, s.log_probability, s.mean_entropy_bits, s.perplexity, report.stop.reason
        )?;
        writeln!(out, "   {}", repeats(report))?;
        writeln!(out, "   evaluations: {} of its own, {} shared", report.paid, report.shared)?;
    }
    Ok(())
}

/// How much a text repeats itself, and whether it loops.
pub(super) fn repeats(report: &LaneReport) -> String {
    let s = &report.statistics;
    let [one, two, three] = s.distinct;
    let looped = report.looped.map_or("no loop".to_owned(), |run| {
        let noun = if run.period == 1 { "token" } else { "tokens" };
        format!("loop from token {}: {} {noun} {} times", run.start + 1, run.period, run.times)
    });
    format!("distinct-1, -2, -3 {one:.2} {two:.2} {three:.2} · repetition {:.2} · {looped}", s.repetition)
}

/// A forest on one prompt.
pub(super) fn forest(out: &mut dyn Write, prompt: &str, report: &ForestReport) -> io::Result<()> {
    writeln!(out, "\nprompt   {}", Shown::inline(prompt))?;
    writeln!(
        out,
        "{} seeds from {} · {} different endings, {:.2} bits · {} evaluations, {} steps shared",
        report.seeds,
        report.first_seed,
        report.endings.len(),
        report.entropy_bits,
        report.evaluations,
        report.shared
    )?;
    writeln!(out, "\ncritical tokens: where the texts part most, in bits of the {:.2}", report.entropy_bits)?;
    for fork in report.forks.iter().take(LISTED) {
        writeln!(out, "{:5.2}  token {}, after …{}", fork.split_bits, fork.index + 1, token(&fork.before))?;
        for branch in fork.branches.iter().take(LISTED) {
            writeln!(
                out,
                "       {:<14} p {}  seen {} ({} of {})",
                token(&branch.text).as_str(),
                p(branch.p_final),
                p(branch.share),
                branch.seeds,
                fork.seeds
            )?;
        }
    }
    more(out, report.forks.len())?;
    writeln!(out, "\nendings")?;
    for ending in report.endings.iter().take(LISTED) {
        writeln!(
            out,
            "{:4} × ({}) · ln P {:.1} · {} · seed {}",
            ending.seeds,
            p(ending.share),
            ending.log_probability,
            ending.stop.reason,
            ending.seed
        )?;
        lines(out, &ending.text)?;
    }
    more(out, report.endings.len())
}

/// The table, the best row and what it cost.
pub(super) fn end(
    out: &mut dyn Write,
    rows: &[Row],
    best: Option<&Row>,
    command: Option<&str>,
    spent: &Spent,
) -> io::Result<()> {
    if rows.len() > 1 {
        let names: Vec<Shown<'_>> = rows.iter().map(|row| Shown::inline(&row.name)).collect();
        let width = names.iter().map(Shown::width).max().unwrap_or(0).clamp(7, 32);
        writeln!(
            out,
            "\n{:width$}  texts  tokens  repetition  distinct-2  entropy  perplexity  ends",
            "setting"
        )?;
        for (row, name) in rows.iter().zip(&names) {
            let name = name.truncate(width);
            let stops: Vec<String> = row.stops.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
            writeln!(
                out,
                "{name}{:pad$}  {:5}  {:6.1}  {:10.3}  {:10.3}  {:7.2}  {:10.2}  {}",
                "",
                row.texts,
                row.tokens,
                row.repetition,
                row.distinct_2,
                row.entropy_bits,
                row.perplexity,
                stops.join(", "),
                pad = width - name.width(),
            )?;
        }
        if let Some(best) = best {
            writeln!(
                out,
                "\nbest     {} (least perplexity among those that repeat little)",
                Shown::inline(&best.name)
            )?;
            writeln!(out, "         {}", Shown::inline(command.unwrap_or_default()))?;
        }
    }
    writeln!(
        out,
        "\n{} evaluations · {} tokens through the model, {} from the KV cache · {:.0} ms in the model",
        spent.evaluations, spent.decoded_tokens, spent.reused_tokens, spent.model_ms
    )
}

/// A text in its own lines.
fn lines(out: &mut dyn Write, text: &str) -> io::Result<()> {
    Shown::lines(text).try_for_each(|line| writeln!(out, "{line}"))
}

fn more(out: &mut dyn Write, all: usize) -> io::Result<()> {
    if all > LISTED { writeln!(out, "  … {} more; --json lists them all", all - LISTED) } else { Ok(()) }
}

/// A token with its spaces marked.
fn token(text: &str) -> Shown<'_> {
    Shown::with_spaces(text, Spaces::Marked)
}

/// A probability as `.31`.
pub(in crate::headless) fn p(p: f64) -> String {
    if p >= 0.9995 {
        return "1.0".to_owned();
    }
    if p > 0.0 && p < 0.001 {
        return format!("{p:.0e}");
    }
    format!("{p:.3}").trim_start_matches('0').to_owned()
}
