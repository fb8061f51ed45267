//! Rows that go through the model together: why a prompt is read fast and an answer comes slowly.

use super::{
    lines::{Lines, not_yet, timed},
    on_off::failed,
};
use crate::{
    app::State,
    cost::measure::Subject,
    ui::{format::milliseconds, numbers::thousands},
};

/// From this width on the time of a pass stands beside its rate.
const ROOM_FOR_TIME: usize = 46;
/// From this width on its range does.
const ROOM_FOR_RANGE: usize = 76;

pub(super) fn tell(state: &State, lines: &mut Lines<'_, '_>) {
    let costs = state.cost().costs();
    if let Some((first, last)) = costs.and_then(|costs| costs.on_off().first_and_last()) {
        let count = costs.map_or(0, |costs| costs.on_off().text.len());
        let (first, last) = (milliseconds(first), milliseconds(last));
        let style = lines.theme().text();
        lines.row(
            "answer",
            &[
                format!("first token after {first}, token {count} after {last}; streaming costs the same"),
                format!("first token after {first}, token {count} after {last}"),
                format!("first {first}, all {last}"),
            ],
            style,
        );
    }
    let measured = costs.filter(|costs| costs.batches().rate(0).is_some());
    let Some(costs) = measured else {
        not_yet(state, lines, "Tokens a second when 1, 2, 4 … rows go through the model together.");
        if let Some(costs) = costs {
            failed(costs, Subject::Batches, lines);
        }
        return;
    };
    let batches = costs.batches();
    lines.head("tokens a second, by rows in a pass:");
    let rates: Vec<f64> = (0..batches.passes.len()).map_while(|place| batches.rate(place)).collect();
    let most = rates.iter().copied().fold(0.0, f64::max);
    let (width, style) = (lines.width(), lines.theme().bar_raw());
    for ((rows, sample), rate) in batches.passes.iter().zip(&rates) {
        let [long, short] = timed(sample);
        let rate_text = format!("{:>7}", thousands(rate.round() as usize));
        let text = match width {
            width if width >= ROOM_FOR_RANGE => format!("{rate_text}  {long}"),
            width if width >= ROOM_FOR_TIME => format!("{rate_text}  {short:>8}"),
            _ => rate_text,
        };
        lines.bar((&format!("{rows:>5}"), 5), rate / most.max(f64::MIN_POSITIVE), &text, style);
    }
    let best = rates.iter().copied().fold(0.0, f64::max) / rates[0].max(f64::MIN_POSITIVE);
    lines.prose(&format!(
        "Every pass reads all weights once, for as many rows as are in it. A prompt is read in large passes; an answer needs \
         one pass a token, as each token depends on the one before. At best {best:.1} times as fast as row by row here.",
    ));
    failed(costs, Subject::Batches, lines);
}
