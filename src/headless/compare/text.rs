//! A comparison as text. Whatever a model or a person wrote is made harmless on its way.

use std::io::{self, Write};

use super::{
    Command, Comparison, ForestReport, LaneReport, Row,
    grid::{GridRow, grid},
};
use crate::{
    decode::lanes::Differing,
    headless::Spent,
    text::{Shown, Spaces},
};

/// Forks and endings that are listed; JSON has all.
const LISTED: usize = 10;

/// Columns that a setting's value takes at most; JSON has it whole.
const VALUE: usize = 48;

/// What is the same for all prompts.
pub(super) fn start(out: &mut dyn Write, comparison: &Comparison<'_>) -> io::Result<()> {
    writeln!(out, "model    {}", Shown::inline(&comparison.loaded.info.title))?;
    for differing in &comparison.differing {
        writeln!(out, "differs  {}: {}", differing.field, values(differing))?;
    }
    match comparison.seed() {
        Some(seed) => writeln!(out, "seed     {seed}"),
        None => Ok(()),
    }
}

/// The values of a setting, harmless; a whole grammar would fill the screen.
pub(super) fn values(differing: &Differing) -> String {
    let short = |value: &String| Shown::inline(value).truncate(VALUE).as_str().to_owned();
    differing.values.iter().map(short).collect::<Vec<_>>().join(" | ")
}

/// All lanes on one prompt.
pub(super) fn lanes(
    out: &mut dyn Write,
    comparison: &Comparison<'_>,
    prompt: usize,
    reports: &[LaneReport],
) -> io::Result<()> {
    // Where every lane has its own, it has no part in it.
    if reports.iter().any(|report| report.prompt.is_some()) {
        writeln!(out, "\nprompt   {}", Shown::inline(&comparison.prompts[prompt].0))?;
    }
    for report in reports {
        writeln!(out, "\n── {} ──", Shown::inline(&report.name))?;
        if let Some(own) = comparison.own_prompt(report.lane) {
            writeln!(out, "   prompt of its own: {}", Shown::inline(own))?;
        }
        lines(out, &report.text)?;
        if let Some(leaves) = &report.leaves {
            writeln!(
                out,
                "   leaves {} at token {}: {} ({}) here, {} ({}) there",
                Shown::inline(&leaves.from),
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
    comparison: &Comparison<'_>,
    rows: &[Row],
    best: Option<&(&Row, Command)>,
    spent: &Spent,
) -> io::Result<()> {
    if rows.len() > 1 {
        table(out, comparison, rows)?;
        match best {
            Some((row, command)) => self::best(out, row, command)?,
            None => writeln!(out, "\nbest     none: no setting said a token")?,
        }
    }
    writeln!(
        out,
        "\n{} evaluations · {} tokens through the model, {} from the KV cache · {:.0} ms in the model",
        spent.evaluations, spent.decoded_tokens, spent.reused_tokens, spent.model_ms
    )
}

/// The table: names to the left, numbers to the right; what is about one text stands below its setting.
fn table(out: &mut dyn Write, comparison: &Comparison<'_>, rows: &[Row]) -> io::Result<()> {
    let grid = grid(comparison, rows);
    let shown = |row: &GridRow| {
        let indent = if row.is_text { "  " } else { "" };
        Shown::inline(&format!("{indent}{}", row.cells[0])).into_owned()
    };
    let names: Vec<Shown<'_>> = grid.iter().map(shown).collect();
    let width = names.iter().map(Shown::width).max().unwrap_or(0).clamp(7, 32);
    writeln!(
        out,
        "\n{:width$}  texts  tokens  repetition  distinct-2  entropy  perplexity  ends",
        "setting"
    )?;
    for (row, name) in grid.iter().zip(&names) {
        let name = name.truncate(width);
        let [_, texts, tokens, repetition, distinct, entropy, perplexity, ends] = &row.cells;
        let pad = width - name.width();
        writeln!(
            out,
            "{name}{:pad$}  {texts:>5}  {tokens:>6}  {repetition:>10}  {distinct:>10}  {entropy:>7}  {perplexity:>10}  {ends}",
            "",
        )?;
    }
    Ok(())
}

/// The best row as a command line, and what that cannot say.
fn best(out: &mut dyn Write, row: &Row, command: &Command) -> io::Result<()> {
    let name = Shown::inline(&row.name);
    writeln!(out, "\nbest     {name} (least perplexity among those that repeat little)")?;
    writeln!(out, "         {}", Shown::inline(&command.line))?;
    let remarks = command.remarks();
    remarks.iter().try_for_each(|remark| writeln!(out, "         {}", Shown::inline(remark)))
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
