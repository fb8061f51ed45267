//! A comparison as an HTML page: the table first, then the texts side by side.

use super::{
    Comparison, ForestReport, Found, LaneReport, Pick, Row,
    grid::{GridRow, HEADS, grid},
    rows,
    text::{p, repeats, values},
};
use crate::headless::html::{Look, Page};

/// Endings and forks that the page lists; JSON has all.
const LISTED: usize = 32;

/// The whole page.
pub(super) fn page(comparison: &Comparison<'_>, found: &Found) -> String {
    let mut page = Page::new(&format!("logitscope compare · {}", comparison.loaded.info().title));
    for differing in &comparison.differing {
        page.note(&format!("{}: {}", differing.field, values(differing)));
    }
    if let Some(seed) = comparison.seed() {
        page.note(&format!("seed: {seed}"));
    }
    let rows = rows(&found.lanes);
    if rows.len() > 1 {
        table(&mut page, comparison, &rows);
    }
    for index in 0..comparison.prompts.len() {
        lanes(&mut page, comparison, found, index);
        let forests = found.forests.iter().filter(|report| report.prompt == index);
        forests.for_each(|report| forest(&mut page, &comparison.prompts[index].0, report));
    }
    if comparison.several_prompts() {
        let own: Vec<&LaneReport> = found.lanes.iter().filter(|report| report.prompt.is_none()).collect();
        if !own.is_empty() {
            page.heading("Lanes with their own prompt");
            cards(&mut page, comparison, &own);
        }
    }
    let spent = &found.spent;
    page.note(&format!(
        "{} evaluations, {} tokens through the model, {} from the KV cache",
        spent.evaluations, spent.decoded_tokens, spent.reused_tokens
    ));
    page.finish()
}

/// The lanes on one prompt, in the order of the table; where it is the only one, those with their own prompt stand among
/// them.
fn lanes(page: &mut Page, comparison: &Comparison<'_>, found: &Found, index: usize) {
    let alone = !comparison.several_prompts();
    let here = |report: &&LaneReport| report.prompt == Some(index) || alone && report.prompt.is_none();
    let reports: Vec<&LaneReport> = found.lanes.iter().filter(here).collect();
    if reports.iter().any(|report| report.prompt.is_some()) {
        page.heading(&if alone { "Prompt".to_owned() } else { format!("Prompt {}", index + 1) });
        page.tokens(&comparison.prompts[index].0, &[], None);
    }
    if !reports.is_empty() {
        cards(page, comparison, &reports);
    }
}

fn cards(page: &mut Page, comparison: &Comparison<'_>, reports: &[&LaneReport]) {
    page.side_by_side(|page| {
        for report in reports {
            let own = comparison.own_prompt(report.lane).unwrap_or_default();
            page.card(&report.name, |page| lane(page, own, report));
        }
    });
}

/// The figures of a lane, then its text; `own` is the prompt if it is not the one above.
fn lane(page: &mut Page, own: &str, report: &LaneReport) {
    let s = &report.statistics;
    page.note(&format!(
        "{} tokens · perplexity {:.2} · entropy {:.2} bits · ln P {:.1}",
        s.tokens, s.perplexity, s.mean_entropy_bits, s.log_probability
    ));
    page.note(&format!("stopped: {}", report.stop.detail));
    page.tokens(own, &report.tokens, report.diverges.as_ref().map(|at| at.index));
    if let Some(at) = &report.diverges {
        page.note(&format!(
            "diverges from {} at token {}: “{}” ({}) here, “{}” ({}) there",
            at.from,
            at.index + 1,
            at.lane.text,
            p(at.lane.p_raw),
            at.reference.text,
            p(at.reference.p_raw)
        ));
    }
    page.note(&repeats(report));
    page.note(&format!("evaluations: {} of its own, {} shared", report.evaluations, report.shared));
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
    let heads = ["after", "bits", "token", "probability", "observed", "seeds"];
    let plain: Vec<_> = branches.map(|cells| (Look::Plain, cells)).collect();
    page.table(&heads, &plain);
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

/// The table, and the setting picked from it.
fn table(page: &mut Page, comparison: &Comparison<'_>, rows: &[Row]) {
    page.heading("Settings");
    let pick = Pick::of(rows);
    let row = |row: GridRow| match row {
        GridRow::Setting { lane, cells } => {
            let picked = pick.is_some_and(|pick| pick.row.lane == lane);
            (if picked { Look::Picked } else { Look::Plain }, cells.to_vec())
        }
        GridRow::Prompt(title) => (Look::Title, vec![title]),
        GridRow::Text(cells) => (Look::Inner, cells.to_vec()),
    };
    page.table(&HEADS, &grid(comparison, rows).into_iter().map(row).collect::<Vec<_>>());
    if let Some((pick, command)) = pick.and_then(|pick| Some((pick, comparison.command(pick.row)?))) {
        page.note(&format!("{}: {}", pick.rule(), pick.row.name));
        page.code(&command.line);
        command.remarks().iter().for_each(|remark| page.note(remark));
    }
}
