//! The same text with the KV cache and without.
//!
//! ```text
//! ╭ KV cache on and off ⁱ ─────────────────── measured ╮
//! │ ms a token, from 0 to 25 ms, token 1 to 48          │
//! │                                         ⢀⣀⡠⠤⠔⠒⠊⠉⠁ │
//! │ ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀ │
//! │ on         27 ms in all, 59 rows = P + N − 1        │
//! │ off        658 ms, 1,704 rows = N·P + N(N − 1)/2    │
//! │ without the cache 24 times as long                  │
//! │ tokens     the same; logits differ by 1e-5 at most  │
//! ╰─────────────────────────────────────────────────────╯
//! ```

use super::lines::{Lines, not_yet, percent, timed, times};
use crate::{
    app::State,
    cost::{Costs, Sample, measure::Subject},
    ui::{format::milliseconds, numbers::thousands},
};

/// Rows of the curves at least and at most.
const CURVES: (usize, usize) = (3, 12);
/// Rows that are told below them, about.
const BELOW: usize = 7;

pub(super) fn tell(state: &State, lines: &mut Lines<'_, '_>) {
    let costs = state.cost().costs().filter(|costs| !costs.on_off().text_without.is_empty());
    let Some(costs) = costs else {
        return not_yet(
            state,
            lines,
            "A text is written twice: once with the KV cache, once reading everything again for each token.",
        );
    };
    curves(costs, lines);
    sums(costs, lines);
    depths(costs, lines);
    failed(costs, Subject::Cache, lines);
    failed(costs, Subject::Depth, lines);
}

fn medians(samples: &[Sample]) -> Vec<f64> {
    samples.iter().map_while(Sample::median).collect()
}

fn curves(costs: &Costs, lines: &mut Lines<'_, '_>) {
    let on_off = costs.on_off();
    let (on, off) = (medians(&on_off.on), medians(&on_off.off));
    // The prompt is read by both: what comes after it is to be seen.
    let most = on.iter().skip(1).chain(&off).copied().fold(0.0, f64::max);
    let (theme, shown) = (lines.theme(), on.len().min(off.len()));
    lines.head(&format!("a token, on a scale from 0 to {}; tokens 1 to {shown}", milliseconds(most)));
    let height = lines.height().saturating_sub(BELOW).clamp(CURVES.0, CURVES.1);
    lines.curves(height as u16, most, &[(&off[..shown], theme.warning()), (&on[..shown], theme.good())]);
}

fn sums(costs: &Costs, lines: &mut Lines<'_, '_>) {
    let (on_off, plan, theme) = (costs.on_off(), costs.plan(), lines.theme());
    let ((on, off), (on_rows, off_rows)) = (on_off.totals(), on_off.rows());
    let done = on_off.text_without.len() == plan.tokens;
    let row = |ms: f64, rows: usize, formula: &str| {
        let (ms, rows) = (milliseconds(ms), thousands(rows));
        let long = format!("{ms} in all, {rows} rows = {formula}");
        let short = format!("{ms}, {rows} rows");
        if done { vec![long, short] } else { vec![format!("{ms} in all, {rows} rows so far"), short] }
    };
    lines.row("⎯ on", &row(on, on_rows, "P + N − 1"), theme.good());
    lines.row("⎯ off", &row(off, off_rows, "N·P + N(N − 1)/2"), theme.warning());
    let ratio = format!("{:.1}", off / on.max(f64::MIN_POSITIVE));
    let (prompt, tokens) = (plan.prompt.len(), plan.tokens);
    let threads = match costs.threads() {
        0 => String::new(),
        1 => "; 1 thread".to_owned(),
        threads => format!("; {threads} threads"),
    };
    let repeats = on_off.off.last().map_or(0, Sample::len);
    lines.row(
        "off / on",
        &[
            format!(
                "{ratio} times as long; P {prompt}, N {tokens}; {}{threads}",
                times(repeats, plan.repeats)
            ),
            format!("{ratio} times; P {prompt}, N {tokens}{threads}"),
            format!("{ratio} times; P {prompt}, N {tokens}"),
            format!("{ratio} times"),
        ],
        theme.text(),
    );
    let [close, closer] = on_off.closeness();
    match on_off.parted {
        None => {
            lines.row("tokens", &[format!("the same; {close}"), format!("the same; {closer}")], theme.text());
        }
        Some(at) => lines.row(
            "tokens",
            &[
                format!("part at token {}, where two were as close; {close} until there", at + 1),
                format!("part at token {}, where two were as close", at + 1),
                format!("part at token {}", at + 1),
            ],
            theme.warning(),
        ),
    }
}

/// With the cache alone: what a token takes after longer texts.
fn depths(costs: &Costs, lines: &mut Lines<'_, '_>) {
    let measured: Vec<_> = costs.depths().iter().filter(|(_, sample)| !sample.is_empty()).collect();
    if measured.is_empty() {
        return;
    }
    lines.head("with the cache, a token after so many others:");
    let theme = lines.theme();
    let most = measured.iter().filter_map(|(_, sample)| sample.median()).fold(0.0, f64::max);
    let width = lines.width();
    for (depth, sample) in &measured {
        let median = sample.median().unwrap_or(0.0);
        let [long, short] = timed(sample);
        let text = if width >= 50 { long } else { short };
        lines.bar(
            (&format!("{:>7}", thousands(*depth)), 7),
            median / most.max(f64::MIN_POSITIVE),
            &text,
            theme.good(),
        );
    }
    let first = measured.first().and_then(|(_, sample)| sample.median());
    let last = measured.last().and_then(|(depth, sample)| Some((depth, sample.median()?)));
    if let (Some(first), Some((depth, last))) = (first, last)
        && last > first
    {
        lines.prose(&format!(
            "The cache saves reading the text again; looking back at it still grows with it: {} more time after {} tokens.",
            percent(last / first.max(f64::MIN_POSITIVE) - 1.0),
            thousands(*depth)
        ));
    }
}

/// Why a subject could not be measured.
pub(super) fn failed(costs: &Costs, subject: Subject, lines: &mut Lines<'_, '_>) {
    for (_, why) in costs.failed().iter().filter(|(failed, _)| *failed == subject) {
        lines.prose(&format!("Not measured: {}", crate::text::Shown::inline(why).as_str()));
    }
}
