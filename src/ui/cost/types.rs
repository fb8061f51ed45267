//! The same text with keys and values in other types.

use ratatui::text::Span;

use super::{
    lines::{Lines, not_yet, timed},
    on_off::failed,
};
use crate::{
    app::State,
    cost::measure::{Subject, TypeRun},
    text::Shown,
    ui::numbers::thousands,
};

pub(super) fn tell(state: &State, lines: &mut Lines<'_, '_>) {
    let costs = state.cost().costs();
    let measured = costs
        .filter(|costs| costs.types().iter().any(|run| !run.divergence.is_empty() || run.failed.is_some()));
    let Some(costs) = measured else {
        not_yet(
            state,
            lines,
            "The same text with keys and values in f16, q8_0 and q4_0: memory, speed, and what changes.",
        );
        if let Some(costs) = costs {
            failed(costs, Subject::Types, lines);
        }
        return;
    };
    let most = costs.types().iter().filter_map(|run| run.token.median()).fold(0.0, f64::max);
    for run in costs.types() {
        one(run, most, lines);
    }
    lines.prose(
        "KL divergence: how many bits a token would be lost by taking this type's probabilities in place of f16's, along \
         the same text.",
    );
    failed(costs, Subject::Types, lines);
}

fn one(run: &TypeRun, most: f64, lines: &mut Lines<'_, '_>) {
    let (name, theme) = (run.cache.name(), lines.theme());
    if let Some(why) = &run.failed {
        let why = Shown::inline(why).as_str().to_owned();
        return lines.row(name, &[format!("not measured: {why}")], theme.warning());
    }
    let [long, short] = timed(&run.token);
    let text = if lines.width() >= 60 { long } else { short };
    let part = run.token.median().unwrap_or(0.0) / most.max(f64::MIN_POSITIVE);
    lines.bar((name, 9), part, &format!("{text} a token"), theme.good());
    if let Some((size, cells)) = run.allocated.filter(|&(size, _)| size > 0) {
        // llama.cpp tells hundredths of a mebibyte.
        let (size, cells) = (format!("{:.2} MiB", size as f64 / f64::from(1 << 20)), thousands(cells));
        lines.row(
            "",
            &[format!("{size} for {cells} cells, as llama.cpp says"), format!("{size} for {cells} cells")],
            theme.text(),
        );
    }
    let Some(mean) = run.mean_divergence().filter(|_| run.divergence.iter().any(|&bits| bits > 0.0)) else {
        return;
    };
    let largest = run.divergence.iter().copied().fold(0.0, f64::max);
    let parted = run
        .parted
        .map_or("same likeliest tokens".to_owned(), |at| format!("another likeliest at token {}", at + 1));
    lines.row(
        "",
        &[
            format!("KL {mean:.4} bits a token, {largest:.4} at most; {parted}"),
            format!("KL {mean:.4}, at most {largest:.4}; {parted}"),
            format!("KL {mean:.4}, at most {largest:.4}"),
        ],
        theme.text(),
    );
    let width = lines.width().saturating_sub(10);
    let steps: String = steps(&run.divergence, largest, width);
    lines.push(vec![
        Span::styled(format!("{:10}", "by token"), theme.dim()),
        Span::styled(steps, theme.sparkline()),
    ]);
}

/// The divergences token by token, as bars next to each other.
fn steps(divergence: &[f64], largest: f64, width: usize) -> String {
    const BARS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let level = |bits: &f64| ((bits / largest.max(f64::MIN_POSITIVE) * 7.0).round() as usize).min(7);
    divergence.iter().take(width).map(|bits| BARS[level(bits)]).collect()
}
