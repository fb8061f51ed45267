//! A comparison as an HTML page.

use super::{
    Comparison, ForestReport, Found, LaneReport, Row, best,
    grid::{HEADS, grid},
    rows,
    text::{p, repeats, values},
};
use crate::headless::html::Page;

/// Endings and forks that the page lists; JSON has all.
const LISTED: usize = 32;

/// The whole page.
pub(super) fn page(comparison: &Comparison<'_>, found: &Found) -> String {
    let mut page = Page::new(&format!("logitscope compare · {}", comparison.loaded.info.title));
    for differing in &comparison.differing {
        page.note(&format!("{}: {}", differing.field, values(differing)));
    }
    if let Some(seed) = comparison.seed() {
        page.note(&format!("seed: {seed}"));
    }
    for (index, (prompt, _)) in comparison.prompts.iter().enumerate() {
        if !comparison.lanes.iter().all(|lane| lane.prompt.is_some()) {
            page.heading(&format!("Prompt {}", index + 1));
        }
        let reports = found.lanes.iter().filter(|report| report.prompt == Some(index));
        reports.for_each(|report| lane(&mut page, prompt, report));
        let forests = found.forests.iter().filter(|report| report.prompt == index);
        forests.for_each(|report| forest(&mut page, prompt, report));
    }
    own_prompts(&mut page, comparison, found);
    let rows = rows(&found.lanes);
    if rows.len() > 1 {
        table(&mut page, comparison, &rows);
    }
    let spent = &found.spent;
    page.note(&format!(
        "{} evaluations, {} tokens through the model, {} from the KV cache",
        spent.evaluations, spent.decoded_tokens, spent.reused_tokens
    ));
    page.finish()
}

/// The lanes that have a prompt of their own.
fn own_prompts(page: &mut Page, comparison: &Comparison<'_>, found: &Found) {
    let own = |report: &&LaneReport| report.prompt.is_none();
    if found.lanes.iter().any(|report| own(&report)) {
        page.heading("Lanes with a prompt of their own");
    }
    for report in found.lanes.iter().filter(own) {
        lane(page, comparison.own_prompt(report.lane).unwrap_or_default(), report);
    }
}

fn lane(page: &mut Page, prompt: &str, report: &LaneReport) {
    page.subheading(&report.name);
    page.tokens(prompt, &report.tokens, report.leaves.as_ref().map(|leaves| leaves.index));
    if let Some(leaves) = &report.leaves {
        page.note(&format!(
            "leaves {} at token {}: “{}” ({}) here, “{}” ({}) there",
            leaves.from,
            leaves.index + 1,
            leaves.lane.text,
            p(leaves.lane.p_raw),
            leaves.reference.text,
            p(leaves.reference.p_raw)
        ));
    }
    let s = &report.statistics;
    page.note(&format!(
        "{} tokens · ln P {:.1} · entropy {:.2} bits · perplexity {:.2} · {} · {}",
        s.tokens,
        s.log_probability,
        s.mean_entropy_bits,
        s.perplexity,
        repeats(report),
        report.stop.detail
    ));
    page.note(&format!("evaluations: {} of its own, {} shared", report.paid, report.shared));
}

fn forest(page: &mut Page, prompt: &str, report: &ForestReport) {
    page.note(&format!(
        "{prompt} · {} seeds from {} · {} different endings, {:.2} bits",
        report.seeds,
        report.first_seed,
        report.endings.len(),
        report.entropy_bits
    ));
    page.subheading("Critical tokens");
    let branches = report.forks.iter().take(LISTED).flat_map(|fork| {
        fork.branches.iter().enumerate().map(move |(index, branch)| {
            let of_fork = |text: String| if index == 0 { text } else { String::new() };
            vec![
                of_fork(format!("…{}", fork.before)),
                of_fork(format!("{:.2}", fork.split_bits)),
                format!("“{}”", branch.text),
                p(branch.p_final),
                p(branch.share),
                branch.seeds.to_string(),
            ]
        })
    });
    let heads = ["after", "bits", "token", "probability", "seen", "seeds"];
    page.table(&heads, &branches.collect::<Vec<_>>(), None);
    page.subheading("Endings");
    for ending in report.endings.iter().take(LISTED) {
        page.tokens(prompt, &ending.tokens, None);
        page.note(&format!(
            "{} of {} seeds ({}) · ln P {:.1} · {} · seed {}",
            ending.seeds,
            report.seeds,
            p(ending.share),
            ending.log_probability,
            ending.stop.detail,
            ending.seed
        ));
    }
    if report.endings.len() > LISTED {
        page.note(&format!("{} more endings; --json lists them all", report.endings.len() - LISTED));
    }
}

fn table(page: &mut Page, comparison: &Comparison<'_>, rows: &[Row]) {
    page.heading("Settings");
    let best = best(rows);
    let grid = grid(comparison, rows);
    let place = grid.iter().position(|row| best.is_some_and(|best| row.lane == best.lane));
    let cells: Vec<Vec<String>> = grid
        .into_iter()
        .map(|mut row| {
            if row.is_text {
                row.cells[0].insert_str(0, "↳ ");
            }
            row.cells.to_vec()
        })
        .collect();
    page.table(&HEADS, &cells, place);
    if let Some((row, command)) = best.and_then(|row| Some((row, comparison.command(row)?))) {
        page.note(&format!("best: {} (least perplexity among those that repeat little)", row.name));
        page.code(&command.line);
        command.remarks().iter().for_each(|remark| page.note(remark));
    }
}
