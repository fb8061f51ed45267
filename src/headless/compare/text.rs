//! A comparison as text. Whatever a model or a user wrote is made harmless on its way.

use std::io::{self, Write};

use super::{
    Command, Comparison, ForestReport, LaneReport, Pick, Row,
    grid::{self, GridRow, grid},
};
use crate::{
    decode::lanes::Differing,
    headless::Spent,
    text::{Shown, Spaces},
};

/// Forks and endings that are listed; JSON has all.
const LISTED: usize = 10;

/// Columns that a setting's value takes at most; JSON has all of it.
const VALUE: usize = 48;

/// Columns that a prompt takes in the table at most.
const TITLE: usize = 72;

/// Columns by which a text stands in from its prompt.
const INDENT: usize = 2;

/// What is the same for all prompts.
pub(super) fn start(out: &mut dyn Write, comparison: &Comparison<'_>) -> io::Result<()> {
    writeln!(out, "model    {}", Shown::inline(&comparison.loaded.info().title))?;
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

/// The lanes on one prompt; where that is none, those with prompts of their own.
pub(super) fn lanes(
    out: &mut dyn Write,
    comparison: &Comparison<'_>,
    prompt: Option<usize>,
    reports: &[LaneReport],
) -> io::Result<()> {
    // Where every lane has its own, the common one is not used.
    if let Some(prompt) = prompt.filter(|_| reports.iter().any(|report| report.prompt.is_some())) {
        writeln!(out, "\nprompt   {}", Shown::inline(&comparison.prompts[prompt].0))?;
    }
    if prompt.is_none() {
        writeln!(out, "\n{}", grid::OWN_PROMPTS)?;
    }
    for report in reports {
        writeln!(out, "\n── {} ──", Shown::inline(&report.name))?;
        if let Some(own) = comparison.own_prompt(report.lane) {
            writeln!(out, "   its own prompt: {}", Shown::inline(own))?;
        }
        lines(out, &report.text)?;
        if let Some(at) = &report.diverges {
            writeln!(
                out,
                "   diverges from {} at token {}: {} ({}) here, {} ({}) there",
                Shown::inline(&at.from),
                at.index + 1,
                token(&at.lane.text),
                p(at.lane.p_raw),
                token(&at.reference.text),
                p(at.reference.p_raw),
            )?;
        }
        let s = &report.statistics;
        writeln!(
            out,
            "   {} tokens · ln P {:.1} · entropy {:.2} bits · perplexity {:.2} · {}",
            s.tokens, s.log_probability, s.mean_entropy_bits, s.perplexity, report.stop.reason
        )?;
        writeln!(out, "   {}", repeats(report))?;
        writeln!(out, "   evaluations: {} of its own, {} shared", report.evaluations, report.shared)?;
    }
    Ok(())
}

/// How much a text repeats itself, and whether it loops.
pub(super) fn repeats(report: &LaneReport) -> String {
    let s = &report.statistics;
    let [one, two, three] = s.distinct;
    let looped = report.looped.map_or("no loop".to_owned(), |run| {
        let noun = if run.period == 1 { "token" } else { "tokens" };
        format!("loops from token {}: {} {noun}, {} times", run.start + 1, run.period, run.times)
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
    writeln!(
        out,
        "\ncritical tokens: where the texts diverge most, in bits out of {:.2}",
        report.entropy_bits
    )?;
    for fork in report.forks.iter().take(LISTED) {
        writeln!(out, "{:5.2}  token {}, after …{}", fork.split_bits, fork.index + 1, token(&fork.before))?;
        for branch in fork.branches.iter().take(LISTED) {
            writeln!(
                out,
                "       {:<14} p {}  observed {} ({} of {})",
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

/// The table, the setting picked from it, and the work done.
pub(super) fn end(
    out: &mut dyn Write,
    comparison: &Comparison<'_>,
    rows: &[Row],
    pick: Option<&(Pick<'_>, Command)>,
    spent: &Spent,
) -> io::Result<()> {
    if rows.len() > 1 {
        table(out, comparison, rows)?;
        match pick {
            Some((pick, command)) => self::pick(out, pick, command)?,
            None => writeln!(out, "\nno setting generated a token")?,
        }
    }
    writeln!(
        out,
        "\n{} evaluations · {} tokens through the model, {} from the KV cache · {:.0} ms in the model",
        spent.evaluations, spent.decoded_tokens, spent.reused_tokens, spent.model_ms
    )
}

/// The table: names to the left, numbers to the right; texts stand below their prompt.
fn table(out: &mut dyn Write, comparison: &Comparison<'_>, rows: &[Row]) -> io::Result<()> {
    let grid = grid(comparison, rows);
    let names = grid.iter().filter_map(|row| match row {
        GridRow::Setting { cells, .. } => Some(Shown::inline(&cells[0]).width()),
        GridRow::Text(cells) => Some(INDENT + Shown::inline(&cells[0]).width()),
        GridRow::Prompt(_) => None,
    });
    let width = names.max().unwrap_or(0).clamp(7, 32);
    writeln!(
        out,
        "\n{:width$}  texts  tokens  repetition  distinct-2  entropy  perplexity  stopped by",
        "setting"
    )?;
    for row in &grid {
        match row {
            GridRow::Setting { cells, .. } => line(out, 0, width, cells)?,
            GridRow::Prompt(title) => writeln!(out, "{}", Shown::inline(title).truncate(TITLE))?,
            GridRow::Text(cells) => line(out, INDENT, width, cells)?,
        }
    }
    Ok(())
}

fn line(out: &mut dyn Write, indent: usize, width: usize, cells: &[String; 8]) -> io::Result<()> {
    let [name, texts, tokens, repetition, distinct, entropy, perplexity, stops] = cells;
    let name = Shown::inline(name);
    let name = name.truncate(width - indent);
    let pad = width - indent - name.width();
    writeln!(
        out,
        "{:indent$}{name}{:pad$}  {texts:>5}  {tokens:>6}  {repetition:>10}  {distinct:>10}  {entropy:>7}  {perplexity:>10}  {stops}",
        "", ""
    )
}

/// The picked row as a command line, and what that cannot express.
fn pick(out: &mut dyn Write, pick: &Pick<'_>, command: &Command) -> io::Result<()> {
    writeln!(out, "\n{}: {}", pick.rule(), Shown::inline(&pick.row.name))?;
    writeln!(out, "    {}", Shown::inline(&command.line))?;
    let remarks = command.remarks();
    remarks.iter().try_for_each(|remark| writeln!(out, "    {}", Shown::inline(remark)))
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
    if p.is_nan() {
        return "?".to_owned();
    }
    if p >= 0.9995 {
        return "1.0".to_owned();
    }
    if p > 0.0 && p < 0.001 {
        return format!("{p:.0e}");
    }
    format!("{p:.3}").trim_start_matches('0').to_owned()
}
